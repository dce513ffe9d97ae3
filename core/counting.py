"""A table, counted: load and profile, the first half of the pipeline."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa

from .profiling.engines import local
from .profiling.kinds import Kind, tell
from .profiling.profiles import Note, Profile, Source, is_profile
from .profiling.quantities import NumericCounts
from .reading.dialects import Unreadable
from .reading.sources import Source as Readable
from .reading.sources import Table, load
from .reading.windows import Chunking, split
from .settings import Settings

Data = Readable | Profile
Progress = Callable[[float], None]

_HEAD_BYTES = 64  # enough to tell a saved profile
_REFUTED = 0.01  # the share of unreadable values from which a column is no numbers after all


@dataclass(frozen=True, slots=True)
class Counted:
    """The profile of a table, and of its chunks where it was cut."""

    whole: Profile
    chunks: tuple[Profile, ...] = ()


def profile(
    source: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    kinds: Mapping[str, Kind] | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Profile:
    """Count a table once; a saved profile is loaded, content decides.

    Live data is read against `kinds`, those of the reference. `progress` is called with the share
    that is read, 0 to 1; what it raises ends the work. Raises one of PROBLEMS.
    """
    return count(source, settings, kinds=kinds, name=name, progress=progress).whole


def count(
    source: Data,
    settings: Settings,
    *,
    kinds: Mapping[str, Kind] | None = None,
    name: str | None = None,
    chunking: Chunking | None = None,
    progress: Progress | None = None,
) -> Counted:
    """Count a table as `profile` does, and its chunks with it; a saved profile has none."""
    if isinstance(source, Profile):
        return Counted(source)
    if saved := _saved(source, name):
        return Counted(saved)
    declared = {key: f.kind for key, f in settings.features.items() if f.kind is not None}
    wanted: dict[str, Kind] = {**(kinds or {}), **declared}
    table = load(source, columns=_as_text(wanted), name=name)
    counted = _counted(_watched(table, progress), wanted, chunking)
    refuted = {} if kinds else _refuted(counted.whole, declared)
    if refuted and isinstance(source, (str, os.PathLike, bytes)):
        table = load(source, columns=_as_text({**wanted, **refuted}), name=name)
        counted = _counted(_watched(table, progress), {**wanted, **refuted}, chunking)
    _require_few_dropped(table, settings.max_dropped)
    notes = tuple(Note(**asdict(note)) for note in table.notes)
    origin = Source(table.name, table.digest, table.rows_read, table.rows_dropped, notes)
    return replace(counted, whole=replace(counted.whole, source=origin))


def _counted(table: Table, wanted: Mapping[str, Kind], chunking: Chunking | None) -> Counted:
    if chunking is None:
        return Counted(local.profile(table, wanted))
    kinds = {field.name: wanted.get(field.name, tell(field.type)) for field in table.schema}
    empty = Profile.empty(kinds)
    chunks: dict[object, Profile] = {}
    for batch in table.batches():
        for key, rows in split(batch, chunking):
            chunks[key] = chunks.get(key, empty) + local.profile([rows], kinds)
    return Counted(sum(chunks.values(), empty), tuple(chunks.values()))


def _saved(source: Readable, name: str | None) -> Profile | None:
    if isinstance(source, bytes):
        if not is_profile(source[:_HEAD_BYTES]):
            return None
        return Profile.from_bytes(source, name=name or "The profile")
    if isinstance(source, (str, os.PathLike)) and Path(source).is_file():
        with Path(source).open("rb") as file:
            head = file.read(_HEAD_BYTES)
        return Profile.load(Path(source)) if is_profile(head) else None
    return None


def _as_text(kinds: Mapping[str, Kind]) -> dict[str, pa.DataType]:
    # Labels are read as they are written: 007 is not 7.
    return {name: pa.string() for name, kind in kinds.items() if kind == "categorical"}


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
