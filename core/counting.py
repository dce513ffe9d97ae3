"""A table, counted: load and profile, the first half of the pipeline."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa

from .clusters import Task
from .clusters import counted as counted_there
from .cutting import Counted, counted
from .pairing import paired
from .profiling.kinds import Kind
from .profiling.profiles import ODD_VALUE, TIME_ZONE, Note, Profile, Source, is_profile
from .profiling.quantities import NumericCounts
from .profiling.vectors import VectorCounts
from .reading.options import Options
from .reading.problems import Unreadable, gathered
from .reading.sources import Source as Readable
from .reading.sources import load
from .reading.tables import Table
from .reading.windows import Chunking
from .settings import Settings
from .sums import Sums

Data = Readable | Profile
Progress = Callable[[float], None]

_HEAD_BYTES = 64  # enough to tell a saved profile
_MEANT: Mapping[Kind, pa.DataType] = {
    "numeric": pa.float64(),
    "datetime": pa.timestamp("us", "UTC"),
    "categorical": pa.string(),  # as written: 007 is not 7
    "boolean": pa.bool_(),
}
_REFUTED = 0.01  # the share of unreadable values from which a column is no numbers after all


def profile(
    source: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    kinds: Mapping[str, Kind] | Profile | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Profile:
    """Count a table once; a saved profile is loaded, content decides.

    Several files, a folder or a pattern are one table. Live data is read against `kinds`, those of
    the reference (or its whole profile, where pairs or vectors are counted), and with the choices
    for live in `[reading]` of the settings. `progress` is called with the share that is read, 0 to
    1; what it raises ends the work. Raises one of PROBLEMS.
    """
    return count(source, settings, kinds=kinds, name=name, progress=progress).whole


def count(
    source: Data,
    settings: Settings,
    *,
    kinds: Mapping[str, Kind] | Profile | None = None,
    name: str | None = None,
    chunking: Chunking | None = None,
    progress: Progress | None = None,
) -> Counted:
    """Count a table as `profile` does, its parts in the same pass; a saved profile has none.

    `kinds` may be the profile of the reference: then pairs are counted in its levels, and vectors
    in its lengths, else in those of the table itself. Pairs take one more pass.
    """
    if isinstance(source, Profile):
        return Counted(source)
    if saved := saved_profile(source, name):
        return Counted(saved)
    known, kinds = (kinds, kinds.kinds) if isinstance(kinds, Profile) else (None, kinds)
    declared = {key: f.kind for key, f in settings.features.items() if f.kind is not None}
    wanted: dict[str, Kind] = {**(kinds or {}), **declared}
    opening = Opening(
        source, name, options(settings, "live" if kinds else "reference"), tuple(kinds or ())
    )
    counting = partial(
        _counted,
        opening,
        settings,
        chunking=chunking,
        vectors=known.vectors if known else {},
        progress=progress,
    )
    try:
        table, found = counting(wanted)
    except Unreadable as problem:
        if problem.code != "database_away":
            raise
        table, found = counting(wanted)  # once more: nothing of the first try is kept
    refuted = {} if kinds else _refuted(found.whole, declared)
    if refuted and table.is_text:
        table, found = counting({**wanted, **refuted})
    _require_few_dropped(table, settings.max_dropped)
    joint = settings.pairs != "none" or settings.label is not None
    if joint and table.cluster is None:  # with a label, what lies there is told of without tables
        levels = known.pairs if known else None
        found = paired(found, opening.load(found.whole.kinds), settings, levels)
    return replace(found, whole=replace(found.whole, source=_origin(table, found.whole, settings)))


def _counted(
    opening: "Opening",
    settings: Settings,
    wanted: Mapping[str, Kind],
    *,
    chunking: Chunking | None,
    vectors: Mapping[str, VectorCounts],
    progress: Progress | None,
) -> tuple[Table, Counted]:
    """Open the table and count it in one pass, where it lies."""
    table = opening.load(wanted)
    if table.cluster is not None:
        return table, _there(table, opening, wanted, (chunking, settings))
    sums = Sums(settings.vectors, vectors)
    rows = sums.watched(_watched(table, progress))
    found = counted(rows, wanted, chunking, settings.segments)
    return table, replace(found, whole=sums.added(found.whole))


def _origin(table: Table, whole: Profile, settings: Settings) -> Source:
    """Tell where the rows came from, and what was noticed on the way.

    No value of an ignored column is told; on a cluster no value is the first.
    """
    ignored = {name for name, own in settings.features.items() if own.ignore}
    told = [
        note
        for note in whole.source.notes
        if note.code != ODD_VALUE or not (table.cluster is not None or note.column in ignored)
    ]
    notes = (*_noted(table), *told)
    return Source(table.name, table.digest, table.rows_read, table.rows_dropped, notes, table.form)


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open a source, perhaps more than once."""

    source: Readable
    name: str | None
    options: Options
    expected: tuple[str, ...] = ()

    def types(self, kinds: Mapping[str, Kind]) -> dict[str, pa.DataType]:
        """Give the types that texts of these kinds mean."""
        return {name: _MEANT[kind] for name, kind in kinds.items() if kind in _MEANT}

    def load(self, kinds: Mapping[str, Kind], *, head_only: bool = False) -> Table:
        """Open the table; its texts mean what `kinds` say."""
        return load(
            self.source,
            columns=self.types(kinds),
            name=self.name,
            options=self.options,
            expected=self.expected,
            head_only=head_only,
        )


def _there(
    table: Table,
    opening: Opening,
    wanted: Mapping[str, Kind],
    asked: tuple[Chunking | None, Settings],
) -> Counted:
    """Count a table where it lies: on its cluster."""
    chunking, settings = asked
    if settings.vectors:
        sentence = f"Vectors of {table.name} cannot be counted in {table.form}. Leave vectors away."
        raise Unreadable("no_vectors", sentence)
    if settings.pairs != "none":
        sentence = f"Pairs of {table.name} cannot be counted in {table.form}. Leave pairs away."
        raise Unreadable("no_pairs", sentence)
    known = replace(opening.options, rename={})  # the schema has the new names
    types = opening.types(wanted)
    return counted_there(
        table, Task(table.schema, wanted, types, known, (chunking, settings.segments))
    )


def options(settings: Settings, role: str) -> Options:
    """Give what the settings choose about reading the table of `role`."""
    chosen = settings.reading.side(role).model_dump(exclude_none=True)
    header = chosen.get("header")
    return Options(
        **{
            **chosen,
            **({"header": 0} if header == "none" else {}),
            **({"quote": ""} if chosen.get("quote") == "none" else {}),
            "names": tuple(chosen.get("names", ())),
            "missing": tuple(chosen.get("missing", ())),
        }
    )


def _noted(table: Table) -> Iterator[Note]:
    """Give what was noticed while reading, and which times have a zone."""
    for note in gathered(table.notes):
        yield Note(**asdict(note))
    for field in table.schema:
        if pa.types.is_timestamp(field.type):
            zone = field.type.tz or ""
            yield Note(
                TIME_ZONE, f"{field.name} has times in {zone or 'no zone'}.", field.name, 0, zone
            )


def saved_profile(source: Readable, name: str | None) -> Profile | None:
    """Load the profile that `source` is; None where it is a table."""
    if isinstance(source, bytes):
        if not is_profile(source[:_HEAD_BYTES]):
            return None
        return Profile.from_bytes(source, name=name or "The profile")
    if isinstance(source, tuple) and len(source) == 2 and isinstance(source[1], bytes):  # noqa: PLR2004
        return saved_profile(source[1], name or str(source[0]))
    if isinstance(source, (str, os.PathLike)):
        data = b""
        with (
            suppress(OSError, ValueError),
            _opened(Path(source)) as file,
        ):  # `load` says what is wrong
            head = file.read(_HEAD_BYTES)
            data = head + file.read() if is_profile(head) else b""
        return Profile.from_bytes(data, name=name or Path(source).name) if data else None
    return None


def _opened(path: Path) -> IO[bytes]:
    if not path.is_file():  # a pipe would wait for ever
        raise FileNotFoundError(path)
    return path.open("rb")


def _watched(table: Table, progress: Progress | None) -> Table:
    if progress is None:
        return table

    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        progress(0.0)
        for batch in batches:
            yield batch
            progress(table.done)

    table.rows = rows(table.rows)
    return table


def _refuted(counted: Profile, declared: Mapping[str, Kind]) -> dict[str, Kind]:
    """Find columns that looked like numbers at first and are not: they are counted again."""
    return {
        name: "categorical"
        for name, counts in counted.features.items()
        if name not in declared
        and isinstance(counts, NumericCounts)
        and counts.unreadable > _REFUTED * (counts.present + counts.unreadable)
    }


def _require_few_dropped(table: Table, most: float) -> None:
    if table.rows_dropped > most * table.rows_read:
        sentence = (
            f"{table.name}: {table.rows_dropped} of {table.rows_read} rows could not be read, more "
            f"than the {most:.0%} that max_dropped allows. Mend the file or raise max_dropped."
        )
        raise Unreadable("too_many_bad_rows", sentence)
