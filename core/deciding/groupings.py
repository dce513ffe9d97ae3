"""Levels of columns put into groups that a table of five by five can hold, and their names."""

from collections.abc import Sequence

import numpy as np

from ..measuring.dependence import GROUPS
from ..profiling.pairs import Axis
from .grids import Array, Integers, Mask

_SMALLEST = 1e-300


def level_groups(pooled: Array, ordered: Mask) -> Integers:
    """Put levels (pairs, levels) into fifths of the rows, or the four largest and the rest."""
    rows = np.maximum(pooled.sum(axis=-1, keepdims=True), 1)
    middle = (np.cumsum(pooled, axis=-1) - pooled / 2) / rows
    fifths = np.minimum((middle * GROUPS).astype(np.int64), GROUPS - 1)
    ranks = np.argsort(np.argsort(-pooled, axis=-1, kind="stable"), axis=-1)
    return np.where(ordered[:, None], fifths, np.minimum(ranks, GROUPS - 1))


def pair_groups(margins: Array, ordered: Mask) -> Integers:
    """Put the levels of both columns of tables (pairs, levels, levels) into groups."""
    sides = [level_groups(margins.sum(axis=2 - i), ordered[:, i]) for i in range(2)]
    return np.stack(sides, axis=1)


def grouped(side: Array, groups: Integers) -> Array:
    """Sum tables (pairs, levels, levels) to those of groups (pairs, 2, levels)."""
    codes = (groups[..., None] == np.arange(GROUPS)).astype(np.float64)
    return np.asarray(codes[:, 0].swapaxes(-1, -2) @ side @ codes[:, 1])


def group_names(axis: Axis, groups: Integers) -> tuple[str, ...]:
    """Name the groups of the levels of a column; a group without a level is "–"."""
    if axis.is_ordered:
        words = edge_words(axis)
        used = groups[: len(words) + 1]
        return tuple(level_name(words, np.flatnonzero(used == group)) for group in range(GROUPS))
    levels = (*axis.labels, "other")
    used = groups[: len(levels)]
    names = [[levels[i] for i in np.flatnonzero(used == group)] for group in range(GROUPS)]
    return tuple(each[0] if len(each) == 1 else "the rest" if each else "–" for each in names)


def edge_words(axis: Axis) -> list[str]:
    """Write the edges of numbers; the one just over 0 looks like 0, as those over others do."""
    return [f"{edge:.6g}" if abs(edge) > _SMALLEST else "0" for edge in axis.edges]


def level_name(edges: Sequence[str], levels: Integers) -> str:
    """Name a run of levels; of two `edges` alike the second lies just behind the value."""
    if not len(levels):
        return "–"
    first, last = int(levels[0]), int(levels[-1])
    low = edges[first - 1] if first else None
    over = first > 1 and edges[first - 2] == low
    if last == len(edges):
        return f"over {low}" if over else f"{low} or more" if low else "all"
    high = edges[last]
    if low is None:
        return f"up to {high}" if last and edges[last - 1] == high else f"below {high}"
    return high if low == high else f"{'over ' * over}{low} to {high}"
