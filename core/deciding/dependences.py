"""Which pairs of features depend on each other otherwise than in the reference?"""

from collections import Counter
from typing import Literal, NamedTuple

import numpy as np

from ..measuring.divergences import KL
from ..measuring.mixtures import deal, split_kl
from ..measuring.significance import adjust
from ..profiling.pairs import Pairs
from .grids import Array
from .groupings import group_names
from .pair_figures import PairFigures, figures
from .pair_reports import PairReport, PairsReport, Table
from .states import Sides, State

MOST = 100  # pairs listed with their tables
_BLOCK = 250  # pairs whose tables are worked on at once: they stay in the cache


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
        figures(reference, live, slice(start, start + _BLOCK))
        for start in range(0, len(reference.names), _BLOCK)
    ]
    places = [(block, i) for block in blocks for i in range(len(block.p))]
    q = adjust(np.concatenate([block.p for block in blocks]) if blocks else [], method)
    states = [_state(block, i, each, alpha) for (block, i), each in zip(places, q, strict=True)]
    tested = [i for i in range(len(q)) if not np.isnan(q[i])]
    changed = sorted(
        (i for i in tested if q[i] <= alpha),
        key=lambda i: (_ORDER.index(states[i]), -places[i][0].size[places[i][1]]),
    )
    counts = Counter(states[i] for i in tested)
    return PairsReport(
        tested=len(tested),
        counts={state: counts[state] for state in (*_ORDER, State.STABLE, State.INSUFFICIENT)},
        pairs=tuple(
            _record(reference, i, places[i], (states[i], float(q[i])), pseudocount)
            for i in changed[:MOST]
        ),
    )


_ORDER = (State.ALERT, State.WARN, State.NEGLIGIBLE)


def _state(found: PairFigures, i: int, q: float, alpha: float) -> State:
    if q <= alpha:
        steps = ((2, State.ALERT), (1, State.WARN))
        return next((state for least, state in steps if found.size[i] >= least), State.NEGLIGIBLE)
    return State.STABLE if found.bound[i] <= 1 else State.INSUFFICIENT


def _record(
    pairs: Pairs,
    place: int,
    measured: tuple[PairFigures, int],
    judged: tuple[State, float],
    extra: float,
) -> PairReport:
    found, i = measured
    names, tables = pairs.names[place], found.tables[:, i]
    axes = [pairs.axes[name] for name in names]
    first, second = (group_names(*each) for each in zip(axes, found.groups[i], strict=True))
    n, m = tables.sum(axis=(1, 2)).astype(int).tolist()
    r, association = found.correlation[:, i], found.association[i]
    split = _split(tables, extra)
    return PairReport(
        features=names,
        state=judged[0],
        p=float(found.p[i]),
        q=judged[1],
        n=n,
        m=m,
        correlation=None if np.isnan(r).any() else Sides(reference=r[0], live=r[1]),
        association=None if np.isnan(association) else float(association),
        mutual_information=Sides(reference=found.information[0, i], live=found.information[1, i]),
        kl_live_ref=split.whole,
        kl_first=split.first,
        kl_second=split.second,
        kl_dependence=split.whole - split.first - split.second,
        first=first,
        second=second,
        tables=Sides(reference=_plain(tables[0]), live=_plain(tables[1])),
    )


class _Split(NamedTuple):
    """KL(live‖ref) of a joint table, and the parts of it that either feature makes alone; nats."""

    whole: float
    first: float
    second: float


def _split(tables: Array, extra: float) -> _Split:
    smooth_q, smooth_p = deal(tables[0], tables[1], extra)
    found = split_kl(smooth_p, smooth_q)
    return _Split(found.whole, found.mix, float(KL(smooth_p.sum(axis=0), smooth_q.sum(axis=0))))


def _plain(table: Array) -> Table:
    return tuple(map(tuple, table.astype(int).tolist()))
