"""Which pairs of features depend on each other otherwise than in the reference?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..measuring.dependence import (
    GROUPS,
    Association,
    Correlation,
    compare_association,
    correlation_changed,
    dependence_changed,
    rank_correlation,
)
from ..measuring.divergences import KL
from ..measuring.information import Told, told
from ..measuring.mixtures import deal, split_kl
from ..measuring.significance import adjust
from ..profiling.pairs import Axis, Pairs
from .grids import Array, Integers, Mask
from .pair_reports import PairReport, PairsReport
from .states import Sides, State

MOST = 100  # pairs listed with their tables
CORRELATION, INFORMATION = 0.1, 0.01  # changes (nats) to watch from; from twice that on: alert
ASSOCIATION = INFORMATION  # the same for a table that turns round, and tells as much as before
_BLOCK = 250  # pairs whose tables are worked on at once: they stay in the cache
_SMALLEST = 1e-300
_EXCLUDED = 1.645  # standard errors: a change is excluded at 95 %


@dataclass(frozen=True, slots=True)
class _Found:
    """Figures of pairs: (pairs,), sides (2, pairs), and the tables of groups (2, pairs, 5, 5).

    `size` is the largest change in the unit of what is watched from, `bound` what it is at most.
    """

    p: Array
    size: Array
    bound: Array
    correlation: Array
    information: Array
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
        key=lambda i: (_ORDER.index(states[i]), -figures[i][0].size[figures[i][1]]),
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
    pooled = full.sum(axis=0)
    groups = np.stack(
        [level_groups(pooled.sum(axis=2 - i), ordered[:, i]) for i in range(2)], axis=1
    )
    tables = np.stack([_grouped(side, groups) for side in full])
    own = np.stack([_grouped(side, _own_groups(side, groups, ordered)) for side in full])
    numbers = ordered.all(axis=1)
    ranks = [Correlation(*np.where(numbers, rank_correlation(side), np.nan)) for side in full]
    informed = told(tables)
    some = (full.sum(axis=(-2, -1)) > 0).all(axis=0)
    # Own fifths jump at heavy values, common ones move with a drifted column: both must say so.
    looks = [
        compare_association(*np.where(some[:, None, None], each, 1.0)) for each in (tables, own)
    ]
    p_table = np.where(some, np.fmax(*(look.p for look in looks)), np.nan)
    size, bound = _sizes(ranks, informed, looks)
    return _Found(
        p=dependence_changed(np.where(some, correlation_changed(*ranks), np.nan), p_table),
        size=size,
        bound=bound,
        correlation=np.stack([side.r for side in ranks]),
        information=np.maximum(informed.nats, 0.0),
        groups=groups,
        tables=tables,
    )


def _sizes(
    ranks: Sequence[Correlation], informed: Told, looks: Sequence[Association]
) -> tuple[Array, Array]:
    """Give the largest change of each pair, and what it is at most, in units of what is watched.

    Of numbers the correlation bounds what is told: that of a sharp dependence is not known so well.
    """
    moved = np.abs(ranks[1].r - ranks[0].r) / CORRELATION
    spread = sum((1 - side.r**2) ** 2 * side.variance for side in ranks)
    most = moved + _EXCLUDED * np.sqrt(spread) / CORRELATION
    nats = np.maximum(informed.nats, 0.0)
    gained = np.abs(nats[1] - nats[0]) / INFORMATION
    error = np.sqrt(informed.variance(nats).sum(axis=0)) / INFORMATION
    most = np.where(np.isnan(most), gained + _EXCLUDED * error, most)
    turned = np.fmin(*(look.size for look in looks)) / ASSOCIATION
    bounds = [(look.size + _EXCLUDED * look.error) / ASSOCIATION for look in looks]
    size = np.fmax.reduce([moved, gained, turned])
    return np.asarray(size), np.asarray(np.fmax(most, np.fmin(*bounds)))


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


def _state(found: _Found, i: int, q: float, alpha: float) -> State:
    if q <= alpha:
        steps = ((2, State.ALERT), (1, State.WARN))
        return next((state for least, state in steps if found.size[i] >= least), State.NEGLIGIBLE)
    return State.STABLE if found.bound[i] <= 1 else State.INSUFFICIENT


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
