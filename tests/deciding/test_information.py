"""Which features lost their say: planted cases with a known answer, and the flights."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from bench import labels as bench
from core.deciding.states import State
from core.pipeline import check
from core.settings import Settings

FLIGHTS = [f"data/flights_{role}.csv" for role in ("reference", "live", "control")]
BY_LABEL = Settings(label="label")


def told(before, after, settings=BY_LABEL):
    outcomes = check(pd.DataFrame(before), pd.DataFrame(after), settings).outcomes
    return {each.name: each for each in outcomes.features}, outcomes.label


def channel(rows, errs, rng):
    """Make a label and a feature that says it, but `errs` times in ten says the other one."""
    label = np.arange(rows) % 2
    wrong = rng.permutation(rows) % 10 < errs
    words = np.array(["no", "yes"])
    return {"label": words[label], "x": words[label ^ wrong], "z": rng.normal(size=rows)}


def test_a_dependence_is_removed_while_every_marginal_stands_still():
    rng = np.random.default_rng(1)
    before, after = channel(10_000, 2, rng), channel(10_000, 5, rng)
    report = check(pd.DataFrame(before), pd.DataFrame(after), BY_LABEL)
    assert {each.state for each in report.features} == {State.STABLE}
    found = report.outcomes.features[0]
    assert (found.name, found.say, found.state) == ("x", "lost", State.ALERT)
    channel_nats = np.log(2) + 0.8 * np.log(0.8) + 0.2 * np.log(0.2)
    assert found.nats.reference == pytest.approx(channel_nats, abs=0.01)
    assert found.nats.live < 0.001
    assert found.interval.reference[0] < channel_nats < found.interval.reference[1]
    assert (found.n, found.m) == (10_000, 10_000)
    assert report.outcomes.features[1].say == "same"


def test_it_may_come_as_well_as_go():
    rng = np.random.default_rng(2)
    found, _ = told(channel(5000, 5, rng), channel(5000, 2, rng))
    assert found["x"].say == "gained"
    found, _ = told(channel(5000, 3, rng), channel(5000, 2, rng))
    assert found["x"].say == "gained"
    found, _ = told(channel(50_000, 2, rng), channel(50_000, 1, rng))
    assert found["x"].say == "more"


def test_normal_columns_tell_nearly_what_their_correlation_says():
    rng = np.random.default_rng(3)
    z, e = rng.normal(size=(2, 40_000))
    before = {"label": z, "x": 0.6 * z + 0.8 * e}
    found, label = told(before, before)
    # -ln(1 - 0.36) / 2 is 0.223; fifths by fifths keep 79 % of it.
    edges = np.array([-9, *norm.ppf([0.2, 0.4, 0.6, 0.8]), 9])
    law = multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]])
    below = law.cdf(np.stack(np.meshgrid(edges, edges), axis=-1))
    shares = np.diff(np.diff(below, axis=0), axis=1)
    exact = (shares * np.log(shares * 25)).sum()
    assert exact == pytest.approx(0.176, abs=0.001)
    assert found["x"].nats.reference == pytest.approx(exact, abs=0.005)
    assert label.ranges
    assert len(label.classes) == 5
    assert label.entropy.reference == pytest.approx(np.log(5), abs=1e-3)


def test_a_feature_that_drifted_and_tells_the_same_is_not_called_out():
    rng = np.random.default_rng(4)
    x, e = rng.normal(size=(2, 8000))
    y, f = rng.normal(size=(2, 8000))
    before = {"label": x + e > 0, "x": x}
    after = {"label": y + f > 0, "x": 1.5 * y + 1}
    report = check(pd.DataFrame(before), pd.DataFrame(after), BY_LABEL)
    states = {each.name: each.state for each in report.features}
    assert states["x"] is State.ALERT
    assert report.outcomes.features[0].say == "same"
    far = check(pd.DataFrame(before), pd.DataFrame({**after, "x": 3 * y + 99}), BY_LABEL)
    assert far.outcomes.features[0].nats is None
    assert "so far outside" in far.outcomes.features[0].reason


def test_a_few_numbers_are_classes_as_they_are():
    rng = np.random.default_rng(5)
    digits = rng.integers(0, 10, 6000)
    before = {"label": digits, "x": digits % 2 + rng.normal(size=6000)}
    _, label = told(before, before)
    assert label.classes == tuple("0123456789")
    assert not label.ranges
    found, label = told({**before, "label": digits % 2}, {**before, "label": digits % 2})
    assert label.classes == ("0", "1")
    assert found["x"].nats.reference > 0.05


def test_a_label_that_a_heavy_number_fills_has_fewer_ranges():
    rng = np.random.default_rng(6)
    amount = np.where(rng.random(5000) < 0.7, 0.0, rng.exponential(size=5000))
    _, label = told({"label": amount, "x": amount}, {"label": amount, "x": amount})
    assert label.ranges
    assert 2 <= len(label.classes) < 5
    assert sum(label.rows.model_dump().values()) == 10_000


def test_few_rows_are_not_enough_and_none_is_said():
    rng = np.random.default_rng(7)
    small = channel(60, 3, rng)
    found, _ = told(small, channel(60, 3, rng))
    assert found["x"].say == "unsure"
    blank = {**channel(60, 3, rng), "x": [None] * 59 + ["yes"]}
    blank["label"] = ["no", *blank["label"][1:-1], None]
    found, _ = told({**small, "w": small["z"]}, {**blank, "w": small["z"]})
    assert found["x"].nats is None
    assert "no row with both" in found["x"].reason


def test_what_has_one_value_where_the_label_is_known_is_not_measured():
    flights = check(*FLIGHTS[:2], Settings(label="arrival_delay_min")).outcomes
    found = {each.name: each for each in flights.features}
    assert found["cancelled"].nats is None  # no cancelled flight arrives
    assert "one value" in found["cancelled"].reason
    assert flights.features[-1].name == "cancelled"


def test_in_july_the_hour_tells_of_delays_and_the_plane_no_more():
    chosen = Settings(label="arrival_delay_min", predictions=["departure_delay_min"])
    report = check(*FLIGHTS[:2], chosen)
    say = {each.name: each.say for each in report.outcomes.features}
    assert say["departure_hour"] == say["pressure_mb"] == "gained"
    assert say["plane_seats"] == say["plane_maker"] == "lost"
    assert say["departure_delay_min"] == "more"
    roles = {each.name: each.role for each in report.features}
    assert roles["departure_delay_min"] == "prediction"
    assert roles["arrival_delay_min"] == "label"
    assert roles["airline"] == "input"
    assert roles["scheduled_departure"] is None


def test_another_sample_of_january_says_the_same():
    found = check(FLIGHTS[0], FLIGHTS[2], Settings(label="arrival_delay_min")).outcomes
    assert {each.say for each in found.features if each.nats} <= {"same", "unsure"}
    assert min(each.q for each in found.features if each.q is not None) > 0.05


def test_the_planted_feature_is_found_and_hardly_another():
    runs = [bench.trial("lost: 0.3 to 0, two classes", seed) for seed in range(5)]
    assert all(run[0].say == "lost" for run in runs)
    assert sum(each.q <= 0.05 for run in runs for each in run[1:]) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in bench.CASES if c.startswith("no change")])
def test_without_a_change_hardly_a_run_has_a_feature(case):
    runs = [bench.trial(case, seed) for seed in range(25)]
    p = np.array([[each.p for each in run] for run in runs])
    assert np.mean(p <= 0.05) <= 0.06
    assert sum(any(each.q <= 0.05 for each in run) for run in runs) <= 5  # 1 expected
