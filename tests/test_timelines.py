import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core import cutting
from core.deciding.reports import State, Timeline
from core.pipeline import (
    Calendar,
    Chunking,
    Profile,
    check,
    count,
    judge,
    profile,
    sum_windows,
    timeline,
)
from core.profiling.categories import CategoryCounts
from core.profiling.engines import local
from core.profiling.profiles import add_counts
from core.reading.references import between, previous, same_season, trailing
from core.reading.windows import Window
from core.settings import Settings

SETTINGS = Settings(time_column="when")
DAY = Chunking("when", "1d")


def days(count, *, rows=300, drift=range(0), seed=1, start="2026-01-05"):
    """Rows of `count` days; on the days of `drift` x is shifted by one, and a label is new."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(count), rows)
    away = np.isin(day, list(drift))
    labels = np.where(away & (rng.random(day.size) < 0.4), "c", rng.choice(["a", "b"], day.size))
    when = pd.Timestamp(start) + pd.to_timedelta(
        day * 86_400 + rng.integers(0, 86_400, day.size), "s"
    )
    x = rng.normal(away.astype(float))
    return pd.DataFrame({"when": when, "x": x, "label": labels, "quiet": rng.normal(size=day.size)})


REFERENCE = days(6, rows=500, seed=9, start="2025-12-01")


def windows(frame, chunking=DAY):
    return count(frame, SETTINGS, chunking=chunking).windows


def of(line, name):
    return next(feature for feature in line.features if feature.name == name)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"policy": "fixed", "measure": "psi"},
        {"bins": "width", "bin_count": 12, "warn": 0.05, "alert": 0.1, "adjust": "by"},
        {"missing": "drop", "features": {"x": {"bins": [-1.0, 0.0, 1.0], "alert": 0.3}}},
    ],
)
def test_a_timeline_says_of_each_window_what_judging_it_alone_says(choices):
    settings = Settings.of({"time_column": "when", **choices})
    known = windows(days(9, rows=400, drift=range(4, 6)))
    reference = profile(REFERENCE, settings)
    line = timeline(known, reference, settings)
    for place, (window, live) in enumerate(known.items()):
        report = judge(reference, live, settings)
        assert line.windows[place].verdict == report.verdict
        assert line.windows[place].start == window.start.isoformat()
        for alone in report.features:
            feature = of(line, alone.name)
            told = (feature.states[place], feature.n[place], feature.m[place])
            assert told == (alone.state, alone.n, alone.m)
            figures = (feature.value[place], feature.p[place], feature.q[place])
            bounds = (feature.low[place], feature.high[place])
            expected = (alone.value, alone.p, alone.q, *(alone.interval or (None, None)))
            np.testing.assert_allclose(
                np.array([*figures, *bounds], float), np.array(expected, float), rtol=1e-12
            )


def test_the_record_is_json_without_nan_and_comes_back():
    known = windows(days(5, rows=50))
    known[Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))] = (
        Profile.empty(next(iter(known.values())).kinds)
    )
    line = timeline(known, profile(REFERENCE, SETTINGS), SETTINGS)
    text = line.model_dump_json()
    json.loads(text, parse_constant=pytest.fail)
    assert json.loads(text)["schema"] == "tideline.timeline/1"
    assert Timeline.model_validate_json(text) == line


def test_a_last_window_that_ends_early_says_where_its_rows_end():
    whole = days(14)
    part = whole[whole["when"] < pd.Timestamp("2026-01-16 12:00")]
    reference = profile(REFERENCE, SETTINGS)
    for calendar, started in ((None, "2026-01-16"), (Calendar("1w"), "2026-01-12")):
        full = timeline(windows(whole), reference, SETTINGS, calendar=calendar)
        assert [window.until for window in full.windows] == [None] * len(full.windows)
        last = timeline(windows(part), reference, SETTINGS, calendar=calendar).windows[-1]
        assert (last.name, last.until[:13]) == (started, "2026-01-16T11")


def test_a_last_window_of_fewer_rows_says_where_they_end():
    for rows, until in ((700, "1400"), (750, None)):
        frame = days(2, rows=rows)
        line = timeline(windows(frame, Chunking(None, "500 rows")), previous, SETTINGS)
        assert line.windows[-1].until == until


def test_a_drift_has_a_beginning_and_an_end():
    line = timeline(windows(days(20, drift=range(8, 14))), profile(REFERENCE, SETTINGS), SETTINGS)
    for name in ("x", "label"):
        (change,) = of(line, name).changes
        assert (change.first, change.end) == (8, 14)
        assert (change.began, change.ended) == ("2026-01-13", "2026-01-19")
        assert "Drift from 2026-01-13, back from 2026-01-19" in of(line, name).sentence
    assert of(line, "quiet").changes == ()
    assert of(line, "quiet").worst not in {State.ALERT, State.WARN}
    assert of(line, "when").code == "time_column"


def test_a_drift_that_lasts_has_no_end():
    line = timeline(windows(days(12, drift=range(7, 12))), profile(REFERENCE, SETTINGS), SETTINGS)
    (change,) = of(line, "x").changes
    assert (change.began, change.end, change.ended) == ("2026-01-12", None, None)
    assert of(line, "x").sentence.startswith("Drift since 2026-01-12: of 12 windows 5 drifted")


def test_a_drift_too_small_for_any_window_is_found_in_all_together():
    frame = days(60, rows=300, seed=3)
    frame.loc[frame["when"] >= "2026-01-25", "x"] += 0.15
    line = timeline(windows(frame), profile(REFERENCE, SETTINGS), SETTINGS)
    assert "2026-01-25" <= of(line, "x").alarm <= "2026-02-20"
    assert f"up to {of(line, 'x').alarm} together are more than chance" in of(line, "x").sentence
    assert of(line, "quiet").alarm is None
    assert len(of(line, "x").watch) == 60
    assert of(timeline(windows(days(5)), previous, SETTINGS), "x").alarm is None


def test_windows_without_rows_are_gaps():
    frame = days(10)
    frame = frame[~frame["when"].dt.day.isin([8, 9])]
    line = timeline(windows(frame), profile(REFERENCE, SETTINGS), SETTINGS)
    assert len(line.windows) == 9
    gap = line.windows[3]
    assert (gap.rows, gap.verdict) == (0, None)
    assert (gap.start[:10], gap.end[:10]) == ("2026-01-08", "2026-01-10")
    for feature in line.features:
        assert feature.states[3] is State.NO_DATA or feature.code == "time_column"
        assert feature.value[3] is feature.p[3] is feature.low[3] is feature.noise[3] is None


def test_the_noise_level_falls_as_windows_have_more_rows():
    frame = pd.concat([days(1, rows=100), days(1, rows=3000, start="2026-01-06")])
    noise = of(timeline(windows(frame), profile(REFERENCE, SETTINGS), SETTINGS), "x").noise
    assert noise[0] > 2 * noise[1] > 0


def test_each_window_against_the_one_before_tells_the_steps():
    known = windows(days(9, rows=600, drift=range(4, 7)))
    line = timeline(known, previous, SETTINGS)
    flagged = [s in {State.ALERT, State.WARN} for s in of(line, "x").states]
    assert flagged == [False] * 4 + [True] + [False] * 2 + [True] + [False]
    assert line.windows[0].verdict is None
    assert line.windows[0].reference is None
    assert line.windows[1].reference == "2026-01-05"


def test_a_trailing_range_of_ten_windows_tells_how_much_they_differ():
    known = windows(days(14))
    line = timeline(known, trailing(timedelta(days=12)), SETTINGS)
    assert line.assumption.startswith("Windows may differ by nature")
    assert line.windows[13].reference == "12 windows, 2026-01-06 to 2026-01-17"
    assert "independent" in timeline(known, trailing(timedelta(days=3)), SETTINGS).assumption


def test_the_same_season_is_the_same_weekday_and_hour():
    frame = days(21, rows=200)
    frame.loc[frame["when"].dt.day_of_week >= 5, "x"] += 2
    line = timeline(windows(frame), same_season(4), SETTINGS)
    assert [window.reference for window in line.windows[:7]] == [None] * 7
    assert line.windows[20].reference == "2 windows, 2026-01-11 to 2026-01-18"
    assert not {State.ALERT, State.WARN} & set(of(line, "x").states)


def test_any_windows_stand_against_any_others():
    known = windows(days(10, rows=500, drift=range(5, 10)))
    order = sorted(known)
    first = sum_windows(known, between(order, order[0].start, order[3].end))
    second = sum_windows(known, between(order, order[6].start, order[9].end))
    assert first.rows == second.rows == 2000
    assert judge(first, second, SETTINGS).verdict == "drift"
    assert sum_windows(known) == count(days(10, rows=500, drift=range(5, 10)), SETTINGS).whole
    with pytest.raises(ValueError, match="no window was chosen"):
        sum_windows(known, [])


def test_weeks_are_summed_from_days_that_tell_how_much_days_differ():
    reference = count(days(20, rows=50, start="2025-12-01"), SETTINGS, chunking=DAY)
    frame = days(21, rows=50, drift=range(7, 14))
    line = timeline(windows(frame), reference, SETTINGS, calendar=Calendar("1w"))
    assert [window.rows for window in line.windows] == [350] * 3
    assert [window.name for window in line.windows] == ["2026-01-05", "2026-01-12", "2026-01-19"]
    assert line.assumption.startswith("Windows may differ by nature, as the 20")
    assert of(line, "x").states[1] is State.ALERT
    assert of(line, "x").states[0] not in {State.ALERT, State.WARN}


def test_a_report_has_a_timeline_where_windows_are_asked_for():
    live = days(20, drift=range(8, 14))
    live.loc[:2, "when"] = pd.NaT
    report = check(REFERENCE, live, SETTINGS, windows=Chunking("when", "1w"))
    assert [window.rows for window in report.timeline.windows] == [2097, 2100, 1800]
    assert (report.timeline.every, report.timeline.without_time) == ("1w", 3)
    assert [w.count for w in report.warnings if w.code == "no_time"] == [3]
    assert check(REFERENCE, live, SETTINGS).timeline is None


def test_windows_of_rows_make_a_timeline_too():
    report = check(REFERENCE, days(4), SETTINGS, windows=Chunking(None, "500 rows"))
    assert report.timeline.unit == "rows"
    assert [window.name for window in report.timeline.windows] == ["row 1", "row 501", "row 1001"]
    assert [window.rows for window in report.timeline.windows] == [500, 500, 200]


def test_a_column_that_some_windows_lack_is_skipped_there():
    known = windows(days(3))
    part = dict(known)
    last = max(part)
    without = {n: c for n, c in part[last].features.items() if n != "label"}
    kinds = {n: k for n, k in part[last].kinds.items() if n != "label"}
    part[last] = Profile(part[last].rows, without, kinds)
    line = timeline(part, local.profile([], {**known[last].kinds}) + sum_windows(known), SETTINGS)
    assert of(line, "label").states[2] is State.SKIPPED
    assert line.windows[2].verdict == "incomplete"


@pytest.mark.parametrize("kind", ["numeric", "categorical"])
def test_f18_an_error_in_counting_windows_sets_one_feature_aside(kind, monkeypatch, caplog):
    real, name = cutting.count_parts, {"numeric": "x", "categorical": "label"}[kind]

    def broken(batch, order, ends, column, own):
        if column == name:
            raise KeyError("inside")
        return real(batch, order, ends, column, own)

    sound = check(REFERENCE, days(4, drift=[2, 3]), SETTINGS, windows=DAY)
    monkeypatch.setattr(cutting, "count_parts", broken)
    report = check(REFERENCE, days(4, drift=[2, 3]), SETTINGS, windows=DAY)
    found = {feature.name: feature for feature in report.features}
    assert (found[name].code, found[name].state) == ("internal_error", State.SKIPPED)
    (number,) = {w.first for w in report.warnings if w.code == "internal_error"}
    assert number in caplog.text
    assert set(of(report.timeline, name).states) == {State.SKIPPED}
    for feature in sound.features:
        if feature.name != name:
            assert found[feature.name].jsd_bits == feature.jsd_bits
            own = of(sound.timeline, feature.name)
            assert of(report.timeline, feature.name).states == own.states


def test_f18_an_error_in_summing_groups_sets_features_aside(monkeypatch):
    def broken(left, right):
        if isinstance(left, CategoryCounts):
            raise ZeroDivisionError("inside")
        return add_counts(left, right)

    frame = days(4)
    frame["booth"] = (np.arange(len(frame)) % 7).astype(str)
    table = pa.Table.from_batches(pa.Table.from_pandas(frame).to_batches(max_chunksize=200))
    monkeypatch.setattr(cutting, "_JOINED", 1)
    monkeypatch.setattr(cutting, "add_counts", broken)
    report = check(table, table, Settings(time_column="none", group_by="booth"))
    codes = {feature.name: feature.code for feature in report.features}
    assert codes["label"] == "internal_error"
    assert codes["x"] is codes["quiet"] is None


def test_memory_that_is_short_while_windows_are_counted_ends_the_run(monkeypatch):
    def short(*_):
        raise MemoryError

    monkeypatch.setattr(cutting, "count_parts", short)
    with pytest.raises(MemoryError):
        count(REFERENCE, SETTINGS, chunking=DAY)
