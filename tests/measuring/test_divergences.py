from decimal import Decimal, localcontext
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2, entropy

from core.measuring import divergences
from core.measuring.divergences import (
    DIVERGENCES,
    HELLINGER,
    JSD,
    KL,
    PSI,
    REVERSE_KL,
    TOTAL_VARIATION,
    js_distance,
    kl_excess,
    shares,
)
from core.measuring.smoothing import probabilities

LN2 = log(2)
EACH = pytest.mark.parametrize("divergence", DIVERGENCES.values(), ids=DIVERGENCES)


def sides(count=2, largest=10**6):
    """`count` lists of rows in the same bins, each with a row at least."""
    bins = st.integers(1, 8)
    rows = st.integers(0, largest)
    return bins.flatmap(
        lambda k: st.tuples(
            *(st.lists(rows, min_size=k, max_size=k).filter(any) for _ in range(count))
        )
    ).map(lambda lists: [probabilities(counts, 0) for counts in lists])


@EACH
@given(pair=sides())
def test_divergence_is_0_for_equal_and_positive_for_unequal_distributions(divergence, pair):
    p, q = pair
    assert divergence(p, p) == 0
    assert divergence(p, q) >= 0
    assume(np.abs(p - q).max() > 1e-6)
    assert divergence(p, q) > 0


@EACH
@given(pair=sides())
def test_terms_sum_to_the_divergence_and_are_never_nan(divergence, pair):
    p, q = pair
    terms = divergence.terms(p, q)
    assert not np.isnan(terms).any()
    assert terms.sum() == pytest.approx(float(divergence(p, q)), abs=1e-15)


@EACH
@given(pair=sides(), cut=st.integers(1, 7))
def test_merging_bins_never_raises_an_f_divergence(divergence, pair, cut):
    p, q = pair
    assume(cut < len(p))
    starts = [0, *range(cut, len(p))]
    merged = divergence(np.add.reduceat(p, starts), np.add.reduceat(q, starts))
    assert merged <= divergence(p, q) * (1 + 1e-9) + 1e-12


@EACH
@given(pair=sides(), seed=st.integers(0, 99))
def test_the_order_of_bins_changes_nothing(divergence, pair, seed):
    p, q = pair
    order = np.random.default_rng(seed).permutation(len(p))
    assert divergence(p[order], q[order]) == pytest.approx(float(divergence(p, q)), abs=1e-14)


@EACH
def test_leading_axes_are_kept(divergence):
    rng = np.random.default_rng(3)
    p, q = rng.dirichlet(np.ones(5), size=(2, 3)), rng.dirichlet(np.ones(5), size=(2, 3))
    together = divergence(p, q)
    assert together.shape == (2, 3)
    assert together[1, 2] == divergence(p[1, 2], q[1, 2])
    assert divergence(p, q[0, 0]).shape == (2, 3)


@pytest.mark.parametrize(
    "divergence", [d for d in DIVERGENCES.values() if d.curvature], ids=lambda d: d.name
)
def test_without_drift_the_curvature_scales_a_divergence_to_chi_square(divergence):
    rng = np.random.default_rng(11)
    n, m, bins = 4000, 2000, 10
    q, p = (rng.multinomial(size, np.full(bins, 1 / bins), size=4000) / size for size in (n, m))
    scaled = 2 * divergence(p, q) / (divergence.curvature * (1 / n + 1 / m))
    assert scaled.mean() == pytest.approx(bins - 1, rel=0.03)
    assert (scaled > chi2.ppf(0.95, bins - 1)).mean() == pytest.approx(0.05, abs=0.01)


@given(sides(3))
def test_js_distance_is_a_metric(trio):
    p, q, r = trio
    pq, qr, pr = (float(js_distance(JSD(*pair))) for pair in ((p, q), (q, r), (p, r)))
    assert pq == float(js_distance(JSD(q, p)))
    assert pr <= pq + qr + 1e-9
    assert 0 <= pr <= 1


@given(sides())
def test_psi_is_symmetric_and_the_sum_of_both_kl(pair):
    p, q = pair
    assert PSI(p, q) == pytest.approx(float(PSI(q, p)), rel=1e-12)
    assert PSI(p, q) == pytest.approx(float(KL(p, q) + REVERSE_KL(p, q)), rel=1e-9, abs=1e-14)
    assert (PSI.terms(p, q) >= 0).all()


@given(sides())
def test_jsd_lies_between_its_bounds_by_total_variation_and_hellinger(pair):
    p, q = pair
    jsd, tv, squared = JSD(p, q), TOTAL_VARIATION(p, q), HELLINGER(p, q)
    room = 1e-12
    assert tv**2 / 2 - room <= jsd <= LN2 * tv + room
    assert LN2 * squared - room <= jsd <= squared + room
    assert (JSD.terms(p, q) >= 0).all()


@given(sides())
def test_jsd_is_the_mean_kl_from_each_distribution_to_the_mixture(pair):
    p, q = pair
    middle = (p + q) / 2
    # scipy.stats.entropy(p, q) is KL(p‖q)
    expected = entropy(p, middle) / 2 + entropy(q, middle) / 2
    assert JSD(p, q) == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_chain_rule_splits_a_joint_divergence_into_margin_and_conditional():
    rng = np.random.default_rng(5)
    p, q = rng.dirichlet(np.ones(12), size=2).reshape(2, 3, 4)
    p_x, q_x = p.sum(axis=1), q.sum(axis=1)
    inside = KL(p / p_x[:, None], q / q_x[:, None])
    assert KL(p.ravel(), q.ravel()) == pytest.approx(float(KL(p_x, q_x) + p_x @ inside), rel=1e-12)


def test_small_drift_relates_jsd_psi_and_kl_by_8_and_4():
    q = np.full(4, 0.25)
    p = q + np.array([1, -1, 1, -1]) * 1e-4
    assert PSI(p, q) / JSD(p, q) == pytest.approx(8, rel=1e-3)
    assert KL(p, q) / JSD(p, q) == pytest.approx(4, rel=1e-3)


def test_disjoint_supports_are_one_bit_apart_and_infinite_in_kl():
    p, q = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.3, 0.7])
    assert JSD(p, q) == pytest.approx(LN2, abs=1e-12)
    assert js_distance(JSD(p, q)) == pytest.approx(1, abs=1e-12)
    assert [KL(p, q), REVERSE_KL(p, q), PSI(p, q)] == [np.inf] * 3
    assert [HELLINGER(p, q), TOTAL_VARIATION(p, q)] == pytest.approx([1, 1])


def test_kl_is_infinite_only_in_the_direction_that_lacks_rows():
    p, q = np.array([1.0, 0.0]), np.array([0.8, 0.2])
    assert np.isfinite(KL(p, q))
    assert REVERSE_KL(p, q) == np.inf
    assert PSI(p, q) == np.inf


def test_total_variation_and_hellinger_have_their_textbook_values():
    p, q = np.array([0.36, 0.64]), np.array([0.16, 0.84])
    assert TOTAL_VARIATION(p, q) == pytest.approx(0.2)
    assert HELLINGER(p, q) == pytest.approx(1 - (0.24 + np.sqrt(0.64 * 0.84)), rel=1e-12)


def test_shares_sum_to_1_or_are_all_0_and_infinite_terms_divide_them():
    assert shares(np.array([2.0, 6.0])).tolist() == [0.25, 0.75]
    assert shares(np.zeros(3)).tolist() == [0, 0, 0]
    assert shares(np.array([1.0, np.inf, np.inf])).tolist() == [0, 0.5, 0.5]
    assert shares(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist() == [[0.25, 0.75], [0, 0]]


def exact_jsd(reference, live):
    with localcontext() as context:
        context.prec = 60
        n, m = Decimal(sum(reference)), Decimal(sum(live))
        total = Decimal(0)
        for a, b in zip(reference, live, strict=True):
            q, p = Decimal(a) / n, Decimal(b) / m
            for share in (p, q):
                if share:
                    total += share * (2 * share / (p + q)).ln() / 2
        return float(total)


@pytest.mark.parametrize(
    ("reference", "live"),
    [
        ([10**12] * 4, [10**12 + 3 * 10**6, 10**12 - 10**6, 10**12 - 2 * 10**6, 10**12]),
        ([10**9, 2 * 10**9, 7], [10**9 + 40000, 2 * 10**9 - 40000, 9]),
        ([10**12, 1, 0], [10**12 - 5, 0, 5]),
        ([500, 300, 200, 0], [45, 30, 20, 5]),
        ([1000, 1000], [1009, 991]),  # just inside the series
        ([1000, 1000], [1021, 979]),  # just outside
    ],
)
def test_jsd_keeps_nine_digits_from_small_counts_to_1e12(reference, live):
    jsd = JSD(probabilities(live, 0), probabilities(reference, 0))
    assert jsd == pytest.approx(exact_jsd(reference, live), rel=1e-9, abs=0)


@pytest.mark.parametrize("step", [1e-10, 1e-6, 0.0049, 0.0051, 0.3])
def test_jsd_of_given_shares_keeps_twelve_digits_however_near_they_are(step):
    p, q = np.array([0.5 + step, 0.5 - step]), np.array([0.5, 0.5])
    assert JSD(p, q) == pytest.approx(exact_jsd(q.tolist(), p.tolist()), rel=1e-12, abs=0)


@given(sides(largest=10**12))
def test_kl_excess_is_never_negative_and_sums_to_kl(pair):
    p, q = pair
    assert (kl_excess(p, q) >= 0).all()
    assert kl_excess(p, q).sum() == pytest.approx(float(KL(p, q)), rel=1e-6, abs=1e-13)


@pytest.mark.parametrize("x", [1 - 2**-7, 1 + 2**-7, 1 + 2**-30, 1 - 2**-4, 3])
def test_kl_excess_keeps_eleven_digits(x):
    with localcontext() as context:
        context.prec = 40
        exact = float(Decimal(x) * Decimal(x).ln() - Decimal(x) + 1)
    assert kl_excess(np.array(x), np.array(1.0)) == pytest.approx(exact, rel=1e-11, abs=0)


def test_every_divergence_is_listed_under_its_own_name():
    assert all(name == each.name for name, each in DIVERGENCES.items())
    named = [d for d in vars(divergences).values() if isinstance(d, divergences.Divergence)]
    assert len(named) == len(DIVERGENCES)
