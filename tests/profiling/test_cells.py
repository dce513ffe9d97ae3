import struct
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import cells as grid
from tests.strategies import EDGES, finite

levels = st.integers(0, 63)
some = st.lists(finite, min_size=1, max_size=50).map(np.array)


def key(value):
    """The key of a float, from its bytes, one at a time."""
    (bits,) = struct.unpack("<q", struct.pack("<d", value + 0.0))
    return bits if bits >= 0 else -(bits & (2**63 - 1)) - 1


def oracle(values, level):
    counted = sorted(Counter(key(value) >> level for value in values.tolist()).items())
    return [cell for cell, _ in counted], [count for _, count in counted]


def as_lists(counted):
    return counted[0].tolist(), counted[1].tolist()


def ends(values):
    return float(values.min()), float(values.max())


def samples():
    rng = np.random.default_rng(7)
    size = 20_000
    return {
        "normal": rng.normal(size=size),
        "far from zero": rng.normal(290, 5, size),
        "log-normal": rng.lognormal(0, 2, size),
        "negative": -rng.lognormal(0, 2, size),
        "uniform": rng.random(size),
        "seconds": 1.7e9 + rng.integers(0, 30 * 86_400, size),
        "Cauchy": rng.standard_cauchy(size),
        "years": rng.integers(1950, 2025, size).astype(float),
        "counts": rng.poisson(3, size).astype(float),
        "differences": rng.integers(-9, 10, size).astype(float),
        "mostly zeros": np.where(rng.random(size) < 0.7, -0.0, rng.lognormal(0, 1, size)),
        "rounded": np.round(rng.normal(0, 10, size), 1),
        "marked missing": np.where(rng.random(size) < 0.02, -999, rng.normal(290, 5, size)),
        "all octaves": rng.choice([-1, 1], size) * np.exp2(rng.uniform(-1070, 1020, size)),
    }


def level_of(values):
    return grid.fit(grid.count_sorted(values, 0)[0], 4096)


@given(some)
def test_keys_rise_with_the_values_and_give_them_back(values):
    ordered = np.sort(values)
    keys = grid.keys(ordered)
    assert keys.tolist() == [key(value) for value in ordered.tolist()]
    assert (np.diff(keys.astype(object)) >= 0).all()
    assert ((np.diff(keys.astype(object)) == 0) == (ordered[1:] == ordered[:-1])).all()
    assert np.array_equal(grid.values(keys), ordered)


@given(some, levels, some)
def test_counting_equals_counting_one_by_one_whatever_is_known_before(values, level, before):
    known = np.unique(grid.keys(before) >> level)
    assert as_lists(grid.count(values, level, ends(values), known)) == oracle(values, level)
    assert as_lists(grid.count_sorted(values, level)) == oracle(values, level)


@pytest.mark.parametrize("name", samples())
def test_counting_many_equals_counting_one_by_one(name):
    values = samples()[name]
    level = level_of(values)
    known = np.unique(grid.keys(values[:500]) >> level)
    for at in {0, level, level + 3}:
        counted = grid.count(values, at, ends(values), known >> max(at - level, 0))
        assert as_lists(counted) == oracle(values, at)


ORDINARY = sorted(samples().keys() - {"rounded", "marked missing", "all octaves"})


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_columns_are_counted_without_sorting(name, monkeypatch):
    values = samples()[name]
    level = level_of(values)
    known = np.unique(grid.keys(values) >> level)
    monkeypatch.setattr(grid, "count_sorted", None)
    assert grid.count(values, level, ends(values), known)[1].sum() == values.size


@given(some, st.integers(2, 20))
def test_fit_drops_the_fewest_bits_that_do(values, budget):
    cells = np.unique(grid.keys(values))
    enough = (bits for bits in range(64) if np.unique(cells >> bits).size <= budget)
    assert grid.fit(cells, budget) == next(enough)


@given(some, levels, levels)
def test_coarsening_equals_counting_at_the_coarser_level(values, one, other):
    fine, coarse = sorted((one, other))
    counted = grid.coarsen(grid.count_sorted(values, fine), coarse - fine)
    assert as_lists(counted) == oracle(values, coarse)


@given(some, some, levels)
def test_merging_equals_counting_together(left, right, level):
    merged = grid.merge(*(grid.count_sorted(side, level) for side in (left, right)))
    assert as_lists(merged) == oracle(np.concatenate((left, right)), level)


@given(some, levels)
def test_boundaries_enclose_their_values_and_are_never_nan(values, level):
    keys = grid.keys(values)
    lower, upper = grid.boundaries(keys >> level, level)
    assert (lower <= keys).all()
    assert (keys < upper).all()
    bounds = grid.values(np.concatenate((lower, upper)))
    assert not np.isnan(bounds).any()
    assert (grid.values(lower) <= values).all()


def test_the_outermost_cells_end_at_the_infinities():
    lower, upper = grid.boundaries(np.array([-1, 0]), 63)
    assert grid.values(lower).tolist() == [-np.inf, 0.0]
    assert grid.values(upper).tolist() == [0.0, np.inf]


def test_neighbouring_cells_share_a_boundary():
    cells = np.arange(-3, 4)
    lower, upper = grid.boundaries(cells, 55)
    assert lower[1:].tolist() == upper[:-1].tolist()


def test_edges_of_the_floats_are_cells_of_their_own_at_level_0():
    cells, counts = grid.count_sorted(np.array(EDGES), 0)
    assert cells.size == len(EDGES) - 1  # 0.0 and -0.0 are one
    assert counts.max() == 2
