"""The fine cells of a reference and of many windows on one grid: of windows only what they occupy.

Where sums between some cells are all that is asked, a table of windows by cells would be mostly
zeros (see `lattices`, which has that table).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..profiling.quantities import NumericCounts
from .grids import Integers, union

_DENSE = 1 << 21  # cells from the first to the last up to which a table finds the occupied ones


@dataclass(frozen=True, slots=True)
class Sparse:
    """Counts of the occupied `cells`; those of window i are `places[bounds[i]:bounds[i + 1]]`.

    Both sums start with 0: `reference_sums` over all cells, `rising` over the counts of all
    windows, one behind the other.
    """

    level: int
    cells: Integers
    reference: Integers
    places: Integers
    bounds: Integers
    reference_sums: Integers
    rising: Integers

    @property
    def counts(self) -> Integers:
        """Count the rows in each of the `places`."""
        return np.asarray(np.diff(self.rising))

    @property
    def rows(self) -> Integers:
        """Count the rows of each window."""
        return np.asarray(np.diff(self.rising[self.bounds]))

    def between(self, starts: Integers, chosen: Integers | None = None) -> Integers:
        """Sum windows from each place in `starts` up to the next, the last to the end.

        `starts` are (bins,) or (windows, bins); `chosen` are the windows, all if left out.
        """
        windows = np.arange(self.bounds.size - 1) if chosen is None else chosen
        first, end = self.bounds[windows], self.bounds[windows + 1]
        spans = zip(
            first.tolist(),
            end.tolist(),
            np.broadcast_to(starts, (windows.size, starts.shape[-1])),
            strict=True,
        )
        below = np.array([self.places[a:b].searchsorted(own) for a, b, own in spans], np.int64)
        edges = np.hstack([first[:, None] + below, end[:, None]])
        rows = np.diff(self.rising[edges], axis=1)
        # Bin after bin, as a table gives them: sums over bins then round alike in either form.
        return np.asfortranarray(rows) if starts.ndim == 1 else rows

    def ranked(self, ranks: Integers) -> Integers:
        """Find the place that holds the row of each rank (windows, ranks) of both together."""
        first, end = self.bounds[:-1], self.bounds[1:]
        pooled = self.reference_sums[1:][self.places] + self.rising[1:]
        wanted = ranks + self.rising[first][:, None]
        spans = zip(first.tolist(), end.tolist(), wanted, strict=True)
        at = np.array([pooled[a:b].searchsorted(own) for a, b, own in spans], np.int64)
        at += first[:, None]
        # Up to there the window adds nothing more: the reference alone may get there before.
        before = self.rising[at] - self.rising[first][:, None]
        alone = self.reference_sums[1:].searchsorted(ranks - before)
        live = np.append(self.places, self.cells.size)[at]
        return np.minimum(alone, np.where(at < end[:, None], live, self.cells.size))


def lay(reference: NumericCounts, flat: "Flat", level: int) -> Sparse:
    """Put the fine counts of a reference and of windows, at a level that fits all, on one grid."""
    own, rows = reference.at_level(level)
    bounds, everything, rising = _merged(flat)
    cells, places = _placed(own, everything)
    before = np.zeros(cells.size, np.int64)
    before[np.searchsorted(cells, own)] = rows
    return Sparse(level, cells, before, places, bounds, sums_of(before), rising)


def sums_of(counts: Integers) -> Integers:
    """Sum counts up to each, from 0 on (one more than there are)."""
    sums = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=sums[1:])
    return sums


@dataclass(frozen=True, slots=True)
class Flat:
    """The cells and counts of windows behind each other; `sizes` tells how many each has."""

    cells: Integers
    counts: Integers
    sizes: Integers

    @property
    def starts(self) -> Integers:
        """Tell where each window begins."""
        return np.asarray(np.cumsum(self.sizes) - self.sizes)


def side_by_side(windows: Sequence[NumericCounts], level: int) -> Flat:
    """Give the cells of all windows at one level, those that have become one still apart."""
    cells = np.concatenate([window.cells for window in windows])
    counts = np.concatenate([window.counts for window in windows])
    sizes = np.array([window.cells.size for window in windows])
    levels = np.array([window.level for window in windows])
    alike = levels.min() == levels.max()
    bits = level - (levels[0] if alike else np.repeat(levels, sizes))
    return Flat(np.right_shift(cells, bits, out=cells), counts, sizes)


def _merged(flat: Flat) -> tuple[Integers, Integers, Integers]:
    """Give bounds of windows, cells, and sums of counts; those of a window that are one, once."""
    first = np.ones(flat.cells.size, bool)
    np.not_equal(flat.cells[1:], flat.cells[:-1], out=first[1:])
    begin = flat.starts
    first[begin[flat.sizes > 0]] = True
    places = np.flatnonzero(first)
    bounds = np.searchsorted(places, np.append(begin, flat.cells.size))
    rising = sums_of(flat.counts)
    if places.size == flat.cells.size:
        return bounds, flat.cells, rising
    return bounds, flat.cells[places], rising[np.append(places, flat.cells.size)]


def _placed(own: Integers, others: Integers) -> tuple[Integers, Integers]:
    """Give the cells that anyone occupies, rising, and the places of `others` among them."""
    cells, low = occupied(own, others)
    if low is None:
        return cells, np.searchsorted(cells, others)
    places = np.empty(int(cells[-1]) - low + 1, np.int64)
    places[cells - low] = np.arange(cells.size)
    return cells, places[others - low]


def occupied(own: Integers, others: Integers) -> tuple[Integers, int | None]:
    """Give the cells that anyone occupies, rising; and the lowest, where a table may reach all."""
    sides = [side for side in (own, others) if side.size]
    low = min((int(side.min()) for side in sides), default=0)
    high = max((int(side.max()) for side in sides), default=_DENSE)
    if high - low >= _DENSE:
        return union(own, others), None
    table = np.zeros(high - low + 1, bool)
    table[own - low] = True
    table[others - low] = True
    return np.flatnonzero(table) + low, low
