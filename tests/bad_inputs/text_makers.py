"""Makers of the text files of table A."""

import gzip
import io
import zipfile

import numpy as np
from openpyxl import Workbook

from .cases import ROWS, clean, rows, text

TABLE = rows(2)


def line(number, change):
    """Live with one line changed; the header is line 1."""
    lines = text(TABLE).splitlines()
    lines[number - 1] = change(lines[number - 1])
    return ("\n".join(lines) + "\n").encode()


def without(number):
    lines = text(TABLE).splitlines()
    del lines[number - 1]
    return ("\n".join(lines) + "\n").encode()


def cut(content, count):
    return content[:-count]


def last(age, rest):
    lines = text(TABLE[:-1]).encode()
    return lines + f"{age}{rest}".encode()


def thousands():
    table = [(f"{float(age) * 100:,.2f}", town, visits) for age, town, visits in TABLE]
    return text(table).encode()


def hundredfold():
    return text([(f"{float(age) * 100:.2f}", town, v) for age, town, v in TABLE]).encode()


TOKENS = ("-", "?", "N/A", "null", "#N/A", " ")


def tokens():
    table = [(TOKENS[i % 6] if i % 10 == 0 else a, t, v) for i, (a, t, v) in enumerate(TABLE)]
    return text(table).encode()


def holes():
    table = [("" if i % 10 == 0 else a, t, v) for i, (a, t, v) in enumerate(TABLE)]
    return text(table).encode()


def country(values, seed):
    chosen = np.random.default_rng(seed).choice(values, ROWS)
    return text([(a, str(c), v) for (a, _, v), c in zip(TABLE, chosen, strict=True)]).encode()


def blanks():
    header = (" age", "town ", " visits ")
    return text([(f" {a}", f" {t} ", f"{v} ") for a, t, v in TABLE], header=header).encode()


def workbook():
    book = Workbook()
    book.active.append(["age", "town", "visits"])
    for age, town, visits in TABLE:
        book.active.append([float(age), town, int(visits)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def wide(seed):
    rng = np.random.default_rng(seed)
    lines = [",".join(f"c{i}" for i in range(500))]
    lines += [",".join(map(str, row)) for row in rng.integers(0, 50, (10_000, 500)).tolist()]
    return ("\n".join(lines) + "\n").encode()


def bomb():
    row = b"1.5,Oslo,3\n" * 100_000
    content = io.BytesIO()
    with gzip.open(content, "wb", compresslevel=1) as packed:
        packed.write(b"age,town,visits\n")
        for _ in range(20):
            packed.write(row)
    return content.getvalue()


def sentinel():
    table = [("-999" if i % 5 == 0 else a, t, v) for i, (a, t, v) in enumerate(TABLE)]
    return text(table).encode()


def lines_inside(end):
    table = [(a, t.replace(", ", ",\n").replace("Oslo", 'O\n"s"lo'), v) for a, t, v in TABLE]
    return text(table, end=end).encode()


def code(values):
    chosen = np.random.default_rng(3).choice(values, ROWS)
    return text([(a, c, v) for (a, _, v), c in zip(TABLE, chosen, strict=True)]).encode()


def page():
    return b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>login</body></html>\n"


def picture():
    noise = np.random.default_rng(1).integers(0, 256, 4000, dtype=np.uint8).tobytes()
    return b"\x89PNG\r\n\x1a\n" + noise


def noise():
    return np.random.default_rng(2).integers(0, 256, 4000, dtype=np.uint8).tobytes()


def zipped():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/live.csv", clean())
    return content.getvalue()
