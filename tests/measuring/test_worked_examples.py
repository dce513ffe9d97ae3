"""The arithmetic we stand for: worked-examples.md, one test an example, p first in KL(p‖q)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import entropy

from core.measuring import gaussians
from core.measuring.dependence import mutual_information
from core.measuring.divergences import JSD, KL, js_distance
from core.measuring.significance import likelihood_ratio
from core.measuring.smoothing import probabilities, with_epsilon

BITS = np.log(2)
D1, D2, D3, D4 = np.array(
    [[0.2, 0.5, 0.2, 0.1], [0.3, 0.4, 0.1, 0.2], [0.1, 0.1, 0.1, 0.7], [0, 0.9, 0, 0.1]]
)


def kl(p, q):
    return float(KL(np.array(p, float), np.array(q, float)))


def close(value, tolerance=1e-6):
    return pytest.approx(value, abs=tolerance)


def test_01_surprise_of_a_good_classifier():
    assert kl([1, 0], [0.8, 0.2]) / BITS == close(0.321928)


def test_02_surprise_of_a_bad_classifier():
    assert kl([1, 0], [0.2, 0.8]) / BITS == close(2.321928)


def test_03_nothing_to_learn_from_what_was_certain():
    assert kl([1, 0], [1, 0]) == 0


def test_04_the_reverse_is_infinite_and_jsd_is_not():
    assert kl([0.8, 0.2], [1, 0]) == np.inf
    assert JSD(np.array([0.8, 0.2]), np.array([1.0, 0.0])) / BITS == close(0.1080, 5e-5)


def test_05_direction_matters_for_a_coin():
    there, back = kl([0.5, 0.5], [0.99, 0.01]), kl([0.99, 0.01], [0.5, 0.5])
    assert (there, there / BITS, back) == close((1.6144631, 2.3291779, 0.6371457))


def test_06_two_fair_coins_are_equal():
    assert kl([0.5, 0.5], [0.5, 0.5]) == 0


def test_07_two_gaussians_by_the_closed_form():
    there, back = gaussians.kl(1, 1, 2, 0.5**2), gaussians.kl(2, 0.5**2, 1, 1)
    assert (there, back) == close((2.8068528, 0.8181472))
    assert back != close(0.6371457, 0.1)  # what a widely copied page prints: example 5


def test_08_divergence_is_a_sum_over_categories_and_not_a_mean():
    assert (kl(D2, D1), kl(D3, D1)) == close((0.1016968, 1.0625639))
    assert (KL.terms(D2, D1).mean(), KL.terms(D3, D1).mean()) == close((0.0254242, 0.2656410))


def test_09_unequal_support_is_infinite_one_way():
    assert kl(D4, D1) == close(0.9 * np.log(1.8), 1e-12)
    assert kl(D4, D1) == close(0.5290090, 2e-6)  # as printed; the last digit should be an 8
    assert kl(D1, D4) == np.inf


def test_10_an_epsilon_decides_the_number_and_a_prior_count_does_not():
    rows1, rows4 = (np.round(100 * d) for d in (D1, D4))
    tiny, small = (KL(with_epsilon(rows1, e), with_epsilon(rows4, e)) for e in (1e-12, 1e-4))
    assert tiny == close(10.1147, 1e-3)
    assert tiny - small > 5
    assert 1 < KL(probabilities(rows1), probabilities(rows4)) < 3


def test_11_logits_become_probabilities_by_softmax():
    assert softmax([0.39056206, 1.3068528, 0.39056206, -0.30258512]) == close(D1, 1e-7)


def test_12_cross_entropy_is_entropy_and_divergence():
    cross = -(D1 * np.log(D3)).sum()
    assert (cross, entropy(D1), kl(D1, D3)) == close((2.1079947, 1.2206073, 0.8873874), 1e-5)
    assert cross == close(entropy(D1) + kl(D1, D3), 1e-12)


def test_13_a_black_swan_carries_the_bits_of_its_improbability():
    seen = [1, 0]
    assert kl(seen, [0.01, 0.99]) / BITS == close(6.643856)
    assert kl(seen, [0.5, 0.5]) / BITS == close(1)


def test_14_jsd_runs_from_each_distribution_to_the_mixture():
    jsd = float(JSD(D1, D3))
    assert (jsd, jsd / BITS) == close((0.2163165, 0.3120787))
    assert js_distance(jsd) == close(0.5586401)
    middle = (D1 + D3) / 2
    assert (kl(middle, D1) + kl(middle, D3)) / 2 == close(0.27117, 1e-5)


def test_15_the_root_obeys_the_triangle_inequality_and_jsd_does_not():
    p, q, r = np.random.default_rng(15).dirichlet(np.ones(3), size=(3, 20_000))
    pq, qr, pr = JSD(p, q), JSD(q, r), JSD(p, r)
    assert (js_distance(pr) <= js_distance(pq) + js_distance(qr) + 1e-12).all()
    assert 0.15 < (pr > pq + qr).mean() < 0.25


def test_16_dependence_is_a_divergence():
    joint = np.array([[0.4, 0.1], [0.1, 0.4]])
    by_entropy = entropy([0.5, 0.5]) - entropy([0.8, 0.2])
    product = np.full(4, 0.25)
    assert mutual_information(joint * 10) == close(0.1927, 1e-4)
    assert mutual_information(joint * 10) == close(by_entropy, 1e-12)
    assert mutual_information(joint * 10) == close(kl(joint.ravel(), product), 1e-12)


def test_17_binning_splits_entropy_and_never_inflates_drift():
    p, q = np.random.default_rng(17).dirichlet(np.ones(16), size=2)
    coarse_p, coarse_q = p.reshape(4, 4).sum(axis=1), q.reshape(4, 4).sum(axis=1)
    inside = entropy(p.reshape(4, 4), axis=1)  # scipy's entropy scales each group to 1
    assert entropy(p) == close(entropy(coarse_p) + coarse_p @ inside, 1e-12)
    assert kl(coarse_p, coarse_q) <= kl(p, q)


def test_18_kl_is_the_log_likelihood_ratio_of_a_row():
    mean_ratio = kl([0.53, 0.47], [0.5, 0.5])
    assert mean_ratio == close(0.00180108, 1e-8)
    assert 2 * 1000 * mean_ratio == close(3.60216, 1e-5)
    # The coin is known to be fair: an endless reference gives G its one-sample value.
    test = likelihood_ratio([10**12, 10**12], [530, 470])
    assert test.statistic == close(3.60216, 1e-5)
    assert test.p == close(0.0577, 5e-5)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=8), st.floats(0.2, 3), st.integers(0, 9))
def test_19_free_energy_exceeds_its_minimum_by_temperature_times_divergence(energies, heat, seed):
    energy = np.array(energies)
    boltzmann = softmax(-energy / heat)
    q = np.random.default_rng(seed).dirichlet(np.ones(len(energy)))

    def free(p):
        return p @ energy - heat * entropy(p)

    assert free(q) - free(boltzmann) == pytest.approx(heat * kl(q, boltzmann), abs=1e-9)


def test_20_the_regulariser_of_a_variational_autoencoder_is_the_general_closed_form():
    rng = np.random.default_rng(20)
    mean, variance = rng.normal(size=8), rng.uniform(0.1, 3, size=8)
    expected = (mean**2 + variance - 1 - np.log(variance)).sum() / 2
    assert gaussians.kl(mean, np.diag(variance), np.zeros(8), np.eye(8)) == close(expected, 1e-12)
