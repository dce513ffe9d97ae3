"""The fine cells of a reference and of many windows at once: one row of counts a window.

The array form of `grids`, for windows of one level. `sums` start with 0, so that the rows of the
cells from i up to j are `sums[..., j] - sums[..., i]`.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..measuring.bins import DEFAULT_COUNT, pool_values
from ..profiling.cells import fit
from ..profiling.quantities import NumericCounts
from .grids import Array, Integers
from .sparse import Sparse, lay, occupied, side_by_side, sums_of

_MOST_32 = 2**31  # rows that 32 bits count
_MANY_ROWS, _ROWS_A_BIN = 1000, 20  # as in `bins.quantile`
_ATOM_SHARE, _ATOM_ROWS = 1 / 20, 5
_TAILS = np.array([25, 10, 5, 1])
_TAIL_ROWS, _OUTERMOST = 5, 10_000


@dataclass(frozen=True, slots=True)
class Lattice:
    """Counts of occupied cells: reference (cells,), windows (windows, cells), and their sums."""

    level: int
    cells: Integers
    reference: Integers
    windows: Integers
    reference_sums: Integers
    window_sums: Integers

    def between(self, starts: Integers, chosen: Integers | None = None) -> Integers:
        """Sum windows from each start up to the next, as `Sparse` does."""
        return between(self.window_sums if chosen is None else self.window_sums[chosen], starts)


def build(reference: NumericCounts, windows: Sequence[NumericCounts], level: int) -> Lattice:
    """Put the fine counts of a reference and of windows on one grid, at a level that fits all."""
    return dense(lay(reference, side_by_side(windows, level), level))


def dense(sparse: Sparse) -> Lattice:
    """Give every window a count for every cell."""
    shape = sparse.bounds.size - 1, sparse.cells.size
    most = int(sparse.reference_sums[-1] + sparse.rising[-1])
    kind = np.int32 if most < _MOST_32 else np.int64  # half the memory to go through
    after = np.zeros(shape, kind)
    owners = np.repeat(np.arange(shape[0]), np.diff(sparse.bounds))
    after.reshape(-1)[owners * shape[1] + sparse.places] = sparse.counts
    sums = np.empty((shape[0], shape[1] + 1), kind)
    sums[:, 0] = 0
    np.cumsum(after, axis=1, out=sums[:, 1:])
    fields = sparse.level, sparse.cells, sparse.reference
    return Lattice(*fields, after, sparse.reference_sums, sums)


def build_within(reference: NumericCounts, windows: Sequence[NumericCounts], most: int) -> Lattice:
    """Build at the finest level at which a reference and windows fill at most so many cells."""
    level = max(side.level for side in (reference, *windows))
    flat = side_by_side(windows, level)
    bits = fit(occupied(reference.at_level(level)[0], flat.cells)[0], most)
    np.right_shift(flat.cells, bits, out=flat.cells)
    return dense(lay(reference, flat, level + bits))


def build_on(
    cuts: Integers, reference: NumericCounts, windows: Sequence[NumericCounts], level: int
) -> Lattice:
    """Put fine counts on the few cells that `cuts` make: all that sums between these cuts need."""
    own, rows = reference.at_level(level)
    places = np.searchsorted(cuts, own, side="right")
    before = np.bincount(places, weights=rows, minlength=cuts.size + 1).astype(np.int64)
    flat = side_by_side(windows, level)
    ends = flat.starts + flat.sizes
    spans = zip(flat.starts.tolist(), ends.tolist(), strict=True)
    below = np.array([flat.cells[a:b].searchsorted(cuts) for a, b in spans], np.int64)
    rising = sums_of(flat.counts)
    first = flat.starts[:, None]
    sums = rising[np.hstack([first, first + below, ends[:, None]])] - rising[first]
    after, cells = np.diff(sums, axis=1), np.append(cuts[:1] - 1 if cuts.size else 0, cuts)
    return Lattice(level, cells, before, after, np.append(0, np.cumsum(before)), sums)


def between(sums: Integers, starts: Integers) -> Integers:
    """Sum the cells (..., cells + 1) from each start up to the next, the last to the end.

    `starts` are (bins,) or (windows, bins); they may repeat, and give an empty bin then.
    """
    end = np.full((*starts.shape[:-1], 1), sums.shape[-1] - 1)
    ends = np.concatenate([starts, end], axis=-1)
    if sums.ndim == ends.ndim and sums.ndim > 1:
        return np.diff(np.take_along_axis(sums, ends, axis=-1), axis=-1)
    return np.diff(sums[..., ends], axis=-1)


def pooled_starts(lattice: Lattice | Sparse, count: int, budget: int) -> Integers:
    """Cut reference and window together at the order statistics of both (windows, bins).

    The openings of `bins.quantile` for the sum of the two, window by window, as places among the
    cells; they may repeat. For references that are not discrete. Where the two fill more cells than
    the `budget`, their sum is coarser, as `NumericCounts` are.
    """
    if isinstance(lattice, Sparse):
        if _is_plain(lattice, budget):
            total = lattice.reference_sums[-1] + lattice.rows
            return _opened(lattice.ranked(_ranks(total, total, count)))
        lattice = dense(lattice)
    bits = _bits_over(lattice, budget)
    if not bits.any():
        return _pooled_starts(lattice, count)
    parts = []
    for own in np.unique(bits).tolist():
        places = np.flatnonzero(bits == own)
        coarse, firsts = _coarser(lattice, places, own)
        parts.append((places, firsts[_pooled_starts(coarse, count)]))
    starts = np.full((len(bits), max(some.shape[1] for _, some in parts)), lattice.cells.size)
    for places, some in parts:
        starts[places, : some.shape[1]] = some
    return starts


def _is_plain(sparse: Sparse, budget: int) -> bool:
    """Tell that no window fills too many cells with the reference, and none has a heavy cell."""
    new = sparse.reference[sparse.places] == 0
    spans = itertools.pairwise(sparse.bounds.tolist())
    most = np.count_nonzero(sparse.reference) + max(np.count_nonzero(new[a:b]) for a, b in spans)
    heaviest = sparse.reference.max() + sparse.counts.max(initial=0)
    least = np.maximum(_ATOM_ROWS, _ATOM_SHARE * (sparse.reference_sums[-1] + sparse.rows))
    return bool(most <= budget and heaviest < least.min())


def _bits_over(lattice: Lattice, budget: int) -> Integers:
    """Tell how many bits the cells of reference and window together lose (windows,)."""
    bits = np.zeros(len(lattice.windows), np.int64)
    if lattice.cells.size > budget:
        filled = (lattice.reference > 0) | (lattice.windows > 0)
        for i in np.flatnonzero(filled.sum(axis=1) > budget).tolist():
            bits[i] = fit(lattice.cells[filled[i]], budget)
    return bits


def _coarser(lattice: Lattice, places: Integers, bits: int) -> tuple[Lattice, Integers]:
    """Give some windows on cells that have lost bits, and where each begins among the finer."""
    groups = lattice.cells >> bits
    firsts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    ends = np.append(firsts[1:], groups.size)
    sums = lattice.window_sums[places][:, np.append(0, ends)]
    before = lattice.reference_sums[np.append(0, ends)]
    cells, level = groups[firsts], lattice.level + bits
    coarse = Lattice(level, cells, np.diff(before), np.diff(sums, axis=1), before, sums)
    return coarse, np.append(firsts, groups.size)


def _pooled_starts(lattice: Lattice, count: int) -> Integers:
    kind = lattice.window_sums.dtype
    sums = lattice.reference_sums[1:].astype(kind) + lattice.window_sums[:, 1:]
    total = sums[:, -1].astype(np.int64)
    least = np.maximum(_ATOM_ROWS, _ATOM_SHARE * total)
    atoms = _atoms(lattice, least) if count >= DEFAULT_COUNT else None
    loose = sums if atoms is None else sums - atoms.held(sums)
    left = loose[:, -1].astype(np.int64)
    return _opened(_ranked(loose, _ranks(left, total, count)), atoms)


def _ranks(left: Integers, total: Integers, count: int) -> Integers:
    """Give the ranks of all cuts (windows, cuts) among the rows that are `left` beside atoms."""
    if count < DEFAULT_COUNT:
        return _body_ranks(total, np.full(total.shape, count))
    most = np.minimum(count, np.maximum(DEFAULT_COUNT, total // _ROWS_A_BIN))
    body = np.where(total >= _MANY_ROWS, most, most // 2)
    bodies = np.maximum(2, np.rint(body * left / total)).astype(np.int64)
    return np.hstack([_body_ranks(left, bodies), _tail_ranks(left, total * left / total)])


@dataclass(frozen=True, slots=True)
class _Atoms:
    """Heavy cells: window, cell and pooled rows of each, in order of the windows."""

    windows: Integers
    cells: Integers
    rows: Integers

    def held(self, sums: Integers) -> Integers:
        """Give the rows in atoms up to each cell, in the form of `sums` (windows, cells)."""
        table = np.zeros_like(sums)
        table[self.windows, self.cells] = self.rows
        return np.cumsum(table, axis=1, dtype=sums.dtype)


def _atoms(lattice: Lattice, least: Array) -> _Atoms | None:
    """Find the cells that hold so many pooled rows (windows,); None without any."""
    highest = lattice.reference + lattice.windows.max(axis=0)
    cells = np.flatnonzero(highest >= least.min())
    if not cells.size:
        return None
    pooled = lattice.reference[cells] + lattice.windows[:, cells]
    windows, places = np.nonzero(pooled >= least[:, None])
    return _Atoms(windows, cells[places], pooled[windows, places]) if windows.size else None


def _body_ranks(rows: Integers, bodies: Integers) -> Integers:
    """Give the ranks of the inner cuts (windows, cuts), 0 for those that a window has not."""
    steps = np.arange(1, bodies.max(initial=2))
    ranks = -(-steps * rows[:, None] // bodies[:, None])
    return np.where(steps < bodies[:, None], ranks, 0)


def _tail_ranks(left: Integers, rows: Array) -> Integers:
    tails = np.append(_TAILS, 1000 - _TAILS)
    enough = np.tile(_TAILS * rows[:, None] >= 1000 * _TAIL_ROWS, 2)
    ranks = np.where(enough, -(-tails * left[:, None] // 1000), 0)
    outermost = np.stack([np.full(left.shape, _TAIL_ROWS), left - _TAIL_ROWS], axis=1)
    return np.hstack([ranks, np.where((rows > _OUTERMOST)[:, None], outermost, 0)])


def _ranked(sums: Integers, ranks: Integers) -> Integers:
    """Find the cell that holds the row of each rank (windows, ranks)."""
    ranks = ranks.astype(sums.dtype)
    return np.array([np.searchsorted(line, own) for line, own in zip(sums, ranks, strict=True)])


def _opened(places: Integers, atoms: _Atoms | None = None) -> Integers:
    """Put the places in order, the first cell among them, and those around atoms."""
    parts = [np.zeros((len(places), 1), np.int64), places]
    if atoms is not None:
        most = np.bincount(atoms.windows, minlength=len(places)).max()
        turn = np.arange(atoms.windows.size) - np.searchsorted(atoms.windows, atoms.windows)
        around = np.zeros((len(places), 2 * int(most)), np.int64)
        around[atoms.windows, 2 * turn] = atoms.cells
        around[atoms.windows, 2 * turn + 1] = atoms.cells + 1
        parts.append(around)
    return np.sort(np.hstack(parts), axis=1)


def value_starts(lattice: Lattice, rows: int, share: int) -> Integers:
    """Sum neighbouring values of both until each bin holds enough pooled rows (windows, bins).

    Enough are `rows`, or all rows over `share`; for references of few values.
    """
    pooled = lattice.reference + lattice.windows
    found = []
    for line in pooled:
        groups = pool_values(line, max(rows, line.sum() / share))
        found.append(np.flatnonzero(np.diff(groups, prepend=-1)))
    starts = np.full((len(found), max(map(len, found))), lattice.cells.size)
    for row, own in zip(starts, found, strict=True):
        row[: own.size] = own
    return starts
