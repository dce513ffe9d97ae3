"""Makers of the files of table C: the same table in several formats."""

import io
import zipfile

import numpy as np
import pyarrow as pa
from openpyxl import Workbook
from pyarrow import parquet

TABLE = pa.table({"age": np.arange(300) / 8, "town": ["Rome", "Oslo", "Köln"] * 100})


def as_parquet():
    content = io.BytesIO()
    parquet.write_table(TABLE, content)
    return content.getvalue()


def workbook(sheets=("May",), fill=None):
    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["age", "town"])
        for age, town in zip(TABLE["age"].to_pylist(), TABLE["town"].to_pylist(), strict=True):
            sheet.append([age, fill or town])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_member(content, name, change):
    """Rewrite one member of an archive."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return changed.getvalue()


def as_zip(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()
