from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import chi2

from core.deciding.alarms import alarms
from core.deciding.reports import FeatureTimeline, State, Timeline, TimelineWindow

DAYS = [f"2026-01-{day:02d}T00:00:00+00:00" for day in range(1, 16)]


def line(*features, unit="time"):
    """Put features over fourteen days into a timeline."""
    windows = tuple(
        TimelineWindow(start=start, end=end, name=start[:10], rows=100)
        for start, end in pairwise(DAYS)
    )
    return Timeline(windows=windows, features=features, unit=unit)


def feature(value, q=0.001, low=0.3, noise=0.1, name="f", measure="js_distance"):
    """Repeat the figures of one window over fourteen."""
    value, q, low, noise = (
        tuple(each) if isinstance(each, (list, tuple)) else (each,) * 14
        for each in (value, q, low, noise)
    )
    return FeatureTimeline(
        name=name,
        kind="numeric",
        worst=State.ALERT,
        states=(State.ALERT,) * 14,
        n=(1000,) * 14,
        m=(100,) * 14,
        measure=measure,
        value=value,
        low=low,
        high=(1.0,) * 14,
        noise=noise,
        p=q,
        q=q,
        warn=0.1,
        alert=0.2,
        sentence="",
    )


def counted(timeline, warn=0.1, alert=0.2, alpha=0.05, policy="calibrated"):
    return alarms(timeline, lambda _: (warn, alert), alpha=alpha, policy=policy)


def test_alarms_are_counted_a_feature_and_window_each():
    found = counted(line(feature(0.4), feature([0.4] * 4 + [0.05] * 10, name="g")))
    assert (found.alarms, found.windows, found.judged) == (18, 14, 14)
    assert found.per_week == 9


@pytest.mark.parametrize(
    "change", [{"value": 0.19}, {"q": 0.06}, {"low": 0.09}, {"value": [None] * 14}]
)
def test_size_certainty_and_lower_bound_are_all_asked_for(change):
    assert counted(line(feature(**({"value": 0.4} | change)))).alarms == 0


def test_thresholds_and_rate_move_without_judging_again():
    timeline = line(feature([0.15, 0.25] * 7, q=0.02, low=0.12))
    assert counted(timeline).alarms == 7
    assert counted(timeline, alert=0.14).alarms == 14
    assert counted(timeline, alpha=0.01).alarms == 0
    assert counted(timeline, warn=0.13).alarms == 0


def test_of_those_called_out_the_share_alpha_may_be_false():
    found = counted(line(feature(0.4)), alpha=0.1)
    assert found.by_chance == pytest.approx(1.4)
    assert found.chance_per_week == pytest.approx(0.7)


@pytest.mark.parametrize("bins", [2, 20])
def test_fixed_thresholds_are_exceeded_by_chance_as_the_chi_square_law_says(bins):
    scale = 8 * np.log(2) / (1 / 1000 + 1 / 100)
    noise = float(np.sqrt(chi2.ppf(0.95, bins - 1) / scale))
    found = counted(line(feature(0.3, noise=noise)), alert=0.12, policy="fixed")
    assert found.by_chance == pytest.approx(14 * chi2.sf(scale * 0.12**2, bins - 1), rel=1e-6)
    assert found.alarms == 14


def test_for_other_fixed_measures_chance_is_not_told():
    found = counted(line(feature(3.0, measure="psi")), alert=1, policy="fixed")
    assert (found.alarms, found.by_chance, found.chance_per_week) == (14, None, None)


def test_an_infinite_value_is_an_alarm_and_windows_of_rows_have_no_weeks():
    found = counted(line(feature("infinite"), unit="rows"), policy="fixed")
    assert (found.alarms, found.weeks, found.per_week) == (14, None, None)
