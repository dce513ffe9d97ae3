"""What a column is counted as, and how a column of any Arrow type is read as that.

The kind of a feature is told once, from the reference; every other table is read against it. A
column of nulls alone is numeric unless told otherwise, so parts of one table must be told alike.
Durations, times and decimals are numeric (times and durations in seconds); dates and time stamps
are seconds since the epoch in UTC, those without a zone taken as UTC. Complex numbers, lists,
structs, maps and bytes are unsupported: their rows and nulls are counted, nothing else.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from . import buffers
from .buffers import Mask
from .cells import Array, Integers
from .texts import parse

Kind = Literal["numeric", "datetime", "categorical", "boolean", "unsupported"]

_SOUGHT: Final = 4096  # rows that are read anew at once to find an odd one
LONGEST: Final = 256  # characters of a label

_KEPT: Final = 200  # characters kept of a longer one, before a hash of the whole
_TICKS: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # a second
_DAY: Final = 86_400.0  # seconds
_WHOLE: Final = r"^(?:-?(0)|(-?[1-9][0-9]*))\.0$"  # 007.0 is a code, not a number
_TRUTH: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_INT64: Final = 2.0**63


class Numbers(NamedTuple):
    """The values of a column without its nulls (NaN may remain), and how many were set aside."""

    values: Array
    missing: int
    unreadable: int  # a part of missing


class Labels(NamedTuple):
    """The labels of a column, perhaps repeated, the rows of each, and how many were set aside."""

    labels: pa.Array
    counts: Integers
    missing: int
    unreadable: int  # a part of missing


def tell(kind_of: pa.DataType) -> Kind:
    """Tell the kind of an Arrow type; dictionaries, runs and extensions follow what they hold.

    >>> tell(pa.decimal128(9, 2)), tell(pa.dictionary(pa.int8(), pa.string())), tell(pa.null())
    ('numeric', 'categorical', 'numeric')
    """
    types = pa.types
    if types.is_dictionary(kind_of) or types.is_run_end_encoded(kind_of):
        return tell(kind_of.value_type)
    if isinstance(kind_of, pa.BaseExtensionType):
        return tell(kind_of.storage_type)
    if types.is_boolean(kind_of):
        return "boolean"
    if _is_text(kind_of):
        return "categorical"
    if types.is_timestamp(kind_of) or types.is_date(kind_of):
        return "datetime"
    numeric = (
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        types.is_duration,
        types.is_time,
        types.is_null,
    )
    return "numeric" if any(holds(kind_of) for holds in numeric) else "unsupported"


def numbers(array: pa.Array, kind: Kind) -> Numbers:
    """Read a column as "numeric" or "datetime" (seconds since the epoch in UTC).

    Text is parsed: numbers, or times in ISO 8601; the tokens of `MISSING` are missing, other text
    is unreadable too. So is every value of a type that the kind cannot be read from.

    >>> numbers(pa.array(["1.5", " 2 ", "NA", "12a", None]), "numeric")
    Numbers(values=array([1.5, 2. ]), missing=3, unreadable=1)
    """
    array = _plain(array)
    if _is_text(array.type) or pa.types.is_dictionary(array.type):
        return _parsed(array, kind)
    if tell(array.type) == kind:
        return Numbers(_floats(array), array.null_count, 0)
    if kind == "numeric" and pa.types.is_boolean(array.type):
        return Numbers(_floats(array.cast(pa.uint8())), array.null_count, 0)
    return Numbers(np.empty(0), len(array), len(array) - array.null_count)


def labels(array: pa.Array, kind: Kind) -> Labels:
    """Read a column as "categorical" or "boolean": label text, each with its rows.

    3, 3.0 and the text 3.0 are the label 3; 007 is not 7. Nulls and NaN are missing, the empty
    text is a label. Text longer than `LONGEST` is cut, and told apart by a hash. For "boolean" the
    texts true and 1, false and 0 in any case are `true` and `false`.

    >>> read = labels(pa.array([3.0, 2.5, None, 3.0]), "categorical")
    >>> read.labels.to_pylist(), read.counts.tolist(), read.missing
    (['3', '2.5'], [2, 1], 1)
    """
    array = _plain(array)
    if tell(array.type) == "unsupported":
        return Labels(
            pa.nulls(0, pa.string()),
            np.empty(0, np.int64),
            len(array),
            len(array) - array.null_count,
        )
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = _texts(encoded.dictionary)
    if kind == "boolean":
        texts = _truths(texts)
    counts = np.bincount(_raw(encoded.indices), minlength=len(texts))
    used = (counts > 0) & buffers.valid(texts)
    counts = counts[used]
    texts = texts.take(buffers.places(np.flatnonzero(used)))
    return Labels(texts, counts, len(array) - int(counts.sum()), 0)


def numbers_by_row(array: pa.Array, kind: Kind) -> tuple[Array, Mask]:
    """Read a column as `numbers` does, row by row: NaN where missing, and which are unreadable."""
    array = _plain(array)
    valid = buffers.valid(array)
    values, unread = np.full(len(array), np.nan), np.zeros(len(array), bool)
    if _is_text(array.type) or pa.types.is_dictionary(array.type):
        values[valid], unread[valid] = _read(array, kind)
    elif tell(array.type) == kind:
        values[valid] = _floats(array)
    elif kind == "numeric" and pa.types.is_boolean(array.type):
        values[valid] = _floats(array.cast(pa.uint8()))
    else:
        unread = valid
    return values, unread


def first_unreadable(parts: Sequence[pa.Array], kind: Kind) -> str | None:
    """Give the first text that `numbers` cannot read, cut to `LONGEST`; None without.

    >>> first_unreadable([pa.array(["1", None]), pa.array(["NA", "12a", "b"])], "numeric")
    '12a'
    """
    for part in map(_plain, parts):
        if not (_is_text(part.type) or pa.types.is_dictionary(part.type)):
            continue
        for start in range(0, len(part), _SOUGHT):
            some = part.slice(start, _SOUGHT)
            _, unread = numbers_by_row(some, kind)
            if unread.any():
                return str(some[int(unread.argmax())].as_py())[:LONGEST]
    return None


def labels_by_row(array: pa.Array, kind: Kind) -> tuple[pa.Array, Integers]:
    """Read a column as `labels` does, row by row: the labels in order, and each row's place.

    The place is that after the last label where the row has none.

    >>> texts, places = labels_by_row(pa.array(["b", None, "a", "b"]), "categorical")
    >>> texts.to_pylist(), places.tolist()
    (['a', 'b'], [1, 2, 0, 1])
    """
    array = _plain(array)
    if tell(array.type) == "unsupported":
        return pa.nulls(0, pa.string()), np.zeros(len(array), np.int64)
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = _texts(encoded.dictionary)
    texts = _truths(texts) if kind == "boolean" else texts
    distinct = pc.unique(texts.drop_null())
    distinct = distinct.take(pc.sort_indices(distinct))
    places = np.asarray(pc.fill_null(pc.index_in(texts, distinct), len(distinct)), np.int64)
    by_row = np.full(len(array), len(distinct))
    by_row[buffers.valid(encoded.indices)] = places[_raw(encoded.indices)]
    return distinct, by_row


def _is_text(kind_of: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_string(kind_of) or types.is_large_string(kind_of) or types.is_string_view(kind_of)
    )


def _plain(array: pa.Array) -> pa.Array:
    """Unwrap a column to numbers, times, booleans, text, or a dictionary of text."""
    if isinstance(array, pa.ExtensionArray):
        return _plain(array.storage)
    if pa.types.is_run_end_encoded(array.type):
        return _plain(pc.run_end_decode(array))
    if pa.types.is_dictionary(array.type):
        return array if _is_text(array.type.value_type) else _plain(array.dictionary_decode())
    if pa.types.is_string_view(array.type):
        return array.cast(pa.large_string())  # has no dictionary_encode
    if pa.types.is_float16(array.type):
        return array.cast(pa.float32())  # the same
    if pa.types.is_decimal32(array.type) or pa.types.is_decimal64(array.type):
        return array.cast(pa.decimal128(array.type.precision, array.type.scale))  # the same
    return array


def _raw(array: pa.Array) -> NDArray[Any]:
    """Give the numbers of a primitive array without its nulls, uncopied where there are none."""
    values = buffers.numbers(array)
    return values.take(np.flatnonzero(buffers.valid(array))) if array.null_count else values


def _floats(array: pa.Array) -> Array:
    """Give the values that are not null; times of any unit in seconds."""
    types, kind_of = pa.types, array.type
    if types.is_null(kind_of):
        return np.empty(0)
    if types.is_decimal(kind_of):
        return _raw(_rounded(array))
    if types.is_date32(kind_of):
        return _raw(array.view(pa.int32())) * _DAY
    if types.is_temporal(kind_of):
        ticks = 1_000 if types.is_date64(kind_of) else _TICKS[kind_of.unit]
        return _seconds(_raw(array.view(f"int{kind_of.bit_width}")), ticks)
    return _raw(array).astype(np.float64, copy=False)


def _rounded(decimals: pa.Array) -> pa.Array:
    """Give the nearest floats, by way of text: Arrow's own way is often the second nearest."""
    return decimals.cast(pa.string()).cast(pa.float64())


def _seconds(stamps: Integers, ticks: int) -> Array:
    """Divide by the ticks of a second, apart for whole seconds: alike for every unit."""
    if ticks == 1:
        return stamps.astype(np.float64)
    whole = stamps // ticks
    return whole + (stamps - whole * ticks) / ticks


def _read(array: pa.Array, kind: Kind) -> tuple[Array, Mask]:
    """Parse the texts that are not null: NaN for none, and which could not be read."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    read, unread = parse(encoded.dictionary, times=kind == "datetime")
    codes = _raw(encoded.indices)
    return read[codes], unread[codes]


def _parsed(array: pa.Array, kind: Kind) -> Numbers:
    values, unread = _read(array, kind)
    found = values[~np.isnan(values)]
    return Numbers(found, len(array) - found.size, int(np.count_nonzero(unread)))


def _texts(distinct: pa.Array) -> pa.Array:
    """Give the label text of distinct values; null for null and NaN."""
    kind_of = distinct.type
    if pa.types.is_decimal(kind_of):
        distinct = _rounded(distinct)
    if pa.types.is_floating(distinct.type):
        return _float_texts(distinct)
    texts = distinct.cast(pa.string())
    if not _is_text(kind_of):
        return texts
    if pc.any(pc.ends_with(texts, ".0")).as_py():
        texts = pc.replace_substring_regex(texts, _WHOLE, r"\1\2")
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > LONGEST:
        texts = pa.array([_cut(text) for text in texts.to_pylist()], pa.string())
    return texts


def _float_texts(distinct: pa.Array) -> pa.Array:
    values = distinct.to_numpy(zero_copy_only=False)
    whole = (np.rint(values) == values) & (np.abs(values) < _INT64)
    integers = pa.array(np.where(whole, values, 0).astype(np.int64)).cast(pa.string())
    texts = pc.if_else(pa.array(whole), integers, distinct.cast(pa.string()))
    return pc.if_else(pa.array(np.isnan(values)), None, texts)


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST:
        return text
    return f"{text[:_KEPT]}…{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def _truths(texts: pa.Array) -> pa.Array:
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    place = pc.index_in(lowered, value_set=pa.array(list(_TRUTH)))
    return pc.coalesce(pa.array(list(_TRUTH.values())).take(place), texts)
