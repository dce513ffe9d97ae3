"""Which pairs of features depend on each other otherwise than in the reference?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..measuring.dependence import (
    GROUPS,
    association_changed,
    correlation_changed,
    dependence_changed,
    mutual_information,
    rank_correlation,
)
from ..measuring.divergences import KL
from ..measuring.mixtures import deal, split_kl
from ..measuring.significance import adjust
from ..profiling.pairs import Axis, Pairs
from .grids import Array, Integers, Mask
from .pair_reports import PairReport, PairsReport
from .states import Sides, State

MOST = 100  # pairs listed with their tables
CORRELATION, INFORMATION = 0.1, 0.01  # changes (nats) to watch from; from twice that on: alert
_BLOCK = 250  # pairs whose tables are worked on at once: they stay in the cache
_SMALLEST = 1e-300
_EXCLUDED = 1.645  # standard errors: a change is excluded at 95 %


@dataclass(frozen=True, slots=True)
class _Found:
    """Figures of pairs: (pairs,), sides (2, pairs), and the tables of groups (2, pairs, 5, 5)."""

    p: Array
    correlation: Array
    information: Array
    error: Array
    groups: Integers  # (pairs, 2, levels): the group of each level of both columns
    tables: Array


def compare_pairs(
    reference: Pairs,
    live: Pairs,
    *,
    alpha: float = 0.05,
    method: Literal["bh", "by"] = "bh",
    pseudocount: float = 0.5,
) -> PairsReport:
    """Test every pair, correct for their number, and list those that changed.

    Pairs without rows on a side, or without two levels on both, are not tested.
    """
    blocks = [
        _figures(reference, live, slice(start, start + _BLOCK))
        for start in range(0, len(reference.names), _BLOCK)
    ]
    figures = [(block, i) for block in blocks for i in range(len(block.p))]
    q = adjust(np.concatenate([block.p for block in blocks]) if blocks else [], method)
    states = [_state(block, i, each, alpha) for (block, i), each in zip(figures, q, strict=True)]
    tested = [i for i in range(len(q)) if not np.isnan(q[i])]
    changed = sorted(
        (i for i in tested if q[i] <= alpha),
        key=lambda i: (_ORDER.index(states[i]), -_size(*figures[i])),
    )
    counts = Counter(states[i] for i in tested)
    return PairsReport(
        tested=len(tested),
        counts={state: counts[state] for state in (*_ORDER, State.STABLE, State.INSUFFICIENT)},
        pairs=tuple(
            _record(reference, i, figures[i], (states[i], float(q[i])), pseudocount)
            for i in changed[:MOST]
        ),
    )


_ORDER = (State.ALERT, State.WARN, State.NEGLIGIBLE)


def _figures(reference: Pairs, live: Pairs, block: slice) -> _Found:
    full = np.stack([side.tables[block] for side in (reference, live)]).astype(np.float64)
    names = reference.names[block]
    ordered = np.array([[reference.axes[name].is_ordered for name in pair] for pair in names])
    groups = np.stack(
        [
            level_groups(full.sum(axis=(0, 3)), ordered[:, 0]),
            level_groups(full.sum(axis=(0, 2)), ordered[:, 1]),
        ],
        axis=1,
    )
    tables = np.stack([_grouped(side, groups) for side in full])
    ranked = np.stack([_grouped(side, _own_groups(side, groups, ordered)) for side in full])
    sides = [rank_correlation(side) for side in full]
    numbers = ordered.all(axis=1)
    r = np.where(numbers, np.stack([side.r for side in sides]), np.nan)
    rows = full.sum(axis=(-2, -1))
    some = (rows > 0).all(axis=0)
    # Own fifths jump at heavy values, common ones move with a drifted column: both must say so.
    looks = [
        association_changed(*np.where(some[:, None, None], each, 1.0)) for each in (tables, ranked)
    ]
    p_table = np.where(some, np.fmax(*looks), np.nan)
    p_correlation = np.where(numbers & some, correlation_changed(*sides), np.nan)
    return _Found(
        p=dependence_changed(p_correlation, p_table),
        correlation=r,
        information=_information(tables),
        error=np.sqrt((1 / np.maximum(rows, 1)).sum(axis=0)),
        groups=groups,
        tables=tables,
    )


def _own_groups(side: Array, pooled: Integers, ordered: Mask) -> Integers:
    """Put the levels of numbers into fifths of one side's own rows; labels keep their groups."""
    own = [level_groups(side.sum(axis=axis), ordered[:, i]) for i, axis in enumerate((2, 1))]
    return np.where(ordered[..., None], np.stack(own, axis=1), pooled)


def _grouped(side: Array, groups: Integers) -> Array:
    """Sum tables (pairs, levels, levels) to those of groups (pairs, 2, levels)."""
    codes = (groups[..., None] == np.arange(GROUPS)).astype(np.float64)
    return np.asarray(codes[:, 0].swapaxes(-1, -2) @ side @ codes[:, 1])


def level_groups(pooled: Array, ordered: Mask) -> Integers:
    """Put levels (pairs, levels) into fifths of the rows, or the four largest and the rest."""
    rows = np.maximum(pooled.sum(axis=-1, keepdims=True), 1)
    middle = (np.cumsum(pooled, axis=-1) - pooled / 2) / rows
    fifths = np.minimum((middle * GROUPS).astype(np.int64), GROUPS - 1)
    ranks = np.argsort(np.argsort(-pooled, axis=-1, kind="stable"), axis=-1)
    return np.where(ordered[:, None], fifths, np.minimum(ranks, GROUPS - 1))


def _information(tables: Array) -> Array:
    """Compute mutual information (nats) less what noise adds to it (Miller 1955), at least 0."""
    rows = tables.sum(axis=(-2, -1))
    used = [np.count_nonzero(tables.sum(axis=axis), axis=-1) - 1 for axis in (-1, -2)]
    noise = used[0] * used[1] / (2 * np.maximum(rows, 1))
    return np.asarray(np.maximum(mutual_information(tables) - noise, 0.0))


def _size(found: _Found, i: int) -> float:
    """Give a change in the unit of what is watched from, the larger of the two."""
    moved = float(np.nan_to_num(np.diff(found.correlation[:, i])[0]))
    told = float(np.diff(found.information[:, i])[0])
    return max(abs(moved) / CORRELATION, abs(told) / INFORMATION)


def _state(found: _Found, i: int, q: float, alpha: float) -> State:
    if q <= alpha:
        size = _size(found, i)
        return next(
            (s for least, s in ((2, State.ALERT), (1, State.WARN)) if size >= least), _ORDER[2]
        )
    moved = abs(float(np.nan_to_num(np.diff(found.correlation[:, i])[0])))
    excluded = moved + _EXCLUDED * found.error[i] <= CORRELATION
    return State.STABLE if excluded else State.INSUFFICIENT


def _record(
    pairs: Pairs, place: int, figures: tuple[_Found, int], judged: tuple[State, float], extra: float
) -> PairReport:
    found, i = figures
    names = pairs.names[place]
    tables = found.tables[:, i]
    smooth_q, smooth_p = deal(tables[0], tables[1], extra)
    split = split_kl(smooth_p, smooth_q)
    second = float(KL(smooth_p.sum(axis=0), smooth_q.sum(axis=0)))
    r = found.correlation[:, i]
    n, m = tables.sum(axis=(1, 2)).astype(int).tolist()
    labels = [
        group_names(pairs.axes[name], group)
        for name, group in zip(names, found.groups[i], strict=True)
    ]
    whole = [tuple(map(tuple, side.astype(int).tolist())) for side in tables]
    return PairReport(
        features=names,
        state=judged[0],
        p=float(found.p[i]),
        q=judged[1],
        n=n,
        m=m,
        correlation=None if np.isnan(r).any() else Sides(reference=r[0], live=r[1]),
        mutual_information=Sides(reference=found.information[0, i], live=found.information[1, i]),
        kl_live_ref=split.whole,
        kl_first=split.mix,
        kl_second=second,
        kl_dependence=float(split.inside.sum()) - second,
        first=labels[0],
        second=labels[1],
        tables=Sides(reference=whole[0], live=whole[1]),
    )


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
