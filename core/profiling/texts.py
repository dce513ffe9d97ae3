"""Texts read as numbers or as times: what is a value, what stands for none, what is neither."""

from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .buffers import Mask, numbers, strings, valid
from .cells import Array

# Texts that stand for no value where a number or a time is meant, in lower case.
MISSING: Final = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "-", "?"}
)

_TICKS: Final = 10**6  # microseconds of a second
_NUMBER: Final = r"^[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|(?i:inf|infinity))$"


def parse(texts: pa.Array, *, times: bool) -> tuple[Array, Mask]:
    """Parse distinct texts: numbers, or times in ISO 8601 (seconds since the epoch in UTC).

    NaN for null, for the tokens of `MISSING` and for what cannot be read; the mask tells the last.

    >>> parse(pa.array(["1.5", " 2 ", "NA", "12a", None]), times=False)[1].tolist()
    [False, False, False, True, False]
    """
    texts = pc.utf8_trim_whitespace(texts.cast(pa.large_string()))
    token = pc.is_in(
        pc.utf8_lower(texts), value_set=strings(sorted(MISSING)).cast(pa.large_string())
    )
    texts = pc.if_else(token, None, texts)
    read = _times(texts) if times else _numbers(texts)
    return read, np.isnan(read) & valid(texts)


def _numbers(texts: pa.Array) -> Array:
    """Parse numbers; NaN for null and for what is none."""
    plain = pc.if_else(pc.match_substring_regex(texts, _NUMBER), pc.utf8_ltrim(texts, "+"), None)
    return np.asarray(plain.cast(pa.float64()))


def _times(texts: pa.Array) -> Array:
    """Parse times in ISO 8601; NaN for null and for what is none.

    Arrow is quick and reads a part of the standard; the slow way agrees with it on that part.
    """
    texts = pc.if_else(pc.starts_with(texts, "0000"), None, texts)  # a year that Python has not
    for kind_of in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            stamps = texts.cast(kind_of)
        except pa.ArrowInvalid:  # not all are of this form
            continue
        read = np.full(len(texts), np.nan)
        ticks = numbers(stamps.drop_null().view(pa.int64()))
        whole = ticks // _TICKS
        read[valid(stamps)] = whole + (ticks - whole * _TICKS) / _TICKS
        return read
    return np.array([_instant(text) for text in texts.to_pylist()], np.float64)


def _instant(text: str | None) -> float:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return np.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
