"""What may be wrong with a source, and what was noticed while reading it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_SHOWN = 60  # characters of a value that a sentence shows
_URL_SECRET = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")


class Unreadable(ValueError):
    """A source cannot be read as a table; `code` is stable, the sentence says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was guessed, repaired or left out while reading, and how often."""

    code: str
    message: str
    column: str | None = None
    count: int = 0
    first: str | None = None


def gathered(notes: Iterable[Note]) -> list[Note]:
    """Sum notes of one code and column: a folder of a thousand files must not say it for each."""
    known: dict[tuple[str, str | None], Note] = {}
    for note in notes:
        before = known.get((note.code, note.column))
        known[note.code, note.column] = (
            replace(before, count=before.count + note.count) if before else note
        )
    return list(known.values())


def some(count: int, what: str) -> str:
    """Write a number with its noun.

    >>> some(1, "row"), some(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def shown(text: str) -> str:
    """Cut a value from the data to what a sentence can hold, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def listed(texts: Iterable[str], most: int = 5) -> str:
    """List some names from the data, and say how many more there are."""
    names = list(texts)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name) for name in names[:most]) + more


def without_secret(text: str) -> str:
    """Take the password out of an address.

    >>> without_secret("postgresql://me:hunter2@host/db")
    'postgresql://me:***@host/db'
    """
    return _URL_SECRET.sub(r"\1:***@", text)
