"""Two sides' counts in the same bins: those that are shown and measured, and those that are tested.

Edges come from the reference alone; labels of categories follow the counts of both sides. All
grouping is done on whole numbers (cells of the float itself), so counts in bins are exact. Counts
of both sides are arrays (2, bins): reference first, live second. Bins are left-closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..measuring.bins import DEFAULT_COUNT, RULES, coarsen, is_discrete, pool_values
from ..profiling.cells import keys, values
from ..profiling.quantities import NumericCounts
from .labels import name_numbers, name_spans

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
BinRole = Literal["body", "below", "above", "infinite", "unseen", "other", "missing"]

# statistics.md 8: values that the reference never had form a bin of their own only for rounded or
# coded numbers, and only where they are far more than the values seen once let expect (Good 1953).
_CODED_VALUES, _CODED_ROWS = 256, 20
_UNSEEN_SHARE, _UNSEEN_NOISE = 0.05, 2.0

# statistics.md 8: single values are summed until each bin holds max(5, N/500) pooled rows.
_POOLED_ROWS, _POOLED_SHARE = 5, 500

_LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True, slots=True)
class Options:
    """How to bin and smooth: `edges` serve rule "fixed"; `epsilon` replaces the pseudo-count."""

    rule: str = "quantile"
    bin_count: int = 20
    edges: tuple[float, ...] = ()
    categories: int | None = 50  # None: every label stands alone, as other tools have it
    missing: bool = True
    pseudocount: float = 0.5
    epsilon: float | None = None
    identifiers: bool = False  # compare them too, because the kind was declared


@dataclass(frozen=True, slots=True)
class Bins:
    """What is shown and measured; `edges` (2, bins) are NaN where a bin has no place."""

    labels: tuple[str, ...]
    roles: tuple[BinRole, ...]
    edges: Array
    counts: Integers


@dataclass(frozen=True, slots=True)
class Tested:
    """What is tested: `ordered` marks the bins in order, `singles` are labels before pooling."""

    counts: Integers
    ordered: Mask
    singles: Integers | None = None


@dataclass(frozen=True, slots=True)
class Chunks:
    """Counts (chunks, bins) of both sides, where they come in chunks that differ by nature.

    `grows`: the larger a batch, the more its rows resemble each other: windows do, groups do not.
    """

    reference: Integers
    live: Integers
    grows: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The fine cells of both sides at the coarser of their two levels."""

    level: int
    cells: Integers
    counts: Integers

    @property
    def positions(self) -> Array:
        """Give one value for each cell: its middle, or the value itself at level 0."""
        lower = values(self.cells << self.level)
        upper = values((self.cells + 1) << self.level) if self.level else lower
        return np.clip(lower / 2 + upper / 2, -_LARGEST, _LARGEST)


def fine_grid(reference: NumericCounts, live: NumericCounts) -> Grid:
    """Put the fine counts of both sides on one grid."""
    level = max(reference.level, live.level)
    sides = [side.at_level(level) for side in (reference, live)]
    cells = np.union1d(sides[0][0], sides[1][0])
    counts = np.zeros((2, len(cells)), np.int64)
    for row, (own, rows) in zip(counts, sides, strict=True):
        row[np.searchsorted(cells, own)] = rows
    return Grid(level, cells, counts)


def bin_numbers(
    reference: NumericCounts, live: NumericCounts, *, options: Options, kind: str
) -> tuple[Bins, Tested]:
    """Bin numbers or times."""
    grid = fine_grid(reference, live)
    cuts = _cuts(reference, grid.level, options)
    new = _unseen_bin(grid, reference, options)
    groups = np.searchsorted(cuts, grid.cells, side="right")
    body = _grouped(np.where(new, 0, grid.counts), groups, len(cuts) + 1)
    unseen = int(grid.counts[1, new].sum())
    before, after = _beside(reference, live, unseen=unseen, missing=options.missing)
    discrete = options.rule == "quantile" and is_discrete(reference.counts, options.bin_count)
    return (
        _shown(
            values(cuts << grid.level), body, _names(cuts, grid, kind, reference), before, after
        ),
        _tested(_by_value(grid) if discrete else _folded(body), before, after),
    )


def coarse_counts(
    reference: NumericCounts, live: NumericCounts, *, options: Options, rows: int
) -> Integers:
    """Count both sides in the fewer bins that a window of `rows` rows can say something about.

    Only quantile bins have a coarser form; `below`, `above` and what lies beside the axis stay.
    """
    grid = fine_grid(reference, live)
    cuts = _cuts(reference, grid.level, options, window=rows)
    groups = np.searchsorted(cuts, grid.cells, side="right")
    before, after = _beside(reference, live, unseen=0, missing=options.missing)
    return _around(_grouped(grid.counts, groups, len(cuts) + 1), before, after)


def bin_chunks(
    reference: NumericCounts,
    live: NumericCounts,
    chunks: Sequence[NumericCounts],
    *,
    options: Options,
) -> Integers:
    """Count the chunks of both sides (chunks, bins) in the bins of the whole reference."""
    level = max(reference.level, live.level)
    cuts = _cuts(reference, level, options)
    body = np.zeros((1 + len(chunks), len(cuts) + 1), np.int64)
    for row, side in zip(body, (reference, *chunks), strict=True):
        cells, counts = side.at_level(level)
        np.add.at(row, np.searchsorted(cuts, cells, side="right"), counts)
    if not is_discrete(reference.counts, options.bin_count):
        body = _folded(body)
    beside = [
        (side.negative_infinity, side.positive_infinity, side.missing * options.missing)
        for side in chunks
    ]
    return np.hstack([body[1:], np.array(beside, np.int64)])


def unseen_share(grid: Grid) -> float:
    """Tell the share of finite live rows inside the reference's range on values new to it."""
    rows = grid.counts[1].sum()
    return float(grid.counts[1, _new_cells(grid)].sum() / rows) if rows else 0.0


def _cuts(
    reference: NumericCounts, level: int, options: Options, *, window: int | None = None
) -> Integers:
    """Choose edges and put them on the cells of `level`; those that coincide are merged."""
    if not reference.finite:
        return np.zeros(0, np.int64)
    if options.rule == "fixed":
        return np.unique(keys(np.array(options.edges, np.float64)) >> level)
    lower, upper = reference.boundaries()
    offered = np.union1d(lower, upper)
    counts = np.zeros(len(offered) - 1, np.int64)
    counts[np.searchsorted(offered, lower)] = reference.counts
    edges = values(offered)
    if window is not None and options.rule == "quantile":
        chosen = coarsen(edges, counts, options.bin_count, window)
    else:
        chosen = RULES[options.rule](edges, counts, options.bin_count)
    return np.unique(offered[np.searchsorted(edges, chosen)] >> level)


def _grouped(counts: Integers, groups: Integers, size: int) -> Integers:
    sums = np.zeros((2, size), np.int64)
    np.add.at(sums.T, groups, counts.T)
    return sums


def _new_cells(grid: Grid) -> Mask:
    """Mark the cells inside the reference's range that it never filled."""
    seen = np.flatnonzero(grid.counts[0])
    new = grid.counts[0] == 0
    inside = slice(seen[0], seen[-1]) if len(seen) else slice(0)
    outside = np.ones(len(new), bool)
    outside[inside] = False
    return np.asarray(new & ~outside)


def _unseen_bin(grid: Grid, reference: NumericCounts, options: Options) -> Mask:
    """Mark the cells that form the bin `unseen`, where the default rule gives it one."""
    new = _new_cells(grid)
    if not new.any() or options.rule != "quantile" or options.bin_count < DEFAULT_COUNT:
        return np.zeros(len(new), bool)
    once = np.count_nonzero(reference.counts == 1) / reference.finite
    enough = once + _UNSEEN_SHARE + _UNSEEN_NOISE / np.sqrt(grid.counts[1].sum())
    return new & (_is_coded(reference) and unseen_share(grid) >= enough)


def _is_coded(reference: NumericCounts) -> bool:
    """Tell whether the values are few enough that a new one is news: rounded or coded numbers."""
    distinct, rows = len(reference.cells), reference.finite
    few = distinct <= _CODED_VALUES and rows >= _CODED_ROWS * distinct
    return reference.level == 0 and (few or is_discrete(reference.counts, DEFAULT_COUNT))


class _Extra(NamedTuple):
    """A bin beside the axis, with its rows (reference, live)."""

    label: str
    role: BinRole
    rows: tuple[int, int]


def _beside(
    reference: NumericCounts, live: NumericCounts, *, unseen: int, missing: bool
) -> tuple[list[_Extra], list[_Extra]]:
    """List the bins before and after the axis that anyone is in."""
    low = _Extra("−∞", "infinite", (reference.negative_infinity, live.negative_infinity))
    high = _Extra("+∞", "infinite", (reference.positive_infinity, live.positive_infinity))
    new = _Extra("unseen values", "unseen", (0, unseen))
    rows = (reference.missing, live.missing) if missing else (0, 0)
    after = [high, new, _Extra("missing", "missing", rows)]
    return [e for e in (low,) if any(e.rows)], [e for e in after if any(e.rows)]


def _around(body: Integers, before: list[_Extra], after: list[_Extra]) -> Integers:
    sides = [
        np.array([e.rows for e in extras], np.int64).reshape(-1, 2).T for extras in (before, after)
    ]
    return np.hstack([sides[0], body, sides[1]])


def _names(cuts: Integers, grid: Grid, kind: str, reference: NumericCounts) -> list[str]:
    """Name the bins that `cuts` make, the open ends included."""
    if not len(cuts):
        return ["present"]
    seen = grid.cells[grid.counts[0] > 0]
    # At level 0 an edge may lie just behind a value: it is named by that value.
    behind = ~np.isin(cuts, seen) & np.isin(cuts - 1, seen) & (grid.level == 0)
    places = values((cuts - behind) << grid.level)
    closed = bool(len(seen) and cuts[-1] > seen[-1])
    if closed:
        places[-1] = reference.maximum
    words = name_numbers(places, kind)
    single = (np.diff(np.searchsorted(seen, cuts)) == 1) & np.isin(cuts[:-1], seen)
    return [
        f"below {words[0]}",
        *name_spans(words, (single & (grid.level == 0)).tolist(), behind.tolist()),
        f"above {words[-1]}" if closed else f"{words[-1]} or more",
    ]


def _shown(
    edges: Array, body: Integers, names: list[str], before: list[_Extra], after: list[_Extra]
) -> Bins:
    """Put names, edges and counts together; an open end that nobody is in is left out."""
    roles: list[BinRole] = ["body"] * len(names)
    if len(names) > 1:
        roles[0], roles[-1] = "below", "above"
    kept = (body.sum(axis=0) > 0) | (np.array(roles) == "body")
    axis = np.stack([np.append(-np.inf, edges), np.append(edges, np.inf)])[:, kept]
    nowhere = [np.full((2, len(extras)), np.nan) for extras in (before, after)]
    return Bins(
        (*(e.label for e in before), *compress(names, kept), *(e.label for e in after)),
        (*(e.role for e in before), *compress(roles, kept), *(e.role for e in after)),
        np.hstack([nowhere[0], axis, nowhere[1]]),
        _around(body[:, kept], before, after),
    )


def _tested(body: Integers, before: list[_Extra], after: list[_Extra]) -> Tested:
    counts = _around(body, before, after)
    unordered = sum(e.role != "infinite" for e in after)
    return Tested(counts, np.arange(counts.shape[1]) < counts.shape[1] - unordered)


def _folded(body: Integers) -> Integers:
    """Add an end that the reference cannot fill to its neighbour (statistics.md 8, the test)."""
    first = int(body.shape[1] > 1 and body[0, 0] == 0)
    last = int(body.shape[1] - first > 1 and body[0, -1] == 0)
    end = body.shape[1] - last
    folded = body[:, first:end].copy()
    folded[:, 0] += body[:, :first].sum(axis=1)
    folded[:, -1] += body[:, end:].sum(axis=1)
    return folded


def _by_value(grid: Grid) -> Integers:
    """Sum neighbouring values until each bin holds enough pooled rows."""
    pooled = grid.counts.sum(axis=0)
    groups = pool_values(pooled, max(_POOLED_ROWS, pooled.sum() / _POOLED_SHARE))
    return _grouped(grid.counts, groups, int(groups.max(initial=-1)) + 1)
