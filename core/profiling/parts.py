"""Rows become counts by part: each column is read once, then counted slice by slice."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from . import buffers
from .categories import CategoryCounts
from .cells import Integers
from .kinds import Kind, labels_by_row, numbers_by_row, tell
from .profiles import Counts
from .quantities import NumericCounts


def count_parts(
    batch: pa.RecordBatch, order: Integers, ends: Integers, name: str, kind: Kind
) -> list[Counts]:
    """Count a column in the parts of a batch: part i has the rows `order[ends[i - 1]:ends[i]]`.

    The same counts as each part counted by itself with this kind. A column that the batch lacks is
    missing in its rows.

    >>> batch = pa.record_batch({"a": [1.0, 2.0, 2.0]})
    >>> parts = count_parts(batch, np.array([0, 2, 1]), np.array([2, 3]), "a", "numeric")
    >>> [part.rows for part in parts]
    [2, 1]
    """
    starts = np.append(0, ends)[:-1]
    column = batch.column(name) if name in batch.schema.names else pa.nulls(batch.num_rows)
    if not (order == np.arange(order.size)).all():
        column = column.take(buffers.places(order))
    if kind in {"numeric", "datetime"}:
        return list(_numbers(column, kind, starts, ends))
    if kind == "unsupported":
        return list(_unsupported(column, starts, ends))
    return list(_labels(column, kind, starts, ends))


def _numbers(
    column: pa.Array, kind: Kind, starts: Integers, ends: Integers
) -> Iterator[NumericCounts]:
    values, unread = numbers_by_row(column, kind)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        unreadable = int(np.count_nonzero(unread[start:end]))
        yield NumericCounts().extended(values[start:end], unreadable=unreadable)


def _labels(
    column: pa.Array, kind: Kind, starts: Integers, ends: Integers
) -> Iterator[CategoryCounts]:
    texts, places = labels_by_row(column, kind)
    unread = buffers.valid(column) & (tell(column.type) == "unsupported")
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        rows = np.bincount(places[start:end], minlength=len(texts) + 1)
        used = np.flatnonzero(rows[:-1])
        counts = rows[used]
        yield CategoryCounts().extended(
            texts.take(buffers.places(used)),
            counts,
            missing=int(end - start - counts.sum()),
            unreadable=int(np.count_nonzero(unread[start:end])),
        )


def _unsupported(column: pa.Array, starts: Integers, ends: Integers) -> Iterator[CategoryCounts]:
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        part = column.slice(start, end - start)
        yield CategoryCounts(rows=len(part), missing=part.null_count)
