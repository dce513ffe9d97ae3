"""Count on this machine: record batches as they come, the columns of a batch in threads."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pyarrow as pa

from ..categories import CategoryCounts
from ..kinds import Kind, labels, numbers, tell
from ..profiles import Counts, Profile, no_rows
from ..quantities import BUDGET, NumericCounts

_SLICE = 131_072  # rows counted at once: they stay in the cache
_THREADS = 4


class Batched(Protocol):
    """A table that gives its rows in record batches."""

    schema: pa.Schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""


def profile(
    data: Batched | pa.Table | Iterable[pa.RecordBatch],
    kinds: Mapping[str, Kind] | None = None,
    *,
    budget: int = BUDGET,
) -> Profile:
    """Count a table once, in memory that does not grow with its rows.

    `kinds` are those of the reference; columns that it does not name, and all without it, are told
    from the schema. A batch may come with other types than the schema's: it is read against the
    kind. `budget` is the number of cells kept for a numeric feature.
    """
    schema, batches = _opened(data)
    told = {field.name: tell(field.type) for field in schema}
    told |= {name: kind for name, kind in (kinds or {}).items() if name in told}
    features = {name: no_rows(kind, budget) for name, kind in told.items()}
    rows = 0
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        for batch in batches:
            for start in range(0, batch.num_rows, _SLICE):
                part = batch.slice(start, _SLICE)
                counted = pool.map(_extended, features.values(), part.columns, told.values())
                features = dict(zip(features, counted, strict=True))
            rows += batch.num_rows
    return Profile(rows, features, told)


def _opened(
    data: Batched | pa.Table | Iterable[pa.RecordBatch],
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    if isinstance(data, pa.Table):
        return data.schema, iter(data.to_batches())
    if isinstance(data, Iterable):
        batches = iter(data)
        first = next(batches, None)
        if first is None:
            return pa.schema([]), iter(())
        return first.schema, (batch for part in ((first,), batches) for batch in part)
    return data.schema, data.batches()


def _extended(counts: Counts, column: pa.Array, kind: Kind) -> Counts:
    if isinstance(counts, NumericCounts):
        values, missing, unreadable = numbers(column, kind)
        return counts.extended(values, missing=missing, unreadable=unreadable)
    if kind == "unsupported":
        return counts + CategoryCounts(rows=len(column), missing=column.null_count)
    found = labels(column, kind)
    return counts.extended(found.labels, found.counts, missing=found.missing)
