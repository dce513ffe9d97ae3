"""Load a table from wherever it is, as record batches: what it is, is told by its content."""

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO

import pyarrow as pa

from . import columnar, records, workbooks
from .dask import DaskFrame, is_dask, read_dask
from .databases import read_database
from .frames import ArrowStream, read_frame
from .headers import require_unique
from .opened import (
    PACKED,
    Opened,
    mark_of,
    members,
    only_member,
    require_unchanged,
    sound,
    unpacked,
)
from .options import Options, Types, Wishes
from .places import Part, find_parts, is_store, scheme_of
from .problems import Unreadable
from .spark import SparkFrame, is_spark, read_spark
from .tables import Table
from .unions import joined, renamed, with_constants
from .values import Cleaner
from .written import read_delimited

Reader = Callable[[Opened], Table]
Named = tuple[str, bytes]  # the name and the content of an upload
One = str | os.PathLike[str] | bytes | Named | ArrowStream | SparkFrame | DaskFrame
Source = One | Sequence[str | os.PathLike[str] | bytes | Named]


def load(
    source: Source,
    *,
    columns: Types | None = None,
    name: str | None = None,
    options: Options = Options(),  # noqa: B008 (frozen)
    expected: Sequence[str] = (),
    head_only: bool = False,
) -> Table:
    """Open a table: a path, a folder, a pattern, an address, bytes, a frame, or several files.

    Several files are one table: they need the same column names, in any order. `columns` gives
    wished types by name (text for codes that look like numbers): text binds where the source has no
    types of its own, other types tell how text is meant. `expected` are the names that the header
    of a text file should have. `head_only` reads the first rows. Raises Unreadable: what, where,
    what to do.

    >>> import pandas
    >>> load(pandas.DataFrame({"a": [1, 2]})).schema.names
    ['a']
    """
    back = {new: old for old, new in options.rename.items()}
    wished = {back.get(column, column): kind for column, kind in (columns or {}).items()}
    known = tuple(back.get(column, column) for column in expected)
    wishes = Wishes(wished, options, known, head_only=head_only)
    table = renamed(_opened(source, wishes, name), options.rename)
    require_unique(f"{table.name}: the header", table.schema.names)
    return _cleaned(table, columns or {}, options)


def _opened(source: Source, wishes: Wishes, name: str | None) -> Table:
    if is_spark(source):
        return read_spark(source, wishes, name)
    if is_dask(source):
        return read_dask(source, name or "frame")
    if isinstance(source, (str, os.PathLike)):
        scheme = scheme_of(source)
        if scheme and not is_store(scheme) and scheme not in _WEB:
            return read_database(str(source), wishes)
        parts = find_parts(source)
        return _of_parts(parts, wishes, name or _name_of(source, parts))
    if isinstance(source, bytes):
        return _of_parts([_upload(name or "table", source)], wishes, name or "table")
    if (upload := _as_upload(source)) is not None:
        return _of_parts([upload], wishes, name)
    if isinstance(source, Sequence) and not isinstance(source, ArrowStream):
        return _of_parts(_listed(source), wishes, name)
    return read_frame(source, name or "frame")


def _as_upload(source: object) -> Part | None:
    """Read a name with bytes as a file; None for anything else."""
    if not isinstance(source, tuple) or [type(each) for each in source] != [str, bytes]:
        return None
    return _upload(*source)


def _upload(name: str, content: bytes) -> Part:
    return Part(name, lambda: io.BytesIO(content), len(content))


def _listed(sources: Sequence[object]) -> list[Part]:
    parts: list[Part] = []
    for each in sources:
        if isinstance(each, bytes):
            parts.append(_upload(f"table {len(parts) + 1}", each))
        elif isinstance(each, (str, os.PathLike)):
            parts += find_parts(each)
        elif (upload := _as_upload(each)) is not None:
            parts.append(upload)
        else:
            what = type(each).__name__
            sentence = f"A {what} in a list is no file. Give paths, or names with bytes."
            raise Unreadable("wrong_type", sentence)
    if not parts:
        raise Unreadable("no_match", "The list of files is empty. Give at least one.")
    return parts


def _name_of(source: str | os.PathLike[str], parts: list[Part]) -> str:
    if len(parts) == 1 and not parts[0].constants:
        return parts[0].name
    return os.path.basename(os.fspath(source).rstrip("/")) or str(source)  # noqa: PTH119


def _of_parts(parts: list[Part], wishes: Wishes, name: str | None) -> Table:
    if len(parts) == 1:
        return with_constants(_open(replace(parts[0], name=name or parts[0].name), wishes), parts)
    return joined(parts, wishes, name or f"{parts[0].name} and {len(parts) - 1} more", _open)


def _open(part: Part, wishes: Wishes) -> Table:
    """Open one file; its content decides what it is."""
    stream = part.open()
    mark = mark_of(stream)
    try:
        with sound(part.name):
            opened = Opened(part.name, stream, stream, part.size, wishes)
            table = _read(opened)
    except BaseException:
        stream.close()
        raise
    table.rows = _to_the_end(stream, table, lambda: require_unchanged(stream, mark, part.name))
    return table


def _read(opened: Opened) -> Table:
    head = opened.head()
    opened.raw.seek(0)
    packed = next((PACKED[mark] for mark in PACKED if head.startswith(mark)), None)
    if packed:
        opened, head = unpacked(opened, *packed)
    elif head.startswith(_ZIP):
        archive = members(opened)
        if workbooks.is_workbook(archive):
            return read_delimited(workbooks.as_text(opened, archive), form="workbook")
        opened, head = unpacked(opened, "zip", only_member(opened, archive))
    text = head.lstrip(_BLANK)
    if not text:
        raise Unreadable("empty_file", f"{opened.name} is empty. Check the export that wrote it.")
    reader = next((READERS[mark] for mark in READERS if _begins(text, mark)), read_delimited)
    if opened.packed and reader in _NEED_WHOLE:
        sentence = f"{opened.name} is packed with {opened.packed}. Unpack it first."
        raise Unreadable("wrong_type", sentence)
    return reader(opened)


def _begins(text: bytes, mark: bytes) -> bool:
    if mark == _RECORD:
        return bool(_RECORDS.match(text))
    return text[: len(mark)].lower() == mark if mark.startswith(b"<") else text.startswith(mark)


def _to_the_end(
    stream: IO[bytes], table: Table, require_sound: Callable[[], None]
) -> Iterator[pa.RecordBatch]:
    rows = table.rows

    def batches() -> Iterator[pa.RecordBatch]:
        with stream, sound(table.name):
            yield from rows
            require_sound()

    return batches()


def _cleaned(table: Table, columns: Types, options: Options) -> Table:
    meant = {
        field.name: columns.get(field.name) or field.type
        if table.is_text
        else columns.get(field.name)
        for field in table.schema
    }
    types = {name: kind for name, kind in meant.items() if kind is not None}
    decimal = table.dialect.get("decimal", ".")
    cleaner = Cleaner(types, options, decimal, is_written=table.is_text)
    rows = table.rows

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            yield cleaner.clean(batch)
        table.notes += cleaner.notes()

    table.rows = batches()
    return table


def _refuse(code: str, sentence: str) -> Reader:
    def reader(opened: Opened) -> Table:
        raise Unreadable(code, f"{opened.name} {sentence}")

    return reader


def _old_workbook(opened: Opened) -> Table:
    """Open a workbook of Excel 97, whose container a workbook with a password has, too."""
    whole = opened.raw.read(_CONTAINER_BYTES)
    opened.raw.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in whole:
        sentence = f"{opened.name} needs a password. Save it without one."
        raise Unreadable("encrypted_file", sentence)
    return read_delimited(workbooks.as_text(opened, None), form="workbook")


_WEB = {"http", "https", "ftp", "sftp"}
_ZIP = b"PK\x03\x04"
_BLANK = b" \t\r\n\xef\xbb\xbf"  # a byte order mark may come before text
_CONTAINER_BYTES = 1 << 26
_RECORD = b"{"
_RECORDS = re.compile(rb'\{\s*("|\})|\[\s*\{')

_not_a_page = _refuse(
    "not_a_table", "is a web page (HTML; perhaps a login page), not a table. Export again."
)
_not_markup = _refuse("not_a_table", "is XML, not a table. Export it as CSV or Parquet.")
_no_picture = _refuse("not_a_table", "is a picture or a document, not a table. Check the file.")
_no_archive = _refuse("wrong_type", "is an archive. Unpack it and give one table.")
_no_database = _refuse("wrong_type", "is an SQLite file. Give it as sqlite:///PATH#TABLE.")

READERS: Mapping[bytes, Reader] = {
    b"PAR1": columnar.read_parquet,
    b"ARROW1": columnar.read_feather,
    b"\xff\xff\xff\xff": columnar.read_stream,
    _RECORD: records.read_records,
    b"\xd0\xcf\x11\xe0": _old_workbook,
    b"SQLite format 3\0": _no_database,
    b"<!doctype": _not_a_page,
    b"<html": _not_a_page,
    b"<head": _not_a_page,
    b"<body": _not_a_page,
    b"<!--": _not_a_page,
    b"<?xml": _not_markup,
    b"<svg": _no_picture,
    b"\x89PNG": _no_picture,
    b"\xff\xd8\xff": _no_picture,
    b"GIF8": _no_picture,
    b"%PDF": _no_picture,
    b"7z\xbc\xaf": _no_archive,
    b"Rar!": _no_archive,
}
_NEED_WHOLE = {columnar.read_parquet, columnar.read_feather, columnar.read_stream, _old_workbook}
