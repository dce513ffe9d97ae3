"""What may befall a scheduled run, by the ids of the list of faults."""

import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import partial

import pytest

from core.reporting.deliveries import deliver
from core.scheduling import alerts
from core.scheduling.checks import check
from core.storing import databases
from core.storing.history import History
from core.storing.outbox import waiting

from ..reporting.servers import silent, web
from .samples import NOW, ROWS, drift, environment, job, load, orders, words, write

LOCAL = '[notify]\nurls = ["${HOOK}"]\nallow = ["127.0.0.1"]\n'
HOUR = timedelta(hours=1)


@pytest.fixture
def quick(monkeypatch):
    """Let a delivery take a second at most, not half a minute."""
    monkeypatch.setattr(alerts, "deliver", partial(deliver, seconds=0.3, waits=(0.05, 0.1)))


def history(path):
    return History(str(path.parent / "tideline.db"))


@contextmanager
def full_disk(folder):
    """Give a folder on a disk without room, and how a process is told so; None where it has room.

    Where this user may mount nothing, the process may write no file beyond some kilobytes.
    """
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    (folder / "old.html").write_text("old")
    if mounted:
        with suppress(OSError):
            (folder / "filler").write_bytes(bytes(1 << 16))
    try:
        yield None if mounted else _small_files
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def _small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize(
    ("moved", "code"), [((), 3), pytest.param((2,), 1, marks=pytest.mark.slow)]
)
def test_f02_a_full_disk_is_told_and_the_rest_is_written(tmp_path, moved, code):
    path = job(tmp_path, moved=moved)
    path.write_text(path.read_text().replace("out = [", 'out = ["full/old.html", '))
    with full_disk(tmp_path / "full") as limit:
        run = subprocess.run(
            words("check", "--settings", path),
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            preexec_fn=limit,
        )
        assert run.returncode == code
        assert "old.html could not be written" in run.stderr
        assert "[disk_full]" in run.stderr
        assert (tmp_path / "full/old.html").read_text() == "old"
        assert not list((tmp_path / "full").glob(".*"))
    assert (tmp_path / "out/2026-03-04.prom").exists()
    if limit is None:
        assert json.loads((tmp_path / "out/latest.json").read_text())
        assert len(history(path).verdicts("orders")) == 3


def test_f02_a_history_on_a_full_disk_is_told_and_reports_are_written(tmp_path):
    path = job(tmp_path)
    path.write_text(path.read_text() + '[history]\nurl = "full/tideline.db"\n')
    with full_disk(tmp_path / "full") as limit:
        run = subprocess.run(
            words("check", "--settings", path),
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            preexec_fn=limit,
        )
    assert run.returncode == 3
    assert "[history_disk]" in run.stderr or "the disk is full" in run.stderr
    assert (tmp_path / "out/2026-03-04.prom").exists()


@pytest.mark.parametrize("files", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_f03_two_runs_at_the_same_moment_are_one_entry_each(tmp_path, files):
    path = job(tmp_path)
    other = tmp_path / "other.toml"
    other.write_text(f'dataset = "orders"\n{path.read_text()}')
    paths = [path, other if files == 2 else path]
    runs = [
        subprocess.Popen(
            words("check", "--settings", each), env=environment(), stderr=-1, stdout=-1
        )
        for each in paths
    ]
    errors = [run.communicate(timeout=60)[1].decode() for run in runs]
    codes = sorted(run.returncode for run in runs)
    assert codes == [0, 0] or (codes == [0, 2] and "[already_running]" in "".join(errors))
    assert codes == [0, 0] or files == 1
    assert len(history(path).verdicts("orders")) == 3


@pytest.mark.slow
def test_f03_a_lock_ends_with_its_holder(tmp_path):
    path = job(tmp_path)
    with silent() as never:
        path.write_text(path.read_text() + LOCAL)
        write(tmp_path / "live.csv", orders(3, moved=(2,)))
        with subprocess.Popen(
            words("check", "--settings", path), env=environment(HOOK=never), stdout=-1, stderr=-1
        ) as run:
            _wait_for(lambda: history(path).last_run("orders"))
            second = drift("check", "--settings", path, HOOK=never)
            assert second.returncode == 2
            assert "is under way" in second.stderr
            run.kill()
    third = drift("check", "--settings", path, "--dry-run", HOOK=never)
    assert third.returncode == 1


def _wait_for(what, seconds=30):
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last
        time.sleep(0.05)


def test_f07_a_newer_history_is_refused_and_the_reports_are_written(tmp_path):
    path = job(tmp_path)
    kept = history(path)
    kept.keep("orders", {})
    kept.database.write(lambda c: c.exec_driver_sql("UPDATE tideline_version SET version = 9"))
    run = drift("check", "--settings", path)
    assert run.returncode == 2
    assert "[history_newer]" in run.stderr
    assert (tmp_path / "out/latest.html").exists()


def test_f08_a_damaged_history_is_told_and_the_reports_are_written(tmp_path):
    path = job(tmp_path, moved=(2,))
    (tmp_path / "tideline.db").write_bytes(b"no database" * 1000)
    run = drift("check", "--settings", path)
    assert run.returncode == 2
    assert "[history_damaged]" in run.stderr
    assert "mv " in run.stderr
    assert run.stdout.startswith("2026-03-04: ▲ Drift: ")
    assert (tmp_path / "out/latest.html").exists()
    assert (tmp_path / "tideline.db").read_bytes() == b"no database" * 1000


def test_a_fault_while_a_report_is_written_is_told_as_a_failure_of_the_job(tmp_path, monkeypatch):
    def broken(*_):
        raise KeyError("bins")

    monkeypatch.setattr("core.scheduling.checks.write", broken)
    path = job(tmp_path, more=LOCAL)
    with web() as server, pytest.raises(KeyError):
        check(load(path, HOOK=server.url), now=NOW)
    assert [body["event"] for _, body, _ in server.received] == ["job_failed"]
    assert history(path).last_run("orders").verdict == "failed"


@pytest.mark.parametrize("table", ["tideline_profiles SET data", "tideline_runs SET report"])
def test_f08_damage_of_a_part_is_told_and_what_arrived_is_judged(tmp_path, table):
    path = job(tmp_path)
    check(load(path), now=NOW)
    with closing(sqlite3.connect(tmp_path / "tideline.db")) as opened, opened:
        opened.execute(f"UPDATE {table} = x'00ff'")
    (tmp_path / "out/latest.json").unlink()
    if "profiles" in table:  # which are read where live has them no more
        write(tmp_path / "live.csv", list(orders(3))[2 * ROWS :])
    run = check(load(path), now=NOW)
    assert (run.code, run.report.verdict) == (2, "stable")
    assert [code for code, _ in run.problems] == ["history_damaged"]
    assert (tmp_path / "out/latest.json").exists()


def test_f08_a_damaged_history_is_told_to_whoever_must_know(tmp_path):
    path = job(tmp_path, more=LOCAL)
    (tmp_path / "tideline.db").write_bytes(b"no database" * 1000)
    path.write_text(path.read_text() + 'ping = "${HOOK}/ping"\n')
    with web() as server:
        check(load(path, HOOK=server.url), now=NOW)
    assert [body["event"] for _, body, _ in server.received] == ["job_failed"]  # and no ping
    assert "is damaged" in server.received[0][1]["text"]


def test_f08_without_its_history_a_rule_has_no_reference(tmp_path):
    path = job(tmp_path)
    path.write_text(path.read_text().replace('source = "reference.csv"', 'rule = "previous"'))
    (tmp_path / "tideline.db").write_bytes(b"no database" * 1000)
    run = drift("check", "--settings", path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "[history_damaged]" in run.stderr


@pytest.mark.parametrize("fault", ["down", "500", "slow"])
def test_f09_what_does_not_arrive_is_stored_first_and_sent_by_the_next_run(tmp_path, quick, fault):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    with web() as server, silent() as never:
        address = {"down": "http://127.0.0.1:9", "500": server.url, "slow": never}[fault]
        server.failures = ["500"] * 3
        run = check(load(path, HOOK=address), now=NOW)
        assert run.code == 1
        assert [code for code, _ in run.problems] == ["not_delivered"]
        assert len(history(path).verdicts("orders")) == 3
        (left,) = waiting(history(path).database, "orders")
        assert left.error == run.problems[0][1]
        # the address is known by its digest, so the same text must lead to the server now
        server.failures = []
        if fault == "500":
            again = check(load(path, HOOK=address), now=NOW + HOUR)
            assert again.problems == []
            assert waiting(history(path).database, "orders") == ()
            assert [body["event"] for _, body, _ in server.received][-1] == "drift_began"


@pytest.mark.slow
def test_f09_a_port_that_never_answers_takes_half_a_minute_at_most(tmp_path):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    with silent() as never:
        began = time.monotonic()
        run = drift("check", "--settings", path, HOOK=never)
        took = time.monotonic() - began
    assert run.returncode == 1
    assert "no answer in time" in run.stderr
    assert 20 < took < 40  # the run itself takes some seconds


def test_f10_a_server_that_is_away_is_told_and_the_reports_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "_AWAY_SECONDS", 0.05)
    path = job(tmp_path)
    url = "postgresql+psycopg://me:${PASSWORD}@127.0.0.1:9/x"
    path.write_text(path.read_text() + f'[history]\nurl = "{url}"\n')
    pytest.importorskip("psycopg", reason="needs the extra postgres")
    run = check(load(path, PASSWORD="s3cret"), now=NOW)  # noqa: S106
    assert run.code == 3
    assert [code for code, _ in run.problems] == ["history_away"]
    assert "s3cret" not in run.problems[0][1]
    assert (tmp_path / "out/latest.html").exists()


@pytest.mark.slow
def test_f11_the_zone_of_the_machine_changes_nothing(tmp_path):
    reports = []
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        assert drift("check", "--settings", job(folder), TZ=zone).returncode == 0
        report = json.loads((folder / "out/latest.json").read_text())
        reports.append((report["live"]["window"], report["features"]))
    assert reports[0] == reports[1] == reports[2]


def test_f11_a_clock_that_is_set_back_keeps_the_order_and_tells_no_negative_time(tmp_path):
    path = job(tmp_path)
    check(load(path), now=NOW)
    write(tmp_path / "live.csv", orders(4))
    run = check(load(path), now=NOW - 24 * HOUR)
    assert run.seconds >= 0
    assert [verdict[0].start for verdict in history(path).verdicts("orders")] == sorted(
        history(path).windows("orders")[window] and window.start
        for window in history(path).windows("orders")
    )
    assert history(path).last_run("orders").started == NOW - 24 * HOUR


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_f14_a_signal_ends_the_run_and_leaves_nothing_half_done(tmp_path, number, code):
    path = job(tmp_path, moved=(2,), more=LOCAL)
    with silent() as never:
        with subprocess.Popen(
            words("check", "--settings", path), env=environment(HOOK=never), stdout=-1, stderr=-1
        ) as run:
            _wait_for(lambda: waiting(history(path).database, "orders"))
            run.send_signal(number)
            _, errors = run.communicate(timeout=20)
        assert (run.returncode, errors.strip()) == (code, b"")
        with pytest.raises(ProcessLookupError):
            os.kill(run.pid, 0)
    assert json.loads((tmp_path / "out/latest.json").read_text())
    assert not list(tmp_path.rglob("*.partial"))
    assert len(history(path).verdicts("orders")) == 3
    assert len(waiting(history(path).database, "orders")) == 1


def test_f17_without_a_network_everything_but_the_notice_works(tmp_path, monkeypatch, quick):
    def unreachable(*_):
        raise OSError(101, "Network is unreachable")

    def unknown(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    more = '[notify]\nurls = ["https://hooks.example.org/x"]\nping = "https://example.org"\n'
    path = job(tmp_path, moved=(2,), more=more)
    run = check(load(path), now=NOW)
    assert run.code == 1
    assert [code for code, _ in run.problems] == ["not_delivered", "ping_failed"]
    assert "Temporary failure in name resolution" in run.problems[0][1]
    html = (tmp_path / "out/latest.html").read_text()
    assert 'src="http' not in html
    assert "url(http" not in html
