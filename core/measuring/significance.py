"""Is it more than chance? Tests of no drift, closed-form functions of the counts.

The rows of both sides are taken as independent (`batches` is for those that are not). p is the
probability of counts at least so different without drift; it is never 0, and never NaN unless the
function says so. Sources: statistics.md, section 4, and Rayner and Best 2001 for the components.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, chdtrc, erfc, gammaincc

from .divergences import kl_excess
from .smoothing import Array, as_counts, as_pair

Mask = NDArray[np.bool_]

LEAST_P = float(np.finfo(np.float64).tiny)  # a p-value is never 0

COMPONENTS = ("omnibus", "location", "scale", "largest_bin")

_RARE = 0.25  # rows that the smaller side expects of a bin which the omnibus leaves alone
_FEWEST_ROWS = 4  # that give X² a variance
_SCALE_BINS = 3  # that a spread can be seen in
_CAP = 0.9  # a component with p = 1 would cancel all others
_NO_VARIANCE = 1e-12  # a variance of rounding errors


@dataclass(frozen=True, slots=True)
class Component:
    """One way to look for drift: its statistic and p-value."""

    statistic: float
    p: float


@dataclass(frozen=True, slots=True)
class Test:
    """The combined p-value of no drift, and the components that exist.

    `omnibus`: Pearson's X². `location` and `scale`: z, positive where live values are higher, or
    wider spread. `largest_bin`: the position of the bin (or label) that stands out most.
    """

    p: float
    components: Mapping[str, Component]


def test_counts(
    reference: ArrayLike,
    live: ArrayLike,
    *,
    ordered: bool | Mask,
    singles: ArrayLike | None = None,
) -> Test:
    """Test whether counts (bins,) of both sides come from one distribution.

    `ordered` says whether the bins have an order, or which of them do (bins,); these are looked at
    for location and scale. `singles` (2, labels) are the counts, reference then live, that the
    largest single bin is sought among, where they are finer than the bins. Components that do not
    exist (one bin, fewer than four rows) are left out; p is never above 0.9, and 0.9 without any.
    Raises BadCounts where a side has no rows.

    >>> test = test_counts([500, 300, 200, 0], [45, 30, 20, 5], ordered=True)
    >>> print(f"{test.p:.6e}", list(test.components))
    6.189147e-09 ['omnibus', 'location', 'scale', 'largest_bin']
    """
    before, after = as_pair(reference, live)
    mask = np.broadcast_to(np.asarray(ordered, bool), before.shape)
    fine = np.stack([before, after]) if singles is None else as_counts(singles, "singles")
    found = test_many(before, after, ordered=mask, singles=fine)
    components = {
        name: Component(float(found.statistics[name]), float(found.p_values[name]))
        for name in COMPONENTS
        if not np.isnan(found.p_values[name])
    }
    return Test(float(found.p), components)


@dataclass(frozen=True, slots=True)
class Tests:
    """The combined p-values of many tests (...), and the components; NaN where one is not there."""

    p: Array
    statistics: Mapping[str, Array]
    p_values: Mapping[str, Array]


def test_many(reference: Array, live: Array, *, ordered: Mask, singles: Array) -> Tests:
    """Test counts (..., bins) as `test_counts` does, each of the leading axes by itself.

    `ordered` is (..., bins), `singles` (2, ..., labels); bins without rows say nothing, so that
    tests of fewer bins may be filled up with them.

    >>> reference, live = np.full((2, 3), 100.0), np.array([[100.0, 100, 100], [90, 100, 140]])
    >>> mask = np.ones(reference.shape, bool)
    >>> singles = np.stack([reference, live])
    >>> test_many(reference, live, ordered=mask, singles=singles).p.round(4).tolist()
    [0.9, 0.0556]
    """
    statistic, p = omnibus(reference, live)
    location, scale = _trends(np.where(ordered, reference, 0), np.where(ordered, live, 0))
    rows = np.stack([reference.sum(axis=-1), live.sum(axis=-1)])
    largest, least = _largest_bin(singles, rows)
    statistics = dict(zip(COMPONENTS, (statistic, location, scale, largest), strict=True))
    p_values = dict(
        zip(COMPONENTS, (p, _two_sided(location), _two_sided(scale), least), strict=True)
    )
    return Tests(
        combine(np.stack([p_values[name] for name in COMPONENTS], axis=-1)), statistics, p_values
    )


def omnibus(reference: ArrayLike, live: ArrayLike) -> tuple[Array, Array]:
    """Test counts (..., bins) for any difference: Pearson's X² and its p-value.

    X² is referred to a gamma law with the mean and variance that X² has over all ways to deal the
    rows to the two sides; bins where the smaller side expects under 0.25 rows are summed first.
    p is NaN where X² cannot vary: one bin, fewer than four rows. Source: Dawson 1954.

    >>> _, p = omnibus([[200] * 5, [200] * 5], [[150, 180, 200, 220, 250], [100] * 5])
    >>> p.round(6).tolist()
    [0.005342, 1.0]
    """
    before, after = _pooled(*as_pair(reference, live))
    statistic = pearson(before, after)
    mean, variance = _permutation_moments(before, after)
    exists = variance > _NO_VARIANCE
    mean, variance = np.where(exists, mean, 1.0), np.where(exists, variance, 1.0)
    p = gammaincc(mean**2 / variance, statistic * mean / variance)
    return statistic, np.where(exists, np.maximum(p, LEAST_P), np.nan)


def pearson(reference: Array, live: Array) -> Array:
    """Compute Pearson's X² of counts (..., bins), without cancellation between large counts.

    >>> pearson(np.array([5e8, 5e8]), np.array([5e8 + 1000, 5e8 - 1000])).round(9).item()
    0.002
    """
    pooled = reference + live
    n, m = (side.sum(axis=-1, keepdims=True) for side in (reference, live))
    differences = reference * np.sqrt(m / n) - live * np.sqrt(n / m)
    return np.asarray((differences**2 / np.maximum(pooled, 1)).sum(axis=-1))


def single_bins(counts: ArrayLike, rows: ArrayLike) -> Array:
    """Test each bin of `counts` (2, ..., bins), reference then live, on its own: two-sided p.

    Of its pooled rows, live holds a binomial number with the probability that `rows` (2, ...), all
    rows of both sides, give. Exact: twice the smaller tail, at most 1; not adjusted for the number
    of bins.

    >>> single_bins([[500, 0], [45, 5]], rows=[1000, 100]).round(6).tolist()
    [0.555386, 1.2e-05]
    """
    before, after = np.asarray(counts, np.float64)
    n, m = np.asarray(rows, np.float64)[..., None]
    # The tail on the far side of the mean is the smaller one, or both are at least a half.
    is_more = after * n >= before * m
    far, near = np.where(is_more, after, before), np.where(is_more, before, after)
    share = np.where(is_more, m, n) / (n + m)
    # betainc, since bdtr gives NaN at 1e12 rows
    tail = np.where(far > 0, betainc(np.maximum(far, 1), near + 1, share), 1.0)
    return np.asarray(np.clip(2 * tail, LEAST_P, 1.0))


def combine(p_values: Array) -> Array:
    """Combine dependent p-values (..., components) into one: the Cauchy combination, capped at 0.9.

    NaN is a component that does not exist; 0.9 too where there is none. Source: Liu and Xie 2020.

    >>> round(float(combine(np.array([0.001, 0.5, np.nan]))), 6)
    0.002
    """
    there = ~np.isnan(p_values)
    # The cotangent keeps all digits of a small p; tan(π/2 - π p) would round them away.
    parts = 1 / np.tan(np.pi * np.where(there, np.minimum(p_values, _CAP), _CAP))
    number = there.sum(axis=-1)
    cauchy = np.where(there, parts, 0.0).sum(axis=-1) / np.maximum(number, 1)
    p = np.clip(np.arctan2(1, cauchy) / np.pi, LEAST_P, _CAP)
    return np.asarray(np.where(number > 0, p, _CAP))


def likelihood_ratio(reference: ArrayLike, live: ArrayLike) -> Component:
    """Compute G and its chi-square p-value: to be shown, not to decide, it is liberal.

    G = 2 N JSD_w, the JSD with the sides weighted by their rows.

    >>> round(likelihood_ratio([200] * 5, [150, 180, 200, 220, 250]).statistic, 6)
    14.740256
    """
    before, after = as_pair(reference, live)
    pooled = before + after
    total = pooled.sum()
    sides = [kl_excess(side, pooled * (side.sum() / total)) for side in (before, after)]
    statistic = float(2 * np.sum(sides))
    freedom = max(np.count_nonzero(pooled) - 1, 1)
    return Component(statistic, float(np.maximum(chdtrc(freedom, statistic), LEAST_P)))


def adjust(p_values: ArrayLike, method: Literal["bh", "by"] = "bh") -> Array:
    """Adjust p-values (features,) for their number, so that alpha bounds the false discovery rate.

    "bh": Benjamini and Hochberg 1995; "by": Benjamini and Yekutieli 2001, for any dependence.
    NaN (or None) marks a feature without a test: it stays NaN and is not counted.

    >>> adjust([0.01, None, 0.04, 0.03]).round(4).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    given = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    falling = tested[np.argsort(-given[tested], kind="stable")]
    ranks = np.arange(tested.size, 0, -1)
    factor = (1 / ranks).sum() if method == "by" else 1.0
    raised = given[falling] * factor * tested.size / ranks
    adjusted[falling] = np.minimum(np.minimum.accumulate(raised), 1.0)
    return adjusted


def _pooled(reference: Array, live: Array) -> tuple[Array, Array]:
    """Sum the bins of which the smaller side expects next to nothing into one more bin."""
    pooled = reference + live
    n, m = (side.sum(axis=-1, keepdims=True) for side in (reference, live))
    rare = pooled * np.minimum(n, m) < _RARE * (n + m)
    before, after = (
        np.append(np.where(rare, 0, side), (side * rare).sum(axis=-1, keepdims=True), axis=-1)
        for side in (reference, live)
    )
    return before, after


def _permutation_moments(reference: Array, live: Array) -> tuple[Array, Array]:
    """Give mean and variance of X² over all ways to deal the rows to both sides (Dawson 1954).

    The variance is 0 for fewer than four rows, where it is not defined.
    """
    pooled = reference + live
    n, m = reference.sum(axis=-1), live.sum(axis=-1)
    rows = np.maximum(n + m, _FEWEST_ROWS)
    bins = np.count_nonzero(pooled, axis=-1)
    inverses = np.where(pooled > 0, 1 / np.maximum(pooled, 1), 0).sum(axis=-1)
    nu = bins - 1
    v1, w1 = (rows - 2) / (rows - 1), (rows * (1 / n + 1 / m) - 4) / (rows - 2)
    v2, w2 = nu * (rows - bins) / (rows - 1), (rows * inverses - bins**2) / (rows - 2)
    variance = 2 * rows / (rows - 3) * (v1 - w1) * (v2 - w2) + rows**2 / (rows - 1) * w1 * w2
    return rows * nu / (rows - 1), np.where(n + m < _FEWEST_ROWS, 0.0, variance)


def _trends(reference: Array, live: Array) -> tuple[Array, Array]:
    """Give z of location and scale of ordered bins: orthonormal polynomials in the mid-ranks.

    NaN where they do not exist; bins without rows have no weight.
    """
    pooled = reference + live
    n, m = reference.sum(axis=-1), live.sum(axis=-1)
    bins = np.count_nonzero(pooled, axis=-1)
    exists = (n > 0) & (m > 0) & (bins > 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = pooled / (n + m)[..., None]
        centred = np.cumsum(weights, axis=-1) - weights / 2 - 1 / 2
        first = centred / np.sqrt((weights * centred**2).sum(axis=-1, keepdims=True))
        second = first**2 - 1 - (weights * first**3).sum(axis=-1, keepdims=True) * first
        second = second / np.sqrt((weights * second**2).sum(axis=-1, keepdims=True))
        spread = np.sqrt(n * m / (n + m - 1))
        location = (first * live).sum(axis=-1) / spread
        scale = (second * live).sum(axis=-1) / spread
    has_scale = exists & (bins >= _SCALE_BINS)
    return np.where(exists, location, np.nan), np.where(has_scale, scale, np.nan)


def _two_sided(z: Array) -> Array:
    return np.asarray(np.maximum(erfc(np.abs(z) / np.sqrt(2)), LEAST_P))


def _largest_bin(counts: Array, rows: Array) -> tuple[Array, Array]:
    """Give the place of the bin that stands out most, and its p-value times their number."""
    bins = np.count_nonzero(counts.any(axis=0), axis=-1)
    p = single_bins(counts, rows)
    least = np.minimum(p.min(axis=-1) * bins, 1.0)
    exists = bins > 1
    return np.where(exists, p.argmin(axis=-1), np.nan), np.where(exists, least, np.nan)
