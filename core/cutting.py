"""A table counted by windows or groups, in one pass: the parts add up to the whole, exactly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from .profiling.engines import local
from .profiling.kinds import Kind, tell
from .profiling.parts import count_parts
from .profiling.profiles import Profile
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
    parts: dict[Key, Profile] = {}

    def batches() -> Iterator[pa.RecordBatch]:
        first = 0
        for batch in _gathered(table.batches()):
            yield batch
            keys, order, ends = cut(batch, chunking, first)
            for key, part in zip(keys, count_parts(batch, order, ends, kinds), strict=True):
                parts[key] = parts[key] + part if key in parts else part
            first += batch.num_rows

    whole = local.profile(replace(table, rows=batches()), wanted)
    return _sorted(whole, parts)


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
