"""How far the dependence of two columns differs between two sides, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..measuring.dependence import (
    Association,
    Correlation,
    compare_association,
    correlation_changed,
    dependence_changed,
    rank_correlation,
    recut,
)
from ..measuring.information import Told, told
from ..profiling.pairs import Pairs
from .grids import Array, Integers, Mask
from .groupings import grouped, pair_groups

CORRELATION, INFORMATION = 0.1, 0.01  # changes (nats) to watch from; from twice that on: alert
PART = 0.1  # of what is told: a smaller change of it is nothing to watch
ASSOCIATION = INFORMATION  # the same for a table that turns round, and tells as much as before
_EXCLUDED = 1.645  # standard errors: a change is excluded at 95 %


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Figures of pairs: (pairs,), sides (2, pairs), and the tables of groups (2, pairs, 5, 5).

    `size` is the largest change in the unit of what is watched from, `bound` what it is at most.
    """

    p: Array
    size: Array
    bound: Array
    correlation: Array
    association: Array
    information: Array
    groups: Integers  # (pairs, 2, levels): the group of each level of both columns
    tables: Array


@dataclass(frozen=True, slots=True)
class _Look:
    """Tables (2, pairs, 5, 5) of one choice of groups: odds ratios, and what each side tells."""

    association: Association
    told: Told

    @property
    def changes(self) -> Array:
        """Changes of odds ratios and of what is told (2, pairs), in units of what is watched."""
        nats = np.maximum(self.told.nats, 0.0)
        return np.stack(
            [self.association.size / ASSOCIATION, np.abs(nats[1] - nats[0]) / self._watched]
        )

    @property
    def bounds(self) -> Array:
        """What these changes are at most, at 95 %."""
        error = np.sqrt(self.told.variance(self.told.nats).sum(axis=0))
        errors = np.stack([self.association.error / ASSOCIATION, error / self._watched])
        return np.asarray(self.changes + _EXCLUDED * errors)

    @property
    def _watched(self) -> Array:
        return np.asarray(np.maximum(INFORMATION, PART * self.told.nats.max(axis=0)))


def _look(tables: Array, some: Mask) -> _Look:
    known = np.where(some[:, None, None], tables, 1.0)
    return _Look(compare_association(*known), told(np.rint(tables)))  # parts of rows tell no less


def figures(reference: Pairs, live: Pairs, block: slice) -> PairFigures:
    """Measure the pairs of a `block` of both sides' tables; NaN where there is nothing to measure.

    Three cuts are looked at: groups of levels that both sides share, and each side cut at the ranks
    of the other. Shared ones move with a column that drifted, ranks blur heavy values: a change is
    one that all of them show.
    """
    full = np.stack([side.tables[block] for side in (reference, live)]).astype(np.float64)
    names = reference.names[block]
    ordered = np.array([[reference.axes[name].is_ordered for name in pair] for pair in names])
    some = (full.sum(axis=(-2, -1)) > 0).all(axis=0)
    groups = pair_groups(full.sum(axis=0), ordered)
    tables = np.stack([grouped(side, groups) for side in full])
    # The same ranks on both sides: a column that drifted has moved over the levels, its ranks have
    # not. Heavy values hide what is inside them: each side is cut as the other.
    alike = [
        np.stack([recut(full[0], full[1], ordered), full[1]]),
        np.stack([full[0], recut(full[1], full[0], ordered)]),
    ]
    looks = [_look(tables, some), *(_look(_by_rank(each, groups, ordered), some) for each in alike)]
    ranks = [_correlated(each, ordered & some[:, None]) for each in alike]
    return PairFigures(
        p=_chance(ranks, looks, some),
        size=_largest([_moved(each) for each in ranks], [look.changes for look in looks]),
        bound=_largest([_most_moved(each) for each in ranks], [look.bounds for look in looks]),
        correlation=_nearer(ranks),
        association=np.fmin.reduce([look.association.size for look in looks]),
        information=np.maximum(looks[0].told.nats, 0.0),
        groups=groups,
        tables=tables,
    )


def _by_rank(alike: Array, groups: Integers, ordered: Mask) -> Array:
    """Sum tables (2, pairs, levels, levels) cut at the same ranks to fifths of their rows."""
    fifths = pair_groups(alike.sum(axis=0), ordered)
    chosen = np.where(ordered[..., None], fifths, groups)
    return np.stack([grouped(side, chosen) for side in alike])


def _correlated(alike: Array, ordered: Mask) -> tuple[Correlation, Correlation]:
    """Correlate the ranks of both sides; NaN for labels."""
    both = ordered.all(axis=1)
    before, after = (Correlation(*np.where(both, rank_correlation(side), np.nan)) for side in alike)
    return before, after


def _chance(
    ranks: Sequence[tuple[Correlation, Correlation]], looks: Sequence[_Look], some: Mask
) -> Array:
    """Test both kinds of change; a change of one must be seen in every cut, or the cut made it."""
    p_rank = np.fmax.reduce([correlation_changed(*each) for each in ranks])
    p_table = np.fmax.reduce([look.association.p for look in looks])
    return dependence_changed(p_rank, np.where(some, p_table, np.nan))


def _moved(ranks: tuple[Correlation, Correlation]) -> Array:
    """Give the change of correlations, in units of what is watched."""
    return np.abs(ranks[1].r - ranks[0].r) / CORRELATION


def _most_moved(ranks: tuple[Correlation, Correlation]) -> Array:
    """Give what this change is at most, at 95 %."""
    spread = sum((1 - side.r**2) ** 2 * side.variance for side in ranks)
    return np.asarray(_moved(ranks) + _EXCLUDED * np.sqrt(spread) / CORRELATION)


def _largest(correlations: Sequence[Array], others: Sequence[Array]) -> Array:
    """Give the largest change (pairs,) of any kind, of each kind the least that a cut shows."""
    kinds = [np.fmin.reduce(correlations), *np.fmin.reduce(others)]
    return np.asarray(np.fmax.reduce(kinds))


def _nearer(ranks: Sequence[tuple[Correlation, Correlation]]) -> Array:
    """Give the correlations (2, pairs) of the cut in which they differ less."""
    first, second = (np.stack([side.r for side in each]) for each in ranks)
    return np.where(_moved(ranks[0]) <= _moved(ranks[1]), first, second)
