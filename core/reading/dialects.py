"""What kind of text file is this: encoding, delimiter, decimal mark, header."""

import codecs
import csv
import re
from dataclasses import dataclass

# UTF-32 is looked for first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FALLBACK = "cp1252"
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


class Unreadable(ValueError):
    """A source cannot be read as a table; `code` is stable, the sentence says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written; `guessed` where the encoding is not certain."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    guessed: bool = False


def detect(head: bytes) -> Dialect:
    r"""Tell the dialect from the first part of a file (some 64 kB, cut anywhere).

    The encoding comes from the byte order mark, else UTF-8 if the bytes are valid, else
    Windows-1252. The delimiter is the one that cuts most lines into the same number (at least
    two) of fields; a comma where none does. A comma is the decimal mark only where it is not
    the delimiter and stands between digits.

    >>> detect(b"a;b\n1,5;2\n")
    Dialect(encoding='utf-8', delimiter=';', decimal=',', guessed=False)
    """
    encoding, guessed = _encoding(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    lines = text.splitlines()[:_SAMPLE_LINES]
    if len(lines) > 1:
        lines = lines[: -1 if len(lines) < _SAMPLE_LINES and not text.endswith("\n") else None]
    delimiter = max(_DELIMITERS, key=lambda mark: _regularity(lines, mark))
    fields = (field.strip() for row in csv.reader(lines, delimiter=delimiter) for field in row)
    decimal = "," if delimiter != "," and any(map(_DECIMAL_COMMA.fullmatch, fields)) else "."
    return Dialect(encoding, delimiter, decimal, guessed)


def _encoding(head: bytes) -> tuple[str, bool]:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding, False
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return _FALLBACK, True
    return "utf-8", False


def _regularity(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    width = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
    return (widths.count(width) / len(widths), width) if width > 1 else (0.0, 0)
