"""A table counted by windows or groups, in one pass: the parts add up to the whole, exactly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from .profiling.cells import Integers
from .profiling.engines import local
from .profiling.faults import uncounted, without_values
from .profiling.kinds import Kind, tell
from .profiling.parts import count_parts
from .profiling.profiles import Counts, Note, Profile, Source, add_counts
from .reading.problems import Unreadable
from .reading.tables import Table
from .reading.windows import Chunking, Key, Rows, Window, cut

_JOINED = 1 << 26  # bytes of small batches that are cut at once


@dataclass(frozen=True, slots=True)
class Counted:
    """The profile of a table, and of its parts where it was cut: they add up to it, exactly.

    `windows` are in order: of time (Window) or of rows (Rows). `rest` are the rows without a time.
    `groups` are the chunks that groups of rows were dealt to.
    """

    whole: Profile
    windows: Mapping[Window | Rows, Profile] = field(default_factory=dict)
    rest: Profile | None = None
    groups: tuple[Profile, ...] = ()

    @property
    def chunks(self) -> tuple[Profile, ...]:
        """The parts that tell how much the data differ by nature, those without a time too."""
        rest = () if self.rest is None else (self.rest,)
        return (*self.windows.values(), *self.groups, *rest)


def counted(table: Table, wanted: Mapping[str, Kind], chunking: Chunking | None) -> Counted:
    """Count a table in one pass, and the parts that `chunking` cuts it into."""
    if chunking is None:
        return Counted(local.profile(table, wanted))
    kinds = {field.name: wanted.get(field.name, tell(field.type)) for field in table.schema}
    chunking = replace(chunking, column=chunking.column or time_column(kinds, chunking))
    parts = _Parts(kinds)

    def batches() -> Iterator[pa.RecordBatch]:
        first = 0
        for batch in _gathered(table.batches()):
            yield batch
            parts.add(batch, *cut(batch, chunking, first))
            first += batch.num_rows

    whole = local.profile(replace(table, rows=batches()), wanted)
    return _sorted(parts.noted(whole), parts.profiles())


@dataclass(slots=True)
class _Parts:
    """The parts of a table while it is counted; a column with a fault has no values in any."""

    kinds: Mapping[str, Kind]
    rows: dict[Key, int] = field(default_factory=dict)
    columns: dict[str, dict[Key, Counts]] = field(default_factory=dict)
    faults: dict[str, Note] = field(default_factory=dict)

    def add(
        self, batch: pa.RecordBatch, keys: Sequence[Key], order: Integers, ends: Integers
    ) -> None:
        """Count the parts of a batch into those of their keys."""
        for key, rows in zip(keys, np.diff(ends, prepend=0).tolist(), strict=True):
            self.rows[key] = self.rows.get(key, 0) + rows
        for name, kind in self.kinds.items():
            if name in self.faults:
                continue
            known = self.columns.setdefault(name, {})
            try:
                for key, counts in zip(
                    keys, count_parts(batch, order, ends, name, kind), strict=True
                ):
                    known[key] = add_counts(known[key], counts) if key in known else counts
            except Exception as error:  # noqa: BLE001 (any: the other columns go on)
                self.faults[name] = uncounted(name, error)

    def profiles(self) -> dict[Key, Profile]:
        """Give the profile of each part."""
        source = Source(notes=tuple(self.faults.values()))
        return {
            key: Profile(
                rows,
                {
                    name: without_values(kind, rows)
                    if name in self.faults
                    else self.columns[name][key]
                    for name, kind in self.kinds.items()
                },
                dict(self.kinds),
                source,
            )
            for key, rows in self.rows.items()
        }

    def noted(self, whole: Profile) -> Profile:
        """Say in the profile of the whole which columns have no parts."""
        known = {note.column for note in whole.source.notes}
        notes = [note for name, note in self.faults.items() if name not in known]
        source = replace(whole.source, notes=(*whole.source.notes, *notes))
        return replace(whole, source=source)


def time_column(kinds: Mapping[str, Kind], chunking: Chunking) -> str | None:
    """Find the only datetime column; None for windows of rows. Raises Unreadable."""
    if chunking.every is not None and chunking.every.endswith("rows"):
        return None
    times = [name for name, kind in kinds.items() if kind == "datetime"]
    if len(times) != 1:
        found = f"There are {len(times)}: {', '.join(times[:5])}" if times else "There is none"
        sentence = f"Windows of time need one datetime column. {found}. Name one: time_column."
        raise Unreadable("no_time_column", sentence)
    return times[0]


def _sorted(whole: Profile, parts: Mapping[Key, Profile]) -> Counted:
    times = sorted(key for key in parts if isinstance(key, Window))
    rows = sorted(key for key in parts if isinstance(key, Rows))
    groups = tuple(parts[key] for key in sorted(key for key in parts if isinstance(key, int)))
    windows: dict[Window | Rows, Profile] = {key: parts[key] for key in times}
    return Counted(whole, windows | {key: parts[key] for key in rows}, parts.get(None), groups)


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Join small batches of one schema: a window is merged once for each batch that holds it."""
    block: list[pa.RecordBatch] = []
    for batch in batches:
        size = sum(part.nbytes for part in block) + batch.nbytes
        if block and (batch.schema != block[0].schema or size > _JOINED):
            yield pa.concat_batches(block)
            block = []
        block.append(batch)
    if block:
        yield pa.concat_batches(block)
