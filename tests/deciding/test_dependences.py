"""Which pairs changed: planted cases, drifted margins, labels; and the size of the test."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from bench import pairs as bench
from core.counting import profile
from core.deciding.dependences import compare_pairs
from core.deciding.states import State
from core.pipeline import check
from core.settings import Settings

ALL = Settings(pairs="all")
FLIGHTS = [f"data/flights_{role}.csv" for role in ("reference", "live", "control")]
WEATHER = {"temperature_f", "humidity_pct", "wind_speed_mph", "pressure_mb", "visibility_miles"}


def compared(reference, live):
    before = profile(pa.table(reference), ALL)
    return compare_pairs(before.pairs, profile(pa.table(live), ALL, kinds=before).pairs)


def test_correlation_05_to_04_in_one_of_190_pairs_is_found_and_hardly_another():
    trials = [bench.trial("0.5 to 0.4", seed) for seed in range(6)]
    assert all(found for found, _, _ in trials)
    assert sum(false for _, false, _ in trials) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("case", ["0.5 to 0.4", "0.5 to 0.4, every margin drifted"])
def test_a_changed_pair_is_found_in_95_of_100_seeds_with_5_percent_false(case):
    trials = [bench.trial(case, seed) for seed in range(100)]
    assert sum(found for found, _, _ in trials) >= 95
    shares = [false / max(number, 1) for _, false, number in trials]
    assert np.mean(shares) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [c for c in bench.CASES if c.startswith("none") and c != bench.HARD]
)
def test_without_a_change_one_run_in_twenty_has_a_pair(case):
    trials = [bench.trial(case, seed) for seed in range(60)]
    assert sum(number > 0 for _, _, number in trials) <= 7  # 3 in expectation, 7 with p = 0.03


def test_the_reports_sums_hold():
    draw = np.random.default_rng(1)
    x = draw.normal(size=4000)
    before = {"x": x, "y": x + draw.normal(size=4000), "z": draw.normal(size=4000)}
    after = {**before, "y": -0.2 * x + draw.normal(size=4000)}
    found = compared(before, after)
    assert found.tested == sum(found.counts.values()) == 3
    pair = found.pairs[0]
    assert pair.features == ("x", "y")
    assert pair.state is State.ALERT
    assert pair.correlation.reference == pytest.approx(0.69, abs=0.04)
    assert pair.correlation.live == pytest.approx(-0.19, abs=0.04)
    assert pair.kl_live_ref == pytest.approx(pair.kl_first + pair.kl_second + pair.kl_dependence)
    assert pair.kl_dependence > 0.2
    assert np.sum(pair.tables.live) == pair.m == 4000
    assert len(pair.first) == len(pair.second) == len(pair.tables.live) == 5


def test_a_drifted_feature_is_no_changed_dependence():
    draw = np.random.default_rng(2)
    x, y = draw.normal(size=(2, 5000))
    before, after = {"x": x, "y": x + y}, {"x": x + 1, "y": 2 * (x + y) - 1}
    assert compared(before, after).pairs == ()


def test_columns_that_drifted_leave_an_unchanged_dependence_alone():
    # By ranks that levels of the reference cut otherwise, 13 of 20 of these runs had false pairs.
    trials = [bench.trial("none, margins drifted, chained 0.7", seed) for seed in range(6)]
    assert sum(number for _, _, number in trials) <= 1


def test_drifted_heavy_values_make_few_false_pairs_of_190():
    assert bench.trial(bench.HARD, 0)[2] <= 4


def test_a_dependence_without_ranks_is_found():
    draw = np.random.default_rng(3)
    x, y = draw.normal(size=(2, 5000))
    pair = compared({"x": x, "y": y}, {"x": x, "y": (x**2 - 1) / 1.4}).pairs[0]
    assert abs(pair.correlation.live) < 0.2
    assert pair.mutual_information.live > 0.3


def test_labels_have_tables_and_no_correlation():
    draw = np.random.default_rng(4)
    town = draw.choice(list("abc"), 3000)
    before = {"town": town, "x": draw.normal(size=3000)}
    after = {"town": town, "x": draw.normal(size=3000) + (town == "a")}
    pair = compared(before, after).pairs[0]
    assert pair.correlation is None
    assert set(pair.first[:3]) == {"a", "b", "c"}


def test_a_dependence_of_labels_that_turns_round_is_grave():
    x = np.random.default_rng(6).normal(size=1500)
    up, down = (np.where(side, "yes", "no") for side in (x > 0, x < 0))
    for other in (x, np.where(x > 0, "a", "b")):
        pair = compared({"x": other, "k": up}, {"x": other, "k": down}).pairs[0]
        told = pair.mutual_information
        assert told.live == pytest.approx(told.reference, abs=0.01)
        assert pair.state is State.ALERT


def test_a_dependence_without_ranks_that_turns_round_is_grave():
    draw = np.random.default_rng(7)
    u = draw.uniform(-1, 1, 1500)
    w = np.cos(np.pi * u) + 0.1 * draw.normal(size=1500)
    pair = compared({"u": u, "w": w}, {"u": u, "w": -w}).pairs[0]
    assert abs(pair.correlation.live - pair.correlation.reference) < 0.1
    assert pair.state is State.ALERT


def labelled(draw, rows, agree):
    a = draw.random(rows) < 0.5
    b = a == (draw.random(rows) < agree)
    return {"a": np.where(a, "x", "y"), "b": np.where(b, "u", "v")}


def test_labels_are_stable_only_where_a_change_is_excluded():
    draw = np.random.default_rng(8)
    few = compared(labelled(draw, 600, 0.7), labelled(draw, 600, 0.7))
    many = compared(labelled(draw, 40_000, 0.7), labelled(draw, 40_000, 0.7))
    assert few.counts[State.INSUFFICIENT] == 1
    assert many.counts[State.STABLE] == 1


def test_a_change_worth_watching_that_is_not_certain_is_hardly_ever_called_stable():
    drawn = [np.random.default_rng(seed) for seed in range(20)]
    plan = Settings(pairs="all", alpha=1e-4)
    states = [
        check(*(pd.DataFrame(labelled(draw, 1500, agree)) for agree in (0.5, 0.571)), plan)
        for draw in drawn
    ]
    assert sum(report.pairs.counts[State.STABLE] for report in states) <= 2


def test_numbers_are_stable_only_where_their_tables_are_known_well():
    draw = np.random.default_rng(9)
    few, many = (
        compared(*(dict(zip("xy", draw.normal(size=(2, rows)), strict=True)) for _ in "ab"))
        for rows in (600, 8000)
    )
    assert few.counts[State.INSUFFICIENT] == many.counts[State.STABLE] == 1


def test_numbers_are_stable_only_where_a_change_of_what_is_told_is_excluded():
    edge = 0.727  # `bench.edge(0.7)`
    shares = [bench.stable(5000, 0.7, after, 4) for after in (0.7, edge)]
    assert shares[0] >= 0.3
    assert shares[1] <= 0.05
    assert bench.stable(2000, 0.7, 0.7, 4) == 0  # the correlation alone would be known well enough


def test_the_record_says_by_how_much_the_odds_ratios_differ():
    x = np.random.default_rng(6).normal(size=(2, 3000))
    turned = compared({"x": x[0], "y": x[0] + x[1]}, {"x": x[0], "y": x[1] - x[0]}).pairs[0]
    assert turned.association > 0.2
    assert turned.mutual_information.live == pytest.approx(
        turned.mutual_information.reference, abs=0.02
    )
    assert '"association":' in turned.model_dump_json()


def test_few_rows_are_not_enough_and_none_is_not_tested():
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=(2, 60))
    found = compared({"x": x, "y": y}, {"x": y, "y": x})
    assert found.counts[State.INSUFFICIENT] == 1
    blank = pa.array([None] * 60, pa.float64())
    assert compared({"x": x, "y": y}, {"x": blank, "y": x}).tested == 0


def test_the_weather_of_july_depends_otherwise_than_januarys():
    found = check(*FLIGHTS[:2], ALL).pairs
    changed = {frozenset(pair.features) for pair in found.pairs if pair.state is State.ALERT}
    assert {"temperature_f", "humidity_pct"} in changed
    assert sum(pair <= WEATHER for pair in changed) >= 5


def test_another_sample_of_january_depends_alike():
    found = check(FLIGHTS[0], FLIGHTS[2], ALL).pairs
    assert found.tested > 200
    assert found.pairs == ()
