"""How a source is to be read, where that is not left to what the content tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

Types = Mapping[str, pa.DataType]


@dataclass(frozen=True, slots=True)
class Options:
    """What is known of a source beforehand; None means: tell it from the content.

    `header` is the line of the header (1 is the first) or 0 for none, where `names` may name the
    columns. `missing` are texts that stand for no value in any column. `max_mb` bounds what is
    read, in inflated megabytes. `rename` maps names of the source to those that shall be used.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "" for none
    decimal: str | None = None
    thousands: str | None = None
    header: int | None = None
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    max_mb: float | None = None
    sheet: str | int | None = None
    table: str | None = None
    query: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader is asked for: types by column, options, names that a header should have.

    Text types bind where the source has none of its own; other types tell how text is meant.
    With `head_only` the first rows are enough.
    """

    columns: Types = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    expected: tuple[str, ...] = ()
    head_only: bool = False
