"""The cases that can be moved: shares, curves and samples, computed by `core`."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from core.measuring import gaussians
from core.measuring.divergences import DIVERGENCES, JSD, LN2, js_distance
from core.measuring.intervals import bound
from core.measuring.significance import likelihood_ratio, test_counts
from core.measuring.smoothing import Array, probabilities, with_epsilon

from .examples import D1, D4, ENDLESS
from .measures import kl

REACH = 4.0  # the bins lie between -REACH and REACH, the outer two are open
FINE = 16  # bins that can be merged
ROWS = (100, 300, 1000, 3000, 10_000, 30_000, 100_000)
EPSILONS = (1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2)
SEED = 9
SIZES = (4, 6, 8, 12, 16, 24, 32, 48, 64)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution, by its middle and its spread (the standard deviation)."""

    mean: float = 0.0
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sample of so many rows a side shows of the JS distance, and how sure it is."""

    rows: int
    plain: float
    corrected: float
    low: float
    high: float
    p: float


def edges(bins: int) -> Array:
    """Cut the axis into `bins` of equal width, the outer ones open: their inner edges."""
    return np.linspace(-REACH, REACH, bins - 1)


def shares(normal: Normal, bins: int) -> Array:
    """Tell which share of a normal distribution lies in each bin (bins,)."""
    ends = (edges(bins) - normal.mean) / normal.spread
    upper = np.append(ends, np.inf)
    lower = np.append(-np.inf, ends)
    # Where both ends lie above the middle, the upper tails keep the digits.
    return np.asarray(np.where(lower > 0, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower)))


def labels(bins: int) -> list[str]:
    """Name the bins of `edges`."""
    cuts = [f"{edge:.2g}" for edge in edges(bins)]
    inner = [f"{low} to {high}" for low, high in pairwise(cuts)]
    return [f"below {cuts[0]}", *inner, f"from {cuts[-1]}"]


def terms(measure: str, live: Array, reference: Array) -> Array:
    """Split a divergence of `core` into what each bin adds: JSD in bits, the others in nats."""
    found = DIVERGENCES[measure].terms(live, reference)
    return found / LN2 if DIVERGENCES[measure] is JSD else found


def closed(p: Normal, q: Normal) -> float:
    """Compute KL(p‖q) of two normal distributions without bins, in nats."""
    return gaussians.kl(p.mean, p.spread**2, q.mean, q.spread**2)


def binned(p: Normal, q: Normal) -> list[float]:
    """Compute KL(p‖q) of the same two in each number of bins of `SIZES`, in nats."""
    return [kl(shares(p, bins), shares(q, bins)) for bins in SIZES]


def merged(sides: tuple[Array, Array], groups: int) -> tuple[Array, Array]:
    """Merge the fine bins of both sides (FINE,) into `groups` of neighbours."""
    first, second = (side.reshape(groups, -1).sum(axis=-1) for side in sides)
    return first, second


def smoothed(rows: int, epsilon: float | None) -> tuple[Array, Array]:
    """Give the shares of d1 and d4 in `rows` rows: with `epsilon` added, or half a row a bin."""
    counts = [np.round(rows * side) for side in (D1, D4)]
    first, second = (
        probabilities(side) if epsilon is None else with_epsilon(side, epsilon) for side in counts
    )
    return first, second


def tossed(tosses: int, heads: int) -> tuple[float, float, float]:
    """Weigh heads against a fair coin: KL a toss in nats, G = 2 tosses KL, and its p-value."""
    seen = probabilities([heads, tosses - heads], 0)
    test = likelihood_ratio([ENDLESS, ENDLESS], [heads, tosses - heads])
    return kl(seen, (0.5, 0.5)), test.statistic, test.p


def sampled(shift: float, bins: int) -> list[Seen]:
    """Draw samples of more and more rows of N(0, 1) and of N(shift, 1), and judge each pair."""
    before, after = shares(Normal(), bins), shares(Normal(shift), bins)
    rng = np.random.default_rng(SEED)
    return [_judged(rng.multinomial(rows, before), rng.multinomial(rows, after)) for rows in ROWS]


def _judged(reference: ArrayLike, live: ArrayLike) -> Seen:
    bounds = bound(reference, live)
    plain = JSD(probabilities(live, 0), probabilities(reference, 0))
    sizes = [float(js_distance(each)) for each in (plain, bounds.size, bounds.low, bounds.high)]
    test = test_counts(reference, live, ordered=True)
    return Seen(int(np.sum(live)), sizes[0], sizes[1], sizes[2], sizes[3], p=test.p)
