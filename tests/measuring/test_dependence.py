import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, multivariate_normal, norm, spearmanr

from core.measuring.dependence import (
    compare_association,
    correlation_changed,
    dependence_changed,
    mutual_information,
    rank_correlation,
    recut,
)


def test_mutual_information_is_the_likelihood_ratio_of_independence_a_row():
    table = np.random.default_rng(2).integers(1, 50, size=(5, 5))
    g = chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic
    assert mutual_information(table) == pytest.approx(g / (2 * table.sum()), rel=1e-10)


def test_independent_features_have_none_and_equal_ones_all_of_their_entropy():
    assert mutual_information(np.outer([1, 2, 3], [4, 5])) == 0
    assert mutual_information(np.diag([10, 10, 10, 10])) == pytest.approx(np.log(4), rel=1e-12)


def test_a_table_without_rows_and_many_tables_at_once_are_answered():
    tables = np.stack([np.zeros((2, 2)), [[40, 10], [10, 40]]])
    empty, full = mutual_information(tables)
    assert empty == 0
    assert full == pytest.approx(0.1927449, abs=1e-6)


def test_a_faint_dependence_keeps_its_digits_in_a_large_table():
    step = 10**4
    table = np.array([[10**9 + step, 10**9 - step], [10**9 - step, 10**9 + step]])
    assert mutual_information(table) == pytest.approx((step / 1e9) ** 2 / 2, rel=1e-6)


def normal_tables(r, rows=20_000, seed=1, levels=10):
    """Count correlated normal columns in levels of equal rows."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    y = r * x + np.sqrt(1 - r * r) * rng.normal(size=rows)
    cuts = norm.ppf(np.arange(1, levels) / levels)
    flat = np.searchsorted(cuts, x) * levels + np.searchsorted(cuts, y)
    return np.bincount(flat, minlength=levels**2).reshape(levels, levels).astype(float), x, y


@pytest.mark.parametrize("r", [-0.9, 0.0, 0.5])
def test_the_rank_correlation_is_that_of_the_rows_but_for_coarse_levels(r):
    table, x, y = normal_tables(r)
    found = rank_correlation(table)
    assert found.r == pytest.approx(spearmanr(x, y).statistic, abs=0.04)
    if r == 0.5:  # Fisher's variance of atanh r
        assert found.variance == pytest.approx(1 / 20_000, rel=0.1)


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(1, 30), min_size=4, max_size=4),
    st.lists(st.integers(1, 30), min_size=5, max_size=5),
)
def test_another_margin_alone_is_no_changed_association(seed, rows, columns):
    table = np.random.default_rng(seed).integers(20, 60, (4, 5)).astype(float)
    assert compare_association(table, table * np.outer(rows, columns)).p > 0.99


def test_the_association_test_holds_its_size_where_margins_differ():
    rng = np.random.default_rng(3)
    odds = np.exp(np.outer([-1, 0, 1], [-1, 0, 1]))
    sides = [odds * np.outer(a, b) for a, b in (([1, 1, 1], [1, 2, 1]), ([1, 2, 5], [3, 1, 1]))]
    drawn = [rng.multinomial(2000, (s / s.sum()).ravel(), 2000).reshape(-1, 3, 3) for s in sides]
    p = compare_association(*np.array(drawn, float)).p
    assert 0.035 < (p <= 0.05).mean() < 0.065


def test_a_table_against_itself_has_not_changed():
    table = normal_tables(0.5)[0]
    found = rank_correlation(table)
    assert correlation_changed(found, found) == 1
    assert compare_association(table, table).p == pytest.approx(1)


def test_tables_that_say_nothing_have_no_p():
    empty, single = np.zeros((3, 3)), np.diag([50.0, 0, 0])
    found = rank_correlation(np.stack([empty, single]))
    assert np.isnan(found.r).all()
    assert np.isnan(compare_association(single, single).p)
    assert np.isnan(dependence_changed(np.array([np.nan]), np.array([np.nan])))
    assert dependence_changed(np.array([np.nan]), np.array([1e-6])) == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize("told", [0.002, 0.01, 0.02])
def test_where_one_side_has_no_dependence_the_size_is_what_the_other_tells(told):
    step = np.sqrt(2 * told)  # mutual information of such a table: step² / 2, near enough
    table = np.round(1e6 * np.array([[1 + step, 1 - step], [1 - step, 1 + step]]))
    found = compare_association(np.full((2, 2), 3e6), table)
    assert found.size == pytest.approx(mutual_information(table), rel=0.05)


def test_the_size_has_no_bias_and_the_error_that_it_says():
    rng = np.random.default_rng(11)
    odds = np.array([[0.3, 0.2], [0.2, 0.3]])
    sides = [
        rng.multinomial(n, (side / side.sum()).ravel(), 3000).reshape(-1, 2, 2)
        for n, side in ((2000, odds), (3000, odds[::-1]))
    ]
    found = compare_association(*np.array(sides, float))
    whole = compare_association(2e6 * odds, 3e6 * odds[::-1]).size
    assert found.size.mean() == pytest.approx(whole, rel=0.02)
    assert found.size.std() == pytest.approx(found.error.mean(), rel=0.1)


def cut_normal(r, cuts):
    """Give the shares of a bivariate normal law between the ranks `cuts`, exactly."""
    law = multivariate_normal([0, 0], [[1, r], [r, 1]])
    ends = np.clip(norm.ppf(cuts), -8, 8)
    below = np.array([[law.cdf([a, b]) for b in ends] for a in ends])
    return np.diff(np.diff(below, axis=0), axis=1)


def test_a_table_is_cut_at_the_ranks_of_another_as_its_law_would_be():
    cuts = np.array([0, 0.01, 0.04, *np.arange(1, 10) / 10, 0.96, 0.99, 1])
    others = norm.cdf((norm.ppf(cuts) - 0.5) / 1.2)  # shifted and wider
    own, other = (5000 * cut_normal(0.7, each) for each in (cuts, others))
    found = recut(own, other, np.array([True, True]))
    assert np.abs(found - other).max() < 2.5  # of 5,000 rows
    assert found.sum(axis=0) == pytest.approx(other.sum(axis=0), abs=1)
    assert found.sum(axis=1) == pytest.approx(other.sum(axis=1), abs=1)


def test_levels_without_rows_and_labels_are_cut_as_they_are():
    rng = np.random.default_rng(1)
    table = rng.integers(5, 50, (6, 4)).astype(float)
    table[[0, 3], :] = 0
    ordered = np.array([True, True])
    assert recut(table, table, ordered) == pytest.approx(table)
    assert recut(table, table[::-1], np.array([False, False])) == pytest.approx(table)
    assert recut(table, np.zeros((6, 4)), ordered) == pytest.approx(table)
    assert recut(np.zeros((6, 4)), table, ordered) == pytest.approx(np.zeros((6, 4)))
