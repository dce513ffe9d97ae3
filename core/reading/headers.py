"""Which line of a table names its columns, and what stands before it."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .dialects import NUMBER, Dialect, is_headless, numbered
from .options import Wishes
from .problems import Note, Unreadable, listed, shown, some

_SEARCHED = 20  # rows in which the header is looked for
_FOUND = 0.5  # the share of known names that a line must hold to be the header
_COMMENT, _NAMED = "#", "sep="  # the latter names the delimiter, for Excel
_FEW = 3  # names in a row of numbers, from which 0, 1, 2 are names
_YEARS = range(1800, 2200)

Row = tuple[int, list[str]]  # the number of its last line, its fields


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, the lines that stand before the first row, the nameless ones.

    `ignored` is the number of nameless columns without any value at the right.
    """

    names: list[str]
    lines: int
    ignored: int = 0
    notes: tuple[Note, ...] = ()


def find_header(lines: Sequence[str], dialect: Dialect, wishes: Wishes) -> Header:
    """Find the header among the first lines of a text. Raises Unreadable: no_header."""
    options = wishes.options
    if options.header:
        start = options.header - 1
        rows = [(start + at, row) for at, row in numbered(lines[start:], dialect)]
        return _named(rows, [])
    rows = [row for row in numbered(lines, dialect) if any(row[1])]
    if not rows:
        raise Unreadable("no_header", "It has no header. The first line must name the columns.")
    if options.header == 0:
        return _nameless(_width([row for _, row in rows]), options.names)
    place = _known(rows, wishes.expected)
    if place is None and rows[0][1][0].startswith(_NAMED) and len(rows) > 1:
        place = 1 + _told(rows[1:], _width([row for _, row in rows[1:]]), wishes.expected)
    if place is None:
        place = _told(rows, _width([row for _, row in rows]), wishes.expected)
    return _named(rows[place:], rows[:place])


def _nameless(width: int, names: tuple[str, ...]) -> Header:
    """Name the columns of a file without a header, as the settings say or by their places."""
    names = names or tuple(f"column_{place}" for place in range(1, width + 1))
    if len(names) != width:
        sentence = f"The settings name {len(names)} columns and its rows have {width} fields."
        raise Unreadable("header_mismatch", f"{sentence} Name each of them.")
    require_unique("The list of names", names)
    return Header(list(names), 0)


def _width(rows: list[list[str]]) -> int:
    widths = [len(row) for row in rows]
    return max(set(widths), key=lambda width: (widths.count(width), width))


def _known(rows: list[Row], expected: tuple[str, ...]) -> int | None:
    """Find the line that holds most of the names that are known."""
    hits = [len({cell.strip() for cell in row} & set(expected)) for _, row in rows[:_SEARCHED]]
    best = max(hits)
    place = hits.index(best)
    enough = _FOUND * min(len(expected), len(rows[place][1]))
    return place if best and best >= enough else None


def _told(rows: list[Row], width: int, expected: tuple[str, ...]) -> int:
    """Tell the header by its form: the first row as wide as the others, not a comment."""
    fits = [at for at, (_, row) in enumerate(rows[:_SEARCHED]) if len(row) == width]
    plain = [at for at in fits if not rows[at][1][0].lstrip().startswith(_COMMENT)]
    place = (plain or fits or [0])[0]
    table = [row for _, row in rows[place:] if len(row) == width]
    names_nothing = is_headless(table) and not _are_names(table[0])
    before = rows[place - 1][1] if place else []
    is_trailing = len(before) == width - 1 and not any(row[-1].strip() for row in table)
    if len(before) > 1 and (is_trailing or names_nothing):
        return place - 1  # as a header it has a name too few or too many: see _named
    if names_nothing and place and place - 1 in fits:
        return place - 1  # a header that begins with the sign of a comment
    if names_nothing:
        raise _no_header(rows[place], expected)
    return place


def _are_names(row: list[str]) -> bool:
    """Tell whether numbers in a first row are names: years, or 0, 1, 2 as pandas writes them."""
    cells = [cell.strip() for cell in row if NUMBER.fullmatch(cell.strip())]
    if len(cells) < 2 or not all(cell.isdecimal() for cell in cells):  # noqa: PLR2004
        return False
    numbers = [int(cell) for cell in cells]
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    if all(number in _YEARS for number in numbers):
        return len(steps) == 1 and 0 not in steps
    return len(numbers) >= _FEW and numbers[0] == 0 and steps == {1}


def _no_header(row: Row, expected: tuple[str, ...]) -> Unreadable:
    found = f"The first line found is: {shown(', '.join(row[1]))}."
    wanted = f" The names expected are: {listed(expected)}." if expected else ""
    advice = "Add a line of names, or set header and names in [reading]."
    return Unreadable(
        "no_header", f"It has no header: no line names the columns. {found}{wanted} {advice}"
    )


def _named(rows: list[Row], skipped: list[Row]) -> Header:
    """Read the names in the first of `rows`."""
    if not rows:
        raise Unreadable("no_header", "It ends before the line of the header. Check the settings.")
    lines, cells = rows[0]
    body = [row for _, row in rows[1:]]
    names = [cell.strip().removeprefix("\ufeff") for cell in cells]
    if not any(names):
        raise Unreadable("no_header", "It has no header. The first line must name the columns.")
    width = _width(body) if body else len(names)
    if width == len(names) + 1 and not any(row[-1].strip() for row in body if len(row) == width):
        names.append("")  # each row ends with a delimiter, the header does not
    elif len(body) > 1 and not any(len(row) == len(names) for row in body):
        raise Unreadable(
            "header_mismatch",
            f"Its header (line {lines}) has {len(names)} names and its rows have {width} fields. "
            "Mend the header, or say its line with header in [reading].",
        )
    ignored = _nameless_end(names, body)
    kept = [name or f"column_{place}" for place, name in enumerate(names, 1)]
    require_unique("The header", kept[: len(kept) - ignored])
    return Header(kept, lines, ignored, tuple(_notes(cells, kept, ignored, skipped)))


def _nameless_end(names: list[str], body: list[list[str]]) -> int:
    """Count the columns at the right end that have neither name nor value."""
    count = 0
    for place in reversed(range(1, len(names))):
        if names[place] or any(len(row) > place and row[place].strip() for row in body):
            break
        count += 1
    return count


def _notes(cells: list[str], names: list[str], ignored: int, skipped: list[Row]) -> Iterator[Note]:
    if skipped:
        message = f"{some(len(skipped), 'line')} before the header skipped."
        first = shown(", ".join(skipped[0][1]))
        yield Note("preamble_skipped", message, count=len(skipped), first=first)
    odd = [cell for cell in cells if cell != cell.strip() and cell.strip()]
    if odd:
        message = f"Blanks around {some(len(odd), 'column name')} were left out."
        yield Note("names_trimmed", message, count=len(odd), first=odd[0].strip())
    for place, cell in enumerate(cells[: len(names) - ignored], 1):
        if not cell.strip():
            message = f"Column {place} has no name; it is called {names[place - 1]}."
            yield Note("unnamed_column", message, column=names[place - 1], count=1)
    if ignored:
        message = f"{some(ignored, 'column')} at the right without name and value: ignored."
        yield Note("unnamed_column", message, count=ignored)


def require_unique(where: str, names: Sequence[str]) -> None:
    """Refuse columns of one name: nobody could tell which of them was meant."""
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        sentence = f"names several columns alike ({listed(repeated)}). Rename them."
        raise Unreadable("duplicate_columns", f"{where} {sentence}")
