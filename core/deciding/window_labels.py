"""A feature of categories in many windows at once, binned and weighed as `poolings` does it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..measuring import intervals
from ..measuring.batches import overdispersion
from ..measuring.significance import single_bins
from ..profiling.buffers import numbers
from ..profiling.categories import CategoryCounts
from .binnings import UNSEEN_NOISE, UNSEEN_SHARE, Options
from .evidence import POOLED_AWAY
from .grids import Array, Integers, Mask
from .poolings import EXPECTED_ROWS, SURPRISING, VISIBLE_ROWS
from .weights import Batches, Counts, Weights, nothing, weigh_batches, weigh_counts, weigh_fixed

_MOST = 5_000_000  # cells of windows by labels that are worth a table


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by label: reference (labels,), windows (windows, labels), labels rising; and missing."""

    labels: pa.Array
    reference: Integers
    windows: Integers
    missing: Integers  # (1 + windows,), reference first; 0 where missing values are dropped


def tabulate(
    reference: CategoryCounts, windows: Sequence[CategoryCounts], options: Options
) -> Table | None:
    """Put the labels of all side by side; None where they are pooled, or too many."""
    sides = (reference, *windows)
    if any(side.pool is not None for side in sides):
        return None
    everything = pa.concat_arrays([side.labels for side in sides]).dictionary_encode()
    order = pc.sort_indices(everything.dictionary)
    labels = everything.dictionary.take(order)
    if len(labels) * len(sides) > _MOST:
        return None
    ranks = np.empty(len(labels), np.int64)
    ranks[numbers(order)] = np.arange(len(labels))
    rows = np.zeros((len(sides), len(labels)), np.int64)
    owners = np.repeat(np.arange(len(sides)), [len(side.labels) for side in sides])
    rows[owners, ranks[numbers(everything.indices)]] = np.concatenate(
        [side.counts for side in sides]
    )
    missing = np.array([side.missing for side in sides]) * options.missing
    return Table(labels, rows[0], rows[1:], missing)


def weigh_labels(
    table: Table, *, options: Options, measure: str | None, batches: Batches[CategoryCounts] | None
) -> Weights:
    """Weigh windows, each with rows of its own, against the reference of the table."""
    sides = np.stack([np.broadcast_to(table.reference, table.windows.shape), table.windows])
    missing = np.stack([np.full(len(table.windows), table.missing[0]), table.missing[1:]])
    rows = sides.sum(axis=2) + missing
    alone = _alone(sides, rows, options.categories)
    new = ~alone & _has_unseen(sides, options)[:, None] & (sides[0] == 0)
    other, unseen = ((sides * mask).sum(axis=2) for mask in (~alone & ~new, new))
    binned = np.concatenate([sides * alone, np.stack([other, unseen, missing], axis=2)], axis=2)
    singles = np.concatenate([sides, missing[:, :, None]], axis=2)
    kept = np.count_nonzero(binned.any(axis=0), axis=1)
    ordered = np.zeros(binned.shape[2], bool)
    counts = Counts(binned[0], binned[1], kept, (binned[0], binned[1]), ordered, singles)
    if measure is not None:
        return weigh_fixed(counts, measure, options)
    if batches is None:
        return weigh_counts(counts, lambda _: _bound(singles, rows))
    return _weigh_chunked(table, counts, alone, batches, options)


def _alone(sides: Integers, rows: Integers, most: int | None) -> Mask:
    """Mark the labels with a bin of their own in each window (windows, labels)."""
    pooled = sides.sum(axis=0)
    if most is None:
        return np.asarray(pooled > 0)
    order = np.argsort(-pooled, axis=1, kind="stable")  # ties by label
    ranks = np.argsort(order, axis=1)
    expected = pooled * (rows.min(axis=0) / rows.sum(axis=0))[:, None]
    large = (ranks < most) & (expected >= EXPECTED_ROWS)
    labels = np.count_nonzero(pooled, axis=1)[:, None]
    surprising = single_bins(sides, rows) * labels <= SURPRISING
    return np.asarray((large | surprising) & (pooled > 0))


def _has_unseen(sides: Integers, options: Options) -> Mask:
    """Mark the windows with far too many rows of labels that the reference never had."""
    n, m = sides.sum(axis=2)
    if options.categories is None:
        return np.zeros(len(m), bool)
    once = np.count_nonzero(sides[0] == 1, axis=1) / np.maximum(n, 1)
    enough = once + UNSEEN_SHARE + UNSEEN_NOISE / np.sqrt(np.maximum(np.minimum(n, m), 1))
    new = (sides[1] * (sides[0] == 0)).sum(axis=1)
    return np.asarray((n > 0) & (m > 0) & (new / np.maximum(m, 1) >= enough))


def _bound(singles: Integers, rows: Integers) -> Array:
    """Bound the drift among the labels that a window can see; none where too many are rare."""
    pooled = singles.sum(axis=0)
    smaller = rows.min(axis=0)
    rare = pooled * smaller[:, None] < VISIBLE_ROWS * pooled.sum(axis=1, keepdims=True)
    rest = (singles * rare).sum(axis=2, keepdims=True)
    bound = intervals.upper_bound(*np.concatenate([singles * ~rare, rest], axis=2))
    return np.where(rest[0, :, 0] > POOLED_AWAY * rows[0], np.inf, bound)


def _weigh_chunked(
    table: Table, counts: Counts, alone: Mask, batches: Batches[CategoryCounts], options: Options
) -> Weights:
    """Weigh windows by how the chunks differ; those with the same labels alone together."""
    chunks = _by_label(table.labels, batches.chunks)
    present = np.array([chunk.present for chunk in batches.chunks])
    missing = np.array([chunk.missing for chunk in batches.chunks]) * options.missing
    kinds, members = np.unique(alone, axis=0, return_inverse=True)
    found = nothing(len(alone))
    for i, own in enumerate(kinds):
        places = np.flatnonzero(members.ravel() == i)
        rest = present - chunks[:, own].sum(axis=1)
        known = overdispersion(np.column_stack([chunks[:, own], rest, missing]))
        live = table.windows[places]
        others = live.sum(axis=1) - live[:, own].sum(axis=1)
        batch = np.column_stack([live[:, own], others, table.missing[1:][places]])
        some = counts.only(places)
        found.put(places, weigh_batches(some, known, (batch, batches.squares[places])))
    return found


def _by_label(labels: pa.Array, chunks: Sequence[CategoryCounts]) -> Integers:
    rows = np.zeros((len(chunks), len(labels)), np.int64)
    for row, chunk in zip(rows, chunks, strict=True):
        places = pc.index_in(chunk.labels, value_set=labels)
        row[places.to_numpy()] = chunk.counts
    return rows
