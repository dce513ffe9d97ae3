import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
import sqlalchemy as sql

from core.profiling.engines import local
from core.settings import Settings
from core.storing import tables
from core.storing.history import History, HistoryProblem, LastRun
from core.storing.keys import profile_digest, run_key
from core.storing.outbox import Notice

from .samples import BEGIN, counted, hour, judged

LAST = LastRun(BEGIN, BEGIN, 1.5, 0, "stable", "No drift.", "quiet")


def fill(history, count=3, dataset="sales"):
    for number in range(count):
        profile = counted(number)
        assert history.add(dataset, hour(number), profile, judged(profile))


def test_what_was_stored_is_read_back(history):
    profile = counted(1)
    report = judged(profile)
    assert history.add("sales", hour(1), profile, report)
    assert history.profiles("sales") == {hour(1): profile}
    assert history.profiles("sales")[hour(1)].source == profile.source
    assert history.reports("sales") == {hour(1): report}
    assert history.windows("sales") == {hour(1): (60, profile_digest(profile))}
    assert history.datasets() == ("sales",)


def test_reading_an_empty_history_finds_nothing(history):
    assert history.windows("sales") == history.profiles("sales") == history.reports("sales") == {}
    assert history.datasets() == history.verdicts("sales") == ()
    assert history.last_run("sales") is None
    assert history.keys("sales") == frozenset()


def test_reading_creates_no_file(tmp_path):
    History(str(tmp_path / "history.db")).windows("sales")
    assert not list(tmp_path.iterdir())


def test_the_same_run_twice_is_one_entry(history):
    profile = counted(1)
    added = [history.add("sales", hour(1), profile, judged(profile)) for _ in range(2)]
    assert added == [True, False]
    assert history.verdicts("sales") == ((hour(1), "drift"),)


def test_other_rows_settings_windows_data_sets_and_references_are_other_runs(history):
    one, two = counted(1), counted(2)
    assert history.add("sales", hour(1), one, judged(one))
    assert history.add("sales", hour(1), two, judged(two))
    assert history.add("sales", hour(1), two, judged(two, Settings(bin_count=10)))
    assert history.add("sales", hour(2), two, judged(two))
    assert history.add("returns", hour(2), two, judged(two))
    assert history.add("returns", hour(2), two, judged(two), basis="another reference")
    assert len(history.keys("sales")) == 4
    assert history.profiles("sales") == {hour(1): two, hour(2): two}
    assert history.reports("sales")[hour(1)].settings["bin_count"] == 10  # the newest


def test_windows_that_ended_by_then_are_forgotten_with_their_runs_of_one_data_set(history):
    fill(history, count=4)
    fill(history, dataset="returns")
    history.forget("sales", hour(2).start)
    assert list(history.windows("sales")) == list(history.reports("sales")) == [hour(2), hour(3)]
    assert len(history.keys("sales")) == len(history.verdicts("sales")) == 2
    assert len(history.windows("returns")) == len(history.verdicts("returns")) == 3


def test_the_key_can_be_told_before_anything_is_judged(history):
    profile = counted(1)
    report = judged(profile)
    history.add("sales", hour(1), profile, report, basis="x")
    assert history.keys("sales") == {run_key("sales", hour(1), profile, report.settings, "x")}


def test_a_report_is_found_by_the_key_of_its_run(history):
    profile = counted(1)
    report = judged(profile)
    history.add("sales", hour(1), profile, report)
    (key,) = history.keys("sales")
    assert history.report(key) == report
    assert history.report("no such key") is None


def test_counts_of_many_windows_are_kept_together_and_replaced(history):
    history.keep("sales", {hour(number): counted(number) for number in range(3)})
    history.keep("sales", {hour(1): counted(7)})
    assert list(history.profiles("sales").values()) == [counted(0), counted(7), counted(2)]


def test_the_digest_tells_counts_apart_and_not_the_order_of_rows():
    one = local.profile(pa.table({"amount": [0.1, 0.2, 0.7]}), {"amount": "numeric"})
    two = local.profile(pa.table({"amount": [0.7, 0.2, 0.1]}), {"amount": "numeric"})
    other = local.profile(pa.table({"amount": [0.1, 0.2, 0.8]}), {"amount": "numeric"})
    assert profile_digest(one) == profile_digest(two) != profile_digest(other)


def test_a_window_without_a_reference_is_kept_and_not_judged(history):
    assert not history.add("sales", hour(1), counted(1), None)
    assert history.profiles("sales") == {hour(1): counted(1)}
    assert history.reports("sales") == {}


def test_windows_add_up_to_the_whole(history):
    fill(history)
    assert history.profile("sales") == counted(0) + counted(1) + counted(2)
    ends = hour(1).start, hour(2).end
    assert history.profile("sales", *ends) == counted(1) + counted(2)
    assert list(history.reports("sales", *ends)) == [hour(1), hour(2)]
    with pytest.raises(HistoryProblem, match="no window of 'sales' there"):
        history.profile("sales", hour(7).start)


def test_no_moment_is_counted_twice_where_windows_overlap(history):
    fill(history)
    history.add("sales", hour(0, hours=2), counted(0) + counted(1), None)
    assert history.profile("sales") == counted(0) + counted(1) + counted(2)


def test_runs_keep_their_order_when_the_clock_is_set_back(history):
    for number in (5, 1, 3):
        profile = counted(number)
        history.add("sales", hour(number), profile, judged(profile))
    assert [window for window, _ in history.verdicts("sales")] == [hour(5), hour(1), hour(3)]
    assert list(history.windows("sales")) == [hour(1), hour(3), hour(5)]


def test_the_last_run_is_kept_and_a_failure_keeps_the_time_of_the_last_success(history):
    history.record("sales", LAST)
    assert history.last_run("sales") == LAST
    later = BEGIN + timedelta(hours=1)
    history.record("sales", LastRun(later, None, 0.1, 2, "failed", "No file.", "failed"))
    found = history.last_run("sales")
    assert (found.started, found.succeeded, found.verdict) == (later, BEGIN, "failed")
    assert history.last_run("returns") is None


def test_a_run_and_what_is_told_of_it_are_stored_together_or_not_at_all(history):
    broken = Notice("a", None, BEGIN)  # a text is required
    with pytest.raises(HistoryProblem):
        history.record("sales", LAST, [Notice("a", "{}", BEGIN), broken])
    assert history.last_run("sales") is None


@pytest.mark.parametrize("name", ["50 % [a]'\"; DROP TABLE", "温度", "a/../b", ""])
def test_names_are_data(history, name):
    fill(history, 1, name)
    assert history.datasets() == (name,)
    assert [kept.rows for kept in history.windows(name).values()] == [60]


def test_a_history_of_a_newer_version_is_refused_and_left_as_it_is(history):
    fill(history)
    history.database.write(lambda c: c.execute(tables.version.update().values(version=99)))
    for act in (lambda: history.windows("sales"), lambda: fill(History(history.database.url))):
        with pytest.raises(HistoryProblem, match="newer version of Tideline") as caught:
            act()
        assert caught.value.code == "history_newer"


def _with_a_step(monkeypatch, step):
    monkeypatch.setattr(tables, "VERSION", tables.VERSION + 1)
    monkeypatch.setitem(tables.STEPS, tables.VERSION - 1, step)


def test_a_history_of_an_older_version_is_migrated_and_a_copy_is_kept(
    history, monkeypatch, tmp_path
):
    fill(history)
    _with_a_step(
        monkeypatch,
        lambda c: c.execute(sql.text("ALTER TABLE tideline_jobs ADD COLUMN note TEXT")),
    )
    again = History(history.database.url)
    assert list(again.windows("sales")) == [hour(0), hour(1), hour(2)]
    if again.database.path:
        with closing(sqlite3.connect(tmp_path / "history.db.version-1")) as copy:
            assert copy.execute("SELECT version FROM tideline_version").fetchone() == (1,)
            assert copy.execute("SELECT count(*) FROM tideline_runs").fetchone() == (3,)
        with closing(sqlite3.connect(tmp_path / "history.db")) as new:
            assert new.execute("SELECT version FROM tideline_version").fetchone() == (2,)


def test_a_migration_that_fails_changes_nothing(history, monkeypatch):
    def step(connection):
        connection.execute(sql.text("DROP TABLE tideline_runs"))
        connection.execute(sql.text("no such statement"))

    fill(history)
    with monkeypatch.context() as patch:
        _with_a_step(patch, step)
        with pytest.raises(HistoryProblem):
            History(history.database.url).windows("sales")
    assert len(history.verdicts("sales")) == 3


def test_times_are_kept_to_the_microsecond(history):
    moment = datetime(2026, 3, 29, 1, 59, 59, 999_999, tzinfo=UTC)
    history.record("sales", LastRun(moment, moment, 0.0, 0, "stable", ""))
    assert history.last_run("sales").started == moment
