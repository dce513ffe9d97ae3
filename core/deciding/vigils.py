"""A watch over the windows of each feature: what is no chance in all of them together.

The events that are bet on follow from the pooled counts up to each window alone: values below the
pooled tenth, half and nine tenths, the outer halves, the largest labels, missing values. So ties,
new labels and bins need no care, and the reference may be small (see `measuring.vigils`).
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ..measuring.batches import MINIMUM_CHUNKS
from ..measuring.vigils import evidence, rank_bets, row_bets
from ..profiling.categories import CategoryCounts
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from . import lattices
from .binnings import Options
from .grids import Array, Integers
from .weighing import THREADS, Choices, Parted
from .window_labels import tabulate

_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)  # of the pooled rows, where values are split
_LABELS = 8  # with bets of their own, the largest in pooled rows
_CELLS = 1024  # at most, of the reference and all windows: enough to split values at
_ALPHA = 0.05  # a feature's false alarms in a year
_SAME = 1e-12  # shares that differ by less are the same

# The columns of a table that events are told from, and how, with all rows beside them.
Sets = tuple[Integers, Callable[[Integers, Integers], Integers]]


def keep_watch(
    reference: Profile,
    windows: Sequence[Parted],
    choices: Choices,
    chunks: Sequence[Profile],
    parts_a_year: float,
) -> dict[str, Array]:
    """Give the log of the e-process of each feature after each window (windows,).

    With ten `chunks` or more of the reference, parts of windows are exchangeable with them, as
    wholes; else rows are. Features that are set aside have none.
    """
    parts = [part for window in windows for part in window.parts]
    ends = np.cumsum([len(window.parts) for window in windows])
    known = (name for name, kind in reference.kinds.items() if kind != "unsupported")
    names = [name for name in known if name not in choices.set_aside]

    def bets(name: str) -> Array:
        return _bets(name, reference.features[name], parts, choices, chunks)

    with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
        placed = list(pool.map(bets, names))
    found: dict[str, Array] = {}
    for size in {each.shape[1] for each in placed}:  # those with as many bets go together
        own = [name for name, each in zip(names, placed, strict=True) if each.shape[1] == size]
        logs = evidence(np.stack([each for each in placed if each.shape[1] == size]), parts_a_year)
        found |= {name: _at_ends(line, ends) for name, line in zip(own, logs, strict=True)}
    return found


def first_alarm(logs: Array) -> int | None:
    """Tell the window in which the e-process first exceeds 1/alpha, alpha = 5 % a year."""
    over = np.flatnonzero(logs >= -np.log(_ALPHA))
    return int(over[0]) if over.size else None


def _at_ends(logs: Array, ends: Integers) -> Array:
    """Give the highest value in the parts of each window."""
    starts = np.append(0, ends[:-1])
    return np.array([logs[a:b].max(initial=-np.inf) for a, b in zip(starts, ends, strict=True)])


def _bets(
    name: str,
    before: Counts,
    parts: Sequence[Profile],
    choices: Choices,
    chunks: Sequence[Profile],
) -> Array:
    options = choices.overrides.get(name, choices.options)
    empty = type(before)()
    sides = [_fitting(part.features.get(name), before, empty) for part in parts]
    several = [chunk.features[name] for chunk in chunks] if len(chunks) >= MINIMUM_CHUNKS else []
    if isinstance(before, NumericCounts):
        numbers = [side for side in (*several, *sides) if isinstance(side, NumericCounts)]
        return _number_bets(before, numbers, len(several))
    labels = [side for side in (*several, *sides) if isinstance(side, CategoryCounts)]
    return _label_bets(before, labels, len(several), options)


def _fitting(counts: Counts | None, before: Counts, empty: Counts) -> Counts:
    return counts if type(counts) is type(before) else empty


def _number_bets(before: NumericCounts, parts: Sequence[NumericCounts], chunks: int) -> Array:
    """Bet on the values of chunks, then windows, and on the rows without a finite one."""
    lattice = lattices.build_within(before, parts, _CELLS)
    sums = lattice.window_sums.astype(np.int64)
    pooled = lattice.reference_sums + np.cumsum(sums[chunks:], axis=0)
    wanted = pooled[:, -1:] * np.array(_QUANTILES)
    cuts = np.array([np.searchsorted(line, own) for line, own in zip(pooled, wanted, strict=True)])
    return np.hstack(
        [_bets_on(sums, pooled, (cuts, _splits), chunks), _beside(before, parts, chunks)]
    )


def _splits(below: Integers, rows: Integers) -> Integers:
    """Count the rows of each event from those below the five cuts (..., 5)."""
    low, quarter, half, three, high = np.moveaxis(below, -1, 0)
    return np.stack([low, half, high, quarter + rows - three], axis=-1)


def _label_bets(
    before: CategoryCounts, parts: Sequence[CategoryCounts], chunks: int, options: Options
) -> Array:
    """Bet on the labels that are the largest in all rows so far, and on the rows without any."""
    beside = _beside(before, parts, chunks)
    table = tabulate(before, parts, options)
    if table is None:
        return beside
    pooled = table.reference + np.cumsum(table.windows[chunks:], axis=0)
    largest = np.argsort(-pooled, axis=1, kind="stable")[:, :_LABELS]
    pooled, rows = (np.column_stack([each, each.sum(axis=1)]) for each in (pooled, table.windows))
    return np.hstack([_bets_on(rows, pooled, (largest, _with_rest), chunks), beside])


def _with_rest(own: Integers, rows: Integers) -> Integers:
    return np.concatenate([own, (rows - own.sum(axis=-1))[..., None]], axis=-1)


def _beside(before: Counts, parts: Sequence[Counts], chunks: int) -> Array:
    """Bet on the rows that have no value on the axis, or no label."""
    table = np.array([_without(side) for side in parts])
    pooled = np.array(_without(before)) + np.cumsum(table[chunks:], axis=0)
    first = np.zeros((len(pooled), 1), np.int64)
    return _bets_on(table, pooled, (first, lambda own, _: own), chunks)


def _without(counts: Counts) -> tuple[int, int]:
    infinite = 0
    if isinstance(counts, NumericCounts):
        infinite = counts.negative_infinity + counts.positive_infinity
    return counts.missing + infinite, counts.rows


def _bets_on(table: Integers, pooled: Integers, sets: Sets, chunks: int) -> Array:
    """Bet on the windows of a table (chunks and windows, ...), whose last column are all rows.

    `pooled` (windows, ...) are all rows up to each window, the reference among them. `sets` are
    the columns (windows, columns) that events are told from, and how.
    """
    columns, events = sets
    if chunks:
        return _by_rank(table, sets, chunks)
    found, marked = (
        events(np.take_along_axis(each, columns, axis=1), each[:, -1]).astype(np.float64)
        for each in (table, pooled)
    )
    drawn, total = (
        np.broadcast_to(each[:, -1:], found.shape).astype(np.float64) for each in (table, pooled)
    )
    return row_bets(found, marked, drawn, total)


def _by_rank(table: Integers, sets: Sets, chunks: int) -> Array:
    """Rank the share of each event in a window among all windows up to it."""
    columns, events = sets
    rows = table[:, -1]
    high, low, number = [], [], []
    for i, place in enumerate(range(chunks, len(table))):
        there = np.flatnonzero(rows[: place + 1])
        share = events(table[there][:, columns[i]], rows[there]) / rows[there, None]
        own = share[-1] if rows[place] else np.full(share.shape[1], np.nan)
        above = ~(share < own - _SAME)  # a window without rows is like all others
        below = ~(share > own + _SAME)
        high.append(above.sum(axis=0))
        low.append(below.sum(axis=0))
        number.append(np.full(share.shape[1], len(there)))
    ranks = np.array(high, np.float64), np.array(low, np.float64)
    return rank_bets(ranks, np.array(number, np.float64))
