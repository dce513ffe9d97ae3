"""Divergences between two binned distributions.

p is the live distribution, q the reference; bins lie on the last axis, any leading axes are kept.
Values are in nats; bits appear only in the report. 0 ln 0 is 0, and p > 0 where q = 0 is infinite:
never NaN, never a silent epsilon. The order of the bins does not matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import rel_entr, xlog1py

from .smoothing import Array

LN2 = float(np.log(2.0))

# Below this relative difference, power series replace differences of logarithms, whose digits
# cancel. The first term left out is under 1e-11 of the sum.
_SERIES = 0.01


@dataclass(frozen=True, slots=True)
class Divergence:
    """A measure of how far p lies from q, split into one term per bin.

    Without drift 2 D / (f''(1) (1/n + 1/m)) is chi-square with bins - 1 degrees of freedom, for
    every f-divergence D; `curvature` is that f''(1).

    >>> KL(np.array([0.5, 0.5]), np.array([0.99, 0.01])).round(7).item()
    1.6144631
    """

    name: str
    terms: Callable[[Array, Array], Array]
    curvature: float | None  # f''(1); None where no chi-square limit is known

    def __call__(self, p: Array, q: Array) -> Array:
        """Sum the terms of p (..., bins) against q (..., bins); 0 if and only if p = q."""
        # Terms of either sign can sum to a rounding error below zero.
        return np.asarray(np.maximum(self.terms(p, q).sum(axis=-1), 0.0))


def js_distance(jsd: float | Array) -> Array:
    """Turn a JSD in nats into the JS distance, base 2: a metric from 0 to 1.

    Source: Endres and Schindelin 2003.

    >>> js_distance(0.0303113).round(4).item()
    0.2091
    """
    return np.asarray(np.sqrt(np.minimum(np.maximum(jsd / LN2, 0.0), 1.0)))


def shares(terms: Array) -> Array:
    """Give each bin its share of the sum of non-negative `terms` (..., bins).

    All shares are 0 where the sum is 0; where some terms are infinite, they share equally.

    >>> shares(np.array([1.0, 3.0, 0.0])).tolist()
    [0.25, 0.75, 0.0]
    """
    infinite = np.isinf(terms)
    finite = np.where(infinite.any(axis=-1, keepdims=True), infinite, terms)
    total = finite.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(finite, total, out=np.zeros(finite.shape), where=total > 0))


def kl_excess(x: Array, y: Array) -> Array:
    """Compute x ln(x/y) - x + y elementwise, with all its digits near x = y.

    It is never negative, infinite for x > 0 = y, and where x and y have the same sum it adds up
    to the KL divergence.

    >>> kl_excess(np.array([1000001.0, 999999.0]), np.array([1e6, 1e6])).round(12).tolist()
    [5e-07, 5e-07]
    """
    near = np.abs(x - y) <= _SERIES * y
    t = np.divide(x - y, y, out=np.zeros(near.shape), where=near & (y > 0))
    series = y * t**2 * (1 / 2 - t / 6 + t**2 / 12 - t**3 / 20 + t**4 / 30)
    return np.asarray(np.where(near, series, rel_entr(x, y) - x + y))


def _kl(p: Array, q: Array) -> Array:
    return np.asarray(rel_entr(p, q))


def _reverse_kl(p: Array, q: Array) -> Array:
    return np.asarray(rel_entr(q, p))


def _psi(p: Array, q: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (p - q) * np.log(p / q)
    return np.where(p == q, 0.0, terms)


def _jsd(p: Array, q: Array) -> Array:
    total = p + q
    r = np.divide(p - q, total, out=np.zeros_like(total), where=total > 0)
    series = r**2 * (1 + r**2 / 6 + r**4 / 15)
    bracket = xlog1py(1 + r, r) + xlog1py(1 - r, -r)
    return total / 4 * np.where(np.abs(r) < _SERIES, series, bracket)


def _hellinger_squared(p: Array, q: Array) -> Array:
    return (np.sqrt(p) - np.sqrt(q)) ** 2 / 2


def _total_variation(p: Array, q: Array) -> Array:
    return np.abs(p - q) / 2


KL = Divergence("kl_live_ref", _kl, 1.0)  # Kullback and Leibler 1951; terms may be negative singly
REVERSE_KL = Divergence("kl_ref_live", _reverse_kl, 1.0)
PSI = Divergence("psi", _psi, 2.0)  # Jeffreys divergence: the sum of the two KL
JSD = Divergence("jsd", _jsd, 0.25)  # Lin 1991
HELLINGER = Divergence("hellinger_squared", _hellinger_squared, 0.25)  # H², whose terms add up
TOTAL_VARIATION = Divergence("total_variation", _total_variation, None)

DIVERGENCES: Mapping[str, Divergence] = MappingProxyType(
    {each.name: each for each in (KL, REVERSE_KL, PSI, JSD, HELLINGER, TOTAL_VARIATION)}
)
