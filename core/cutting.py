"""A table counted by windows or groups, in one pass: the parts add up to the whole, exactly."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from .profiling.cells import Integers
from .profiling.engines import local
from .profiling.faults import uncounted, without_values
from .profiling.kinds import Kind, labels_by_row, tell
from .profiling.parts import count_parts
from .profiling.profiles import Counts, Note, Profile, Source, add_counts
from .profiling.segments import MOST, Segments
from .reading.problems import Unreadable
from .reading.tables import Table
from .reading.windows import Chunking, Key, Rows, Window, cut

Value = Key | str  # what tells the parts apart: a window, a group, the value of a column

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


def counted(
    table: Table,
    wanted: Mapping[str, Kind],
    chunking: Chunking | None = None,
    segments: str | None = None,
) -> Counted:
    """Count a table in one pass, the parts that `chunking` cuts it into, and those by a column.

    Raises Unreadable where the column `segments` is not there or has too many values.
    """
    return assembled(*by_key(table, wanted, chunking, segments))


def by_key(
    table: Table,
    wanted: Mapping[str, Kind],
    chunking: Chunking | None = None,
    segments: str | None = None,
) -> tuple[Profile, dict[Value, Profile]]:
    """Count as `counted` does; give the whole, and its parts under their keys, in no order."""
    if chunking is None and segments is None:
        return local.profile(table, wanted), {}
    kinds = {field.name: wanted.get(field.name, tell(field.type)) for field in table.schema}
    if chunking is not None:
        chunking = replace(chunking, column=chunking.column or time_column(kinds, chunking))
    parts, by_value = _Parts(kinds), _Parts(kinds)

    def batches() -> Iterator[pa.RecordBatch]:
        first = 0
        for batch in _gathered(table.batches()):
            yield batch
            if chunking is not None:
                parts.add(batch, *cut(batch, chunking, first))
            if segments is not None:
                values, *rows = _by_value(batch, segments)
                require_few({*by_value.rows, *values}, segments)
                by_value.add(batch, values, *rows)
            first += batch.num_rows

    whole = by_value.noted(parts.noted(local.profile(replace(table, rows=batches()), wanted)))
    if segments is not None:
        split = {str(k) if k is not None else None: p for k, p in by_value.profiles().items()}
        whole = replace(whole, segments=Segments(segments, {k: split[k].features for k in split}))
    return whole, parts.profiles() if chunking is not None else {}


def _by_value(batch: pa.RecordBatch, column: str) -> tuple[list[Value], Integers, Integers]:
    """Order the rows of a batch by the value of a column, those without one last."""
    if column not in batch.schema.names:
        sentence = f"There is no column '{column}' to make segments of. Name another: segments."
        raise Unreadable("no_segment_column", sentence)
    texts, places = labels_by_row(batch.column(column), "categorical")
    order = np.argsort(places, kind="stable")
    found, starts = np.unique(places[order], return_index=True)
    known: list[Value] = [*texts.to_pylist(), None]
    ends = np.append(starts[1:], places.size)[: found.size]  # a batch may have no row
    return [known[place] for place in found.tolist()], order, ends


def require_few(found: Collection[object], column: str) -> None:
    """Refuse a column with too many values for segments; raise Unreadable."""
    if len(found) > MOST:
        sentence = f"The column '{column}' has more than {MOST} values, too many for segments."
        raise Unreadable("too_many_segments", f"{sentence} Name a coarser one: segments.")


@dataclass(slots=True)
class _Parts:
    """The parts of a table while it is counted; a column with a fault has no values in any."""

    kinds: Mapping[str, Kind]
    rows: dict[Value, int] = field(default_factory=dict)
    columns: dict[str, dict[Value, Counts]] = field(default_factory=dict)
    faults: dict[str, Note] = field(default_factory=dict)

    def add(
        self, batch: pa.RecordBatch, keys: Sequence[Value], order: Integers, ends: Integers
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

    def profiles(self) -> dict[Value, Profile]:
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


def assembled(whole: Profile, parts: Mapping[Value, Profile]) -> Counted:
    """Put parts in order beside the whole that they add up to."""
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
