"""Are counts possible? Nothing that was saved is believed."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from .archives import Counts
from .categories import CategoryCounts
from .cells import Integers, keys
from .hashes import SMALLEST, Hashes
from .kinds import Kind
from .quantities import NumericCounts

_COARSEST: Final = 63  # level: bits of a key beside its sign
_ADDABLE: Final = 1 << 46  # so many rows a cell are added without overflow
_LEAST: Final = 2  # cells or labels that a feature may keep


def fault(counts: Counts, kind: str, rows: int, *, sound: bool = False) -> str | None:
    """Tell what counts of a kind, in a table of `rows` rows, have that cannot be, or None.

    `sound` is the answer of `are_sound`, for counts that were among those.
    """
    numeric = kind in {"numeric", "datetime"}
    if kind not in get_args(Kind) or numeric != isinstance(counts, NumericCounts):
        return f"counts that are not {kind}"
    numbers = counts.unreadable, counts.missing, counts.rows, rows
    if not _are_whole(*numbers) or counts.rows != rows:
        return f"numbers of rows that do not fit a table of {rows}"
    if isinstance(counts, NumericCounts):
        return _number_fault(counts, sound=sound)
    if kind == "unsupported":
        return "labels of values that have none" if len(counts.labels) else None
    return _label_fault(counts)


def are_sound(features: Iterable[Counts]) -> bool:
    """Tell whether cells, counts and extremes of all numbers are possible: many at once, quickly.

    If not, `fault` tells of each what is wrong.
    """
    numbers = [each for each in features if isinstance(each, NumericCounts) and each.cells.size]
    if not numbers:
        return True
    sizes = np.array([each.cells.size for each in numbers])
    if not all(
        each.counts.size == each.cells.size and _are_whole(each.level, _COARSEST)
        for each in numbers
    ):
        return False
    cells, counts = (
        np.concatenate([getattr(each, name) for each in numbers]) for name in ("cells", "counts")
    )
    ends = np.cumsum(sizes)
    rises = cells[1:] > cells[:-1]  # a difference may overflow
    rises[ends[:-1] - 1] = True  # the next feature begins
    if not rises.all() or counts.min() <= 0 or counts.max() > _ADDABLE:
        return False
    rows = np.add.reduceat(counts, ends - sizes).tolist()
    if rows != [_finite(each) for each in numbers] or (sizes > [e.budget for e in numbers]).any():
        return False
    return _are_ends(numbers, np.column_stack([cells[ends - sizes], cells[ends - 1]]))


def _are_ends(numbers: Sequence[NumericCounts], outermost: Integers) -> bool:
    """Tell whether the extremes of numbers lie in their outermost cells (numbers, 2)."""
    extremes = [(each.minimum, each.maximum) for each in numbers]
    if not all(isinstance(end, float) for pair in extremes for end in pair):
        return False
    known = np.array(extremes)
    cells = keys(known) >> np.array([[each.level] for each in numbers])
    return bool(np.isfinite(known).all() and (cells == outermost).all())


def _finite(counts: NumericCounts) -> int:
    return counts.present - counts.negative_infinity - counts.positive_infinity


def _are_whole(*numbers: object) -> bool:
    """Tell whether these are whole, from zero up and none less than the one before."""
    least = 0
    for number in numbers:
        if type(number) is not int or number < least:
            return False
        least = number
    return True


def _number_fault(counts: NumericCounts, *, sound: bool) -> str | None:
    infinite = counts.negative_infinity, counts.positive_infinity
    if not (_are_whole(counts.level, _COARSEST) and _are_whole(_LEAST, counts.budget)):
        return "a level or a budget that cannot be"
    if not all(map(_are_whole, infinite)) or not _are_whole(counts.zeros, _finite(counts)):
        return "negative or fractional counts"
    hashed = counts.level > 0 and counts.fractional is False
    if hashed != (counts.hashes is not None) or not _are_hashes(counts.hashes):
        return "hashes that cannot be"
    if not (sound and counts.cells.size):
        cells = _cell_fault(counts.cells, counts.counts, _finite(counts), counts.budget)
        if found := cells or _end_fault(counts):
            return found
    return _moment_fault(counts)


def _end_fault(counts: NumericCounts) -> str | None:
    ends = [counts.minimum, counts.maximum]
    if not counts.cells.size:
        return None if ends == [None, None] else "extremes without values"
    if not all(isinstance(end, float) and math.isfinite(end) for end in ends):
        return "extremes that are no numbers"
    cells = keys(np.array(ends, np.float64)) >> counts.level
    outermost = [counts.cells[0], counts.cells[-1]]
    return None if cells.tolist() == outermost else "extremes outside its cells"


def _moment_fault(counts: NumericCounts) -> str | None:
    if not counts.cells.size:
        return None
    moments = isinstance(counts.moment, float) and counts.moment >= 0  # inf where it overflowed
    return None if moments and math.isfinite(counts.mean) else "moments that are no numbers"


def _label_fault(counts: CategoryCounts) -> str | None:
    labels, pool = counts.labels.to_pylist(), counts.pool
    if not _are_whole(_LEAST, counts.limit):
        return "a limit that cannot be"
    if None in labels or any(a >= b for a, b in itertools.pairwise(labels)):
        return "labels that do not rise"
    if pool is None:
        places = np.arange(len(labels))  # labels rise as cells do
        return _cell_fault(places, counts.counts, counts.present, counts.limit)
    if not _are_whole(pool.level, _COARSEST) or not _are_hashes(pool.hashes):
        return "a pool that cannot be"
    return _cell_fault(pool.cells, pool.counts, counts.present, counts.limit)


def _cell_fault(cells: Integers, counts: Integers, present: int, most: int) -> str | None:
    if cells.size != counts.size:
        return f"{counts.size} counts for {cells.size} cells"
    if not _rises(cells):
        return "cells that do not rise"
    if cells.size > most:
        return f"more than {most} cells"
    if (counts <= 0).any():
        return "counts that are not positive"
    return None if sum(counts.tolist()) == present else "counts that do not add up to its rows"


def _are_hashes(kept: Hashes | None) -> bool:
    return kept is None or (_rises(kept) and kept.size <= SMALLEST)


def _rises(numbers: NDArray[Any]) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())  # a difference may overflow
