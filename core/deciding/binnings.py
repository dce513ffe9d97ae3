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

from ..measuring.bins import DEFAULT_COUNT, RULES, coarsen, is_discrete, pool_values
from ..profiling.cells import keys, values
from ..profiling.quantities import NumericCounts
from .grids import (
    Array,
    Grid,
    Integers,
    Mask,
    fine_grid,
    in_bins,
    is_among,
    new_cells,
    union,
    unseen_share,
)
from .labels import name_numbers, name_spans

BinRole = Literal["body", "below", "above", "infinite", "unseen", "other", "missing"]

# statistics.md 8: values that the reference never had form a bin of their own only for rounded or
# coded numbers, and only where they are far more than the values seen once let expect (Good 1953).
_CODED_VALUES, _CODED_ROWS = 256, 20
UNSEEN_SHARE, UNSEEN_NOISE = 0.05, 2.0

# statistics.md 8: single values are summed until each bin holds max(5, N/500) pooled rows.
POOLED_ROWS, POOLED_SHARE = 5, 500

_TAIL_BINS = 4  # quantile bins cut each tail at most so often
_LEAST_BODY = 2  # bins between the tails, or there are none
BESIDE = 3  # bins of `bin_chunks` that have no place on the axis: infinities and missing
_FOLLOW_ROWS = {"quantile", "blocks"}  # rules whose edges fall where the rows are


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
    """What is tested: `ordered` marks the bins in order.

    `singles` is what the largest single bin is sought among: labels before pooling, or numeric bins
    and the sums of the outermost.
    """

    counts: Integers
    ordered: Mask
    singles: Integers


@dataclass(frozen=True, slots=True)
class Chunks:
    """Counts (chunks, bins) of both sides, where they come in chunks that differ by nature.

    `grows`: the larger a batch, the more its rows resemble each other: windows do, groups do not.
    """

    reference: Integers
    live: Integers
    grows: bool


def bin_numbers(
    reference: NumericCounts,
    live: NumericCounts,
    *,
    options: Options,
    kind: str,
    grid: Grid | None = None,
) -> tuple[Bins, Tested]:
    """Bin numbers or times.

    What is shown has the reference's edges. What is tested has those of both sides together: edges
    that live had no part in alarm too often where live has the more rows (statistics.md 3). `grid`
    is that of both sides, where it is known.
    """
    grid = grid or fine_grid(reference, live)
    cuts = choose_cuts(reference, grid.level, options)
    new = _unseen_bin(grid, reference, options)
    known = np.where(new, 0, grid.counts)
    unseen = int(grid.counts[1, new].sum())
    before, after = _beside(reference, live, unseen=unseen, missing=options.missing)
    body = in_bins(grid, known, cuts)
    names = _names(cuts, grid, kind, reference)
    if options.rule == "quantile" and is_discrete(reference.counts, options.bin_count):
        # The values of both sides are bins, new ones too: they are not counted again beside them.
        known_after = [extra for extra in after if extra.role != "unseen"]
        tested = _tested(_by_value(grid), before, known_after)
    elif options.rule in _FOLLOW_ROWS:
        cuts_of_both = choose_cuts(reference + live, grid.level, options)
        tested = _tested(in_bins(grid, known, cuts_of_both), before, after)
    else:
        tested = _tested(_folded(body), before, after)
    return _shown(grid.places(cuts), body, names, before, after), tested


def coarse_counts(
    reference: NumericCounts, live: NumericCounts, *, options: Options, rows: int
) -> Integers:
    """Count both sides in the fewer bins that a window of `rows` rows can say something about.

    Only quantile bins have a coarser form; `below`, `above` and what lies beside the axis stay.
    """
    grid = fine_grid(reference, live)
    cuts = choose_cuts(reference, grid.level, options, window=rows)
    before, after = _beside(reference, live, unseen=0, missing=options.missing)
    return _around(in_bins(grid, grid.counts, cuts), before, after)


def bin_chunks(
    reference: NumericCounts, level: int, chunks: Sequence[NumericCounts], *, options: Options
) -> Integers:
    """Count the chunks of both sides (chunks, bins) in the bins of the whole reference.

    `level` is the coarser of both sides; no chunk has a coarser one.
    """
    cuts = choose_cuts(reference, level, options)
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


def choose_cuts(
    reference: NumericCounts, level: int, options: Options, *, window: int | None = None
) -> Integers:
    """Choose edges and put them on the cells of `level`; those that coincide are merged."""
    if not reference.finite:
        return np.zeros(0, np.int64)
    if options.rule == "fixed":
        return np.unique(keys(np.array(options.edges, np.float64)) >> level)
    lower, upper = reference.boundaries()
    offered = union(lower, upper)
    counts = np.zeros(len(offered) - 1, np.int64)
    counts[np.searchsorted(offered, lower)] = reference.counts
    edges = values(offered)
    if window is not None and options.rule == "quantile":
        chosen = coarsen(edges, counts, options.bin_count, window)
    else:
        chosen = RULES[options.rule](edges, counts, options.bin_count)
    return np.unique(offered[np.searchsorted(edges, chosen)] >> level)


def _unseen_bin(grid: Grid, reference: NumericCounts, options: Options) -> Mask:
    """Mark the cells that form the bin `unseen`, where the default rule gives it one."""
    new = new_cells(grid)
    if not new.any() or options.rule != "quantile" or options.bin_count < DEFAULT_COUNT:
        return np.zeros(len(new), bool)
    once = np.count_nonzero(reference.counts == 1) / reference.finite
    enough = once + UNSEEN_SHARE + UNSEEN_NOISE / np.sqrt(grid.counts[1].sum())
    return new & (is_coded(reference) and unseen_share(grid) >= enough)


def is_coded(reference: NumericCounts) -> bool:
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
    behind = ~is_among(cuts, seen) & is_among(cuts - 1, seen) & (grid.level == 0)
    places = grid.places(cuts - behind)
    closed = bool(len(seen) and cuts[-1] == seen[-1] + 1)  # just behind the maximum
    if closed:
        places[-1] = reference.maximum
    words = name_numbers(places, kind)
    single = (np.diff(np.searchsorted(seen, cuts)) == 1) & is_among(cuts[:-1], seen)
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
    body = body[:, body.any(axis=0)]
    counts = _around(body, before, after)
    unordered = sum(e.role != "infinite" for e in after)
    ordered = np.arange(counts.shape[1]) < counts.shape[1] - unordered
    return Tested(counts, ordered, np.hstack([counts, *_tails(body)]))


def _tails(body: Integers) -> list[Integers]:
    """Sum the outermost bins of each end: outliers may fall into several, a few rows in each."""
    if body.shape[1] < 2 * _TAIL_BINS + _LEAST_BODY:
        return []
    ends = (body[:, :_TAIL_BINS], body[:, : -_TAIL_BINS - 1 : -1])
    return [np.cumsum(end, axis=1)[:, 1:] for end in ends]


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
    groups = pool_values(pooled, max(POOLED_ROWS, pooled.sum() / POOLED_SHARE))
    return in_bins(grid, grid.counts, grid.cells[1:][np.diff(groups) > 0])
