"""Load a table from wherever it is, as record batches: what it is, is told by its content."""

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa
from pyarrow import parquet

from .delimited import open_text, require_unique
from .dialects import Unreadable

BATCH_ROWS = 1 << 17  # rows of a batch where the format lets us choose

Types = Mapping[str, pa.DataType]


@runtime_checkable
class ArrowStream(Protocol):
    """Any frame that speaks Arrow's PyCapsule protocol: Polars, pandas, DuckDB, Arrow itself."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over the rows as an Arrow stream."""


Reader = Callable[[io.BufferedIOBase, int, str, Types], "Table"]
Source = str | os.PathLike[str] | bytes | ArrowStream


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was guessed, repaired or left out while reading, and how often."""

    code: str
    message: str
    column: str | None = None
    count: int = 0
    first: str | None = None


@dataclass(slots=True)
class Table:
    """Rows that can be read once. What was noticed is complete when the last batch has come.

    `rows_read` = rows that came in batches + `rows_dropped`; `digest` is the SHA-256 of the file's
    bytes, None for a frame; `done` is the share of the source that was read, 0 to 1.
    """

    name: str
    schema: pa.Schema
    rows: Iterator[pa.RecordBatch] = field(repr=False)
    digest: str | None = None
    rows_read: int = 0
    rows_dropped: int = 0
    done: float = 0.0
    notes: list[Note] = field(default_factory=list)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, and count them."""
        for batch in self.rows:
            self.rows_read += batch.num_rows
            yield batch
        self.done = 1.0


def load(source: Source, *, columns: Types | None = None, name: str | None = None) -> Table:
    """Open a table: a path, the bytes of a file, or a frame that speaks Arrow.

    `columns` gives wished types by name (text for codes that look like numbers); it binds only
    where the source has no types of its own. Raises Unreadable: what, where, what to do.

    >>> import pandas
    >>> load(pandas.DataFrame({"a": [1, 2]})).schema.names
    ['a']
    """
    table = _opened(source, columns or {}, name)
    require_unique(table.name, table.schema.names)
    return table


def _opened(source: Source, columns: Types, name: str | None) -> Table:
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        return _open(_stream(path), path.stat().st_size, name or path.name, columns)
    if isinstance(source, bytes):
        return _open(io.BytesIO(source), len(source), name or "table", columns)
    return _frame(source, name or "frame")


def _stream(path: Path) -> io.BufferedIOBase:
    if not path.exists():
        raise Unreadable("not_found", f"{path} does not exist. Check the path.")
    if not path.is_file():
        raise Unreadable("not_a_file", f"{path} is not a file. Give the path of one file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise Unreadable("not_readable", f"{path} cannot be opened: {error.strerror}.") from None


def _open(stream: io.BufferedIOBase, size: int, name: str, columns: Types) -> Table:
    head = stream.read(_SIGNATURE_BYTES)
    stream.seek(0)
    text = head.lstrip(_BLANK)
    if not text:
        raise Unreadable("empty_file", f"{name} is empty. Check the export that wrote it.")
    reader = next((READERS[mark] for mark in READERS if text.startswith(mark)), _delimited)
    with ExitStack() as unless_opened:
        unless_opened.enter_context(stream)
        with _sound(name):
            table = reader(stream, size, name, columns)
        unless_opened.pop_all()
    table.rows = _to_the_end(stream, name, table.rows)
    return table


def _to_the_end(
    stream: io.BufferedIOBase, name: str, rows: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    with stream, _sound(name):
        yield from rows


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Answer what breaks while reading with a sentence."""
    try:
        yield
    except (pa.ArrowException, EOFError, OSError, zlib.error) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        sentence = f"{name} could not be read: {reason}. Export it again."
        raise Unreadable("corrupt_file", sentence) from None


def _delimited(stream: io.BufferedIOBase, size: int, name: str, columns: Types) -> Table:
    digest = hashlib.sha256()
    table = Table(name, pa.schema([]), iter(()))

    def read(count: int) -> bytes:
        piece = stream.read(count)
        digest.update(piece)
        table.done = min(stream.tell() / size, 1.0)
        return piece

    try:
        text, table.schema, rows = open_text(read, columns)
    except Unreadable as problem:
        raise Unreadable(problem.code, f"{name}: {problem}") from None
    if text.dialect.guessed:
        table.notes.append(
            Note("encoding_guessed", f"{name} is not UTF-8; read as {text.dialect.encoding}.")
        )

    def batches() -> Iterator[pa.RecordBatch]:
        yield from rows
        table.digest = digest.hexdigest()
        table.rows_dropped = text.rejects.rows
        table.rows_read += table.rows_dropped
        if not table.rows_read:
            raise Unreadable("no_rows", f"{name} has a header and no rows. Check its export.")
        if table.rows_dropped:
            message = f"Rows without the header's {len(text.names)} fields were left out."
            table.notes.append(
                Note("bad_rows", message, count=table.rows_dropped, first=text.rejects.first)
            )

    table.rows = batches()
    return table


def _parquet(stream: io.BufferedIOBase, _size: int, name: str, _columns: Types) -> Table:
    # Without pre_buffer=False, iter_batches reads ahead without bound (1.5 GB at 10M rows).
    file = parquet.ParquetFile(stream, pre_buffer=False)
    table = Table(name, file.schema_arrow, iter(()))

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            table.done = min(table.rows_read / max(file.metadata.num_rows, 1), 1.0)
            yield batch
        stream.seek(0)
        table.digest = hashlib.file_digest(stream, "sha256").hexdigest()

    table.rows = batches()
    return table


def _gzip(stream: io.BufferedIOBase, size: int, name: str, columns: Types) -> Table:
    return _delimited(gzip.open(stream), size, name, columns)


def _refuse(code: str, sentence: str) -> Reader:
    def reader(_stream: io.BufferedIOBase, _size: int, name: str, _columns: Types) -> Table:
        raise Unreadable(code, f"{name} {sentence}")

    return reader


def _frame(source: ArrowStream, name: str) -> Table:
    if type(source).__module__.partition(".")[0] == "pandas" and hasattr(source, "columns"):
        table, notes = _pandas(source)
        rows = iter(table.to_batches(max_chunksize=BATCH_ROWS))
        return Table(name, table.schema, rows, notes=notes)
    if not isinstance(source, ArrowStream):
        what = type(source).__name__
        raise Unreadable(
            "wrong_type", f"A {what} is not a table. Give a path, a data frame or an Arrow table."
        )
    reader = pa.RecordBatchReader.from_stream(source)
    return Table(name, reader.schema, iter(reader))


def _pandas(frame: Any) -> tuple[pa.Table, list[Note]]:
    """Turn a pandas frame into Arrow; columns of mixed types become their text form, noted."""
    names = [str(name) for name in frame.columns]
    columns = [_column(frame.iloc[:, place]) for place in range(len(names))]
    notes = []
    for place, name in enumerate(names):
        if columns[place] is None:
            columns[place] = pa.array(
                frame.iloc[:, place].map(str, na_action="ignore"), from_pandas=True
            )
            message = f"{name} holds values of several types; they are compared by their text."
            notes.append(Note("mixed_types", message, column=name))
    return pa.Table.from_arrays(columns, names=names), notes


def _column(series: Any) -> pa.Array | None:
    """Turn one pandas column into Arrow; None for mixed types."""
    if series.dtype.kind == "c":
        parts = [pa.array(series.to_numpy().real), pa.array(series.to_numpy().imag)]
        return pa.StructArray.from_arrays(parts, names=["real", "imaginary"])
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        pass
    try:
        return pa.array(series.astype("float64"), from_pandas=True)
    except (TypeError, ValueError, OverflowError):
        return None


_SIGNATURE_BYTES = 512
_BLANK = b" \t\r\n\xef\xbb\xbf"  # a byte order mark may come before text

_not_a_page = _refuse(
    "not_a_table", "is a web page (perhaps a login page), not a table. Export again."
)
_no_workbook = _refuse(
    "wrong_type", "is a workbook or an archive. Save the sheet as CSV or Parquet."
)
_no_picture = _refuse("not_a_table", "is a picture or a document, not a table. Check the file.")

READERS: Mapping[bytes, Reader] = {
    b"PAR1": _parquet,
    b"\x1f\x8b": _gzip,
    b"PK\x03\x04": _no_workbook,
    b"\xd0\xcf\x11\xe0": _no_workbook,
    b"<!DOCTYPE": _not_a_page,
    b"<!doctype": _not_a_page,
    b"<html": _not_a_page,
    b"<HTML": _not_a_page,
    b"\x89PNG": _no_picture,
    b"\xff\xd8\xff": _no_picture,
    b"GIF8": _no_picture,
    b"%PDF": _no_picture,
}
