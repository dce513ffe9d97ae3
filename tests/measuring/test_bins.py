import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measuring.bins import (
    RULES,
    blocks,
    coarsen,
    is_discrete,
    pool_values,
    quantile,
    regroup,
    width,
)
from core.measuring.divergences import JSD
from core.measuring.smoothing import BadCounts, probabilities

from .samples import binned, offered

EACH = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
CELLS = st.lists(st.integers(0, 60), min_size=1, max_size=60)
COUNTS = st.sampled_from([2, 5, 10, 20, 33, 50])


def grid(counts):
    return np.cumsum(np.arange(len(counts) + 1.0)) - 7, np.array(counts)


@EACH
@given(cells=CELLS, count=COUNTS)
def test_a_rule_picks_rising_edges_among_those_offered(rule, cells, count):
    edges, counts = grid(cells)
    chosen = rule(edges, counts, count)
    assert np.isin(chosen, edges).all()
    assert (np.diff(chosen) > 0).all()
    assert len(chosen) > 0 or not counts.any()


@EACH
@given(cells=CELLS, count=COUNTS, cut=st.integers(0, 2))
def test_regrouping_conserves_every_row(rule, cells, count, cut):
    edges, counts = grid(cells)
    chosen = rule(edges, counts, count)[cut:]
    sums = regroup(np.stack([counts, counts + 1]), edges, chosen)
    assert sums.shape == (2, len(chosen) + 1)
    assert sums.sum(axis=1).tolist() == [counts.sum(), (counts + 1).sum()]
    middles = np.repeat(edges[:-1], counts) + 0.5
    assert sums[0].tolist() == binned(middles, chosen).tolist()


@EACH
@given(cells=CELLS, count=st.sampled_from([20, 33]))
def test_closed_rules_span_the_reference_and_leave_no_row_outside(rule, cells, count):
    edges, counts = grid(cells)
    if counts.any():
        sums = regroup(counts, edges, rule(edges, counts, count))
        assert sums[0] == sums[-1] == 0


@given(CELLS, COUNTS)
def test_quantile_leaves_no_bin_of_the_reference_without_rows(cells, count):
    edges, counts = grid(cells)
    if counts.any():
        sums = regroup(counts, edges, quantile(edges, counts, count))
        assert (sums[1:-1] > 0).all()


def test_few_distinct_values_have_a_bin_each_if_five_rows_back_each():
    values = np.repeat(np.arange(20.0), 5)
    edges = quantile(*offered(values), 20)
    assert edges[:-1].tolist() == list(range(20))
    assert edges[-1] == np.nextafter(19, 20)


def test_twenty_rows_of_a_continuous_feature_are_not_twenty_bins():
    assert len(quantile(*offered(np.linspace(0, 1, 20)), 20)) == 11


def test_body_and_tail_order_statistics_open_bins():
    values = np.random.default_rng(8).permutation(np.arange(1.0, 2001))
    edges = quantile(*offered(values), 20)
    lower, body, upper = [2 * 5, 20, 50], list(range(100, 2000, 100)), [1950, 1980, 1990]
    assert edges[:-1].tolist() == [1, *lower, *body, *upper]
    assert edges[-1] == np.nextafter(2000, 3000)


def test_fewer_than_1000_rows_have_half_the_body_bins_and_only_tails_of_five_rows():
    edges = quantile(*offered(np.arange(1.0, 401)), 20)
    assert edges[:-1].tolist() == [1, 10, *range(40, 400, 40), 390]
    sparse = quantile(*offered(np.arange(1.0, 101)), 20)
    assert sparse[:-1].tolist() == [1, *range(10, 100, 10)]


def test_beyond_10000_rows_the_outermost_five_are_a_tail():
    at = quantile(*offered(np.arange(1.0, 10_001)), 20)
    assert at[[1, -2]].tolist() == [10, 9990]
    beyond = quantile(*offered(np.arange(1.0, 20_001)), 20)
    assert beyond[[1, 2, -3, -2]].tolist() == [5, 20, 19_980, 19_995]


def zero_inflated(rows=2000, zeros=0.6):
    held = int(rows * zeros)
    return np.concatenate([np.zeros(held), np.linspace(0.5, 3, rows - held)])


def test_an_atom_has_a_bin_of_its_own_and_the_gap_after_it_joins_the_bin_above():
    values = zero_inflated()
    edges = quantile(*offered(values), 20)
    assert edges[0] == 0
    assert edges[1] == np.nextafter(0, 1)
    assert edges[2] > 0.5
    # 800 other rows: 8 body bins, cut further at ranks 8, 20, 780 and 792
    assert binned(values, edges).tolist() == [0, 1200, 7, 12, 80, *[100] * 6, 80, 12, 9, 0]
    assert binned(np.array([0.01, 0.4]), edges)[2] == 2


def test_the_gap_between_two_atoms_joins_the_lower_one():
    values = np.concatenate([np.zeros(500), np.ones(500), np.linspace(1.5, 9, 1000)])
    edges = quantile(*offered(values), 20)
    assert edges[:3].tolist() == [0, 1, np.nextafter(1, 2)]


def test_an_atom_in_the_middle_and_at_the_end_stays_alone():
    values = np.concatenate([np.linspace(-3, -1, 500), np.zeros(300), np.linspace(1, 3, 500)])
    for each in (values, np.append(values, np.full(300, 7.0))):
        sums = binned(each, quantile(*offered(each), 20))
        assert 300 in sums.tolist()
        assert sums.sum() == len(each)


def test_a_twentieth_of_the_rows_makes_an_atom_and_less_does_not():
    rest = np.linspace(1, 2, 950)
    enough, too_few = np.append(rest, np.zeros(50)), np.append(rest, np.zeros(49))
    assert np.nextafter(0, 1) in quantile(*offered(enough), 20)
    assert np.nextafter(0, 1) not in quantile(*offered(too_few), 20)


def test_plain_quantiles_are_inner_edges_at_order_statistics():
    assert quantile(*offered(np.arange(1.0, 101)), 10).tolist() == list(range(10, 100, 10))
    uneven = quantile(*offered(np.arange(1.0, 106)), 10)  # ranks 10.5 and 31.5 are rounded up
    assert uneven.tolist() == [11, 21, 32, 42, 53, 63, 74, 84, 95]


def test_plain_quantiles_that_fall_on_one_heavy_value_leave_one_edge():
    values = np.append(np.zeros(950), np.linspace(1, 2, 50))
    edges, counts = offered(values)
    assert quantile(edges, counts, 10).tolist() == [0]
    assert regroup(counts, edges, quantile(edges, counts, 10)).tolist() == [0, 1000]


@pytest.mark.parametrize("largest", [1.7e308, 1e-310])
def test_rules_survive_the_ends_of_the_floats(largest):
    values = np.linspace(-1, 1, 501) * largest
    edges, counts = offered(values)
    for rule in RULES.values():
        chosen = rule(edges, counts, 20)
        assert np.isfinite(chosen).all()
        assert regroup(counts, edges, chosen).sum() == len(values)


@EACH
def test_a_cell_that_ends_in_infinity_is_cut_like_any_other(rule):
    edges = np.array([-np.inf, -1e308, 0, *range(1, 40), 1e308, np.inf])
    counts = np.full(len(edges) - 1, 30)
    chosen = rule(edges, counts, 20)
    assert np.isin(chosen, edges).all()
    assert chosen[[0, -1]].tolist() == [-np.inf, np.inf]
    assert not np.isnan(chosen).any()


def test_width_gives_equal_widths_of_the_range():
    edges, counts = offered(np.linspace(0, 10, 100_001))
    assert width(edges, counts, 10) == pytest.approx(np.linspace(0, 10, 11), abs=1e-3)


def best_by_trying_all(places, held):
    """Try every partition: the one with the greatest fitness, as starts of blocks."""
    price = 4 - np.log(73.53 * 0.05 * sum(held) ** -0.478)

    def fitness(starts):
        ends = [*starts[1:], len(held)]
        rows = [sum(held[a:b]) for a, b in zip(starts, ends, strict=True)]
        wide = [places[b] - places[a] for a, b in zip(starts, ends, strict=True)]
        return sum(r * np.log(r / w) for r, w in zip(rows, wide, strict=True)) - price * len(starts)

    inner = range(1, len(held))
    masks = range(2 ** len(inner))
    return max(([0, *(i for i in inner if mask >> (i - 1) & 1)] for mask in masks), key=fitness)


@pytest.mark.parametrize("seed", range(20))
def test_blocks_are_the_best_of_all_partitions(seed):
    held = np.random.default_rng(seed).integers(10, 50, size=8)
    edges = np.arange(9.0)
    starts = best_by_trying_all(edges, held.tolist())
    assert blocks(edges, held, 20).tolist() == [*starts, 8]


def test_blocks_find_the_step_among_many_values_in_bounded_time():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.uniform(0, 1, 20_000), rng.uniform(1, 2, 4000)])
    chosen = blocks(*offered(values), 20)
    assert len(chosen) < 6
    assert np.abs(chosen - 1).min() < 0.01


@EACH
def test_without_rows_there_is_no_edge_and_everything_is_one_bin(rule):
    edges, counts = np.arange(4.0), np.zeros(3)
    chosen = rule(edges, counts, 20)
    assert chosen.size == 0
    assert regroup([1, 2, 3], edges, chosen).tolist() == [6]
    assert coarsen(edges, counts, 20, 10).size == 0


@EACH
def test_a_constant_is_one_bin_between_below_and_above(rule):
    edges, counts = offered(np.full(1000, 4.0))
    assert rule(edges, counts, 20).tolist() == [4, np.nextafter(4, 5)]


@EACH
def test_weights_are_refused(rule):
    with pytest.raises(BadCounts, match="not weights"):
        rule(np.arange(3.0), [0.5, 1.5], 20)


@given(st.lists(st.integers(0, 30), max_size=40), st.floats(0.5, 60))
def test_pooled_groups_are_neighbours_that_each_hold_the_minimum(pooled, minimum):
    groups = pool_values(pooled, minimum)
    assert len(groups) == len(pooled)
    if pooled:
        assert groups[0] == 0
        assert set(np.diff(groups)) <= {0, 1}
        sums = np.bincount(groups, weights=pooled)
        assert (sums >= min(minimum, sum(pooled))).all()
        # No group can lose its last value that has rows, nor can the last be split.
        for group in range(groups[-1]):
            assert np.array(pooled)[groups == group][:-1].sum() < minimum
        last = np.cumsum(np.array(pooled)[groups == groups[-1]])
        filled = np.flatnonzero(last >= minimum)
        assert not filled.size or last[-1] - last[filled[0]] < minimum


def test_is_discrete_takes_at_most_count_and_20_values_with_five_rows_each():
    assert is_discrete([5] * 20, 20)
    assert not is_discrete([5] * 21, 30)
    assert not is_discrete([5] * 11, 10)
    assert not is_discrete([4] * 20, 20)
    assert is_discrete([], 20)


@given(CELLS, COUNTS, st.integers(1, 1200))
def test_coarser_edges_are_among_the_finer_ones_and_keep_both_ends(cells, count, rows):
    edges, counts = grid(cells)
    fine, coarse = quantile(edges, counts, count), coarsen(edges, counts, count, rows)
    assert np.isin(coarse, fine).all()
    assert (np.diff(coarse) > 0).all()
    assert bool(len(coarse)) == bool(len(fine))
    if count >= 20 and counts.any():
        assert coarse[[0, -1]].tolist() == fine[[0, -1]].tolist()


@pytest.mark.parametrize(
    ("rows", "inner"),
    [
        (199, [2000, 4000, 6000, 8000]),
        (200, [250, 2000, 4000, 6000, 8000, 9750]),
        (499, [250, 2000, 4000, 6000, 8000, 9750]),
        (500, [100, 250, *range(1000, 10_000, 1000), 9750, 9900]),
    ],
)
def test_small_windows_keep_fifths_or_tenths_and_the_tails_they_can_fill(rows, inner):
    edges, counts = offered(np.arange(1.0, 10_001))
    assert coarsen(edges, counts, 20, rows)[1:-1].tolist() == inner


def test_windows_of_1000_rows_keep_all_edges():
    edges, counts = offered(np.arange(1.0, 10_001))
    assert coarsen(edges, counts, 20, 1000).tolist() == quantile(edges, counts, 20).tolist()


def test_single_values_are_summed_until_each_bin_expects_20_rows_of_the_window():
    edges, counts = offered(np.repeat(np.arange(6.0), [100, 300, 100, 100, 400, 1000]))
    coarse = coarsen(edges, counts, 20, rows=100)
    assert coarse[:-1].tolist() == [0, 2, 5]


def test_an_atom_stays_apart_only_where_the_window_expects_20_rows_of_it():
    edges, counts = offered(zero_inflated())
    assert np.nextafter(0, 1) in coarsen(edges, counts, 20, rows=100)
    edges, counts = offered(zero_inflated(zeros=0.1))
    assert np.nextafter(0, 1) in coarsen(edges, counts, 20, rows=200)
    assert np.nextafter(0, 1) not in coarsen(edges, counts, 20, rows=199)


DATA = Path(__file__).parents[2] / "data"
# JSD in bits of January against July in plain deciles: flights_expected.json, which numpy's linear
# quantiles made, so ties move its edges a little.
JULY = {
    "distance_miles": 0.0045050417,
    "departure_hour": 0.0014340004,
    "departure_minute": 0.0038928027,
    "departure_delay_min": 0.014909974,
    "arrival_delay_min": 0.014014413,
    "air_time_min": 0.025260909,
    "plane_year": 0.0031817805,
    "plane_seats": 0.0034941182,
    "temperature_f": 0.7218077,
    "humidity_pct": 0.081960562,
    "wind_speed_mph": 0.041262117,
    "wind_gust_mph": 0.22224876,
    "precipitation_in": 0.0,  # over 90 % zeros: one bin
    "pressure_mb": 0.17033349,
    "visibility_miles": 0.04183797,  # its maximum, an atom, is put into the bin below there
}


def column(file, name):
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return np.array([float(row[name]) for row in csv.DictReader(lines) if row[name]])


@pytest.mark.parametrize(("name", "expected"), JULY.items())
def test_deciles_of_the_flights_agree_with_figures_made_by_other_means(name, expected):
    reference, live = (column(f"flights_{side}.csv", name) for side in ("reference", "live"))
    edges = quantile(*offered(reference), 10)
    q, p = (probabilities(binned(rows, edges), 0) for rows in (reference, live))
    tolerance = 0.15 if name == "visibility_miles" else 0.05
    assert JSD(p, q) / np.log(2) == pytest.approx(expected, rel=tolerance, abs=0)


def test_more_bins_than_rows_can_fill_are_not_made():
    edges, rows = np.arange(2001.0), np.ones(2000)
    assert len(quantile(edges, rows, 1000)) <= 2000 // 20 + 10
    assert len(quantile(np.arange(40_001.0), np.ones(40_000), 1000)) > 1000
