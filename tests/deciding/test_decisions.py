import numpy as np
import pandas as pd
import pytest

from core.deciding.comparisons import compare
from core.deciding.decisions import MEASURES, POLICIES, Limits, decide
from core.deciding.reports import Report, State, TableReport
from core.profiling.engines.local import profile
from core.reading.sources import load

SIDE = TableReport(name="table", rows_read=0, rows_used=0, rows_dropped=0)


def judged(reference, live, policy="fixed", **limits):
    before = profile(load(pd.DataFrame(reference)))
    after = profile(load(pd.DataFrame(live)), before.kinds)
    return decide(compare(before, after), (SIDE, SIDE), policy=policy, limits=Limits(**limits))


def normal(seed, rows=3000, **moved):
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(moved.get("mean", 0), moved.get("sd", 1), rows)}


def states(report):
    return {feature.name: feature.state for feature in report.features}


@pytest.mark.parametrize(
    ("mean", "state"), [(0, State.STABLE), (0.35, State.WARN), (1.0, State.ALERT)]
)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_feature_is_flagged_by_its_size(policy, mean, state):
    report = judged(normal(1, 20_000), normal(2, 20_000, mean=mean), policy)
    assert states(report) == {"x": state}


@pytest.mark.parametrize("measure", MEASURES)
def test_the_fixed_policy_compares_any_measure_with_its_thresholds(measure):
    low = judged(normal(1), normal(2, mean=1), measure=measure, thresholds=(1e-9, 1e-9))
    high = judged(normal(1), normal(2, mean=1), measure=measure, thresholds=(1e9, 1e9))
    assert (states(low)["x"], states(high)["x"]) == (State.ALERT, State.STABLE)
    (feature,) = low.features
    assert feature.measure == measure
    assert feature.value == pytest.approx(
        getattr(feature, {"jsd": "jsd_bits"}.get(measure, measure))
    )


def test_identical_data_is_stable_even_with_a_threshold_of_zero():
    assert judged(normal(1), normal(1), thresholds=(0, 0)).verdict == "stable"


def test_thresholds_may_differ_by_feature():
    report = judged(normal(1), normal(2, mean=1), by_feature={"x": (0.9, 0.95)})
    assert states(report) == {"x": State.STABLE}
    assert (report.features[0].warn, report.features[0].alert) == (0.9, 0.95)


def test_a_measure_without_a_meaning_for_a_feature_is_said_and_not_judged():
    report = judged({"x": ["a", "b"] * 50}, {"x": ["a", "c"] * 50}, measure="wasserstein")
    assert states(report) == {"x": State.SKIPPED}
    assert report.features[0].code == "measure_undefined"
    assert "not defined" in report.features[0].reason


def test_the_verdict_is_the_gravest_that_holds():
    x, moved = normal(1)["x"], normal(2, mean=2)["x"]
    both, drifted = {"x": x, "y": x}, {"x": x, "y": moved}
    assert judged(both, drifted).verdict == "drift"
    assert judged(both, {"x": x}).verdict == "incomplete"
    assert judged(both, {"y": moved}).verdict == "drift"
    assert judged(both, drifted, thresholds=(0.1, 0.99)).verdict == "watch"
    assert judged(both, both).verdict == "stable"


def test_features_come_worst_first_and_weights_change_their_order():
    x, y, z = (normal(seed, mean=mean)["x"] for seed, mean in ((1, 0), (2, 1), (3, 2)))
    before, after = {"a": x, "b": x, "c": x}, {"a": x, "b": y, "c": z}
    assert list(states(judged(before, after))) == ["c", "b", "a"]
    frames = [profile(load(pd.DataFrame(frame))) for frame in (before, after)]
    report = decide(
        compare(*frames), (SIDE, SIDE), policy="fixed", limits=Limits(), weights={"b": 10}
    )
    assert list(states(report)) == ["b", "c", "a"]


def test_counts_of_states_and_shares_of_bins_add_up():
    report = judged(normal(1), normal(2, mean=0.5))
    assert sum(report.counts.values()) == len(report.features)
    (feature,) = report.features
    assert sum(each.share for each in feature.bins) == pytest.approx(1)
    assert sum(each.reference for each in feature.bins) == feature.n
    assert sum(each.live for each in feature.bins) == feature.m
    for each in feature.bins:
        more = each.live / feature.m - each.reference / feature.n
        assert each.direction == ("more" if more > 0 else "fewer" if more < 0 else "same")


def test_a_report_is_read_back_from_its_json():
    report = judged(normal(1), {"x": [*normal(2)["x"], np.inf, np.nan]})
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_few_rows_are_not_enough_data_with_the_rows_that_would_settle_it():
    report = judged(normal(1, 10_000), normal(2, 40), "calibrated")
    (feature,) = report.features
    assert (report.verdict, feature.state) == ("not_enough_data", State.INSUFFICIENT)
    assert feature.rows_needed is not None
    settled = judged(normal(1, 10_000), normal(3, 4 * feature.rows_needed), "calibrated")
    assert states(settled) == {"x": State.STABLE}


def test_a_reference_that_is_too_small_is_said():
    (feature,) = judged(normal(1, 100), normal(2, 10_000), "calibrated").features
    assert (feature.state, feature.rows_needed) == (State.INSUFFICIENT, None)
    assert "reference" in feature.reason


def test_a_certain_but_small_drift_is_negligible():
    report = judged(normal(1, 100_000), normal(2, 100_000, mean=0.05), "calibrated")
    assert states(report) == {"x": State.NEGLIGIBLE}
    assert "smaller than you asked" in report.features[0].reason


def test_the_interval_holds_the_corrected_size_and_q_is_not_below_p():
    (feature,) = judged(normal(1), normal(2, mean=0.5), "calibrated").features
    low, high = feature.interval
    assert low <= feature.js_distance_corrected <= high
    assert feature.js_distance_corrected < feature.js_distance
    assert feature.q >= feature.p > 0
    assert feature.location > 0
