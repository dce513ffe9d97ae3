"""What chance allows for one feature in many windows at once: the array form of `evidence`.

Counts are (windows, bins); a bin that nobody in a window is in has no rows and says nothing. Every
figure is the one that `evidence` gives for the window alone; sizes are JSD in nats.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

import numpy as np

from ..measuring import intervals
from ..measuring.batches import Overdispersion, test_windows
from ..measuring.divergences import DIVERGENCES, JSD, LN2, js_distance
from ..measuring.intervals import noise_level
from ..measuring.significance import test_many
from ..measuring.smoothing import probabilities
from .binnings import Options
from .grids import Array, Integers, Mask

Side = TypeVar("Side")

_TAIL_BINS, _LEAST_BODY = 4, 2  # as in `binnings`: outermost bins summed, and those between


@dataclass(frozen=True, slots=True)
class Counts:
    """Bins of many windows (windows, bins): those shown, and those tested.

    `kept` is the number of bins that are shown of each window, empty ones of the reference too.
    `singles` (2, windows, labels) is what the largest single bin is sought among.
    """

    reference: Integers
    live: Integers
    kept: Integers
    tested: tuple[Integers, Integers]
    ordered: Mask
    singles: Integers

    def only(self, places: Integers) -> "Counts":
        """Give the counts of some windows."""
        tested = self.tested[0][places], self.tested[1][places]
        pair = self.reference[places], self.live[places]
        return Counts(*pair, self.kept[places], tested, self.ordered, self.singles[:, places])


@dataclass(frozen=True, slots=True)
class Weights:
    """Evidence of each window (windows,); NaN where it was not compared.

    `value` is what a fixed policy compares with its thresholds, in the unit of the report.
    """

    n: Array
    m: Array
    p: Array
    size: Array
    low: Array
    high: Array
    bound: Array
    noise: Array
    value: Array

    def put(self, places: Integers, found: "Weights") -> None:
        """Fill in the figures of some windows."""
        for field in fields(self):
            getattr(self, field.name)[places] = getattr(found, field.name)


@dataclass(frozen=True, slots=True)
class Batches(Generic[Side]):
    """The reference in chunks, and the squares of the rows of each window's parts, summed."""

    chunks: Sequence[Side]
    squares: Array


def nothing(windows: int) -> Weights:
    """Give the weights of windows of which nothing is known yet."""
    return Weights(*(np.full(windows, np.nan) for _ in fields(Weights)))


def join_weights(parts: Sequence[Weights]) -> Weights:
    """Put the weights of windows behind each other."""
    names = [field.name for field in fields(Weights)]
    return Weights(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def fixed_noise(measure: str, bins: Integers, n: Array, m: Array) -> Array:
    """Tell what a fixed measure reaches by noise alone in 5 % of windows; NaN where not known."""
    divergence = JSD if measure == "js_distance" else DIVERGENCES.get(measure)
    level = None if divergence is None else noise_level(divergence, bins, n=n, m=m)
    if level is None:
        return np.full(bins.shape, np.nan)
    if measure == "js_distance":
        return js_distance(level)
    return level / LN2 if measure == "jsd" else level


def weigh_fixed(counts: Counts, measure: str, options: Options) -> Weights:
    """Measure windows for a fixed policy, which asks for nothing else."""
    n, m = (side.sum(axis=1).astype(float) for side in (counts.reference, counts.live))
    occupied = np.count_nonzero(counts.reference + counts.live, axis=1)
    unknown = np.full(n.shape, np.nan)
    noise = fixed_noise(measure, occupied, n, m)
    value = measured(counts, measure, options)
    return Weights(n, m, unknown, unknown, unknown, unknown, unknown, noise, value)


def weigh_counts(counts: Counts, bound: Callable[[Array], Array]) -> Weights:
    """Weigh windows of independent rows; `bound` turns upper ends into what excludes a drift."""
    pair = counts.reference, counts.live
    size, low, high = intervals.bound(*pair)
    n, m = (side.sum(axis=1).astype(float) for side in pair)
    occupied = np.count_nonzero(pair[0] + pair[1], axis=1)
    test = test_many(
        *(side.astype(float) for side in counts.tested),
        ordered=counts.ordered,
        singles=counts.singles.astype(float),
    )
    return Weights(
        n,
        m,
        test.p,
        size,
        low,
        high,
        bound(high),
        intervals.noise_size(n, m, occupied),
        np.full(n.shape, np.nan),
    )


def weigh_batches(
    counts: Counts, known: Overdispersion, batches: tuple[Integers, Array]
) -> Weights:
    """Weigh windows whose rows resemble each other; `batches` are (counts, sums of squares)."""
    live, squares = batches
    pair = counts.reference, counts.live
    test = test_windows(known, live.astype(float), squares)
    n, m = (side.sum(axis=1).astype(float) for side in pair)
    occupied = np.count_nonzero(pair[0] + pair[1], axis=1)
    freedom = test.freedom / known.freedom * np.maximum(occupied - 1, 1)
    size, low, high = intervals.bound(*pair, freedom=freedom, inflation=test.inflation)
    noise = intervals.noise_size(
        n, m, occupied, freedom=freedom, inflation=test.inflation, chunks=known.chunks
    )
    undefined = np.full(n.shape, np.nan)
    return Weights(n, m, test.p, size, low, high, high, noise, undefined)


def measured(counts: Counts, measure: str, options: Options) -> Array:
    """Measure each window as a fixed policy does; NaN for measures along the axis."""
    before, after = counts.reference, counts.live
    if measure in {"js_distance", "jsd", "hellinger", "total_variation"}:
        q, p = probabilities(before, 0), probabilities(after, 0)
        if measure == "js_distance":
            return js_distance(JSD.terms(p, q).sum(axis=1))
        if measure == "jsd":
            return np.asarray(JSD.terms(p, q).sum(axis=1) / LN2)
        if measure == "hellinger":
            return np.asarray(np.sqrt(DIVERGENCES["hellinger_squared"](p, q)))
        return DIVERGENCES[measure](p, q)
    if measure not in DIVERGENCES:
        return np.full(len(after), np.nan)
    there = (before > 0) | (after > 0)
    q, p = (_smoothed(side, there, counts.kept, options) for side in (before, after))
    return DIVERGENCES[measure](p, q)


def _smoothed(rows: Integers, there: Mask, kept: Integers, options: Options) -> Array:
    """Smooth shares over the bins that are shown; the others stay without any."""
    total = rows.sum(axis=1, keepdims=True)
    if options.epsilon is None:
        share = (rows + options.pseudocount) / (total + options.pseudocount * kept[:, None])
    else:
        share = (rows / total + options.epsilon) / (1 + options.epsilon * kept[:, None])
    return np.where(there, share, 0.0)


def fold(reference: Integers, body: Integers) -> tuple[Integers, Integers]:
    """Add the ends that the reference cannot fill to their neighbours: the tested form."""
    first = int(body.shape[1] > 1 and reference[0] == 0)
    last = int(body.shape[1] - first > 1 and reference[-1] == 0)
    end = body.shape[1] - last
    sides = []
    for side in (np.broadcast_to(reference, body.shape), body):
        folded = side[:, first:end].copy()
        folded[:, 0] += side[:, :first].sum(axis=1)
        folded[:, -1] += side[:, end:].sum(axis=1)
        sides.append(folded)
    return sides[0], sides[1]


def compact(reference: Integers, live: Integers) -> tuple[Integers, Integers]:
    """Move the bins that nobody is in behind the others, window by window."""
    empty = (reference == 0) & (live == 0)
    if not empty.any():
        return reference, live
    order = np.argsort(empty, axis=1, kind="stable")[:, : int((~empty).sum(axis=1).max())]
    return np.take_along_axis(reference, order, 1), np.take_along_axis(live, order, 1)


def tails(reference: Integers, live: Integers) -> Integers:
    """Sum the outermost bins of each end (2, windows, sums), 0 where the body is too short."""
    sides = np.stack([reference, live])
    bins = np.count_nonzero(reference + live, axis=1)
    enough = bins >= 2 * _TAIL_BINS + _LEAST_BODY
    lows = np.cumsum(sides[:, :, :_TAIL_BINS], axis=2)[:, :, 1:]
    places = np.maximum(bins[:, None] - np.arange(1, _TAIL_BINS + 1), 0)
    ends = np.take_along_axis(sides, np.broadcast_to(places, (2, *places.shape)), axis=2)
    highs = np.cumsum(ends, axis=2)[:, :, 1:]
    return np.asarray(np.concatenate([lows, highs], axis=2) * enough[:, None])
