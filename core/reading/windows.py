"""Rows cut into windows: of time, of a number of rows, or groups of rows that belong together.

Time is UTC; a time without a zone is taken as UTC. Windows of hours, days, weeks (from Monday) and
months follow the clock of a named zone: a day on which the clock changes has 23 or 25 hours, and
the hour that comes twice is one window of two hours. Each row is in exactly one window.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .problems import Unreadable

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

GROUP_CHUNKS = 30  # into which groups are dealt: enough to see how much chunks differ

_EVERY = re.compile(r"([1-9]\d{0,3})(h|d|w|mo)|([1-9]\d{0,11}) rows")
_HOUR, _DAY = 3600, 86_400  # seconds
_QUARTER = 900  # seconds: clocks change at a quarter of an hour
_STEPS = {"h": _HOUR, "d": _DAY, "w": 7 * _DAY}
_MONDAY = 3 * _DAY  # the epoch was a Thursday
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (the clock of any zone)
# What Python's calendar holds, with room for a window's other end.
_FIRST, _LAST = -62_000_000_000, 253_000_000_000
_DENSE = 1 << 20  # windows between the first and the last that are told apart without sorting
_TICKS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # a second
# Spans that `sensible_span` chooses from, with the seconds of each.
_SPANS = (("1h", _HOUR), ("1d", _DAY), ("1w", 7 * _DAY), ("1mo", 30 * _DAY))
_MOST_WINDOWS, _FEWEST_ROWS = 400, 200


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of time, start inclusive, end exclusive; both aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """Name the window by its start: as a date where it starts and ends at midnight UTC."""
        midnight = all(moment.timestamp() % _DAY == 0 for moment in (self.start, self.end))
        return self.start.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True, order=True)
class Rows:
    """Rows in the order of the table, from `start` (0 is the first) up to `end`, exclusive."""

    start: int
    end: int

    @property
    def name(self) -> str:
        """Name the window by its first row, counted from 1."""
        return f"row {self.start + 1}"


Key = Window | Rows | int | None  # int: a chunk of groups; None: rows without a time or group


@dataclass(frozen=True, slots=True)
class Chunking:
    """How to cut: windows of `every` along a time column or in the order of rows, or groups.

    `every` is a span (6h, 1d, 1w, 1mo, along `column`, by the clock of `zone`), a number of rows
    ("5000 rows", `column` may be None), or None for groups of `column`.

    >>> Chunking("when", "2w").every
    '2w'
    """

    column: str | None
    every: str | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.every is not None and not _EVERY.fullmatch(self.every):
            sentence = f"'{self.every}' is no span. Write 6h, 1d, 1w, 1mo or '5000 rows'."
            raise Unreadable("bad_span", sentence)
        try:
            ZoneInfo(self.zone)
        except (KeyError, OSError, ValueError):
            sentence = f"'{self.zone}' is no time zone known here. Write UTC, or Europe/Oslo."
            raise Unreadable("bad_zone", sentence) from None


def finer(chunking: Chunking) -> Chunking:
    """Give the chunking whose windows weeks and months are summed from: by days.

    >>> finer(Chunking("when", "1mo")).every, finer(Chunking("when", "6h")).every
    ('1d', '6h')
    """
    longer = chunking.every is not None and chunking.every.endswith(("w", "mo"))
    return Chunking(chunking.column, "1d", chunking.zone) if longer else chunking


class Cut(NamedTuple):
    """A batch's rows by window: those of `keys[i]` are `order[ends[i - 1]:ends[i]]`."""

    keys: list[Key]
    order: Integers
    ends: Integers


def cut(batch: pa.RecordBatch, chunking: Chunking, first: int = 0) -> Cut:
    """Tell which rows of a batch are in which window; each row is in one, in the order it came.

    `first` is the number of rows in the batches before. Rows without a time or group are under the
    key None. Raises Unreadable if the column is missing or holds no times.
    """
    if chunking.every and chunking.every.endswith("rows"):
        size = int(chunking.every.split()[0])
        rows = np.arange(first, first + batch.num_rows) // size
        return _grouped(rows, None, lambda number: Rows(number * size, (number + 1) * size))
    if chunking.column not in batch.schema.names:
        raise Unreadable("no_chunk_column", f"There is no column '{chunking.column}' to cut by.")
    column = batch.column(chunking.column)
    if chunking.every is None:
        chunks = _groups(column)
        return _grouped(_filled(chunks), np.asarray(pc.is_valid(chunks)), int)
    seconds, known = _seconds(column, chunking.column)
    calendar = Calendar(chunking.every, chunking.zone)
    return _grouped(calendar.numbers(seconds), known, calendar.window)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Windows of one span, numbered along the clock of a zone."""

    every: str
    zone: str = "UTC"

    def numbers(self, seconds: Integers) -> Integers:
        """Tell in which window each moment lies (seconds since the epoch, UTC)."""
        clock = self._clock(seconds)
        size, unit = self._span
        if unit == "mo":
            months: Integers = (
                clock.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
            )
            return months // size
        return (clock + _MONDAY * (unit == "w")) // (size * _STEPS[unit])

    def window(self, number: int) -> Window:
        """Give the window of a number."""
        return Window(self._start(number), self._start(number + 1))

    def around(self, window: Window) -> Window:
        """Give the window of this calendar that holds the start of another."""
        start = np.array([window.start.timestamp()]).astype(np.int64)
        return self.window(int(self.numbers(start)[0]))

    @property
    def _span(self) -> tuple[int, str]:
        # A span that does not match was refused by `Chunking`, or by the settings.
        size, unit = _EVERY.fullmatch(self.every).groups()[:2]  # type: ignore[union-attr]
        return int(size), unit

    def _clock(self, seconds: Integers) -> Integers:
        if self.zone == "UTC":
            return seconds
        # Arrow's own clocks know no summer time after 2037.
        quarters, places = np.unique(seconds // _QUARTER, return_inverse=True)
        zone = ZoneInfo(self.zone)
        offsets = [_offset(quarter * _QUARTER, zone) for quarter in quarters.tolist()]
        return seconds + np.array(offsets, np.int64)[places]

    def _start(self, number: int) -> datetime:
        size, unit = self._span
        if unit == "mo":
            year, month = divmod(number * size, 12)
            clock = _EPOCH.replace(year=_EPOCH.year + year, month=month + 1)
        else:
            days, rest = divmod(number * size * _STEPS[unit] - _MONDAY * (unit == "w"), _DAY)
            clock = _EPOCH + timedelta(days=days, seconds=rest)
        return clock.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def _offset(second: int, zone: ZoneInfo) -> int:
    moment = (_EPOCH + timedelta(seconds=second)).replace(tzinfo=UTC).astimezone(zone)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def sensible_span(start: datetime, end: datetime, rows: int) -> str:
    """Choose hours, days, weeks or months so that some hundred windows hold rows enough to judge.

    >>> sensible_span(datetime(2013, 1, 1), datetime(2013, 12, 31), rows=18_000)
    '1w'
    """
    seconds = (end - start).total_seconds()
    for span, length in _SPANS[:-1]:
        windows = seconds / length
        if windows <= _MOST_WINDOWS and rows >= _FEWEST_ROWS * windows:
            return span
    return _SPANS[-1][0]


def _grouped(numbers: Integers, known: Mask | None, key: Callable[[int], Key]) -> Cut:
    """Order rows by window: neighbours that are in order already stay where they are."""
    if known is not None and not known.all():
        rest = np.flatnonzero(~known)
        inside = _grouped(numbers[known], None, key)
        places = np.flatnonzero(known)[inside.order]
        ends = np.append(inside.ends, len(numbers))
        return Cut([*inside.keys, None], np.concatenate((places, rest)), ends)
    if not len(numbers):
        return Cut([], numbers, numbers)
    falls = bool((np.diff(numbers) < 0).any())
    order = np.argsort(numbers, kind="stable") if falls else np.arange(len(numbers))
    ordered = numbers[order] if falls else numbers
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    keys = [key(number) for number in ordered[starts].tolist()]
    return Cut(keys, order, np.append(starts[1:], len(numbers)))


def _seconds(column: pa.Array, name: str | None) -> tuple[Integers, Mask]:
    """Give whole seconds since the epoch in UTC, rounded down, and which rows have a time."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _is_text(column.type):
        column = _parsed(column)
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("ms"))
    if not pa.types.is_timestamp(column.type):
        if column.null_count == len(column):
            return np.zeros(len(column), np.int64), np.zeros(len(column), bool)
        sentence = f"'{name}' holds no times, so it cannot make windows of time."
        raise Unreadable("no_time_column", sentence)
    seconds = _filled(column.view(pa.int64())) // _TICKS[column.type.unit]
    known = np.asarray(pc.is_valid(column)) & (seconds >= _FIRST) & (seconds < _LAST)
    return np.where(known, seconds, 0), known


def _filled(column: pa.Array) -> Integers:
    filled = column.cast(pa.int64()).fill_null(0)
    return np.asarray(filled)


def _is_text(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _parsed(column: pa.Array) -> pa.Array:
    """Read texts in ISO 8601, each distinct one once; what is none has no time."""
    encoded = column.cast(pa.large_string()).dictionary_encode()
    moments = [_instant(text) for text in encoded.dictionary.to_pylist()]
    if moments and not any(moments):
        return encoded.dictionary_decode()
    return pa.array(moments, pa.timestamp("us", "UTC")).take(encoded.indices)


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _groups(column: pa.Array) -> pa.Array:
    if pa.types.is_nested(column.type):
        raise Unreadable(
            "no_group_column", "Lists and records name no groups. Give another column."
        )
    encoded = column.cast(pa.string()).dictionary_encode()
    chunks = [zlib.crc32(text.encode()) % GROUP_CHUNKS for text in encoded.dictionary.to_pylist()]
    return pa.array(chunks, pa.int64()).take(encoded.indices)
