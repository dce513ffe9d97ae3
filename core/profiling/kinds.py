"""What a column is counted as, and how a column of any Arrow type is read as that.

The kind of a feature is told once, from the reference; every other table is read against it. A
column of nulls alone is numeric unless told otherwise: parts of one table must be told the same.
Durations, times and decimals are numeric (times and durations in seconds); dates and time stamps
are seconds since the epoch in UTC, those without a zone taken as UTC. Complex numbers, lists,
structs, maps and bytes are unsupported: their rows and nulls are counted, nothing else.
"""

from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import Array, Integers

Kind = Literal["numeric", "datetime", "categorical", "boolean", "unsupported"]

# Texts that stand for no value where numbers or times are meant, in lower case.
MISSING: Final = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "nat", "<na>", "null", "none", "-", "?"}
)

_LONGEST: Final = 10_000  # characters of a label; a longer one is cut
_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:inf|infinity)$"
_WHOLE: Final = r"^(-?[1-9][0-9]*|0)\.0+$"  # 007.0 is a code, not a number
_TRUTH: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_MICROSECONDS: Final = 1e6  # in a second


class Numbers(NamedTuple):
    """A column read as numbers: the values (NaN: missing), and the rows without one."""

    values: Array
    missing: int
    unreadable: int  # a part of `missing`


class Labels(NamedTuple):
    """A column read as labels: those that occur, the rows of each, and the rows without one."""

    labels: pa.Array
    counts: Integers
    missing: int


def tell(kind: pa.DataType) -> Kind:
    """Tell the kind of an Arrow type.

    >>> tell(pa.int8()), tell(pa.dictionary(pa.int32(), pa.string())), tell(pa.list_(pa.int8()))
    ('numeric', 'categorical', 'unsupported')
    """
    kind = _stored(kind)
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "datetime"
    if _is_text(kind):
        return "categorical"
    return "numeric" if _is_numeric(kind) or pa.types.is_null(kind) else "unsupported"


def numbers(column: pa.Array, kind: Kind) -> Numbers:
    """Read a column of any type as numbers, or as seconds since the epoch for `datetime`.

    What does not fit is `unreadable`: words, and times where numbers are meant.

    >>> values, missing, unreadable = numbers(pa.array(["1.5", " 2 ", "NA", "12a"]), "numeric")
    >>> values.tolist(), missing, unreadable
    ([1.5, 2.0], 2, 1)
    """
    column = _plain(column)
    if _is_text(column.type):
        return _parsed(column, kind)
    filled = column.drop_null()
    fits = _is_time(column.type) if kind == "datetime" else _is_numeric(column.type)
    if not fits and not (kind == "numeric" and pa.types.is_boolean(column.type)):
        return Numbers(np.empty(0), len(column), len(filled))
    return Numbers(_floats(filled), column.null_count, 0)


def labels(column: pa.Array, kind: Kind) -> Labels:
    """Read a column of any type as labels; `boolean` knows true and false by several names.

    3, 3.0 and the texts of both are the label 3; the text 007 is not 7.

    >>> found = labels(pa.array([3.0, 3.0, None, 0.5]), "categorical")
    >>> found.labels.to_pylist(), found.counts.tolist(), found.missing
    (['3', '0.5'], [2, 1], 1)
    """
    column = _plain(column)
    counted = pc.value_counts(column.drop_null())
    texts = _written(counted.field(0), kind)
    counts = np.asarray(counted.field(1), np.int64)
    kept = np.asarray(texts.is_valid())
    missing = column.null_count + int(counts[~kept].sum())
    return Labels(texts.drop_null(), counts[kept], missing)


def _stored(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return _stored(kind.storage_type)
    return _stored(kind.value_type) if pa.types.is_dictionary(kind) else kind


def _plain(column: pa.Array) -> pa.Array:
    """Give an array without extension types; categories stay encoded only for `labels`."""
    if isinstance(column.type, pa.BaseExtensionType):
        return _plain(column.storage)
    if pa.types.is_dictionary(column.type):
        return _plain(column.dictionary_decode())
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def _is_text(kind: pa.DataType) -> bool:
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(text or pa.types.is_string_view(kind))


def _is_numeric(kind: pa.DataType) -> bool:
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return bool(number or pa.types.is_duration(kind) or pa.types.is_time(kind))


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def _floats(filled: pa.Array) -> Array:
    """Give the values of a column without nulls as floats, times and durations in seconds."""
    kind = filled.type
    if pa.types.is_date(kind):
        filled = filled.cast(pa.timestamp("s"))
    elif pa.types.is_time(kind):
        filled = filled.cast(pa.time64("us") if kind.bit_width < 64 else kind)  # noqa: PLR2004
    kind = filled.type
    ticks = {"s": 1.0, "ms": 1e3, "us": _MICROSECONDS, "ns": 1e9}[getattr(kind, "unit", "s")]
    if not pa.types.is_floating(kind) and not pa.types.is_decimal(kind):
        filled = filled if pa.types.is_integer(kind) else filled.cast(pa.int64(), safe=False)
    values = filled.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(values / ticks if ticks > 1 else values, np.float64)


def _parsed(column: pa.Array, kind: Kind) -> Numbers:
    trimmed = pc.utf8_trim_whitespace(column)
    empty = pc.is_in(pc.utf8_lower(trimmed), pa.array(sorted(MISSING), column.type))
    filled = trimmed.filter(pc.invert(empty)).drop_null()
    values = _times(filled) if kind == "datetime" else _decimals(filled)
    return Numbers(values, len(column) - len(values), len(filled) - len(values))


def _decimals(texts: pa.Array) -> Array:
    fits = texts.filter(pc.match_substring_regex(texts, _NUMBER))
    plus = pc.replace_substring_regex(fits, r"^\+", "")
    return np.asarray(plus.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _times(texts: pa.Array) -> Array:
    try:
        return _floats(texts.cast(pa.timestamp("us")))
    except pa.ArrowInvalid:
        pass
    found = pc.value_counts(texts)
    seconds = [_seconds(text) for text in found.field(0).to_pylist()]
    known = np.array([np.nan if value is None else value for value in seconds])
    values = np.repeat(known, np.asarray(found.field(1)))
    return np.asarray(values[~np.isnan(values)])


def _seconds(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _written(distinct: pa.Array, kind: Kind) -> pa.Array:
    """Write distinct values as labels; null where a value is none."""
    if pa.types.is_floating(distinct.type) or pa.types.is_decimal(distinct.type):
        return pa.array([_number(value) for value in distinct.to_pylist()], pa.string())
    texts = distinct.cast(pa.string())
    if kind == "boolean":
        return pa.array([_TRUTH.get(t.strip().lower(), t) for t in texts.to_pylist()], pa.string())
    texts = pc.utf8_slice_codeunits(texts, 0, _LONGEST)
    return pc.replace_substring_regex(texts, _WHOLE, r"\1")


def _number(value: float) -> str | None:
    if value != value:  # noqa: PLR0124 (NaN)
        return None
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)
