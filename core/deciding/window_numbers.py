"""A numeric feature in many windows at once, binned and weighed as `binnings` does it for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..measuring import intervals
from ..measuring.batches import Overdispersion, overdispersion
from ..measuring.bins import DEFAULT_COUNT, coarseness, is_discrete
from ..profiling.quantities import NumericCounts
from . import binnings, lattices
from .binnings import UNSEEN_NOISE, UNSEEN_SHARE, Options, choose_cuts, is_coded
from .chunks import wide_enough
from .evidence import FINE_ROWS
from .grids import Array, Integers, Mask
from .lattices import Lattice, between
from .sparse import Sparse, lay, side_by_side
from .weights import (
    Batches,
    Counts,
    Weights,
    compact,
    fold,
    tails,
    weigh_batches,
    weigh_counts,
    weigh_fixed,
)


def can_weigh(reference: NumericCounts, options: Options) -> bool:
    """Tell whether windows of this feature can be weighed together."""
    if options.rule == "blocks" or not reference.finite:
        return False
    # Between one bin a value and quantiles, each sum with a window might go its own way.
    sure = is_discrete(reference.counts, options.bin_count) or reference.cells.size > DEFAULT_COUNT
    return options.rule != "quantile" or sure


def weigh_numbers(
    reference: NumericCounts,
    windows: Sequence[NumericCounts],
    *,
    options: Options,
    measure: str | None,
    batches: Batches[NumericCounts] | None,
) -> tuple[Weights, Mask]:
    """Weigh windows of one level against a reference, and tell which could be weighed here.

    The others have a bin for values that the reference never had.
    """
    level = max(reference.level, windows[0].level)
    tested_too = measure is None and batches is None
    lattice = _laid(reference, windows, level, options, tested_too=tested_too)
    beside = np.array([_beside(side, options) for side in (reference, *windows)])
    counts = _counts(lattice, reference, beside, options, tested_too=tested_too)
    possible = np.ones(len(windows), bool)
    if isinstance(lattice, Lattice) and _may_have_unseen(reference, options):
        possible = ~_has_unseen(lattice, reference)
    if measure is not None:
        return weigh_fixed(counts, measure, options), possible
    if batches is None:
        bound = _Bound(lattice, reference, beside, options)
        return weigh_counts(counts, bound.of(counts)), possible
    known, live = _chunked(reference, lattice, beside, batches.chunks, options)
    return weigh_batches(counts, known, (live, batches.squares)), possible


def _laid(
    reference: NumericCounts,
    windows: Sequence[NumericCounts],
    level: int,
    options: Options,
    *,
    tested_too: bool,
) -> Lattice | Sparse:
    """Lay windows out in the cheapest form that answers what will be asked."""
    if _may_have_unseen(reference, options):
        return lattices.build(reference, windows, level)
    if not tested_too:
        cuts = choose_cuts(reference, level, options)
        return lattices.build_on(cuts, reference, windows, level)
    if is_discrete(reference.counts, options.bin_count):
        return lattices.build(reference, windows, level)
    return lay(reference, side_by_side(windows, level), level)


def _beside(counts: NumericCounts, options: Options) -> tuple[int, int, int]:
    missing = counts.missing * options.missing
    return counts.negative_infinity, counts.positive_infinity, missing


def _counts(
    lattice: Lattice | Sparse,
    reference: NumericCounts,
    beside: Integers,
    options: Options,
    *,
    tested_too: bool,
) -> Counts:
    """Count what is shown of every window, and what is tested where that is asked for."""
    cuts = choose_cuts(reference, lattice.level, options)
    starts = np.append(0, np.searchsorted(lattice.cells, cuts))
    before, after = between(lattice.reference_sums, starts), lattice.between(starts)
    shown = [np.broadcast_to(before, after.shape), after]
    outer = after[:, [0, -1]] + before[[0, -1]] if len(before) > 1 else np.ones((len(after), 2))
    extras = (beside[0] + beside[1:]) > 0
    kept = before.size - (outer == 0).sum(axis=1) + extras.sum(axis=1)
    bodies = shown[0], shown[1]
    if tested_too:
        bodies = _tested_body(lattice, reference, options, (before, after))
    low, high, rest = (
        np.stack([np.full(len(after), beside[0, i]), beside[1:, i]]) for i in range(3)
    )
    tested = tuple(np.column_stack([low[i], bodies[i], high[i], rest[i]]) for i in range(2))
    ordered = np.arange(tested[0].shape[1]) < tested[0].shape[1] - 1
    singles = np.concatenate([np.stack(tested), tails(*bodies)], axis=2)
    live = np.column_stack([low[1], shown[1], high[1], rest[1]])
    own = np.column_stack([low[0], shown[0], high[0], rest[0]])
    return Counts(own, live, kept, (tested[0], tested[1]), ordered, singles)


def _tested_body(
    lattice: Lattice | Sparse,
    reference: NumericCounts,
    options: Options,
    shown: tuple[Integers, Integers],
) -> tuple[Integers, Integers]:
    if options.rule != "quantile":
        return compact(*fold(*shown))
    if isinstance(lattice, Lattice) and is_discrete(reference.counts, options.bin_count):
        starts = lattices.value_starts(lattice, binnings.POOLED_ROWS, binnings.POOLED_SHARE)
    else:
        starts = lattices.pooled_starts(lattice, options.bin_count, reference.budget)
    return compact(between(lattice.reference_sums, starts), lattice.between(starts))


def _may_have_unseen(reference: NumericCounts, options: Options) -> bool:
    quantiles = options.rule == "quantile" and options.bin_count >= DEFAULT_COUNT
    return quantiles and is_coded(reference)


def _has_unseen(lattice: Lattice, reference: NumericCounts) -> Mask:
    """Mark the windows that `binnings` gives a bin of values new to the reference."""
    seen = np.flatnonzero(lattice.reference)
    new = lattice.reference == 0
    new[: seen[0]] = new[seen[-1] :] = False
    rows = lattice.window_sums[:, -1]
    once = np.count_nonzero(reference.counts == 1) / reference.finite
    share = lattice.windows[:, new].sum(axis=1) / np.maximum(rows, 1)
    enough = once + UNSEEN_SHARE + UNSEEN_NOISE / np.sqrt(np.maximum(rows, 1))
    return np.asarray((share > 0) & (share >= enough))


@dataclass(frozen=True, slots=True)
class _Bound:
    """What excludes a drift: taken on the fewer bins that a small window can see."""

    lattice: Lattice | Sparse
    reference: NumericCounts
    beside: Integers
    options: Options

    def of(self, counts: Counts) -> Callable[[Array], Array]:
        """Give the bounds of all windows from the upper ends of their intervals."""
        rows = np.minimum(counts.reference.sum(axis=1), counts.live.sum(axis=1))

        def bound(high: Array) -> Array:
            bounds = high.copy()
            small = np.flatnonzero((rows < FINE_ROWS) & (rows > 0))
            groups: dict[tuple[object, ...], list[int]] = {}
            for place, kind in zip(small.tolist(), self._kinds(rows[small]), strict=True):
                groups.setdefault(kind, []).append(place)
            for places in groups.values():
                bounds[places] = self._upper(np.array(places), int(rows[places[0]]))
            return bounds

        return bound

    def _kinds(self, rows: Integers) -> list[tuple[object, ...]]:
        """Tell the windows apart that see other bins."""
        if self.options.rule != "quantile":
            return [()] * rows.size
        return coarseness(self.reference.counts, self.options.bin_count, rows.tolist())

    def _upper(self, places: Integers, rows: int) -> Array:
        cuts = choose_cuts(self.reference, self.lattice.level, self.options, window=rows)
        starts = np.append(0, np.searchsorted(self.lattice.cells, cuts))
        after = np.hstack([self.lattice.between(starts, places), self.beside[1:][places]])
        before = np.append(between(self.lattice.reference_sums, starts), self.beside[0])
        return intervals.upper_bound(np.broadcast_to(before, after.shape), after)


def _chunked(
    reference: NumericCounts,
    lattice: Lattice | Sparse,
    beside: Integers,
    chunks: Sequence[NumericCounts],
    options: Options,
) -> tuple[Overdispersion, Integers]:
    """Count chunks and windows in the same bins, wide enough for a chunk."""
    own = binnings.bin_chunks(reference, lattice.level, chunks, options=options)
    starts = wide_enough(own)
    cuts = np.append(
        0, np.searchsorted(lattice.cells, choose_cuts(reference, lattice.level, options))
    )
    body = lattice.between(cuts)
    if not is_discrete(reference.counts, options.bin_count):
        body = fold(between(lattice.reference_sums, cuts), body)[1]
    live = np.hstack([body, beside[1:]])
    known = overdispersion(np.add.reduceat(own, starts, axis=1))
    return known, np.add.reduceat(live, starts, axis=1)
