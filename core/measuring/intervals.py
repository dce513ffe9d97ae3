"""How large is the drift: the bias of the plug-in JSD, an interval for its size, rows needed.

All values are JSD in nats, of the population behind the bins; `js_distance` turns them into the
distance shown. Counts are (..., bins), bins on the last axis. Sources: statistics.md, sections 3, 5
and 6.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtr, chdtri, chndtrinc, fdtri, ndtri

from .divergences import JSD, LN2, Divergence, js_distance
from .smoothing import Array, as_pair, raw_shares

# Under no drift 8 h JSD is chi-square, with h = n m / (n + m): 2 h over the curvature of the JSD.
_CHI_SQUARE = 8
# From here on a normal law of the root is within 1e-4 of the exact bound's margin, which takes
# time with the root of x and ends in NaN at 1e10.
_LARGE = 1e5
_NOISE = 0.05  # share of windows without drift that look larger than the noise level
_STRETCH = (0.25, 4.0)  # how far the delta method may change the noncentral law's variance


def bias(reference: ArrayLike, live: ArrayLike) -> Array:
    """Estimate by how much noise raises the plug-in JSD, with or without drift.

    Source: Miller 1955 (bias of entropy), applied to both sides and the mixture.

    >>> bias([500, 300, 200, 0], [45, 30, 20, 5]).round(9).item()
    0.002845395
    """
    return _bias(*as_pair(reference, live))


def _bias(before: Array, after: Array) -> Array:
    q, p = raw_shares(before), raw_shares(after)
    n, m = before.sum(axis=-1), after.sum(axis=-1)
    noise = p * (1 - p) / m[..., None] + q * (1 - q) / n[..., None]
    shared = _divided(noise, (p + q) / 2).sum(axis=-1) / 8
    own = (np.count_nonzero(p, axis=-1) - 1) / m + (np.count_nonzero(q, axis=-1) - 1) / n
    return np.asarray(own / 4 - shared)


def corrected(reference: ArrayLike, live: ArrayLike, *, inflation: ArrayLike = 1.0) -> Array:
    """Compute D, the JSD less its bias, at least 0: the size that thresholds and ranks go by.

    `inflation` is that of `batches`, for rows that resemble each other.

    >>> corrected([500, 300, 200, 0], [45, 30, 20, 5]).round(9).item()
    0.015141484
    """
    before, after = as_pair(reference, live)
    return _size(JSD(raw_shares(after), raw_shares(before)), before, after, inflation)


def _size(jsd: Array, before: Array, after: Array, inflation: ArrayLike) -> Array:
    return np.asarray(np.maximum(jsd - np.asarray(inflation) * _bias(before, after), 0.0))


def interval(
    reference: ArrayLike,
    live: ArrayLike,
    level: float = 0.9,
    *,
    freedom: ArrayLike | None = None,
    inflation: ArrayLike = 1.0,
) -> tuple[Array, Array]:
    """Bound the JSD of the population from both sides, with `level` between the bounds.

    Noncentral chi-square bounds, their spread set by the delta method. One occupied bin gives a
    lower bound of 0 and an upper one that falls with the rows, so tiny samples and constants are
    never certified stable. `freedom` and `inflation` are those of `batches`, for rows that
    resemble each other; the interval is then indicative only.

    >>> low, high = interval([500, 300, 200, 0], [45, 30, 20, 5])
    >>> low.round(9).item(), high.round(9).item()
    (0.005684508, 0.03080428)
    """
    bounds = bound(reference, live, level, freedom=freedom, inflation=inflation)
    return bounds.low, bounds.high


class Bounds(NamedTuple):
    """The size without bias, and the ends of its interval."""

    size: Array
    low: Array
    high: Array


def bound(
    reference: ArrayLike,
    live: ArrayLike,
    level: float = 0.9,
    *,
    freedom: ArrayLike | None = None,
    inflation: ArrayLike = 1.0,
) -> Bounds:
    """Give `corrected` and `interval` together, for little more than one of them.

    >>> bound([500, 300, 200, 0], [45, 30, 20, 5]).size.round(9).item()
    0.015141484
    """
    law = _law(reference, live, freedom, inflation)
    outside = (1 - level) / 2
    lowest = noncentrality(law.scale * law.jsd, law.freedom, 1 - outside)
    low = np.maximum(law.size - law.stretch * (law.size - lowest / law.scale), 0) * (lowest > 0)
    return Bounds(law.size, np.asarray(low), _upper(law, outside))


def upper_bound(reference: ArrayLike, live: ArrayLike, level: float = 0.9) -> Array:
    """Give the upper end of `interval` alone, which takes a fraction of the time.

    >>> upper_bound([500, 300, 200, 0], [45, 30, 20, 5]).round(9).item()
    0.03080428
    """
    return _upper(_law(reference, live, None, 1.0), (1 - level) / 2)


class _Law(NamedTuple):
    """The noncentral law of the plug-in JSD, and what it is stretched about."""

    jsd: Array
    size: Array
    freedom: Array
    scale: Array
    stretch: Array


def _law(
    reference: ArrayLike, live: ArrayLike, freedom: ArrayLike | None, inflation: ArrayLike
) -> _Law:
    before, after = as_pair(reference, live)
    jsd = JSD(raw_shares(after), raw_shares(before))
    size = _size(jsd, before, after, inflation)
    nominal = np.count_nonzero(before + after, axis=-1) - 1
    nu = np.asarray(nominal if freedom is None else freedom)
    per_bin = np.maximum(nominal, 1) * np.asarray(inflation)
    scale = _chi_square_scale(before, after) * np.maximum(nu, 1) / per_bin
    stretch = _stretch(before, after, jsd) if freedom is None else np.ones_like(jsd)
    return _Law(jsd, size, nu, scale, stretch)


def _upper(law: _Law, outside: float) -> Array:
    statistic = np.maximum(law.scale * law.jsd, np.maximum(law.freedom, 1))
    highest = noncentrality(statistic, law.freedom, outside)
    high = np.maximum(law.size + law.stretch * (highest / law.scale - law.size), law.size)
    return np.asarray(np.minimum(high, LN2))


def noncentrality(x: ArrayLike, freedom: ArrayLike, probability: float) -> Array:
    """Find the noncentrality with which a chi-square is at most `x` with this probability.

    0 where even the central law is larger than `x` too often; a law without freedom is taken to
    have one.

    >>> noncentrality([0.5, 30.0], 9, 0.95).round(4).tolist()
    [0.0, 8.0336]
    """
    statistic, nu = np.broadcast_arrays(np.asarray(x, np.float64), np.maximum(freedom, 1))
    beyond = np.asarray(chdtr(nu, statistic) > probability)  # solving takes time: only where asked
    found = np.zeros(statistic.shape)
    large = beyond & (statistic > _LARGE)
    root = np.sqrt(np.maximum(statistic - nu + 1, 0)) - ndtri(probability)
    found[large] = np.maximum(root[large], 0) ** 2
    solved = beyond & ~large
    found[solved] = chndtrinc(statistic[solved], nu[solved], probability)
    return found


def rows_needed(
    reference_rows: int, bins: Callable[[int], int], largest: float, *, level: float = 0.9
) -> int | None:
    """Find the fewest live rows that could exclude a drift of `largest` nats, were there none.

    `bins` tells how many bins so many live rows would be given (never fewer for more rows); the
    upper bound of `interval` is taken where the chi-square has its mean. None if the reference is
    too small for any number of live rows.

    >>> warn = 0.1**2 * np.log(2)
    >>> rows_needed(10_000, lambda rows: 10, warn), rows_needed(100, lambda rows: 10, warn)
    (210, None)
    """
    rows = 1
    while True:
        nu = max(bins(rows) - 1, 1)
        harmonic = float(noncentrality(nu, nu, (1 - level) / 2)) / (_CHI_SQUARE * largest)
        if harmonic >= reference_rows:
            return None
        needed = int(np.ceil(harmonic * reference_rows / (reference_rows - harmonic)))
        if needed <= rows:
            return rows
        rows = needed


def smallest_visible(
    n: float, m: float, bins: int, *, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Tell the JS distance that the omnibus test of n and m rows finds with this `power`.

    The noncentral chi-square law of 8 h JSD, at level `alpha` for this feature alone; drift that
    moves the location is found sooner, for the other components look for it. At most 1.

    >>> round(smallest_visible(10_000, 1000, bins=26), 3)
    0.067
    """
    nu = max(bins - 1, 1)
    found = noncentrality(chdtri(nu, alpha), nu, 1 - power)
    return float(js_distance(found / (_CHI_SQUARE * n * m / (n + m))))


def noise_level(
    divergence: Divergence, bins: ArrayLike, *, n: ArrayLike, m: ArrayLike, level: float = 0.95
) -> Array | None:
    """Tell the value that `divergence` stays below with this probability when nothing drifts.

    In nats, for n and m rows. None for a divergence without a chi-square limit.
    Source: Yurdakul and Naranjo 2020, for the PSI.

    >>> from core.measuring.divergences import PSI
    >>> noise_level(PSI, 10, n=1000, m=1000).round(6).item()
    0.033838
    """
    if divergence.curvature is None:
        return None
    per_freedom = divergence.curvature / 2 * (1 / np.asarray(n, float) + 1 / np.asarray(m, float))
    freedom = np.asarray(bins) - 1
    return np.where(freedom > 0, per_freedom * chdtri(np.maximum(freedom, 1), 1 - level), 0.0)


def noise_size(
    n: ArrayLike,
    m: ArrayLike,
    bins: ArrayLike,
    *,
    freedom: ArrayLike | None = None,
    inflation: ArrayLike = 1.0,
    chunks: int | None = None,
) -> Array:
    """Tell the size (JSD less its bias, nats) that 95 % of windows stay under without drift.

    For n and m rows in `bins` bins; `freedom` and `inflation` are those of `batches`, whose
    reference has so many `chunks`. The threshold that falls as a window has more rows.

    >>> noise_size(10_000, [200, 1000], 20).round(5).tolist()
    [0.0071, 0.00153]
    """
    nominal = np.maximum(np.asarray(bins) - 1, 1)
    nu = nominal if freedom is None else np.asarray(freedom)
    ratio = chdtri(nu, _NOISE) / nu
    if chunks is not None:
        ratio = fdtri(nu, (chunks - 1) * nu, 1 - _NOISE)
    level = nominal * np.asarray(inflation) * (1 / np.asarray(n, float) + 1 / np.asarray(m, float))
    return np.asarray(np.maximum(level * (ratio - 1) / _CHI_SQUARE, 0.0))


def _chi_square_scale(reference: Array, live: Array) -> Array:
    n, m = reference.sum(axis=-1), live.sum(axis=-1)
    return np.asarray(_CHI_SQUARE * n * m / (n + m))


def _stretch(reference: Array, live: Array, jsd: Array) -> Array:
    """Compare the standard deviation of the JSD (delta method) with that of its noncentral law."""
    q, p = raw_shares(reference), raw_shares(live)
    mixture = (p + q) / 2
    variance = sum(
        _log_variance(share, mixture) / rows.sum(axis=-1)
        for share, rows in ((p, live), (q, reference))
    )
    ratio = _divided(variance * _chi_square_scale(reference, live), 4 * jsd)
    return np.where(jsd > 0, np.sqrt(np.clip(ratio, *_STRETCH)), 1.0)


def _log_variance(share: Array, mixture: Array) -> Array:
    """Give the variance over `share` of half the log ratio to the mixture."""
    halves = np.log(np.where(share > 0, _divided(share, mixture), 1.0)) / 2
    mean = (share * halves).sum(axis=-1, keepdims=True)
    return np.asarray((share * (halves - mean) ** 2).sum(axis=-1))


def _divided(above: Array, below: Array) -> Array:
    """Divide where there is something to divide by; 0 elsewhere."""
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=below > 0)
