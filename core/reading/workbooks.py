"""Workbooks (Excel, OpenDocument), one sheet of them, through the package of the extra `excel`.

A sheet is written as delimited text and read as such, so that titles above the header, words for
missing values and codes are treated alike. A workbook is unpacked once before, with a bound, and
refused if its XML declares entities.
"""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from .opened import Opened
from .options import Options
from .problems import Unreadable, listed

_CHUNK = 1 << 20
_MOST_INFLATED = 200  # times the packed size, beyond 200 MB
_LEAST_LIMIT = 200_000_000
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")


def as_text(opened: Opened, archive: zipfile.ZipFile | None) -> Opened:
    """Give a sheet of a workbook as delimited text. Raises Unreadable."""
    if archive is not None:
        _require_sound(opened, archive)
    rows = _rows(opened)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    content = io.BytesIO(text.getvalue().encode("utf-8", "replace"))
    options = replace(
        opened.wishes.options, encoding="utf-8", delimiter=",", quote='"', decimal="."
    )
    wishes = replace(opened.wishes, options=options)
    return replace(opened, stream=content, wishes=wishes, packed="")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Tell whether an archive is a workbook."""
    names = set(archive.namelist())
    return "[Content_Types].xml" in names or {"content.xml", "mimetype"} <= names


def _require_sound(opened: Opened, archive: zipfile.ZipFile) -> None:
    limit = opened.wishes.options.max_mb
    most = limit * 1e6 if limit else max(_LEAST_LIMIT, _MOST_INFLATED * opened.size)
    total = 0
    for member in archive.infolist():
        tail = b""
        with archive.open(member) as stream:
            while piece := stream.read(_CHUNK):
                total += len(piece)
                if total > most:
                    raise replace(opened, packed="zip").too_big()
                if member.filename.endswith((".xml", ".rels")) and any(
                    mark in tail + piece for mark in _ENTITIES
                ):
                    sentence = (
                        f"{opened.name} declares XML entities, as no workbook does. Save it again."
                    )
                    raise Unreadable("not_safe", sentence)
                tail = piece[-16:]


def _rows(opened: Opened) -> list[list[Any]]:
    calamine = _calamine(opened.name)
    opened.raw.seek(0)
    try:
        book = calamine.CalamineWorkbook.from_filelike(opened.raw)
        sheet = _sheet(book, opened.wishes.options, opened.name)
        rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        sentence = f"{opened.name} needs a password. Save it without one."
        raise Unreadable("encrypted_file", sentence) from None
    except (
        calamine.CalamineError,
        calamine.XmlError,
        calamine.ZipError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        sentence = (
            f"{opened.name} is no workbook that can be read: {str(error)[:100]}. Save it again."
        )
        raise Unreadable("corrupt_file", sentence) from None
    return [row for row in rows if any(value != "" for value in row)]


def _calamine(name: str) -> Any:
    try:
        import python_calamine  # noqa: PLC0415 (an extra)
    except ImportError:
        sentence = (
            f"{name} is an Excel workbook. Save the sheet as CSV, or install tideline[excel]."
        )
        raise Unreadable("wrong_type", sentence) from None
    return python_calamine


def _sheet(book: Any, options: Options, name: str) -> str:
    names: list[str] = book.sheet_names
    wished = options.sheet
    if isinstance(wished, int) and 1 <= wished <= len(names):
        return names[wished - 1]
    if wished in names:
        return str(wished)
    if wished is not None:
        sentence = f"{name} has no sheet {wished}. Its sheets are: {listed(names)}."
        raise Unreadable("no_sheet", sentence)
    return names[0]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1 << 53 else repr(value)
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(*((" ",) if isinstance(value, datetime) else ()))
    return str(value)
