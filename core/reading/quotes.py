"""Where quoted fields begin and end in a block of text, so that it can be cut between rows.

A quote opens only at the start of a field; anywhere else in an unquoted field it is a letter. A
quoted field that runs over a line end and then closes amid a field was never closed.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .dialects import Dialect
from .problems import Unreadable

Places: TypeAlias = NDArray[np.int64]

_LINE_END, _BACKSLASH = ord("\n"), ord("\\")


def last_row_end(block: bytes, dialect: Dialect, lines_before: int) -> int:
    r"""Tell where the last whole row ends in UTF-8 text that begins with one; 0 if none does.

    `lines_before` is the number of lines before the block, for the message of Unreadable.

    >>> last_row_end(b'1,"a\nb"\n2,"c\n', Dialect(), 0)
    8
    """
    toggles = turns(block, dialect, lines_before)
    end = len(block)
    while (at := block.rfind(b"\n", 0, end)) >= 0:
        before = int(np.searchsorted(toggles, at))
        if before % 2 == 0:
            return at + 1
        end = int(toggles[before - 1])
    return 0


def turns(block: bytes, dialect: Dialect, lines_before: int) -> Places:
    """Give the places where quoted text begins (even) and ends (odd); doubled quotes are both."""
    if not dialect.quote or (quote := dialect.quote.encode()) not in block:
        return np.empty(0, np.int64)
    text = np.frombuffer(block, np.uint8)
    places = np.flatnonzero(text == quote[0])
    if dialect.escape:
        places = places[_unescaped(text, places)]
    before, after = _is_edge(text, places - 1, dialect), _is_edge(text, places + 1, dialect)
    beside = np.diff(places) == 1
    opens = before[0::2].copy()
    opens[1:] |= beside[1::2][: len(opens) - 1]
    closes = after[1::2].copy()
    closes[: len(beside[1::2])] |= beside[1::2]
    if opens.all() and closes.all():
        return places
    return _walked(block, places, (before, after), lines_before)


def _is_edge(text: NDArray[np.uint8], places: Places, dialect: Dialect) -> NDArray[np.bool_]:
    inside = (places >= 0) & (places < text.size)
    letters = text[np.clip(places, 0, text.size - 1)]
    edges: NDArray[np.bool_] = (
        ~inside | (letters == ord(dialect.delimiter)) | (letters == _LINE_END)
    )
    return edges


def _unescaped(text: NDArray[np.uint8], places: Places) -> NDArray[np.bool_]:
    slashes = np.zeros(len(places), np.int64)
    at = places - 1
    while (is_slash := (at >= 0) & (text[np.maximum(at, 0)] == _BACKSLASH)).any():
        slashes += is_slash & (slashes == places - 1 - at)
        at = np.where(is_slash, at - 1, -1)
    even: NDArray[np.bool_] = slashes % 2 == 0
    return even


def _walked(
    block: bytes,
    places: Places,
    edges: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    lines_before: int,
) -> Places:
    """Go through the quotes one by one: some are letters of unquoted fields."""
    at, before, after = places.tolist(), edges[0].tolist(), edges[1].tolist()
    kept: list[int] = []
    number = 0
    while number < len(at):
        inside = len(kept) % 2
        if not inside and before[number]:
            kept.append(at[number])
        elif inside and number + 1 < len(at) and at[number + 1] == at[number] + 1:
            number += 1  # doubled: a letter
        elif inside:
            if not after[number] and b"\n" in block[kept[-1] : at[number]]:
                raise unclosed(block, kept[-1], lines_before)
            kept.append(at[number])
        number += 1
    return np.array(kept, np.int64)


def unclosed(block: bytes, place: int, lines_before: int) -> Unreadable:
    """Say that the quote at `place` opens a field that never ends."""
    line = lines_before + block.count(b"\n", 0, place) + 1
    return Unreadable(
        "unclosed_quote",
        f'Line {line} opens a quote that is never closed. Close it, or set quote = "none" in '
        "[reading] if quotes are letters there.",
    )
