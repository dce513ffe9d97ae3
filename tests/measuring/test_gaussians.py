import numpy as np
import pytest
from scipy import stats

from core.measuring.gaussians import BadCovariance, jsd, kl


def test_kl_is_the_mean_log_ratio_of_the_densities():
    rng = np.random.default_rng(4)
    roots = rng.normal(size=(2, 3, 3))
    covariances = roots @ roots.transpose(0, 2, 1) + np.eye(3)
    means = rng.normal(size=(2, 3))
    p, q = (stats.multivariate_normal(m, c) for m, c in zip(means, covariances, strict=True))
    rows = p.rvs(400_000, random_state=rng)
    expected = (p.logpdf(rows) - q.logpdf(rows)).mean()
    assert kl(means[0], covariances[0], means[1], covariances[1]) == pytest.approx(
        expected, rel=0.02
    )


def test_independent_coordinates_add_up():
    joint = kl([0, 3], np.diag([1.0, 4.0]), [1, 1], np.diag([2.0, 9.0]))
    assert joint == pytest.approx(kl(0, 1, 1, 2) + kl(3, 4, 1, 9), rel=1e-12)


def test_equal_gaussians_are_no_distance_apart():
    covariance = np.array([[2.0, 0.3], [0.3, 1.0]])
    assert kl([1, 2], covariance, [1, 2], covariance) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        ([[1, 2], [2, 1]], "positive definite"),
        ([[1, 0], [1, 1]], "symmetric"),
        ([[1, 0, 0], [0, 1, 0]], "2 x 2"),
        (1, "2 x 2"),
    ],
)
def test_what_is_no_covariance_is_refused(covariance, words):
    with pytest.raises(BadCovariance, match=words):
        kl([0, 0], np.eye(2), [0, 0], covariance)


def test_means_of_different_dimensions_are_refused():
    with pytest.raises(BadCovariance, match="2 dimensions and q 1"):
        kl([0, 0], np.eye(2), 0, 1)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ((2, 0.5), (1, 1)),
        ((0, 1), (0.5, 1)),
        ((0, 1), (0, 2)),
        ((0, 0.01), (0, 3)),
        ((0, 1), (5, 3)),
        ((0, 1), (12, 1)),
    ],
)
def test_the_jsd_is_that_of_the_densities(p, q):
    at = np.linspace(-60, 60, 400_001)
    one, other = (stats.norm(*law).pdf(at) + 1e-300 for law in (p, q))
    middle = (one + other) / 2
    terms = one * np.log(one / middle) + other * np.log(other / middle)
    expected = np.trapezoid(terms, at) / 2
    found = jsd(p[0], p[1] ** 2, q[0], q[1] ** 2)
    assert found == pytest.approx(expected, rel=1e-8)
    assert jsd(q[0], q[1] ** 2, p[0], p[1] ** 2) == pytest.approx(found, rel=1e-12)


def test_the_jsd_of_many_dimensions_is_the_mean_over_rows():
    rng = np.random.default_rng(4)
    roots = rng.normal(size=(2, 6, 6))
    covariances = roots @ roots.transpose(0, 2, 1) + np.eye(6)
    means = rng.normal(size=(2, 6))
    p, q = (stats.multivariate_normal(m, c) for m, c in zip(means, covariances, strict=True))

    def half(of, against):
        rows = of.rvs(200_000, random_state=rng)
        return (np.log(2) - np.logaddexp(0, against.logpdf(rows) - of.logpdf(rows))).mean() / 2

    found = jsd(means[0], covariances[0], means[1], covariances[1])
    assert found == pytest.approx(half(p, q) + half(q, p), rel=0.01)


def test_a_small_jsd_keeps_its_digits():
    assert jsd(0, 1, 1e-6, 1) == pytest.approx(1e-12 / 8, rel=1e-9)
    assert jsd([1, 2], np.eye(2), [1, 2], np.eye(2)) == 0
    assert jsd(0, 1, 1e6, 1) == pytest.approx(np.log(2))
