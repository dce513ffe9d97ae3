"""The classes of a label, the same on both sides: its values, or ranges of numbers.

A few numbers are classes as they are, many are cut into fifths of the reference. Classes say which
levels of the label's axis they hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..measuring.dependence import GROUPS
from ..profiling.cells import values
from ..profiling.pairs import FEW, LEVELS, Axis
from ..profiling.profiles import Counts
from ..profiling.quantities import NumericCounts
from .grids import Array, Integers
from .groupings import edge_words, level_groups, level_name

ORDERED = np.array([True])


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of each level (levels,), their names, and the rows in each, (2, classes)."""

    of_level: Integers
    names: tuple[str, ...]
    rows: Array
    ranges: bool


def classes_of(sides: Sequence[Counts], axis: Axis) -> Classes:
    """Make classes of the counts of a label, reference first, in the levels of `axis`."""
    margins = np.array([_by_level(side, axis) for side in sides])
    ranges = axis.is_ordered and sides[0].distinct > FEW
    if ranges:
        groups = level_groups(margins[:1], ORDERED)[0]
        used = np.unique(groups[margins[0] > 0])  # a heavy value may take more than one fifth
        of_level = np.abs(groups[:, None] - used).argmin(axis=1)
    else:
        used = np.flatnonzero(margins.any(axis=0))
        of_level = np.minimum(np.searchsorted(used, np.arange(LEVELS)), len(used) - 1)
    rows = np.array([np.bincount(of_level, side, len(used)) for side in margins])
    return Classes(of_level, _names(axis, of_level, used if not ranges else None), rows, ranges)


def _names(axis: Axis, of_level: Integers, used: Integers | None) -> tuple[str, ...]:
    """Name the classes: those of labels, or of a few numbers, by the level that has rows."""
    if not axis.is_ordered and used is not None:
        levels = (*axis.labels, "other")
        return tuple(levels[i] for i in used.tolist())
    words = edge_words(axis)
    runs = (
        [np.array([i]) for i in used.tolist()]
        if used is not None
        else [
            np.flatnonzero(of_level[: len(words) + 1] == i)
            for i in range(min(int(of_level.max()) + 1, GROUPS))
        ]
    )
    return tuple(level_name(words, run) for run in runs)


def _by_level(counts: Counts, axis: Axis) -> Array:
    """Sum the rows of a label by its levels."""
    if isinstance(counts, NumericCounts):
        places = np.searchsorted(np.array(axis.edges), values(counts.boundaries()[0]), "right")
        return np.bincount(places, counts.counts, LEVELS).astype(np.float64)
    place = {name: i for i, name in enumerate(axis.labels)}
    rows = np.zeros(LEVELS)
    for name, number in counts.as_dict().items():
        rows[place.get(name, len(axis.labels))] += number
    return rows
