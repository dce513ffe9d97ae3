"""Why a pair that was asked for is not compared: in a sentence, with the columns' names."""

from collections.abc import Collection, Iterator, Sequence

from ..profiling.categories import CategoryCounts
from ..profiling.pairs import MANY, Pairs
from ..profiling.profiles import Profile
from .reports import Caution

_LEAST = 2  # levels of a column that can depend on another
_SIDES = ("the reference", "live")


def pairs_left_out(
    listed: Sequence[tuple[str, str]],
    sides: tuple[Profile, Profile],
    ignored: Collection[str],
) -> Iterator[Caution]:
    """Tell of each pair `listed` that cannot be compared why, and what to do; `ignored` by wish.

    Both `sides` (reference, live) have tables of pairs, in the same levels.
    """
    for pair in dict.fromkeys(listed):
        why = _of_columns(pair, sides, ignored) or _of_table(pair, sides)
        if why:
            names = " and ".join(pair)
            message = f"The pair {names} is not compared: {why}. Take it from the list: pairs."
            yield Caution(code="pair_not_compared", message=message)


def _of_columns(
    pair: tuple[str, str], sides: tuple[Profile, Profile], ignored: Collection[str]
) -> str | None:
    """Find the first column of a pair that has nothing to depend on another by."""
    for name in pair:
        if name in ignored:
            return f"{name} is set aside by the settings (ignore)"
        for side, where in zip(sides, _SIDES, strict=True):
            if why := _of_column(name, side, where):
                return why
    return None


def _of_column(name: str, side: Profile, where: str) -> str | None:
    counts = side.features.get(name)
    if counts is None:
        return f"{name} is not in {where}"
    if side.kinds[name] in ("datetime", "unsupported"):
        what = "times" if side.kinds[name] == "datetime" else "lists, records or bytes"
        return f"{name} holds {what}, which are paired with nothing"
    if counts.unreadable > counts.present:
        return f"{name} is of another type in {where}"
    if not counts.present:
        return f"{name} has no value in {where}"
    if counts.distinct < _LEAST:
        return f"{name} has the same value in all rows of {where}"
    if isinstance(counts, CategoryCounts) and counts.distinct > MANY:
        return f"{name} has {counts.distinct} different labels in {where}, more than {MANY}"
    return None


def _of_table(pair: tuple[str, str], sides: tuple[Profile, Profile]) -> str | None:
    """Tell what the joint tables lack: the pair itself, rows with both values, or levels."""
    for side, where in zip(sides, _SIDES, strict=True):
        table = side.pairs.by(*pair) if isinstance(side.pairs, Pairs) else None
        if table is None:
            return f"the profile of {where} was made without it; count the table again"
        if not table.any():
            return f"no row of {where} has a value of both"
        for name, levels in zip(pair, (table.sum(axis=1), table.sum(axis=0)), strict=True):
            if (levels > 0).sum() < _LEAST:
                return f"{name} has one level where both are known in {where}"
    return None
