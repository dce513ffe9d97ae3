"""A table that is open for reading: its columns, its rows as they come, what was noticed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from .problems import Note

BATCH_ROWS = 1 << 17  # rows of a batch where the format lets us choose


@dataclass(slots=True)
class Table:
    """Rows that can be read once. What was noticed is complete when the last batch has come.

    `rows_read` = rows that came in batches + `rows_dropped`; `digest` is the SHA-256 of the
    source's bytes (unpacked where it was packed), None for a frame; `done` is the share of the
    source that was read, 0 to 1; `form` says in words how the source is written, `is_text` that
    its types were told from text. `cluster` is the frame of Spark whose columns these are, or the
    delayed batches of Dask, where the rows should be counted there.
    """

    name: str
    schema: pa.Schema
    rows: Iterator[pa.RecordBatch] = field(repr=False)
    digest: str | None = None
    rows_read: int = 0
    rows_dropped: int = 0
    done: float = 0.0
    notes: list[Note] = field(default_factory=list)
    form: str = ""
    dialect: dict[str, str] = field(default_factory=dict)
    is_text: bool = False
    cluster: Any = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, and count them."""
        for batch in self.rows:
            self.rows_read += batch.num_rows
            yield batch
        self.done = 1.0


def watched(
    rows: Iterator[pa.RecordBatch], each: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Pass each batch through a function."""
    for batch in rows:
        yield each(batch)
