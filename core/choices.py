"""What can be chosen about reading: how a table is written, where its content does not tell."""

import codecs
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

# Encodings of Python's that are no way to write a text file.
_NO_TEXT = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    if found is None or not found._is_text_encoding or found.name in _NO_TEXT:  # noqa: SLF001 (no public name tells text from bytes)
        raise ValueError("Input should be an encoding such as utf-8, cp1252, utf-16 or shift_jis")
    return found.name


def _mark(text: str) -> str:
    if len(text) != 1 or not text.isascii() or text in "\r\n\0":
        raise ValueError("Input should be one letter of ASCII, no line end")
    return text


Encoding = Annotated[str, AfterValidator(_encoding)]
Mark = Annotated[str, AfterValidator(_mark)]


class Choices(BaseModel):
    """A table of the settings: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SideReading(Choices):
    """How one table is to be read; what is None is told by its content.

    `header` is the line that names the columns (1 is the first), or "none", where `names` may name
    them. `missing` are texts that stand for no value in any column, `max_mb` the megabytes that may
    be read, inflated. `sheet` is one of a workbook, by name or number; `table` or `query` one of a
    database. `rename` maps a name of the file to the name to be used.
    """

    encoding: Encoding | None = None
    delimiter: Mark | None = None
    quote: Mark | Literal["none"] | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header: Annotated[int, Field(ge=1, le=10_000)] | Literal["none"] | None = None
    names: list[str] | None = None
    missing: list[str] | None = None
    max_mb: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    sheet: Annotated[int, Field(ge=1)] | str | None = None
    table: str | None = None
    query: str | None = None
    rename: dict[str, str] | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        marks = [self.delimiter, self.quote]
        if self.delimiter is not None and marks.count(self.delimiter) > 1:
            raise ValueError("delimiter and quote are the same letter")
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("decimal and thousands are the same letter")
        if self.table is not None and self.query is not None:
            raise ValueError("table and query: give one of them")
        return self


class Reading(SideReading):
    """How both tables are to be read, and what is otherwise for one of them."""

    reference: SideReading | None = None
    live: SideReading | None = None

    def side(self, role: str | None) -> SideReading:
        """Give what holds for the table of `role`: its own choices before those for both."""
        own = self.live if role == "live" else self.reference if role == "reference" else None
        both = self.model_dump(exclude_none=True, exclude={"reference", "live"})
        return SideReading.model_validate(
            {**both, **(own.model_dump(exclude_none=True) if own else {})}
        )


def _span(text: str) -> str:
    try:
        start, end = (datetime.fromisoformat(part) for part in text.split("/"))
        rising = _in_utc(start) < _in_utc(end)
    except ValueError:
        rising = False
    if not rising:
        raise ValueError(
            "Input should be a span such as 2026-01-01/2026-02-01: start and end in ISO 8601"
        )
    return text


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


TimeSpan = Annotated[str, AfterValidator(_span)]


class Between(Choices):
    """Which rows are compared, by their time: any window against any other.

    `reference` and `live` are spans (START/END, UTC where no zone is said, the end exclusive), all
    rows where None; tables are cut into windows of `every`, and those wholly inside are summed.
    With `same_hours` the reference has only windows of a weekday and hour that live has, too.
    """

    reference: TimeSpan | None = None
    live: TimeSpan | None = None
    every: Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(h|d|w|mo)$")] = "1d"
    same_hours: bool = False

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.same_hours and self.every.endswith(("w", "mo")):
            raise ValueError("same_hours needs windows of hours or days")
        return self

    def span(self, role: str) -> tuple[datetime, datetime] | None:
        """Give start and end of the rows of one table, aware; None for all rows."""
        text = self.live if role == "live" else self.reference
        if text is None:
            return None
        start, end = (_in_utc(datetime.fromisoformat(part)) for part in text.split("/"))
        return start, end
