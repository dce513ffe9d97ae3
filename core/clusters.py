"""A table of a cluster, counted there: every task reads and counts as one machine would."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import pyarrow as pa

from .cutting import Counted, Value, assembled, by_key, require_few
from .profiling.engines import dask, spark
from .profiling.kinds import Kind
from .profiling.profiles import Note, Profile
from .reading.dask import answered as answered_by_dask
from .reading.options import Options, Types
from .reading.problems import Unreadable
from .reading.sources import load
from .reading.spark import answered
from .reading.tables import Table
from .reading.windows import Chunking, Window

_WHOLE = "whole"
_NO_KEY = "rest"


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker does with the rows of its task; `types` and `options` are those of `load`.

    `cuts` are the chunking and the column that makes segments.
    """

    schema: pa.Schema
    kinds: Mapping[str, Kind]
    types: Types
    options: Options
    cuts: tuple[Chunking | None, str | None] = (None, None)

    def count(self, batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[str, Profile]]:
        """Count the whole and its parts, each under its name; raise Unreadable."""
        rows = pa.RecordBatchReader.from_batches(self.schema, batches)
        table = load(rows, columns=self.types, options=self.options)
        whole, parts = by_key(table, self.kinds, *self.cuts)
        notes = (*(Note(**asdict(note)) for note in table.notes), *whole.source.notes)
        yield _WHOLE, replace(whole, source=replace(whole.source, notes=notes))
        for key, profile in parts.items():
            yield _name(key), profile


def counted(table: Table, task: Task) -> Counted:
    """Count a table of a cluster and the parts it is cut into; raise Unreadable."""
    chunking, _ = task.cuts
    if chunking and chunking.every and chunking.every.endswith("rows"):
        sentence = (
            f"The rows of {table.name} have no order in {table.form}. Give windows of time instead."
        )
        raise Unreadable("no_order", sentence)
    nothing = pa.RecordBatch.from_pylist([], schema=task.schema)
    ((_, empty), *_) = task.count(iter([nothing]))  # says here what no worker could do
    if table.form == "Dask":
        with answered_by_dask(table.name):
            found = dask.summed(table, task.count)
    else:
        with answered(table.name):
            found = spark.summed(table, task.count)
    whole = _noted(empty + found.pop(_WHOLE, empty))
    if whole.segments is not None:
        require_few(whole.segments.parts, whole.segments.column)
    table.rows_read = whole.rows
    parts = {_key(name): Profile.empty(whole.kinds) + part for name, part in found.items()}
    return assembled(whole, parts)


def _noted(whole: Profile) -> Profile:
    """Say how often something was noticed in all tasks where the sentence is that of one."""
    notes = [
        note
        if not note.count or str(note.count) in note.message
        else replace(
            note, message=f"{note.message.rstrip('.')} (in one task; in all tasks {note.count})."
        )
        for note in whole.source.notes
    ]
    return replace(whole, source=replace(whole.source, notes=tuple(notes)))


def _name(key: Value) -> str:
    if isinstance(key, Window):
        return f"{key.start.isoformat()}/{key.end.isoformat()}"
    return _NO_KEY if key is None else str(key)


def _key(name: str) -> Value:
    if name == _NO_KEY:
        return None
    if "/" not in name:
        return int(name)
    start, end = map(datetime.fromisoformat, name.split("/"))
    return Window(start, end)
