"""The numbers an implementation must reproduce: statistics.md, section 12."""

import numpy as np
import pytest
from scipy.special import chdtri, ndtr, ndtri
from scipy.stats import norm

from core.measuring import gaussians, significance
from core.measuring.bins import quantile
from core.measuring.divergences import JSD, KL, PSI, REVERSE_KL, js_distance, shares
from core.measuring.intervals import (
    bias,
    corrected,
    interval,
    noise_level,
    noncentrality,
    rows_needed,
)
from core.measuring.smoothing import probabilities, with_epsilon

from .samples import binned, folded

DIGITS = 1e-7
LN2 = np.log(2)
WARN = 0.1**2 * LN2


def near(value, relative=DIGITS):
    return pytest.approx(value, rel=relative, abs=1e-12)


def gaussian_jsd(mean_p, sd_p, mean_q, sd_q):
    """Integrate: no closed form is known. A sum over so wide and fine a grid is exact to 1e-12."""
    x, step = np.linspace(-40, 40, 400_001, retstep=True)
    p, q = norm.pdf(x, mean_p, sd_p) * step, norm.pdf(x, mean_q, sd_q) * step
    return float(JSD(p, q))


def test_closed_forms_of_gaussians():
    assert gaussians.kl(2, 0.25, 1, 1) == near(0.8181472)
    assert gaussians.kl(1, 1, 2, 0.25) == near(2.8068528)
    assert gaussians.kl(0, 1, 0.5, 1) == near(0.125)
    assert gaussians.kl(0, 1, 0.5, 1) + gaussians.kl(0.5, 1, 0, 1) == near(0.25)
    assert [gaussians.kl(0, 1, 0, 4), gaussians.kl(0, 4, 0, 1)] == near([0.3181472, 0.8068528])


def test_jsd_of_gaussians():
    assert gaussian_jsd(2, 0.5, 1, 1) == near(0.2239838, 1e-6)
    assert gaussian_jsd(0, 1, 0, 2) == near(0.0927334, 1e-6)
    half = gaussian_jsd(0, 1, 0.5, 1)
    assert half == near(0.0303113, 1e-5)  # printed to seven decimals
    assert js_distance(half) == near(0.2091171, 1e-6)


def test_discrete_pairs():
    p, q = np.array([9, 12, 4]) / 25, np.full(3, 1 / 3)
    assert [KL(p, q), REVERSE_KL(p, q)] == near([0.0852996013, 0.0974550068])
    assert [JSD(p, q), js_distance(JSD(p, q))] == near([0.0224598604, 0.1800075811])
    fair, bent, sure = np.array([[0.5, 0.5], [0.99, 0.01], [0, 1]])
    assert [KL(fair, bent), KL(bent, fair)] == near([1.61446308, 0.6371456462], 1e-8)
    assert [KL(sure, bent), KL(sure, bent) / LN2] == near([4.605170186, 6.643856190])
    assert KL(bent, sure) == np.inf
    p, q = np.array([[0.2, 0.5, 0.2, 0.1], [0.3, 0.4, 0.1, 0.2]])
    assert [KL(p, q), KL(q, p), JSD(p, q)] == near([0.0997934721, 0.1016968300, 0.0248073039])
    p, q = np.array([[0.45, 0.3, 0.2, 0.05], [0.5, 0.3, 0.2, 0]])
    assert [JSD(p, q), js_distance(JSD(p, q))] == near([0.0179868783, 0.1610887338])


def test_an_epsilon_moves_kl_by_a_constant_for_every_factor_of_ten():
    reference, live = [50, 30, 20, 0], [45, 30, 20, 5]
    steps = [KL(with_epsilon(live, e), with_epsilon(reference, e)) for e in (1e-12, 1e-11, 1e-10)]
    assert steps[0] == near(1.1844, 1e-4)
    assert -np.diff(steps) == near([0.1151, 0.1151], 1e-3)


@pytest.mark.parametrize(
    ("bins", "expected"),
    [
        (10, (0.7767239, 2.4531079, 0.2161126)),
        (20, (0.7987932, 2.6278493, 0.2198648)),
        (100, (0.8165433, 2.7704703, 0.2234715)),
        (10_000, (0.8181470, 2.8064788, 0.2239837)),
    ],
)
def test_binned_gaussians_rise_towards_the_closed_form(bins, expected):
    edges = 1 + ndtri(np.arange(bins + 1) / bins)
    scaled = (edges - 2) / 0.5
    # Each difference is taken in the tail where both terms are small.
    p = np.where(scaled[1:] < 0, np.diff(ndtr(scaled)), -np.diff(ndtr(-scaled)))
    q = np.full(bins, 1 / bins)
    assert [KL(p, q), KL(q, p), JSD(p, q)] == pytest.approx(list(expected), abs=6e-8)


TABLES = {
    "T1": ([500, 300, 200, 0], [45, 30, 20, 5]),
    "T3": ([1000] * 10, [95, 105, 110, 90, 100, 99, 101, 120, 80, 100]),
    "T5": ([9990, 10, 0], [940, 10, 50]),
    "T8": ([200] * 5, [150, 180, 200, 220, 250]),
    "T9": ([2000, 1500, 1000, 400, 100], [180, 160, 110, 40, 10]),
}
ROWS = {
    "jsd": (0.017986878, 0.001327656, 0.019914374, 0.003685064, 0.000926063),
    "g": (24.45091340, 9.62135466, 265.16559099, 14.74025598, 3.35729017),
    "x2": (50.45871560, 9.56620105, 543.68481244, 14.70342523, 3.33817292),
    "mean": (3.00272975, 9.00081826, 2.00018183, 4.00200100, 4.00072740),
    "variance": (7.14760449, 17.97529729, 4.41992772, 7.99180182, 8.03894218),
    "p_omnibus": (1.547335e-09, 0.3868134, 7.818727e-108, 5.341728e-03, 0.5025616),
    "z_location": (1.348084, -0.251924, 22.389046, 3.795505, 1.477786),
    "z_scale": (1.332629, -0.491534, 6.508916, -0.399109, -1.029946),
    "p_largest_bin": (4.967371e-05, 0.5594536, 5.111131e-52, 4.360018e-02, 0.9253545),
    "p_ordered": (6.189147e-09, 0.6218792, 2.011668e-110, 5.718600e-04, 0.5190160),
    "p_nominal": (3.094573e-09, 0.4710517, 1.563745e-107, 9.521883e-03, 0.8169496),
    "bias": (0.002845395, 0.001240848, 0.000052945, 0.001001838, 0.001094379),
    "corrected": (0.015141484, 0.000086809, 0.019861429, 0.002683226, 0),
    "low": (0.005684508, 0, 0.015698857, 0.000644136, 0),
    "high": (0.030804280, 0.001712462, 0.024489438, 0.006605945, 0.002505816),
    "kl_live_ref": (0.202042376, 0.005236098, 0.314898234, 0.014563317, 0.003738887),
    "kl_ref_live": (0.054167521, 0.005293587, 0.058912458, 0.014841302, 0.003774146),
}
TOLERANCES = {"z_location": 1e-5, "z_scale": 1e-5, "low": 1e-6, "high": 1e-6}


def measured(reference, live):
    before, after = np.array(reference, float), np.array(live, float)
    q, p = probabilities(before, 0), probabilities(after, 0)
    smooth_q, smooth_p = probabilities(before), probabilities(after)
    ordered = significance.test_counts(before, after, ordered=True)
    parts = ordered.components
    mean, variance = significance._permutation_moments(before, after)  # noqa: SLF001
    low, high = interval(before, after)
    return {
        "jsd": JSD(p, q),
        "g": significance.likelihood_ratio(before, after).statistic,
        "x2": parts["omnibus"].statistic,
        "mean": mean,
        "variance": variance,
        "p_omnibus": parts["omnibus"].p,
        "z_location": parts["location"].statistic,
        "z_scale": parts["scale"].statistic,
        "p_largest_bin": parts["largest_bin"].p,
        "p_ordered": ordered.p,
        "p_nominal": significance.test_counts(before, after, ordered=False).p,
        "bias": bias(before, after),
        "corrected": corrected(before, after),
        "low": low,
        "high": high,
        "kl_live_ref": KL(smooth_p, smooth_q),
        "kl_ref_live": KL(smooth_q, smooth_p),
    }


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(("table", "column"), [(t, i) for i, t in enumerate(TABLES)])
def test_count_tables(table, column, name):
    expected = ROWS[name][column]
    found = measured(*TABLES[table])[name]
    relative = TOLERANCES.get(name, 1e-5 if name.startswith("p_") else DIGITS)
    if name.startswith("p_") and expected < 1e-50:
        relative = 1e-3
    printed = 0.5e-9 if name in {"jsd", "bias", "corrected", "low", "high"} else 0  # its last digit
    if name.startswith("kl"):
        printed = 0.5e-9
    assert found == pytest.approx(expected, rel=relative, abs=printed)


def test_shares_and_distances_of_the_first_tables():
    q, p = (probabilities(side, 0) for side in TABLES["T1"])
    assert shares(JSD.terms(p, q)) == pytest.approx([0.036593, 0, 0, 0.963407], abs=5e-7)
    assert js_distance(corrected(*TABLES["T1"])) == pytest.approx(0.1478, abs=5e-5)
    assert js_distance(interval(*TABLES["T1"])[0]) == pytest.approx(0.0906, abs=5e-5)
    assert js_distance(corrected(*TABLES["T5"])) == pytest.approx(0.1693, abs=5e-5)


def test_large_counts_keep_their_digits():
    reference, live = [500_000_000, 500_000_000], [500_001_000, 499_999_000]
    jsd = JSD(probabilities(live, 0), probabilities(reference, 0))
    assert jsd == pytest.approx(5.00000000001e-13, rel=1e-9, abs=0)
    x2 = significance.pearson(np.array(reference, float), np.array(live, float))
    assert x2 == pytest.approx(0.002, rel=1e-9)
    g = significance.likelihood_ratio(reference, live).statistic
    assert g == pytest.approx(0.002, rel=1e-9)


@pytest.mark.parametrize(
    ("bins", "n", "m", "expected"),
    [
        (10, 1000, 1000, 0.033838),
        (10, 10_000, 1000, 0.018611),
        (10, 100, 100, 0.338380),
        (20, 1000, 1000, 0.060287),
    ],
)
def test_noise_level_of_psi(bins, n, m, expected):
    assert noise_level(PSI, bins, n=n, m=m) == pytest.approx(expected, abs=5e-7)


def test_benjamini_hochberg_1995():
    p = "0.0001 0.0004 0.0019 0.0095 0.0201 0.0278 0.0298 0.0344 0.0459 0.3240 0.4262 0.5719 0.6528"
    adjusted = significance.adjust([*map(float, p.split()), 0.7590, 1])
    expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765, 0.486]
    expected += [0.581182, 0.714875, 0.753231, 0.813214, 1]
    assert adjusted == pytest.approx(expected, abs=5e-7)
    assert (adjusted <= 0.05).sum() == 4


@pytest.mark.parametrize(("bins", "rows"), [(2, 252), (10, 411), (20, 523), (30, 609)])
def test_rows_that_settle_a_case_where_both_sides_have_as_many(bins, rows):
    def settled(each):
        needed = rows_needed(each, lambda _: bins, WARN)
        return needed is not None and needed <= each

    # The page rounds the exact 252.05 of two bins down.
    assert settled(rows + 1)
    assert not settled(rows - 1)


@pytest.mark.parametrize(
    ("bins", "stable", "quiet"),
    [(5, 571, 343), (10, 733, 611), (20, 945, 1088), (30, 1102, 1535), (50, 1347, 2393)],
)
def test_rows_a_sample_for_nine_stable_features_of_ten_and_for_quiet(bins, stable, quiet):
    ninth = noncentrality(chdtri(bins - 1, 0.1), bins - 1, 0.05)
    assert np.ceil(2 * ninth / (8 * WARN)) == stable
    assert noise_level(JSD, bins, n=quiet, m=quiet) <= WARN
    assert noise_level(JSD, bins, n=quiet - 1, m=quiet - 1) > WARN


def test_constant_features_at_two_sizes():
    assert interval([1000], [1000]) == (0, near(0.001747091, 1e-6))
    assert interval([100], [100]) == (0, near(0.017470909, 1e-6))


def test_numeric_features_without_drift_are_rejected_at_the_nominal_level():
    rng = np.random.default_rng(2024)
    p = []
    for _ in range(4000):
        reference, live = np.sort(rng.normal(size=1000)), rng.normal(size=1000)
        offers = np.append(reference, np.nextafter(reference[-1], np.inf))
        edges = quantile(offers, np.ones(1000), 20)
        counts = [folded(binned(rows, edges)) for rows in (reference, live)]
        p.append(significance.test_counts(*counts, ordered=True).p)
    assert 0.035 <= np.mean(np.array(p) <= 0.05) <= 0.065
    assert 0.004 <= np.mean(np.array(p) <= 0.01) <= 0.015


def test_mean_jsd_without_drift_is_that_of_the_noise():
    rng = np.random.default_rng(7)
    q, p = (rng.multinomial(1000, np.full(10, 0.1), size=4000) / 1000 for _ in range(2))
    assert JSD(p, q).mean() == pytest.approx(9 / 8 * 2 / 1000, rel=0.05)


def test_each_end_of_the_interval_misses_as_often_as_it_says():
    rng = np.random.default_rng(81)
    q = np.full(10, 0.1)
    p = q * np.exp(0.3 * np.linspace(-1, 1, 10))
    p /= p.sum()
    truth = JSD(p, q)
    reference, live = rng.multinomial(10_000, q, size=8000), rng.multinomial(1000, p, size=8000)
    low, high = interval(reference, live)
    assert js_distance(truth) == pytest.approx(0.081, abs=5e-4)
    assert 0.03 <= (low > truth).mean() <= 0.07
    assert 0.03 <= (high < truth).mean() <= 0.07
