"""Bin rules: where to cut the fine cells of the reference.

A rule is `(edges, counts, count) -> edges`. The boundaries offered, `edges` (cells + 1,), rise
strictly; `counts` (cells,) are the reference's rows between them, so a gap is a cell without rows.
The answer is a subset of the boundaries, so regrouped counts are exact whole numbers. Bins are
left-closed; rows below the first edge form the bin `below`, rows at or above the last form
`above`. Without rows there is no edge: everything is one bin.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .smoothing import Array, as_counts

Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]
Rule = Callable[[Array, ArrayLike, int], Array]

DEFAULT_COUNT = 20  # body bins; fewer are an explicit wish for plain quantiles

# statistics.md, section 8
_MOST_VALUES, _ROWS_A_VALUE = 20, 5  # for one bin a value
_ATOM_SHARE, _ATOM_ROWS = 1 / 20, 5  # that a value holds to have a bin of its own
_ROWS_A_BIN = 20  # that a body bin holds where more bins than the default are asked for
_MANY_ROWS = 1000  # with fewer, half as many body bins
_TAILS = np.array([25, 10, 5, 1])  # in thousandths, on each side
_TAIL_ROWS, _OUTERMOST = 5, 10_000  # rows a tail holds; rows from which the outermost 5 are one
# statistics.md, section 6, small windows
_WINDOW_BODY = ((500, 10), (0, 5))  # body bins from so many rows on
_WINDOW_ROWS = 20  # of the window, that are expected in the bin of a single value

_BLOCK_CELLS = 512  # Bayesian blocks take time with the square of the cells
_FALSE_CUTS = 0.05  # the rate of false cuts that they are tuned to
_LARGEST = np.finfo(np.float64).max
_LEAST = np.finfo(np.float64).tiny  # the width of what is too narrow for a float


def quantile(edges: Array, counts: ArrayLike, count: int) -> Array:
    """Cut at the order statistics of the reference: body, tails and heavy values.

    * At most 20 (and `count`) distinct cells, 5 rows for each: one bin a cell.
    * `count` from 20 on: a cell with 1/20 of the rows (and 5) is an atom, a bin of its own; the
      gap that follows it joins the bin above. The other rows are cut into `count` body bins (half
      below 1000 rows; in proportion beside atoms) and at the tails 2.5, 1, 0.5 and 0.1 % that
      hold 5 rows. The outer bins end at the extremes of the reference.
    * `count` below 20: plain quantiles as other tools cut them, no atoms, no tails, and the outer
      bins are open: the first edge is an inner one.

    An order statistic opens a bin; edges that would leave a bin without rows are merged.

    >>> edges = np.arange(101.0)
    >>> quantile(edges, np.full(100, 10), 20).astype(int).tolist()[:8]
    [0, 2, 4, 9, 14, 19, 24, 29]
    >>> quantile(edges, np.full(100, 10), 4).tolist()
    [24.0, 49.0, 74.0]
    """
    cells, held = _occupied(counts)
    if is_discrete(held, count):
        return _closed(edges, cells, np.arange(cells.size), held > 0)
    if count < DEFAULT_COUNT:
        opened = _holding(held, _body_ranks(held, count))
        return edges[cells[opened[opened > 0] if opened.size > 1 else opened]]
    rows = int(held.sum())
    # More bins than rows can fill would be noise: neither bias nor interval holds for them.
    count = min(count, max(DEFAULT_COUNT, rows // _ROWS_A_BIN))
    body = count if rows >= _MANY_ROWS else count // 2
    atoms = _atoms(held, _ATOM_ROWS)
    return _closed(edges, cells, _openings(held, atoms, body, held.sum()), atoms)


def coarsen(edges: Array, counts: ArrayLike, count: int, rows: int) -> Array:
    """Keep the edges of `quantile` that are coarse enough for a window of `rows` rows.

    From 1000 rows on all are kept. Below, body cuts fall to tenths (from 500 rows) or fifths,
    tails must expect 5 rows of the window, and an atom 20 to stay apart; where every value has
    its bin, neighbours are summed until each bin expects 20 (statistics.md, section 6).

    >>> edges = np.arange(101.0)
    >>> coarsen(edges, np.full(100, 10), 20, rows=300).astype(int).tolist()
    [0, 2, 19, 39, 59, 79, 97, 100]
    """
    bins = quantile(edges, counts, count)
    if rows >= _MANY_ROWS or not bins.size:
        return bins
    cells, held = _occupied(counts)
    body = min(count, next(most for least, most in _WINDOW_BODY if rows >= least))
    enough = _WINDOW_ROWS * held.sum() / max(rows, 1)
    if is_discrete(held, count):
        opened = np.unique(pool_values(held, enough), return_index=True)[1]
    elif count < DEFAULT_COUNT:
        opened = _holding(held, _body_ranks(held, body))
    else:
        opened = _openings(held, _atoms(held, enough), body, rows)
    kept = np.searchsorted(bins, edges[cells[opened]], side="right") - 1
    closed = bins[-1] > edges[cells[-1]]
    last = bins.size - 1 if closed else kept[-1]  # -1, the last cut, if none would be left
    return np.asarray(bins[np.unique(np.append(kept[kept >= 0], last))])


def coarseness(counts: ArrayLike, count: int, rows: Sequence[int]) -> list[tuple[object, ...]]:
    """Tell windows of other `rows` apart: `coarsen` keeps the same edges for the same answer.

    >>> few, more, many = coarseness(np.full(100, 10), 20, [300, 301, 700])
    >>> few == more, few == many
    (True, False)
    """
    _, held = _occupied(counts)
    whole, discrete = float(held.sum()), is_discrete(held, count)
    heavy = held[held >= _ATOM_SHARE * whole]
    found: dict[int, tuple[object, ...]] = {}
    for number in set(rows):
        enough = _WINDOW_ROWS * whole / max(number, 1)
        if number >= _MANY_ROWS or not held.size:
            found[number] = ()
        elif discrete:
            found[number] = tuple(pool_values(held, enough).tolist())
        else:
            atoms = heavy[heavy >= enough]
            loose = number * (whole - atoms.sum()) / whole
            body = next(most for least, most in _WINDOW_BODY if number >= least)
            tails = [int(tail * loose >= 1000 * _TAIL_ROWS) for tail in _TAILS.tolist()]
            found[number] = (body, atoms.size, *tails)
    return [found[number] for number in rows]


def width(edges: Array, counts: ArrayLike, count: int) -> Array:
    """Cut into `count` bins of equal width between the reference's extremes.

    Each cut falls to the nearest boundary below it; those that fall together are merged.

    >>> width(np.arange(101.0), np.full(100, 10), 4).tolist()
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    cells, _ = _occupied(counts)
    if not cells.size:
        return edges[:0]
    upwards = np.linspace(0, 1, count + 1)
    # Weighted, not stepped: the difference of the extremes may exceed the largest float.
    first, last = _finite(edges[[cells[0], cells[-1] + 1]])
    chosen = np.searchsorted(edges, first * (1 - upwards) + last * upwards, side="right") - 1
    return np.unique(edges[np.append(chosen, cells[-1] + 1)])


def blocks(edges: Array, counts: ArrayLike, count: int) -> Array:  # noqa: ARG001 (finds its own)
    """Cut where the density changes: Bayesian blocks, which find their own number of bins.

    The best partition into pieces of constant density, at a rate of 5 % false cuts; the finest
    cells are 512 quantiles. Source: Scargle and others 2013, event data.

    >>> blocks(np.arange(101.0), np.repeat([10, 40], 50), 20).tolist()
    [0.0, 50.0, 100.0]
    """
    cells, held = _occupied(counts)
    opened = np.arange(cells.size)
    if cells.size > 1:
        starts = np.union1d(0, _holding(held, _body_ranks(held, _BLOCK_CELLS)))
        middles = _finite(edges[cells]) / 2 + _finite(edges[cells + 1]) / 2
        places = _midpoints(middles)[np.append(starts, cells.size)]
        opened = starts[_best_partition(np.add.reduceat(held, starts), places)]
    return _closed(edges, cells, opened, np.zeros(cells.size, bool))


def regroup(counts: ArrayLike, edges: Array, new_edges: Array) -> Array:
    """Sum fine counts (..., cells) into bins (..., new edges + 1): `below`, ..., `above`.

    A cell goes to the bin that holds its lower boundary, whole: every row is counted once, and
    exactly so where `new_edges` are among `edges`.

    >>> regroup([1, 2, 3, 4], np.arange(5.0), np.array([1.0, 3.0])).tolist()
    [1.0, 5.0, 4.0]
    """
    rows = as_counts(counts)
    sums = np.concatenate([np.zeros_like(rows[..., :1]), np.cumsum(rows, axis=-1)], axis=-1)
    ends = np.searchsorted(edges[:-1], new_edges)
    return np.diff(sums[..., [0, *ends, rows.shape[-1]]], axis=-1)


def is_discrete(counts: ArrayLike, count: int) -> bool:
    """Tell whether `quantile` gives each distinct value a bin of its own.

    >>> is_discrete([50, 0, 50], 20), is_discrete([1, 1, 1], 20)
    (True, False)
    """
    rows = np.asarray(counts)
    distinct = np.count_nonzero(rows)
    return bool(distinct <= min(_MOST_VALUES, count) and rows.sum() >= _ROWS_A_VALUE * distinct)


def pool_values(pooled: ArrayLike, minimum: float) -> Indices:
    """Group neighbours from the left until each group holds `minimum` rows, above 0.

    The answer is each value's group. A last group that holds less joins the one before it.

    >>> pool_values([3, 4, 9, 1, 6, 2], minimum=5).tolist()
    [0, 0, 1, 2, 2, 2]
    """
    sums = np.cumsum(np.asarray(pooled))
    starts, reached = [0], 0.0
    while True:
        end = int(np.searchsorted(sums, reached + minimum))  # the value that fills the group
        if end >= sums.size or sums[-1] - sums[end] < minimum:
            break
        starts.append(end + 1)
        reached = sums[end]
    return np.searchsorted(starts, np.arange(sums.size), side="right") - 1


def _occupied(counts: ArrayLike) -> tuple[Indices, Array]:
    rows = as_counts(counts)
    cells = np.flatnonzero(rows)
    return cells, rows[cells]


def _finite(edges: Array) -> Array:
    """Bring the end of the last cell of all floats, infinity, back to the largest of them."""
    return np.clip(edges, -_LARGEST, _LARGEST)


def _atoms(held: Array, rows: float) -> Mask:
    return np.asarray(held >= max(rows, _ATOM_SHARE * held.sum()))


def _openings(held: Array, atoms: Mask, body: int, rows: float) -> Indices:
    """Find the cells that open a bin; `rows` are those of the window that must fill the tails."""
    loose = np.where(atoms, 0, held)
    left, total = loose.sum(), held.sum()
    bodies = max(2, round(body * left / total))
    ranks = np.append(_body_ranks(loose, bodies), _tail_ranks(int(left), rows * left / total))
    alone = np.flatnonzero(atoms)
    opened = np.concatenate([[0], alone, alone + 1, _holding(loose, ranks)])
    return np.unique(opened[opened < held.size])


def _body_ranks(held: Array, count: int) -> Indices:
    """Give the ranks ceil(j n / count), in whole numbers: 0.07 * 100 is above 7."""
    return -(-np.arange(1, count) * int(held.sum()) // count)


def _tail_ranks(left: int, rows: float) -> Indices:
    """Give the ranks ceil(p n) and ceil((1 - p) n) of the tails that expect rows enough."""
    tails = _TAILS[_TAILS * rows >= 1000 * _TAIL_ROWS]
    outermost = [_TAIL_ROWS, left - _TAIL_ROWS] if rows > _OUTERMOST else []
    return np.append(-(-np.append(tails, 1000 - tails) * left // 1000), outermost).astype(np.intp)


def _holding(held: Array, ranks: Indices) -> Indices:
    """Find the cells that hold the rows of these ranks (1 is the lowest)."""
    return np.unique(np.searchsorted(np.cumsum(held), ranks))


def _closed(edges: Array, cells: Indices, opened: Indices, atoms: Mask) -> Array:
    """Place the edges: where a cell opens, or where the atom before it ends, and at the end."""
    if not cells.size:
        return edges[:0]
    follows = np.append(False, atoms[:-1] & ~atoms[1:])
    starts = np.where(follows[opened], edges[cells[opened - 1] + 1], edges[cells[opened]])
    return np.append(starts, edges[cells[-1] + 1])


def _midpoints(middles: Array) -> Array:
    """Give the points half way between neighbours, the outer ones mirrored, on a scale of 0 to 1.

    They measure a cell by its distance to others: the cell of an exact value has no width.
    """
    quarters = middles / 4  # the scale is free, and this one never exceeds the largest float
    around = np.concatenate(
        [[2 * quarters[0] - quarters[1]], quarters, [2 * quarters[-1] - quarters[-2]]]
    )
    points = around[:-1] / 2 + around[1:] / 2
    return np.asarray((points - points[0]) / max(points[-1] - points[0], _LEAST))


def _best_partition(held: Array, places: Array) -> Indices:
    """Find the groups that open a block: the best last block for each end, by recursion."""
    rows = np.append(0, np.cumsum(held))
    price = 4 - np.log(73.53 * _FALSE_CUTS * rows[-1] ** -0.478)  # Scargle 2013, equation 21
    best, last = np.zeros(rows.size), np.zeros(rows.size, np.intp)
    for end in range(1, rows.size):
        inside, wide = rows[end] - rows[:end], np.maximum(places[end] - places[:end], _LEAST)
        fits = best[:end] + inside * (np.log(inside) - np.log(wide)) - price
        last[end] = np.argmax(fits)
        best[end] = fits[last[end]]
    opened = [last[-1]]
    while opened[-1]:
        opened.append(last[opened[-1]])
    return np.array(opened[::-1])


RULES: Mapping[str, Rule] = MappingProxyType(
    {"quantile": quantile, "width": width, "blocks": blocks}
)
