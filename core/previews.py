"""The head of a table: how it is written, its columns, its first rows. Nothing is counted."""

import itertools
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from .counting import Data, Opening, options, saved_profile
from .profiling.kinds import Kind, tell
from .profiling.profiles import Profile
from .reading.problems import Note, gathered
from .reading.tables import Table
from .settings import Settings

_ROWS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type in words, the kind it would be counted as, its first values as text."""

    name: str
    type: str
    kind: str
    first: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The head of a table, to be checked by a person before it is counted.

    `form` says in words how the source is written; `dialect` the same as keys of `[reading]` with
    what was told or chosen, empty where there is nothing to choose. `rows` are the first rows, None
    for a missing value, none for a saved profile. `rows_known` is their number, if it is known.
    """

    name: str
    form: str
    dialect: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    notes: tuple[Note, ...] = ()
    rows_known: int | None = None


def preview(
    source: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    role: str = "reference",
    kinds: Mapping[str, Kind] | None = None,
    name: str | None = None,
) -> Preview:
    r"""Read the head of a table, as `profile` would read it in the `role` of reference or live.

    `kinds` are those of the reference, for live. Raises one of PROBLEMS.

    >>> preview(b"a;b\n1,5;x\n").columns[0]
    Column(name='a', type='number', kind='numeric', first=('1.5',))
    """
    saved = source if isinstance(source, Profile) else saved_profile(source, name)
    if saved is not None:
        return _of_profile(saved)
    declared = {key: f.kind for key, f in settings.features.items() if f.kind is not None}
    wanted: dict[str, Kind] = {**(kinds or {}), **declared}
    expected = tuple(kinds or ())
    # `source` is no Profile any more: one was answered above.
    opening = Opening(source, name, options(settings, role), expected)  # type: ignore[arg-type]
    table = opening.load(wanted, head_only=True)
    rows = _first_rows(table)
    firsts: Iterable[tuple[str | None, ...]] = (
        zip(*rows, strict=True) if rows else itertools.repeat(())
    )
    columns = tuple(
        Column(each.name, _words(each.type), wanted.get(each.name, tell(each.type)), first)
        for each, first in zip(table.schema, firsts, strict=False)
    )
    return Preview(
        table.name, table.form, dict(table.dialect), columns, rows, tuple(gathered(table.notes))
    )


def _first_rows(table: Table) -> tuple[tuple[str | None, ...], ...]:
    rows: list[tuple[str | None, ...]] = []
    for batch in table.batches():
        head = batch.slice(0, _ROWS - len(rows))
        values = [head.column(name).to_pylist() for name in table.schema.names]
        rows += [tuple(map(_text, row)) for row in zip(*values, strict=True)]
        if len(rows) >= _ROWS:
            break
    if isinstance(table.rows, Generator):
        table.rows.close()  # the rest is not read, and the file not left open
    return tuple(rows)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _of_profile(saved: Profile) -> Preview:
    columns = tuple(Column(name, "counts", kind) for name, kind in saved.kinds.items())
    notes = tuple(Note(n.code, n.message, n.column, n.count, n.first) for n in saved.source.notes)
    return Preview(
        saved.source.name, "saved profile", columns=columns, notes=notes, rows_known=saved.rows
    )


def _words(kind: pa.DataType) -> str:
    """Name a type as people do."""
    if pa.types.is_dictionary(kind):
        return _words(kind.value_type)
    return next((words for holds, words in _WORDS if holds(kind)), str(kind))


_WORDS = (
    (pa.types.is_integer, "whole number"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_boolean, "true or false"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "date and time"),
    (pa.types.is_time, "time of day"),
    (pa.types.is_duration, "duration"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_string_view, "text"),
    (pa.types.is_null, "nothing"),
)
