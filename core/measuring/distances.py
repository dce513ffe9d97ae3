"""Distances that know the order of the bins, and how far apart they lie.

p is the live distribution, q the reference: shares (..., cells) of ordered cells, which sum to 1
along the last axis. Give them the fine cells of both sides, not the few bins of a comparison: the
finer the cells, the nearer the distance of the rows themselves; exact values give it exactly.
"""

import numpy as np

from .smoothing import Array


def wasserstein(p: Array, q: Array, positions: Array) -> Array:
    """Measure the work of moving p to q: share times way, in the unit of `positions`.

    `positions` (cells,) rise strictly and hold each cell's rows in one point, so the error is at
    most the cells' mean width. Infinite only where the distance itself exceeds the largest float.
    Source: Vallender 1974 (the area between the two distribution functions).

    >>> p, q = np.array([0.0, 0.5, 0.5]), np.array([0.5, 0.5, 0.0])
    >>> wasserstein(p, q, np.array([10.0, 20.0, 40.0])).item()
    15.0
    """
    ways = np.diff(positions / 2)  # in halves: from -1e308 to 1e308 is further than floats reach
    halves = (_ahead(p, q)[..., :-1] * ways).sum(axis=-1)
    with np.errstate(over="ignore"):
        return np.asarray(2 * halves)


def kolmogorov_smirnov(p: Array, q: Array) -> Array:
    """Find the largest gap between the two distribution functions, from 0 to 1.

    >>> kolmogorov_smirnov(np.array([0.0, 0.5, 0.5]), np.array([0.5, 0.5, 0.0])).item()
    0.5
    """
    return np.asarray(_ahead(p, q).max(axis=-1))


def _ahead(p: Array, q: Array) -> Array:
    """Give the gap between the two distribution functions at the end of each cell."""
    return np.abs(np.cumsum(p, axis=-1) - np.cumsum(q, axis=-1))
