"""Closed forms for normal distributions: for vectors, and as oracles of the binned measures."""

import numpy as np
from numpy.typing import ArrayLike

from .smoothing import Array

# The integrand of `jsd` falls as exp(-πu); its nearest poles, at u = ±i/2, leave exp(-π/step).
_STEP, _END = 0.05, 12.0
_POINTS = np.arange(0.0, _END, _STEP)
_WEIGHTS = _STEP / ((1 + 4 * _POINTS**2) * np.cosh(np.pi * _POINTS))
_WEIGHTS[0] /= 2


class BadCovariance(ValueError):
    """A covariance that no normal distribution with a density has."""


def kl(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """Compute KL(p‖q) of two normal distributions, in nats.

    Means are (d,), covariances (d, d); for d = 1 plain numbers do, and a covariance is a variance,
    not a standard deviation: ½ [tr(Q⁻¹P) + (μq-μp)ᵀQ⁻¹(μq-μp) - d + ln det Q - ln det P].
    Raises BadCovariance unless both covariances are symmetric, positive definite and as large as
    the means. Source: Kullback and Leibler 1951.

    >>> round(kl(2, 0.5**2, 1, 1), 7), round(kl(1, 1, 2, 0.5**2), 7)
    (0.8181472, 2.8068528)
    """
    means = [np.atleast_1d(np.asarray(mean, np.float64)) for mean in (mean_p, mean_q)]
    roots = [_root(cov, mean) for cov, mean in zip((cov_p, cov_q), means, strict=True)]
    if means[0].shape != means[1].shape:
        raise BadCovariance(f"p has {len(means[0])} dimensions and q {len(means[1])}; give equal")
    spread = np.linalg.solve(roots[1], roots[0])
    way = np.linalg.solve(roots[1], means[1] - means[0])
    volumes = [2 * float(np.log(np.diag(root)).sum()) for root in roots]
    squares = float((spread**2).sum() + (way**2).sum())
    return max(0.0, (squares - len(way) + volumes[1] - volumes[0]) / 2)


def jsd(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """Compute the Jensen-Shannon divergence of two normal distributions, in nats, 0 to ln 2.

    It is that of the densities themselves, ½ KL(p‖M) + ½ KL(q‖M) with M = (p + q)/2 (Lin 1991):
    neither a bound nor a geometric mean's (Nielsen 2019), and nothing is drawn at random. M has no
    closed form, but what is averaged has a Fourier transform, and c(α) = ∫ p^α q^(1-α) is known:

        JSD = 2 ∫ Re[1 - c(½ + iu)] / ((1 + 4u²) cosh πu) du, u from 0 up,

    which the trapezoidal rule sums to 1e-12: the integrand is analytic and falls exponentially.
    Arguments and errors are those of `kl`; d-dimensional cases take d logarithms a point.

    >>> round(jsd(2, 0.5**2, 1, 1), 7), round(jsd([0, 0], np.eye(2), [0.5, 0], np.eye(2)), 7)
    (0.2239838, 0.0303113)
    """
    gap, spreads = _side_by_side(mean_p, cov_p, mean_q, cov_q)
    alpha = (0.5 + 1j * _POINTS)[:, None]
    mixed = alpha + (1 - alpha) * spreads  # (points, d); its real part is never below 0
    with np.errstate(over="ignore"):
        exponent = (
            -(1 - alpha) * np.log(spreads) + np.log(mixed) + alpha * (1 - alpha) * gap / mixed
        )
    loss = -np.expm1(-exponent.sum(axis=1) / 2).real
    return float(np.clip(2 * (loss * _WEIGHTS).sum(), 0.0, np.log(2)))


def _side_by_side(
    mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike
) -> tuple[Array, Array]:
    """Give squared gaps of the means and variances of p, where q is the standard normal law.

    In these coordinates both covariances are diagonal.
    """
    means = [np.atleast_1d(np.asarray(mean, np.float64)) for mean in (mean_p, mean_q)]
    root_p, root_q = (_root(cov, mean) for cov, mean in zip((cov_p, cov_q), means, strict=True))
    if means[0].shape != means[1].shape:
        raise BadCovariance(f"p has {len(means[0])} dimensions and q {len(means[1])}; give equal")
    turns, deviations, _ = np.linalg.svd(np.linalg.solve(root_q, root_p))
    gap = turns.T @ np.linalg.solve(root_q, means[0] - means[1])
    return gap**2, deviations**2


def _root(covariance: ArrayLike, mean: Array) -> Array:
    """Take the lower Cholesky factor."""
    matrix = np.atleast_2d(np.asarray(covariance, np.float64))
    if matrix.shape != (mean.size, mean.size) or not np.allclose(matrix, matrix.T):
        shape, size = matrix.shape, mean.size
        raise BadCovariance(f"a symmetric {size} x {size} covariance belongs here, not {shape}")
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        raise BadCovariance("this covariance is not positive definite; drop constants") from None
