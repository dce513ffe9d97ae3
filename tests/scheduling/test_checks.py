import json
from datetime import timedelta

import pytest

from core.pipeline import NotComparable
from core.reading.dialects import Unreadable
from core.reading.windows import Window
from core.scheduling.checks import check, outputs, sentence
from core.storing.history import History
from core.storing.outbox import waiting

from ..reporting.servers import web
from .samples import BEGIN, NOW, ROWS, drift, job, load, orders, write

DAY = timedelta(days=1)
LOCAL = '[notify]\nurls = ["${HOOK}"]\nallow = ["127.0.0.1"]\n'


def day(number):
    return Window(BEGIN + number * DAY, BEGIN + (number + 1) * DAY)


def history(path):
    return History(str(path.parent / "tideline.db"))


def report(path):
    return json.loads((path.parent / "out/latest.json").read_text())


@pytest.fixture
def hook():
    with web() as server:
        yield server


def events(server):
    return [body["event"] for _, body, _ in server.received if body]


def test_windows_are_stored_judged_and_the_newest_is_reported(tmp_path):
    path = job(tmp_path, moved=(1,))
    run = check(load(path), now=NOW)
    assert (run.code, run.window, run.report.verdict) == (0, day(2), "stable")
    kept = history(path)
    assert list(kept.windows("orders")) == [day(0), day(1), day(2)]
    assert [verdict for _, verdict in kept.verdicts("orders")] == ["stable", "drift", "stable"]
    assert report(path)["live"]["window"]["start"] == "2026-03-04T00:00:00+00:00"
    assert [each["verdict"] for each in report(path)["timeline"]["windows"]] == [
        "stable",
        "drift",
        "stable",
    ]
    assert (tmp_path / "out/latest.html").read_text().startswith("<!doctype html>")
    assert 'dataset="orders"' in (tmp_path / "out/2026-03-04.prom").read_text()


def test_a_drift_of_the_newest_window_is_code_1_at_the_level_asked_for(tmp_path):
    path = job(tmp_path, moved=(2,))
    assert check(load(path), now=NOW).code == 1
    path.write_text(path.read_text().replace("[report]", '[report]\nfail_on = "never"'))
    assert check(load(path), now=NOW).code == 0


def test_the_same_run_twice_is_one_entry_and_the_same_answer(tmp_path):
    path = job(tmp_path, moved=(2,))
    runs = [check(load(path), now=NOW) for _ in range(2)]
    assert [run.code for run in runs] == [1, 1]
    assert runs[1].judged == 0
    assert len(history(path).verdicts("orders")) == 3
    first, second = (run.report.model_copy(update={"timeline": None}) for run in runs)
    assert first == second


def test_a_new_day_is_added_to_what_is_kept(tmp_path):
    path = job(tmp_path)
    check(load(path), now=NOW)
    write(tmp_path / "live.csv", orders(5, moved=(4,)))
    run = check(load(path), now=NOW)
    assert (run.code, run.judged, run.window) == (1, 2, day(4))
    assert len(report(path)["timeline"]["windows"]) == 5


def test_a_window_that_is_not_over_waits(tmp_path):
    path = job(tmp_path)
    run = check(load(path), now=BEGIN + 2.5 * DAY)
    assert run.window == day(1)
    assert list(history(path).windows("orders")) == [day(0), day(1)]
    empty = check(load(path), now=BEGIN + 0.5 * DAY)
    assert (empty.code, empty.report) == (0, None)
    assert "nothing to judge" in sentence(empty)


def test_late_rows_change_their_window_and_a_file_that_begins_within_one_does_not(tmp_path):
    path = job(tmp_path)
    whole = list(orders(3))
    write(tmp_path / "live.csv", whole[:-20])
    check(load(path), now=NOW)
    write(tmp_path / "live.csv", whole)
    assert check(load(path), now=NOW).judged == 1
    write(tmp_path / "live.csv", whole[200:])
    assert check(load(path), now=NOW).judged == 0
    assert [kept.rows for kept in history(path).windows("orders").values()] == [ROWS] * 3


def test_several_files_make_up_the_windows(tmp_path):
    path = job(tmp_path)
    whole = list(orders(3))
    write(tmp_path / "live-1.csv", whole[:1500])
    write(tmp_path / "live-2.csv", whole[1500:])
    one = check(load(path), now=NOW)
    path.write_text(path.read_text().replace('"live.csv"', '"live-*.csv"'))
    two = check(load(path), now=NOW)
    assert two.judged == 0  # the same rows are the same run, whatever their files
    assert one.report.features == two.report.features


def test_without_a_time_column_all_rows_are_in_the_window_of_the_file(tmp_path):
    path = job(tmp_path)
    path.write_text(path.read_text().replace('column = "at"', ""))
    run = check(load(path), now=NOW)
    assert run.window.end - run.window.start == DAY
    assert run.report.live.rows_used == 3 * ROWS


@pytest.mark.parametrize("rule", ['rule = "previous"', 'rule = "trailing"\nspan = "3d"'])
def test_a_rule_makes_the_reference_of_the_windows_before(tmp_path, rule):
    path = job(tmp_path, days=5, moved=(4,))
    path.write_text(path.read_text().replace('source = "reference.csv"', rule))
    run = check(load(path), now=NOW)
    assert (run.code, run.report.verdict) == (1, "drift")
    before = 1 if "previous" in rule else 3
    assert run.report.reference.rows_used == before * ROWS
    assert run.report.reference.window.end == run.report.live.window.start
    # from the history alone: live has the last day only
    write(tmp_path / "live.csv", orders(1, begin=BEGIN + 5 * DAY))
    again = check(load(path), now=NOW)
    assert again.report.reference.rows_used == before * ROWS


def test_a_season_is_the_same_weekday_of_the_weeks_before(tmp_path):
    path = job(tmp_path, days=15)
    rule = 'rule = "season"\nweeks = 2'
    path.write_text(path.read_text().replace('source = "reference.csv"', rule))
    run = check(load(path), now=NOW)
    assert run.window == day(14)
    assert run.report.reference.rows_used == 2 * ROWS
    assert run.report.reference.window.start == day(0).start.isoformat()


def test_a_first_window_has_no_reference_and_waits(tmp_path):
    path = job(tmp_path, days=1)
    path.write_text(path.read_text().replace('source = "reference.csv"', 'rule = "previous"'))
    run = check(load(path), now=NOW)
    assert (run.code, run.report) == (0, None)
    assert list(history(path).windows("orders")) == [day(0)]


def test_a_column_that_comes_later_does_not_end_a_rule(tmp_path):
    path = job(tmp_path, days=2)
    path.write_text(path.read_text().replace('source = "reference.csv"', 'rule = "previous"'))
    check(load(path), now=NOW)
    lines = [line.replace("\n", ",x\n") for line in orders(2, begin=BEGIN + 2 * DAY)]
    (tmp_path / "live.csv").write_text("at,amount,shop,new\n" + "".join(lines))
    assert check(load(path), now=NOW).code == 0
    assert check(load(path), now=NOW).code == 0


def test_weeks_are_the_sum_of_their_days(tmp_path):
    path = job(tmp_path, days=14, every="1w")
    run = check(load(path), now=NOW)
    assert run.report.live.rows_used == 7 * ROWS
    assert run.window == Window(BEGIN + 7 * DAY, BEGIN + 14 * DAY)
    assert len(history(path).windows("orders")) == 14 + 2
    assert history(path).profile("orders").rows == 14 * ROWS
    assert len(report(path)["timeline"]["windows"]) == 2


def test_a_dry_run_leaves_nothing_behind(tmp_path, hook):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    before = sorted(tmp_path.iterdir())
    run = check(load(path, HOOK=hook.url), dry=True, now=NOW)
    assert run.code == 1
    assert sorted(tmp_path.iterdir()) == before
    assert outputs(run)[2].endswith("out/2026-03-04.prom")
    assert hook.received == []


def test_only_changes_are_told(tmp_path, hook):
    path = job(tmp_path, more=LOCAL)
    for moved in ((), (3,), (3, 4), (3, 4)):
        write(tmp_path / "live.csv", orders(max(moved, default=2) + 1, moved=moved))
        check(load(path, HOOK=hook.url), now=NOW)
    assert events(hook) == ["drift_began"]
    write(tmp_path / "live.csv", orders(6, moved=(3, 4)))
    check(load(path, HOOK=hook.url), now=NOW)
    assert events(hook) == ["drift_began", "drift_ended"]
    assert [each["name"] for each in hook.received[0][1]["features"]] == ["amount"]


def test_a_job_that_fails_is_told_once_and_again_when_it_runs(tmp_path, hook):
    path = job(tmp_path, more=LOCAL)
    schedule = load(path, HOOK=hook.url)
    check(schedule, now=NOW)
    (tmp_path / "live.csv").rename(tmp_path / "away.csv")
    for _ in range(2):
        with pytest.raises(Unreadable):
            check(schedule, now=NOW + DAY)
    last = history(path).last_run("orders")
    assert (last.verdict, last.code, last.succeeded) == ("failed", 2, NOW)
    (tmp_path / "away.csv").rename(tmp_path / "live.csv")
    check(schedule, now=NOW + DAY)
    assert events(hook) == ["job_failed", "job_recovered"]
    assert "does not exist" in hook.received[0][1]["text"]


def test_no_more_is_told_in_a_day_than_allowed_and_the_rest_later(tmp_path, hook):
    path = job(tmp_path, more=LOCAL + "per_day = 1\n")
    schedule = load(path, HOOK=hook.url)
    write(tmp_path / "live.csv", orders(3, moved=(2,)))
    check(schedule, now=NOW)
    write(tmp_path / "live.csv", orders(4, moved=(2,)))
    check(schedule, now=NOW)
    assert events(hook) == ["drift_began"]
    check(schedule, now=NOW + 2 * DAY)
    assert events(hook) == ["drift_began", "drift_ended"]


def test_always_tells_every_run(tmp_path, hook):
    path = job(tmp_path, more=LOCAL + 'on = "always"\n')
    for _ in range(2):
        check(load(path, HOOK=hook.url), now=NOW)
    assert events(hook) == ["report", "report"]


def test_the_ping_is_called_after_a_success_only(tmp_path, hook):
    more = '[notify]\nping = "${HOOK}"\nallow = ["127.0.0.1"]\n'
    path = job(tmp_path, more=more)
    schedule = load(path, HOOK=f"{hook.url}/ping")
    check(schedule, now=NOW)
    (tmp_path / "live.csv").unlink()
    with pytest.raises(Unreadable):
        check(schedule, now=NOW)
    assert [path for path, _, _ in hook.received] == ["/ping"]


def test_a_report_that_cannot_be_written_is_code_3_and_the_rest_is_written(tmp_path):
    path = job(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/latest.html").mkdir()
    run = check(load(path), now=NOW)
    assert run.code == 3
    assert [code for code, _ in run.problems] == ["not_written"]
    assert report(path)["verdict"] == "stable"
    assert len(history(path).verdicts("orders")) == 3


def test_a_missing_column_is_code_1(tmp_path):
    path = job(tmp_path)
    lines = [",".join(line.split(",")[:2]) + "\n" for line in orders(3)]
    (tmp_path / "live.csv").write_text("at,amount\n" + "".join(lines))
    run = check(load(path), now=NOW)
    assert (run.code, run.report.is_incomplete) == (1, True)


def test_tables_without_a_common_column_are_refused(tmp_path):
    path = job(tmp_path)
    (tmp_path / "reference.csv").write_text("x,y\n" + "1,2\n" * 50)
    with pytest.raises(NotComparable):
        check(load(path), now=NOW)


def test_nothing_waits_in_the_outbox_when_all_was_delivered(tmp_path, hook):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    check(load(path, HOOK=hook.url), now=NOW)
    assert waiting(history(path).database, "orders") == ()


def test_the_command_says_what_it_did_and_no_secret(tmp_path, hook):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    run = drift("check", "--settings", path, HOOK=f"{hook.url}/500?key=s3cret")
    assert run.returncode == 1
    assert run.stdout.startswith("2026-03-04: ▲ Drift: ")
    assert "it answered 500" in run.stderr
    assert "s3cret" not in run.stdout + run.stderr
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or b"s3cret" not in file.read_bytes(), file
    again = drift("check", "--settings", path, "--dry-run", HOOK=hook.url)
    assert again.returncode == 1
    assert "Dry run: nothing was stored" in again.stdout


def test_a_secret_in_the_file_is_warned_of(tmp_path):
    more = (
        '[notify]\nurls = ["https://127.0.0.1:9/hook/T0123456789ABCDEFGHIJ"]\nallow = ["127.0.0.1"]'
    )
    run = drift("check", "--settings", job(tmp_path, more=more + '\non = "never"'))
    assert run.returncode == 0
    assert "warning: notify.urls holds a secret." in run.stderr
    assert run.stderr.count("[secret_in_file]") == 1
    assert "T0123456789" not in run.stderr + run.stdout
    assert report(tmp_path / "orders.toml")["warnings"][-1]["code"] == "secret_in_file"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "http://localhost:9"])
def test_an_address_that_is_not_allowed_ends_the_run_before_it_begins(tmp_path, url):
    run = drift("check", "--settings", job(tmp_path, more=f'[notify]\nurls = ["{url}"]\n'))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-1].startswith("drift: ")
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "tideline.db").exists()
