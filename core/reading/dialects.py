"""What kind of text file is this: encoding, delimiter, quote and escape, decimal mark."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .options import Options
from .problems import Unreadable

__all__ = [
    "Dialect",
    "Unreadable",
    "decoded",
    "described",
    "detect",
    "is_headless",
    "numbered",
    "rows_of",
    "wrong_encoding",
]

# UTF-32 is looked for first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FALLBACK = "cp1252"
_DELIMITERS = ",;\t|^~\x1f\x01"  # the last two: separators of ASCII and of Hive
_NAMED = re.compile(r'\ufeff?"?sep=([ -~\t])"?[\r\n]')  # Excel's first line
_RARE, _HEADER_LINES = " :", 20  # delimiters that stand in too many texts to be told from them
_SAMPLE_LINES = 200
_COMMENT = "#"
_CONTROLS = re.compile(r"[\x00\x02-\x08\x0b\x0e-\x1a\x7f-\x9f\ufffd]")
_NO_TEXT = 0.02  # the share of control characters from which a file is no text
_ZEROS = 0.3  # the share of zero bytes on one side of each pair from which a file is UTF-16

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+")
_THREES = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_POINT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?\.\d+")
_VALUE = re.compile(r"[-+]?[\d.,:][-+\d.,: /TZe]*+|true|false|", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written; `guessed` where the encoding is not certain.

    `quote` is empty where nothing is quoted; `escape` where a quote inside quotes is doubled.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    decimal: str = "."
    guessed: bool = False


def detect(
    head: bytes,
    options: Options = Options(),  # noqa: B008 (frozen)
    expected: Sequence[str] = (),
) -> Dialect:
    r"""Tell the dialect from the first part of a file (some 64 kB, cut anywhere).

    The encoding comes from the byte order mark, from zero bytes at every second place, else it is
    UTF-8 if most lines beyond ASCII are, else Windows-1252. The delimiter is the one that cuts most
    lines into the same number (at least two) of fields that look like values; a mark that does not
    occur where none does; where that cuts off none of the names `expected`, one that does. What
    `options` fixes is not told. Raises Unreadable for what is no text.

    >>> detect(b"a;b\n1,5;2\n")
    Dialect(encoding='utf-8', delimiter=';', quote='"', escape='', decimal=',', guessed=False)
    """
    encoding, guessed = (options.encoding, False) if options.encoding else _encoding(head)
    text = decoded(head, encoding)
    if len(_CONTROLS.findall(text)) > _NO_TEXT * len(text):
        raise Unreadable("not_a_table", "It holds bytes that no text has. Check the file.")
    lines = _sample(text)
    named = _NAMED.match(text)
    marks = options.delimiter or (named.group(1) if named else _DELIMITERS)
    quotes = ('"', "'") if options.quote is None else (options.quote,)
    plain = [Dialect(encoding, mark, quotes[0], guessed=guessed) for mark in marks]
    best = max(plain, key=lambda dialect: _regularity(lines, dialect))
    if len(marks) > 1 and _regularity(lines, best) < _alone(lines):
        unused = [mark for mark in _DELIMITERS if not any(mark in line for line in lines)]
        best = replace(best, delimiter=(unused or ["\x1f"])[0])
    if len(marks) > 1 and expected:
        best = _naming(lines, best, set(expected))
    best = _quoted(lines, best, quotes)
    return replace(best, decimal=options.decimal or _decimal(lines, best))


def decoded(head: bytes, encoding: str) -> str:
    """Decode the first part of a file, which may end amid a letter."""
    if encoding == "utf-8":
        lines = head.split(b"\n")
        return "\n".join(_line(line) for line in lines)
    try:
        return codecs.getincrementaldecoder(encoding)("replace").decode(head)
    except UnicodeError:
        raise wrong_encoding(encoding) from None


def wrong_encoding(encoding: str) -> Unreadable:
    """Say that a file is not written in the encoding that the settings name."""
    sentence = f"It is not {encoding}, as the settings say. Leave encoding out, or correct it."
    return Unreadable("wrong_encoding", sentence)


def _line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode(_FALLBACK, "replace")


def rows_of(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Cut lines into fields; what follows a fault that `csv` cannot pass is left out."""
    return (row for _, row in numbered(lines, dialect))


def numbered(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Cut lines into fields as `rows_of` does, each row with the number of its last line."""
    quoting = {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        escapechar=dialect.escape or None,
        doublequote=not dialect.escape,
        **quoting,
    )
    while True:
        try:
            row = next(reader)
            yield reader.line_num, row
        except (StopIteration, csv.Error):
            return


def _naming(lines: list[str], told: Dialect, expected: set[str]) -> Dialect:
    """Prefer a delimiter that cuts known names off, where the one that was told cuts none."""

    def hits(dialect: Dialect) -> int:
        rows = list(rows_of(lines[:_HEADER_LINES], dialect))
        return max((len(expected & {cell.strip() for cell in row}) for row in rows), default=0)

    others = [replace(told, delimiter=mark) for mark in _DELIMITERS + _RARE]
    best = max(others, key=hits)
    return best if not hits(told) and 2 * hits(best) >= len(expected) else told


def _sample(text: str) -> list[str]:
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if not line.startswith(_COMMENT)]
    whole = lines[:-1] if len(lines) > 1 else lines  # the last one may be cut
    return [line for line in whole[:_SAMPLE_LINES] if line.strip()]


def _encoding(head: bytes) -> tuple[str, bool]:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding, False
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if zeros > _ZEROS * len(head) / 2 and not others:
            return encoding, True
    valid, invalid = 0, 0
    for line in head.splitlines()[: None if head.endswith(b"\n") else -1] or [head[:-3]]:
        if not line.isascii():
            is_valid = _is_utf8(line)
            valid, invalid = valid + is_valid, invalid + (not is_valid)
    return (_FALLBACK, True) if invalid > valid else ("utf-8", False)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _regularity(lines: list[str], dialect: Dialect) -> tuple[float, int]:
    """Tell how well the lines are cut: the share of rows of one width, less what is odd in them."""
    rows = [row for row in rows_of(lines, dialect) if row]
    widths = [len(row) for row in rows]
    width = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
    if width < 2:  # noqa: PLR2004 (one field is no cut)
        return (0.0, 0)
    table = [row for row in rows if len(row) == width]
    score = len(table) / len(rows) * (0.3 + 0.7 * _tidy(table, dialect.delimiter))
    is_prose = len(rows[0]) == 1 and all(cell[:1] == " " for row in table for cell in row[1:])
    unlikely = is_headless(table) or is_prose
    return (round(score * _HEADLESS if unlikely else score, 3), width)


_HEADLESS = 0.4  # a first row of values makes a cut unlikely, not impossible
_ALONE = 0.5  # the score of a tidy table of one column


def _alone(lines: list[str]) -> tuple[float, int]:
    table = [[line] for line in lines]
    score = _ALONE * (0.3 + 0.7 * _tidy(table, ""))
    return (round(score * _HEADLESS if is_headless(table) else score, 3), 1)


def _tidy(table: list[list[str]], delimiter: str) -> float:
    """Tell the share of fields in which no other delimiter stands, but in numbers and prose."""
    others = [mark for mark in ",;\t|" if mark != delimiter]
    fields = [field.strip() for row in table for field in row]
    odd = sum(
        any(mark in field for mark in others)
        and not _VALUE.fullmatch(field)
        and not all(field.count(mark) == field.count(mark + " ") for mark in others)
        for field in fields
    )
    return 1 - odd / len(fields) if fields else 0.0


def is_headless(table: list[list[str]]) -> bool:
    """Tell whether the first row holds values where the rows below do, so that it names nothing."""
    if not table:
        return False
    first, *rest = table
    valued = [
        place
        for place in range(len(first))
        if rest
        and all(_VALUE.fullmatch(row[place].strip()) for row in rest)
        and any(row[place].strip() for row in rest)
    ]
    return bool(valued) and all(_VALUE.fullmatch(first[place].strip()) for place in valued)


def _quoted(lines: list[str], dialect: Dialect, quotes: tuple[str, ...]) -> Dialect:
    """Tell the quote, and how a quote inside quotes is written."""
    quote = next((mark for mark in quotes if mark and _quotes(lines, dialect, mark)), quotes[0])
    dialect = replace(dialect, quote=quote)
    if not quote or not any(f"\\{quote}" in line for line in lines):
        return dialect
    doubled, escaped = (_ill_closed(lines, replace(dialect, escape=e)) for e in ("", "\\"))
    return replace(dialect, escape="\\") if escaped < doubled else dialect


def _quotes(lines: list[str], dialect: Dialect, quote: str) -> bool:
    mark, cut = re.escape(quote), re.escape(dialect.delimiter)
    opening = sum(len(re.findall(rf"(?:^|{cut}){mark}", line)) for line in lines)
    whole = sum(
        len(re.findall(rf"(?:^|{cut}){mark}[^{mark}]*{mark}(?={cut}|$)", line)) for line in lines
    )
    return opening > 0 and (quote == '"' or whole == opening)


def _ill_closed(lines: list[str], dialect: Dialect) -> int:
    mark, cut = re.escape(dialect.quote), re.escape(dialect.delimiter)
    inner = rf"(?:[^{mark}\\]|\\.)*" if dialect.escape else rf"(?:[^{mark}]|{mark}{mark})*"
    return sum(
        len(re.findall(rf"(?:^|{cut}){mark}{inner}{mark}(?!{cut}|$|{mark})", line))
        for line in lines
    )


def _decimal(lines: list[str], dialect: Dialect) -> str:
    fields = [field.strip() for row in rows_of(lines, dialect) for field in row]
    if dialect.delimiter == ",":  # 1,234 in quotes is a number in thousands there
        fields = [field for field in fields if not _THREES.fullmatch(field)]
    commas, points = (sum(map(bool, map(mark.fullmatch, fields))) for mark in (_COMMA, _POINT))
    return "," if commas > points else "."


def described(dialect: Dialect) -> str:
    """Say in words how a text is written: only what is not the usual, after the encoding."""
    words = [
        dialect.encoding.removesuffix("-sig").upper()
        if dialect.encoding != _FALLBACK
        else _FALLBACK
    ]
    words.append(f"{_WORDS.get(dialect.delimiter, repr(dialect.delimiter))} between fields")
    if dialect.decimal == ",":
        words.append("decimal comma")
    if dialect.quote == "'":
        words.append("single quotes")
    if dialect.escape:
        words.append("quotes escaped by a backslash")
    return ", ".join(words)


_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
