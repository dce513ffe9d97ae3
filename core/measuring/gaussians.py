"""Closed forms for normal distributions: for vectors, and as oracles of the binned measures."""

import numpy as np
from numpy.typing import ArrayLike

from .smoothing import Array


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
