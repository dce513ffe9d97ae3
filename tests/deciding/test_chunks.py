import numpy as np
import pandas as pd
import pytest

from core.deciding.reports import State
from core.pipeline import check, profile
from core.reading.dialects import Unreadable
from core.settings import BadSettings, Settings

DAYS = Settings(chunk_by="when", every="1d", time_column="when")


def days(seed, count, rows=200, spread=0.0):
    """Rows of `count` days; each day has a mean of its own, as far off as `spread`."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2026-01-01") + pd.Timedelta(days=100 * seed)
    when = start + pd.to_timedelta(np.repeat(np.arange(count), rows), "D")
    x = rng.normal(np.repeat(rng.normal(0, spread, count), rows))
    return pd.DataFrame({"when": when, "x": x, "c": np.where(x > 0, "high", "low")})


def states(report):
    return {f.name: f.state for f in report.features if f.state is not State.SKIPPED}


def test_days_that_differ_by_nature_alarm_as_independent_rows_and_not_as_days():
    alarms = {"rows": 0, "days": 0}
    for seed in range(10):
        reference, live = days(seed, 30, spread=0.5), days(seed + 50, 1, spread=0.5)
        for name, settings in (("rows", Settings()), ("days", DAYS)):
            report = check(reference, live, settings)
            alarms[name] += bool({State.ALERT, State.WARN} & set(states(report).values()))
    assert alarms["rows"] >= 8
    assert alarms["days"] <= 1


def test_a_drift_beyond_what_days_differ_by_is_found():
    live = days(9, 10, spread=0.3)
    live["x"] += 3
    live["c"] = "high"
    assert states(check(days(1, 30, spread=0.3), live, DAYS)) == {
        "x": State.ALERT,
        "c": State.ALERT,
    }


def test_the_report_says_what_was_assumed():
    reference, live = days(1, 12), days(2, 3)
    assert "independent" in check(reference, live).assumption
    assert "12 windows of 1d along when" in check(reference, live, DAYS).assumption
    few = check(days(1, 9), live, DAYS).assumption
    assert "independent" in few
    assert "9 windows of 1d along when, too few" in few


def test_rows_of_a_group_resemble_each_other():
    def groups(seed):
        rng = np.random.default_rng(seed)
        names = np.repeat([f"{seed} customer {i}" for i in range(300)], 10)
        return pd.DataFrame({"who": names, "x": np.repeat(rng.normal(size=300), 10)})

    plain = grouped = 0
    for seed in range(10):
        sides = groups(2 * seed), groups(2 * seed + 1)
        settings = Settings(warn=0.01, alert=0.02)  # size aside: what does the test say
        flagged = {State.ALERT, State.WARN}
        plain += states(check(*sides, settings))["x"] in flagged
        by_group = settings.with_choices({"group_by": "who"})
        grouped += states(check(*sides, by_group))["x"] in flagged
    assert plain >= 9
    assert grouped <= 2


def test_the_chunks_of_a_table_add_up_to_the_table():
    frame = days(3, 15)
    report = check(frame, frame, DAYS)
    assert report.reference.rows_used == len(frame)
    assert {f.name: (f.n, f.jsd_bits) for f in report.features if f.state is not State.SKIPPED} == {
        "x": (len(frame), 0),
        "c": (len(frame), 0),
    }


def test_a_saved_profile_has_no_chunks_and_it_is_said():
    frame = days(4, 15)
    assert "too few" in check(profile(frame), frame, DAYS).assumption
    assert "15 windows" in check(frame, profile(days(5, 2)), DAYS).assumption


def test_a_feature_that_few_chunks_hold_is_taken_as_independent_rows_and_it_is_said():
    reference, live = days(7, 15), days(8, 3)
    reference["rare"] = np.where(reference["when"] == reference["when"].min(), 1.5, np.nan)
    live["rare"] = 1.5
    report = check(reference, live, DAYS.with_choices({"missing": "drop"}))
    (rare,) = [feature for feature in report.features if feature.name == "rare"]
    assert "too few chunks" in rare.reason
    assert rare.p is not None


def test_chunks_promise_no_smallest_visible_drift():
    report = check(days(1, 30, spread=0.3), days(9, 1, spread=0.3), DAYS)
    assert {feature.smallest_visible for feature in report.features} == {None}


def test_what_cannot_be_cut_is_refused():
    frame = days(6, 3)
    with pytest.raises(BadSettings, match="chunk_by and group_by"):
        Settings.of({"chunk_by": "when", "group_by": "c"})
    with pytest.raises(Unreadable, match="no column 'day'"):
        check(frame, frame, Settings(chunk_by="day"))
    with pytest.raises(Unreadable, match="holds no times"):
        check(frame, frame, Settings(chunk_by="c"))
