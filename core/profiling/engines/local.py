"""Count on this machine: record batches as they come, the columns of a batch in threads."""

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa

from ..categories import LIMIT, CategoryCounts
from ..faults import uncounted, without_values
from ..kinds import Kind, first_unreadable, labels, numbers, tell
from ..profiles import ODD_VALUE, Counts, Note, Profile, Source, no_rows
from ..quantities import BUDGET, NumericCounts

_BLOCK = 131_072  # rows counted at once: their numbers stay in the cache
_JOINED = 1 << 26  # bytes of small batches joined to a block
_THREADS = 4
_KEPT = 1 << 24  # bytes up to which glibc keeps what is freed, once it has seen such a block

Block = list[pa.RecordBatch]


class Batched(Protocol):
    """A table that gives its rows in record batches."""

    schema: pa.Schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""


Rows: TypeAlias = Batched | pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch]


def profile(
    data: Rows,
    kinds: Mapping[str, Kind] | None = None,
    *,
    budget: int = BUDGET,
    limit: int = LIMIT,
) -> Profile:
    """Count a table once, in memory that does not grow with its rows.

    `kinds` are those of the reference; columns that it does not name, and all without it, are told
    from the schema. A batch may come with other types than the schema's: it is read against the
    kind. A column that a batch lacks is missing in its rows. `budget` (at least 2) is the number
    of cells kept of a numeric feature, `limit` (the same) that of labels counted exactly. Raises
    ValueError for two columns of one name. A column in which counting itself fails has no values,
    and a note that says so.

    >>> counted = profile(pa.table({"age": [30, 41, 30], "town": ["Oslo", None, "Rome"]}))
    >>> counted.rows, counted.kinds["age"], counted.features["town"].missing
    (3, 'numeric', 1)
    """
    schema, batches = _opened(data)
    told = _told(schema, kinds or {})
    features = {name: no_rows(kind, budget, limit) for name, kind in told.items()}
    np.empty(_KEPT, np.uint8)  # freed at once; without it page faults take a quarter of the time
    rows = 0
    faults: dict[str, Note] = {}
    odd: dict[str, Note] = {}
    counting: dict[str, Future[tuple[Counts, Note | None]]] = {}
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        for block in _blocks(batches):  # read while the block before is counted
            rows += sum(part.num_rows for part in block)
            features |= _finished(counting, faults, odd)
            counting = {
                name: pool.submit(_noted, name, features[name], _column(block, name), kind)
                for name, kind in told.items()
                if name not in faults
            }
        features |= _finished(counting, faults, odd)
    for name in faults:
        features[name] = without_values(told[name], rows, budget, limit)
    return Profile(rows, features, told, Source(notes=(*faults.values(), *odd.values())))


def _finished(
    counting: Mapping[str, Future[tuple[Counts, Note | None]]],
    faults: dict[str, Note],
    odd: dict[str, Note],
) -> dict[str, Counts]:
    """Collect what was counted; an error in one column is logged and leaves the others."""
    features = {}
    for name, task in counting.items():
        try:
            features[name], note = task.result()
            if note:
                odd[name] = note
        except Exception as error:  # noqa: BLE001 (any)
            faults[name] = uncounted(name, error)
    return features


def _told(schema: pa.Schema | None, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    if schema is None:
        return dict(kinds)
    if len(set(schema.names)) < len(schema.names):
        raise ValueError(f"two columns bear one name in {schema.names}: rename one of them")
    return {field.name: kinds.get(field.name, tell(field.type)) for field in schema}


def _opened(data: Rows) -> tuple[pa.Schema | None, Iterable[pa.RecordBatch]]:
    """Give the schema, unknown where there is no batch, and the batches."""
    if isinstance(data, pa.Table):
        return data.schema, data.to_batches()
    if isinstance(data, pa.RecordBatchReader):
        return data.schema, data
    if isinstance(data, pa.RecordBatch):
        return data.schema, [data]
    if isinstance(data, Iterable):
        batches = iter(data)
        first = next(batches, None)
        if first is None:
            return None, ()
        return first.schema, itertools.chain([first], batches)
    return data.schema, data.batches()


def _blocks(batches: Iterable[pa.RecordBatch]) -> Iterator[Block]:
    """Cut large batches and gather small ones: each block costs a merge of what is counted."""
    block: Block = []
    rows = size = 0
    for batch in batches:
        for start in range(0, batch.num_rows, _BLOCK):
            part = batch.slice(start, _BLOCK)
            rows, size = rows + part.num_rows, size + part.nbytes
            if block and (rows > _BLOCK or size > _JOINED):
                yield block
                block, rows, size = [], part.num_rows, part.nbytes
            block.append(part)
    if block:
        yield block


def _column(block: Block, name: str) -> list[pa.Array]:
    return [
        part.column(name) if name in part.schema.names else pa.nulls(part.num_rows)
        for part in block
    ]


def _noted(
    name: str, counts: Counts, column: list[pa.Array], kind: Kind
) -> tuple[Counts, Note | None]:
    """Count more rows, and note the first value that cannot be read where there was none before."""
    more = _extended(counts, column, kind)
    if counts.unreadable or not more.unreadable or kind not in {"numeric", "datetime"}:
        return more, None
    first = first_unreadable(column, kind)
    return more, Note(ODD_VALUE, f"{name} has the value {first!r}.", name, 0, first)


def _extended(counts: Counts, column: list[pa.Array], kind: Kind) -> Counts:
    """Count more rows, read one by one: parts may differ in type, or in their dictionaries."""
    if isinstance(counts, NumericCounts):
        values, *beside = zip(*(numbers(part, kind) for part in column), strict=True)
        missing, unreadable = map(sum, beside)
        whole = values[0] if len(values) == 1 else np.concatenate(values)
        return counts.extended(whole, missing=missing, unreadable=unreadable)
    if kind == "unsupported":
        missing = sum(part.null_count for part in column)
        return counts + CategoryCounts(rows=sum(map(len, column)), missing=missing)
    texts, rows, *beside = zip(*(labels(part, kind) for part in column), strict=True)
    missing, unreadable = map(sum, beside)
    return counts.extended(
        pa.concat_arrays(texts), np.concatenate(rows), missing=missing, unreadable=unreadable
    )
