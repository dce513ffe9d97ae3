"""Rows cut into chunks: windows of time, or groups of rows that belong together."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .dialects import Unreadable

GROUP_CHUNKS = 30  # into which groups are dealt: enough to see how much chunks differ

_UNITS = {"h": "hour", "d": "day", "w": "week", "mo": "month"}
_EVERY = re.compile(r"([1-9]\d{0,3})(h|d|w|mo)")


@dataclass(frozen=True, slots=True)
class Chunking:
    """How to cut: by windows of `every` along a time column, or by groups where it is None.

    >>> Chunking("when", "2w").every
    '2w'
    """

    column: str
    every: str | None = None

    def __post_init__(self) -> None:
        if self.every is not None and not _EVERY.fullmatch(self.every):
            sentence = f"'{self.every}' is no span of time. Write 6h, 1d, 1w or 1mo."
            raise Unreadable("bad_span", sentence)


def split(batch: pa.RecordBatch, chunking: Chunking) -> Iterator[tuple[object, pa.RecordBatch]]:
    """Cut a batch into (chunk, rows); each row is in one chunk, rows without a value in None.

    A window is known by its start (UTC, inclusive), a group's chunk by a number that every batch
    and every process gives alike. Raises Unreadable if the column is missing or is no time.
    """
    if chunking.column not in batch.schema.names:
        raise Unreadable("no_chunk_column", f"There is no column '{chunking.column}' to cut by.")
    column = batch.column(chunking.column)
    keys = (_starts(column, chunking) if chunking.every else _groups(column)).dictionary_encode()
    places = pc.fill_null(keys.indices, len(keys.dictionary)).to_numpy()
    order = np.argsort(places, kind="stable")
    ends = np.cumsum(np.bincount(places, minlength=len(keys.dictionary) + 1))
    for key, rows in zip([*keys.dictionary.to_pylist(), None], np.split(order, ends), strict=False):
        if len(rows):
            yield key, batch.take(pa.array(rows))


def _starts(column: pa.Array, chunking: Chunking) -> pa.Array:
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        sentence = f"'{chunking.column}' holds no times, so it cannot make windows of time."
        raise Unreadable("no_time_column", sentence)
    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))  # windows begin in UTC
    multiple, unit = _EVERY.fullmatch(chunking.every or "").groups()  # type: ignore[union-attr]
    return pc.floor_temporal(column, multiple=int(multiple), unit=_UNITS[unit])


def _groups(column: pa.Array) -> pa.Array:
    if pa.types.is_nested(column.type):
        raise Unreadable(
            "no_group_column", "Lists and records name no groups. Give another column."
        )
    encoded = column.cast(pa.string()).dictionary_encode()
    chunks = [zlib.crc32(text.encode()) % GROUP_CHUNKS for text in encoded.dictionary.to_pylist()]
    return pa.array(chunks, pa.int64()).take(encoded.indices)
