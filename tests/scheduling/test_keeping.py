"""A history that keeps some time alone: what goes, what stays, and what is judged then."""

from datetime import timedelta

import pytest

from core.scheduling.checks import check, sentence

from .samples import BEGIN, NOW, job, load, orders, write
from .test_checks import DAY, day, history

KEPT = '[history]\nkeep = "{}"\n'


def ruled(folder, rule, keep, **more):
    path = job(folder, more=KEPT.format(keep), **more)
    path.write_text(path.read_text().replace('source = "reference.csv"', rule))
    return path


def starts(path):
    return [window.start for window in history(path).windows("orders")]


def test_windows_older_than_what_is_kept_go_with_their_reports(tmp_path):
    path = job(tmp_path, days=8)
    check(load(path), now=NOW)
    assert len(history(path).verdicts("orders")) == 8
    path.write_text(path.read_text() + KEPT.format("3d"))
    run = check(load(path), now=NOW)
    assert run.judged == 0
    assert list(history(path).windows("orders")) == [day(5), day(6), day(7)]
    assert [window for window, _ in history(path).verdicts("orders")] == [day(5), day(6), day(7)]
    assert [each.name for each in run.report.timeline.windows] == [day(n).name for n in (5, 6, 7)]
    (told,) = [each for each in run.report.warnings if each.code == "not_kept"]
    assert told.count == 5 * 1000


def test_what_is_not_kept_is_not_counted_into_the_history_again(tmp_path):
    path = job(tmp_path, days=8, more=KEPT.format("3d"))
    assert [check(load(path), now=NOW).judged for _ in range(2)] == [3, 0]
    assert starts(path) == [BEGIN + n * DAY for n in (5, 6, 7)]


def test_weeks_are_kept_whole(tmp_path):
    path = job(tmp_path, days=21, every="1w", more=KEPT.format("9d"))
    check(load(path), now=NOW)
    assert min(starts(path)) == BEGIN + 7 * DAY
    assert check(load(path), now=NOW).judged == 0


def test_a_feed_that_stands_still_loses_nothing_and_the_newest_two_stay(tmp_path):
    path = ruled(tmp_path, 'rule = "previous"', "2d", days=2)
    check(load(path), now=NOW)
    assert check(load(path), now=NOW + 300 * DAY).window == day(1)
    late = orders(1, begin=BEGIN + 9 * DAY)
    write(tmp_path / "live.csv", late)
    run = check(load(path), now=NOW)
    assert run.report.reference.window.start == day(1).start.isoformat()
    assert list(history(path).windows("orders")) == [day(1), day(9)]


def test_windows_are_judged_where_their_whole_reference_is_kept(tmp_path):
    path = ruled(tmp_path, 'rule = "trailing"\nspan = "3d"', "5d", days=9)
    run = check(load(path), now=NOW)
    assert list(history(path).windows("orders")) == [day(n) for n in range(4, 9)]
    assert [window for window, _ in history(path).verdicts("orders")] == [day(7), day(8)]
    assert run.report.reference.window.start == day(5).start.isoformat()
    (told,) = [each for each in run.report.warnings if each.code == "reference_not_kept"]
    assert told.count == 3


def test_late_windows_that_nothing_is_kept_for_are_told(tmp_path):
    path = ruled(tmp_path, 'rule = "trailing"\nspan = "3d"', "5d", days=9)
    check(load(path), now=NOW)
    write(tmp_path / "live.csv", orders(1, begin=BEGIN + 5 * DAY, rows=2000))
    run = check(load(path), now=NOW)
    assert run.report is None
    assert sentence(run).startswith("1 new window is not judged: the reference is no longer kept")


def test_a_dry_run_deletes_nothing(tmp_path):
    path = job(tmp_path, days=4)
    check(load(path), now=NOW)
    path.write_text(path.read_text() + KEPT.format("1d"))
    check(load(path), dry=True, now=NOW)
    assert len(starts(path)) == 4


def test_a_run_that_fails_deletes_nothing(tmp_path, monkeypatch):
    path = job(tmp_path, days=4)
    check(load(path), now=NOW)
    path.write_text(path.read_text() + KEPT.format("1d"))
    monkeypatch.setattr("core.scheduling.checks._write", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        check(load(path), now=NOW + timedelta(hours=1))
    assert len(starts(path)) == 4
