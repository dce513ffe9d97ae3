import math
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import cells as grid
from core.profiling.quantities import NumericCounts
from tests.strategies import columns, splits

budgets = st.sampled_from([2, 3, 16, 4096])


def count(values, *, budget=4096):
    return NumericCounts(budget=budget).extended(np.asarray(values, np.float64))


def close(counts, others):
    """Moments agree to 1e-9, beside what one rounding of the values themselves can do."""
    reach = max(abs(counts.minimum or 0), abs(counts.maximum or 0))
    if not math.isfinite(counts.moment) or not math.isfinite(others.moment):
        return reach > 1e150
    noise = reach * 1e-12
    return math.isclose(counts.mean, others.mean, rel_tol=1e-9, abs_tol=noise) and math.isclose(
        counts.moment, others.moment, rel_tol=1e-9, abs_tol=counts.rows * noise**2
    )


@given(st.data(), columns, budgets)
def test_parts_in_any_order_sum_to_the_whole(data, values, budget):
    pieces = data.draw(splits(values.size))
    parts = [count(values[start:end], budget=budget) for start, end in pieces]
    whole, total = count(values, budget=budget), reduce(add, parts)
    assert total == whole
    assert (total.mean, total.moment) == (whole.mean, whole.moment) or close(total, whole)


@given(st.data(), columns, budgets)
def test_counting_on_equals_counting_at_once(data, values, budget):
    counts = NumericCounts(budget=budget)
    pieces = data.draw(splits(values.size))
    for start, end in pieces:
        counts = counts.extended(values[start:end])
    assert counts == count(values, budget=budget)


@given(columns, columns, columns, st.tuples(budgets, budgets, budgets))
def test_sums_commute_and_associate_and_nothing_is_neutral(a, b, c, limits):
    a, b, c = (count(v, budget=limit) for v, limit in zip((a, b, c), limits, strict=True))
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert ((a + b) + c).budget == (a + (b + c)).budget == min(limits)
    assert a + NumericCounts() == a


@given(columns, budgets)
def test_no_row_is_lost_and_the_extremes_are_exact(values, budget):
    counts = count(values, budget=budget)
    finite = values[np.isfinite(values)]
    infinities = counts.negative_infinity, counts.positive_infinity
    assert infinities == ((values == -np.inf).sum(), (values == np.inf).sum())
    assert counts.missing == np.isnan(values).sum()
    assert counts.finite == finite.size
    assert counts.rows == counts.missing + sum(infinities) + counts.finite == values.size
    assert counts.present == counts.rows - counts.missing
    assert (counts.minimum, counts.maximum) == (
        (finite.min(), finite.max()) if finite.size else (None, None)
    )
    assert counts.zeros == (finite == 0).sum()
    assert counts.negatives == (finite < 0).sum()
    assert counts.fractional == (finite != np.rint(finite)).any()


@given(columns, budgets)
def test_the_level_is_the_smallest_that_fits_the_budget(values, budget):
    counts = count(values, budget=budget)
    keys = grid.keys(values[np.isfinite(values)])
    assert np.unique(keys >> counts.level).tolist() == counts.cells.tolist()
    assert counts.cells.size <= budget
    assert counts.level == 0 or np.unique(keys >> (counts.level - 1)).size > budget


@given(columns)
def test_distinct_values_are_exact_at_level_0_and_for_few_whole_numbers_above_it(values):
    finite = values[np.isfinite(values)]
    distinct = np.unique(finite).size
    assert count(values).distinct == distinct
    small = count(values, budget=4)
    assert small.distinct <= distinct
    if not small.fractional:
        assert small.distinct == distinct


def test_many_distinct_whole_numbers_are_estimated_alike_in_any_parts():
    values = np.random.default_rng(3).permutation(200_000).astype(float)
    whole = count(values)
    parts = [count(values[start : start + 1_500]) for start in range(0, values.size, 1_500)]
    assert {part.level for part in parts} == {0}  # they hold values, the whole holds hashes
    assert reduce(add, parts) == whole
    assert abs(whole.distinct / 200_000 - 1) < 0.1


def test_one_fraction_ends_the_count_of_whole_numbers():
    whole = count(np.arange(10_000.0))
    both = whole + count([0.5])
    assert whole.hashes is not None
    assert (both.hashes, both.fractional) == (None, True)
    assert both == count([0.5]) + whole


@pytest.mark.parametrize("law", ["normal", "uniform", "standard_cauchy", "exponential"])
def test_large_columns_in_blocks_equal_sorting_the_whole(law):
    values = 5 * getattr(np.random.default_rng(5), law)(size=60_000)
    values[::100] = -0.0
    counts = NumericCounts()
    for start in range(0, values.size, 7_000):
        counts = counts.extended(values[start : start + 7_000])
    cells, rows = np.unique(grid.keys(values) >> counts.level, return_counts=True)
    assert (counts.cells.tolist(), counts.counts.tolist()) == (cells.tolist(), rows.tolist())


def test_moments_are_those_of_numpy():
    values = np.random.default_rng(1).normal(1e6, 3, 50_000)
    counts = reduce(add, (count(part) for part in np.array_split(values, 37)))
    assert counts.mean == pytest.approx(np.mean(values), rel=1e-12)
    assert counts.deviation == pytest.approx(np.std(values, ddof=1), rel=1e-9)


def test_a_deviation_needs_two_values():
    assert count([]).deviation is None
    assert count([3.0]).deviation is None
    assert count([3.0, 3.0]).deviation == 0


def test_values_at_the_ends_of_the_floats_overflow_without_warning_or_nan():
    counts = count([1.7e308, -1.7e308, 1.7e308]) + count([-1.7e308])
    assert counts.mean == pytest.approx(0, abs=1e293)
    assert counts.moment == math.inf
    assert counts.deviation is None
    assert (counts.minimum, counts.maximum) == (-1.7e308, 1.7e308)


def test_missing_and_unreadable_rows_are_counted_with_the_nan():
    counts = NumericCounts().extended(np.array([1.0, np.nan]), missing=3, unreadable=2)
    assert (counts.rows, counts.missing, counts.unreadable, counts.finite) == (5, 4, 2, 1)


def test_numbers_of_another_type_or_stride_are_counted_by_value():
    assert NumericCounts().extended(np.arange(10, dtype=np.int32)[::2]) == count([0, 2, 4, 6, 8])


def test_whole_numbers_beyond_2_to_the_53_say_so():
    assert count([2.0**53 + 2]).inexact
    assert not count([2.0**53]).inexact
    assert not count([2.0**53 + 2, 0.5]).inexact


def test_the_outcome_does_not_depend_on_earlier_rows_of_another_scale():
    small, large = np.linspace(1e-9, 2e-9, 5_000), np.linspace(-1e9, 1e9, 5_000)
    assert count(small).extended(large) == count(large).extended(small)


@given(columns)
def test_a_coarser_level_is_offered_and_a_finer_one_refused(values):
    counts = count(values, budget=8)
    level = min(counts.level + 2, 63)
    cells, rows = counts.at_level(level)
    assert rows.sum() == counts.finite
    lower, upper = counts.boundaries(level)
    assert lower.size == cells.size
    assert (lower < upper).all()
    with pytest.raises(ValueError, match="level"):
        counts.at_level(counts.level - 1)


def test_minus_zero_is_zero_in_the_extremes_too():
    counts = count([-0.0, -0.0])
    assert [math.copysign(1, end) for end in (counts.minimum, counts.maximum)] == [1, 1]
    assert (counts.zeros, counts.negatives, counts.cells.tolist()) == (2, 0, [0])


def test_counts_differ_when_a_row_does():
    assert count([1, 2, 2]) != count([1, 2])
    assert count([1, 2]) != count([1, 3])
    assert count([1, np.nan]) != count([1, np.inf])
    assert count([1]) != "1"
