"""Short names for bins: numbers and times with just the digits that tell them apart."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEWEST, _MOST = 4, 17  # significant digits: enough for most, and all that a float64 has
_PLAIN = 1e15  # whole numbers below it are written out
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799.0  # of the year 9999
_DAY = 86_400


def name_numbers(values: Array, kind: str) -> list[str]:
    """Write values shortly, neighbours that differ differently; seconds as dates for datetimes.

    >>> name_numbers(np.array([0.5, 1e6, 1234.5678]), "numeric")
    ['0.5', '1000000', '1235']
    """
    if kind == "datetime":
        return _times(values)
    exact = len(set(values.tolist()))  # an edge behind a value bears its name
    for digits in range(_FEWEST, _MOST):
        words = [_number(float(value), digits) for value in values]
        if len(set(words)) == exact:
            return words
    return [_number(float(value), _MOST) for value in values]


def _number(value: float, digits: int) -> str:
    rounded = float(f"{value:.{digits}g}")
    if abs(value) < _PLAIN and (value.is_integer() or rounded.is_integer()):
        return str(int(value) if value.is_integer() else int(rounded))
    return f"{value:.{digits}g}"


def _times(values: Array) -> list[str]:
    whole_days = all(value % _DAY == 0 for value in values)
    return [_time(float(value), whole_days=whole_days) for value in values]


def _time(value: float, *, whole_days: bool) -> str:
    if abs(value) > _LAST_SECOND:
        return f"{value:g} s"
    moment = _EPOCH + timedelta(seconds=value)
    return moment.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M")


def name_spans(words: Sequence[str], single: Sequence[bool], behind: Sequence[bool]) -> list[str]:
    """Name the bins between edges; a bin that holds one value alone bears its name.

    `behind` marks the edges that lie just behind the value they are named by.

    >>> name_spans(["0", "0", "2.5"], [True, False], [False, True, False])
    ['0', 'over 0 to 2.5']
    """
    return [
        low if alone or low == high else f"{'over ' * after}{low} to {high}"
        for low, high, alone, after in zip(words[:-1], words[1:], single, behind[:-1], strict=True)
    ]
