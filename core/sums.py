"""Sums of vectors, taken while a table is counted: the rows pass by once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from .profiling.faults import uncounted
from .profiling.profiles import Note, Profile
from .profiling.vectors import BadVector, VectorCounts
from .reading.problems import Unreadable
from .reading.tables import Table


@dataclass(slots=True)
class Sums:
    """The vectors of a table while it is read: names, and the columns each is made of.

    `known` are those of the reference: lists are taken in its lengths.
    """

    columns: Mapping[str, Sequence[str]]
    known: Mapping[str, VectorCounts] = field(default_factory=dict)
    counts: dict[str, VectorCounts] = field(default_factory=dict)
    faults: dict[str, Note] = field(default_factory=dict)

    def watched(self, table: Table) -> Table:
        """Sum the rows of `table` as they are read; without vectors nothing is touched."""
        if not self.columns:
            return table
        self.counts = {
            name: VectorCounts(tuple(parts), self._widths(name, tuple(parts)))
            for name, parts in self.columns.items()
        }
        table.rows = self._summed(table.rows)
        return table

    def _widths(self, name: str, parts: tuple[str, ...]) -> tuple[int, ...]:
        known = self.known.get(name)
        return known.widths if known is not None and known.columns == parts else ()

    def _summed(self, rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in rows:
            yield batch
            for name, counts in list(self.counts.items()):
                try:
                    self.counts[name] = counts.extended(batch)
                except BadVector as problem:
                    sentence = f"The vector {name} has {problem}. Leave it away: vectors."
                    raise Unreadable("bad_vector", sentence) from None
                except Exception as error:  # noqa: BLE001 (any: the others go on)
                    self.faults[name] = uncounted(name, error)
                    del self.counts[name]

    def added(self, whole: Profile) -> Profile:
        """Put the sums beside the counts of the table, and a note of each that failed."""
        if not self.columns:
            return whole
        notes = (*whole.source.notes, *self.faults.values())
        return replace(whole, source=replace(whole.source, notes=notes), vectors=self.counts)
