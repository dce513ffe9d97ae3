from itertools import product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.measuring import significance
from core.measuring.significance import adjust, combine, likelihood_ratio, omnibus, single_bins
from core.measuring.smoothing import BadCounts


def tables(largest=10**4):
    rows = st.integers(0, largest)
    return st.integers(1, 7).flatmap(
        lambda bins: st.tuples(
            *(st.lists(rows, min_size=bins, max_size=bins).filter(any) for _ in range(2))
        )
    )


def ordered(reference, live, **more):
    return significance.test_counts(reference, live, ordered=True, **more)


@pytest.mark.parametrize(
    ("pooled", "live_rows"), [((5, 4, 3), 5), ((2, 2, 2, 3), 4), ((9, 1, 1), 3)]
)
def test_permutation_mean_and_variance_are_those_of_all_ways_to_deal_the_rows(pooled, live_rows):
    deals = [d for d in product(*(range(c + 1) for c in pooled)) if sum(d) == live_rows]
    weights = np.array([prod(map(comb, pooled, deal)) for deal in deals], float)
    live = np.array(deals, float)
    reference = np.array(pooled) - live
    statistic = significance.pearson(reference, live)
    mean = np.average(statistic, weights=weights)
    variance = np.average((statistic - mean) ** 2, weights=weights)
    found = significance._permutation_moments(reference[:1], live[:1])  # noqa: SLF001
    assert [float(each[0]) for each in found] == pytest.approx([mean, variance], rel=1e-10)


@given(tables())
def test_pearson_is_that_of_the_contingency_table(pair):
    reference, live = np.array(pair, float)
    filled = reference + live > 0
    expected = stats.chi2_contingency([reference[filled], live[filled]], correction=False).statistic
    assert significance.pearson(reference, live) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(tables())
def test_likelihood_ratio_is_that_of_the_contingency_table(pair):
    table = np.array(pair)[:, np.any(pair, axis=0)]
    # lambda_="log-likelihood" makes chi2_contingency the G test
    expected = stats.chi2_contingency(table, lambda_="log-likelihood", correction=False)
    found = likelihood_ratio(*pair)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-7, abs=1e-9)
    if table.shape[1] > 1:
        assert found.p == pytest.approx(expected.pvalue, rel=1e-6)


@given(tables(largest=50))
def test_location_is_the_rank_sum_test_with_ties(pair):
    components = ordered(*pair).components
    if "location" in components:
        rows = [np.repeat(np.arange(len(counts)), counts) for counts in pair]
        expected = stats.mannwhitneyu(*rows, use_continuity=False, method="asymptotic").pvalue
        assert components["location"].p == pytest.approx(expected, rel=1e-6)


def test_signs_say_higher_and_wider():
    level = [100] * 5
    higher = ordered(level, [50, 80, 100, 120, 150]).components
    wider = ordered(level, [150, 80, 40, 80, 150]).components
    assert higher["location"].statistic > 3
    assert abs(higher["scale"].statistic) < 2
    assert wider["scale"].statistic > 3
    assert abs(wider["location"].statistic) < 1e-9


@given(tables())
def test_reversing_the_order_turns_location_and_leaves_the_rest(pair):
    there, back = ordered(*pair), ordered(pair[0][::-1], pair[1][::-1])
    assert back.p == pytest.approx(there.p, rel=1e-6)
    for name, component in there.components.items():
        sign = -1 if name == "location" else 1
        if name != "largest_bin":
            assert back.components[name].statistic == pytest.approx(
                sign * component.statistic, rel=1e-6, abs=1e-6
            )


@given(tables())
def test_p_is_above_0_and_at_most_09_whatever_the_counts(pair):
    for test in (ordered(*pair), significance.test_counts(*pair, ordered=False)):
        assert 0 < test.p <= 0.9
        assert all(0 < each.p <= 1 for each in test.components.values())


@given(tables())
def test_swapping_the_sides_keeps_p(pair):
    assert ordered(pair[1], pair[0]).p == pytest.approx(ordered(*pair).p, rel=1e-5)


@given(tables(largest=300))
def test_a_single_bin_is_tested_as_binomial(pair):
    counts = np.array(pair)
    rows = counts.sum(axis=1)
    share = rows[1] / rows.sum()
    laws = [stats.binom(a + b, share) for a, b in counts.T]
    expected = [
        min(1, 2 * min(law.cdf(b), law.sf(b - 1))) for law, b in zip(laws, counts[1], strict=True)
    ]
    assert single_bins(counts, rows) == pytest.approx(expected, rel=1e-8)


def test_missing_rows_count_in_the_omnibus_and_not_in_the_order():
    reference, live = [100, 200, 100, 10], [100, 200, 100, 60]
    mask = np.array([True, True, True, False])
    test = significance.test_counts(reference, live, ordered=mask)
    assert test.components["location"].p == pytest.approx(1)
    assert test.components["largest_bin"].statistic == 3
    assert test.components["omnibus"].p < 1e-6
    alone = ordered(reference[:3], live[:3])
    assert test.components["scale"] == alone.components["scale"]


def test_ordered_rows_on_one_side_alone_leave_location_and_scale_out():
    mask = np.array([True, True, False])
    test = significance.test_counts([5, 5, 0], [0, 0, 10], ordered=mask)
    assert set(test.components) == {"omnibus", "largest_bin"}


def test_two_bins_have_a_location_and_no_scale():
    assert set(ordered([5, 5], [3, 9]).components) == {"omnibus", "location", "largest_bin"}


def test_a_single_label_stands_out_among_all_labels_before_pooling():
    labels = np.vstack([np.append(np.full(200, 20), 0), np.append(np.full(200, 20), 30)])
    pooled = labels.sum(axis=1)[:, None]
    coarse = significance.test_counts(pooled[0], pooled[1], ordered=False)
    assert coarse.components == {}
    fine = significance.test_counts(pooled[0], pooled[1], ordered=False, singles=labels)
    expected = stats.binomtest(30, 30, 4030 / 8030, alternative="greater").pvalue * 2 * 201
    assert fine.components["largest_bin"].p == pytest.approx(expected)
    assert fine.components["largest_bin"].statistic == 200


def test_rare_bins_are_summed_before_the_omnibus_and_their_order_is_nothing():
    common, rare = [5000, 4000], [1, 0, 2, 1, 1]
    statistic, p = omnibus([*common, *rare], [50, 40, 0, 1, 0, 0, 0])
    assert (statistic, p) == omnibus([*common, sum(rare)], [50, 40, 1])


def test_omnibus_answers_many_tables_at_once_and_nan_where_nothing_can_vary():
    reference = np.array([[200] * 3, [600, 0, 0], [1, 1, 0]])
    live = np.array([[150, 250, 200], [9, 0, 0], [1, 0, 0]])
    statistic, p = omnibus(reference, live)
    assert p[0] == omnibus(reference[0], live[0])[1]
    assert np.isnan(p).tolist() == [False, True, True]
    assert np.isfinite(statistic).all()


@pytest.mark.parametrize(
    ("reference", "live"), [([1000], [1000]), ([7, 0, 0], [3, 0, 0]), ([1], [1])]
)
def test_a_constant_has_no_component_and_p_09(reference, live):
    test = ordered(reference, live)
    assert test.p == 0.9
    assert test.components == {}


@pytest.mark.parametrize("counts", [[10, 20, 30], [1] * 40, [10**12, 1, 10**12], [3, 0, 5]])
def test_identical_counts_give_p_09(counts):
    assert ordered(counts, counts).p == pytest.approx(0.9)


def test_fewer_than_four_rows_have_no_omnibus():
    assert "omnibus" not in ordered([1, 1], [0, 1]).components
    assert "omnibus" in ordered([1, 2], [0, 1]).components


def test_counts_of_1e12_and_p_values_below_the_smallest_float_stay_numbers():
    test = ordered([10**12, 10**12, 5], [10**12, 10**12 // 2, 9])
    assert 0 < test.p < 1e-300
    assert all(np.isfinite(each.statistic) for each in test.components.values())
    alike = ordered([10**12] * 3, [10**12 + 10**5, 10**12, 10**12 - 10**5])
    assert alike.p > 0.5


def test_a_side_without_rows_or_with_other_bins_is_refused():
    with pytest.raises(BadCounts, match="live has no rows"):
        ordered([1, 2], [0, 0])
    with pytest.raises(BadCounts, match="2 bins and live has 3"):
        ordered([1, 2], [1, 2, 3])


def test_combination_follows_the_cauchy_law_and_keeps_the_smallest_p():
    p = np.array([0.02, 0.3, 0.7])
    expected = stats.cauchy.sf(np.mean(stats.cauchy.isf(p)))
    assert combine(p) == pytest.approx(expected, rel=1e-12)
    assert combine(np.array([1e-20, 1.0])) == pytest.approx(2e-20, rel=1e-9)
    assert combine(np.array([1e-280, 0.9, 0.9, 0.9])) == pytest.approx(4e-280, rel=1e-9)
    assert combine(np.array([1.0, 1.0])) == pytest.approx(0.9)
    assert combine(np.array([])) == 0.9


@pytest.mark.parametrize("method", ["bh", "by"])
@given(p=st.lists(st.floats(1e-12, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_those_of_scipy(method, p):
    expected = stats.false_discovery_control(p, method=method)
    assert adjust(p, method) == pytest.approx(expected, rel=1e-12)


def test_features_without_a_test_stay_nan_and_are_not_counted():
    mixed, alone = adjust([0.01, None, 0.04, np.nan, 0.03]), adjust([0.01, 0.04, 0.03])
    assert mixed[[0, 2, 4]].tolist() == alone.tolist()
    assert np.isnan(mixed[[1, 3]]).all()
    assert adjust([]).size == 0
    assert np.isnan(adjust([None])).all()
