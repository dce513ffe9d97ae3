"""Dates and times as people write them, read as instants; the order of day and month is told."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ISO = r"^\s*\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(Z|UTC|[+-]\d\d(:?\d\d)?)?)?\s*$"
MOMENT = pa.timestamp("us", "UTC")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = (
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d(?:[.,]\d+)?))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?"
)
_COMPACT = r"^(?P<a>(?:19|20)\d\d)(?P<b>[01]\d)(?P<c>[0-3]\d)" + _TIME + "$"
_FORMS = (
    rf"^(?P<a>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{1,2}}){_TIME}$",
    _COMPACT,
    rf"^(?P<a>\d{{1,2}})[-/. ](?P<b>\d{{1,2}})[-/. ](?P<c>\d{{4}}),?{_TIME}$",
)
_DAYS_FIRST = 2  # the place of the form that begins with a day or a month
_NAMED = r"(?i)^([a-z]{3,9}),?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"  # Dec 31, 2024
_WEEKDAY = r"(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Order:
    """How dates of a column are written; `certain` where a day above 12 showed it."""

    form: int
    day_first: bool = False
    certain: bool = True

    @property
    def words(self) -> str:
        """Name the order."""
        if self.form < _DAYS_FIRST:
            return "year, month, day, or a month by its name"
        return "day, month, year" if self.day_first else "month, day, year"


def order_of(texts: pa.Array) -> Order | None:
    """Tell how most of the texts are written as dates, or None."""
    texts = _numbered(texts)
    for form, pattern in enumerate(_FORMS):
        parts = pc.extract_regex(texts, pattern).drop_null()
        if not len(parts):
            continue
        if form < _DAYS_FIRST:
            return Order(form)
        first, second = (_whole(parts, name) for name in ("a", "b"))
        days, months = int((first > 12).sum()), int((second > 12).sum())  # noqa: PLR2004
        dots = pc.any(pc.match_substring_regex(texts, r"^\d{1,2}\.\d")).as_py()
        day_first = days > months if days != months else bool(dots)
        return Order(form, day_first, certain=days != months or bool(dots))
    return None


def instants(texts: pa.Array, order: Order) -> pa.Array:
    """Read dates written in `order` as time stamps in UTC; null for what is none.

    >>> read = instants(pa.array(["31/12/2024 14:05", "31/13/2024"]), Order(2, day_first=True))
    >>> read.cast(pa.string()).to_pylist()
    ['2024-12-31 14:05:00.000000Z', None]
    """
    parts = pc.extract_regex(_numbered(texts), _FORMS[order.form])
    a, b, c = (_whole(parts, name) for name in "abc")
    year, month, day = (
        (a, b, c) if order.form < _DAYS_FIRST else (c, b, a) if order.day_first else (c, a, b)
    )
    seconds, is_time = _seconds(parts)
    is_date = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)  # noqa: PLR2004
    months = (np.where(is_date, year, 1970) - 1970) * 12 + np.where(is_date, month, 1) - 1
    dates = months.astype("M8[M]").astype("M8[D]") + (day - 1)
    valid = is_date & is_time & (dates.astype("M8[M]") == months.astype("M8[M]"))
    stamps = dates.astype("M8[us]") + np.round(seconds * 1e6).astype("m8[us]")
    return pa.array(stamps, pa.timestamp("us"), mask=~valid).cast(MOMENT)


def _numbered(texts: pa.Array) -> pa.Array:
    """Write the names of months as numbers: Dec 31, 2024 and 31-Dec-2024."""
    texts = pc.utf8_trim_whitespace(texts.cast(pa.string()))
    if not pc.any(pc.match_substring_regex(texts, "[A-Za-z]{3}")).as_py():
        return texts
    texts = pc.replace_substring_regex(texts, _WEEKDAY, "")
    texts = pc.replace_substring_regex(texts, _NAMED, r"\2-\1-\3")
    for number, name in enumerate(_MONTHS, 1):
        pattern = rf"(?i)^(\d{{1,2}})[-/. ]+{name}[a-z]*\.?,?[-/. ]+(\d{{4}})"
        # 13 cannot be a month, so that the order stays certain: the month is put in the first place
        texts = pc.replace_substring_regex(texts, pattern, rf"\2-{number}-\1")
    return texts


def _whole(parts: pa.Array, name: str) -> Integers:
    found = parts.field(name) if not isinstance(parts, pa.ChunkedArray) else None
    filled = pc.fill_null(pc.if_else(pc.equal(found, ""), None, found), "0")
    return np.asarray(filled.cast(pa.int64()))


def _seconds(parts: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give the seconds since midnight in UTC, and which are a time of day."""
    hour, minute = _whole(parts, "hour"), _whole(parts, "minute")
    text = pc.replace_substring(pc.fill_null(parts.field("second"), ""), ",", ".")
    second = np.asarray(pc.if_else(pc.equal(text, ""), "0", text).cast(pa.float64()))
    half = pc.utf8_lower(pc.fill_null(parts.field("half"), ""))
    is_late, is_early = (np.asarray(pc.starts_with(half, letter)) for letter in "pa")
    is_noon = hour == 12  # noqa: PLR2004
    hour = hour + np.where(is_late & ~is_noon, 12, 0) - np.where(is_early & is_noon, 12, 0)
    is_time = (hour < 24) & (minute < 60) & (second < 61)  # noqa: PLR2004
    return hour * 3600.0 + minute * 60.0 + second - _offset(parts.field("zone")), is_time


def _offset(zones: pa.Array) -> NDArray[np.float64]:
    zones = pc.fill_null(zones, "")
    found = pc.extract_regex(zones, r"^(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?$")
    signs = np.where(np.asarray(pc.starts_with(zones, "-")), -1.0, 1.0)
    return signs * (_whole(found, "hours") * 3600.0 + _whole(found, "minutes") * 60.0)
