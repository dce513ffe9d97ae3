"""What each feature tells about a label on both sides, and which features lost their say.

Both sides have the same classes of the label. A feature of numbers is dealt to fifths in two ways,
of each side's own rows and of both sides' together; the way that shows less of a change counts: own
fifths jump at heavy values, common ones blur a column that drifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..measuring.dependence import GROUPS
from ..measuring.information import Told, entropy, information_changed, information_interval, told
from ..measuring.significance import adjust
from ..profiling.pairs import Axis, Pairs
from ..profiling.profiles import Profile
from .classes import ORDERED, Classes, classes_of
from .grids import Array, Integers
from .groupings import level_groups
from .outcome_reports import FeatureRole, Information, LabelReport, Say
from .pair_figures import INFORMATION, PART
from .reports import FeatureReport
from .states import FLAGGED, Sides, State

RARE = 0.02  # of all there is to know of a label that has little: a change to watch from
LOST = 0.5  # of what was told: who tells no more than this part of it has lost its say
_ROWS_A_CELL = 5  # of a group and class, on average (Cochran 1954); smaller groups are summed
_EXCLUDED = 1.645  # standard errors: a change is excluded at 95 %
_NO_LEVELS = "It is not measured: it has one value where the label is known, or no levels."
_NO_ROWS = "It is not measured: one side has no row with both values."


_TOO_FAR = "It is not measured: live lies so far outside of the reference that levels are coarse."


@dataclass(frozen=True, slots=True)
class _Found:
    """What one feature tells on both sides, reference first, and how likely that is no change."""

    rows: tuple[int, int]
    sides: tuple[Told, Told]
    p: float
    most: float  # nats to be known of the label in the reference

    @property
    def nats(self) -> tuple[float, float]:
        """What is told, at least 0."""
        before, after = (max(float(side.nats), 0.0) for side in self.sides)
        return before, after

    @property
    def moved(self) -> float:
        """By how much that has changed, in nats."""
        return abs(self.nats[1] - self.nats[0])

    @property
    def watched(self) -> float:
        """The change that is worth watching, in nats."""
        return max(min(INFORMATION, RARE * self.most), PART * max(self.nats))


def inform(
    sides: tuple[Profile, Profile],
    features: Sequence[FeatureReport],
    label: str,
    *,
    alpha: float,
    method: Literal["bh", "by"],
) -> tuple[LabelReport | None, tuple[Information, ...]]:
    """Tell of each feature what it says about `label`, reference first, and whether that changed.

    Both sides were counted by the label, in the same levels. q-values are over the features.
    """
    before, after = (side.pairs for side in sides)
    if before is None or after is None:
        return None, ()
    classes = classes_of([side.features[label] for side in sides], before.axes[label])
    known = [
        (feature, feature.role)
        for feature in features
        if feature.role in ("input", "prediction") and feature.state is not State.SKIPPED
    ]
    found = [_found((before, after), feature.name, label, classes) for feature, _ in known]
    q = adjust([np.nan if isinstance(each, str) else each.p for each in found], method)
    informed = [
        _record((feature.name, role), each, float(one), alpha)
        for (feature, role), each, one in zip(known, found, q, strict=True)
    ]
    return _label(label, classes), tuple(sorted(informed, key=_rank))


def _label(name: str, classes: Classes) -> LabelReport:
    reference, live = classes.rows.sum(axis=1).astype(int).tolist()
    most = entropy(classes.rows).tolist()
    return LabelReport(
        name=name,
        classes=classes.names,
        ranges=classes.ranges,
        rows=Sides(reference=reference, live=live),
        entropy=Sides(reference=most[0], live=most[1]),
    )


def _found(sides: tuple[Pairs, Pairs], name: str, label: str, classes: Classes) -> _Found | str:
    """Measure what a feature tells about the label; a sentence where that cannot be."""
    before, after = (side.by(name, label) for side in sides)
    if before is None or after is None:
        return _NO_LEVELS
    tables = np.stack([before, after]).astype(np.float64)
    if not tables.any(axis=(1, 2)).all():
        return _NO_ROWS
    axis = sides[0].axes[name]
    if axis.is_ordered and _is_too_far(tables.sum(axis=2)):
        return _TOO_FAR
    found = _measured(tables, axis, classes)
    return found if any(side.freedom for side in found.sides) else _NO_LEVELS


def _is_too_far(margins: Array) -> bool:
    """Tell whether one level beyond the reference's range holds two fifths of live: too coarse."""
    beyond = np.where(margins[0] > 0, 0.0, margins[1])
    return bool(beyond.max() * GROUPS > 2 * margins[1].sum())


def _measured(tables: Array, axis: Axis, classes: Classes) -> _Found:
    """Measure the tables (2, levels, levels) of a feature and the label, rows on both sides."""
    number, most = len(classes.names), float(entropy(classes.rows[0]))
    dealt = tables @ (classes.of_level[:, None] == np.arange(number)).astype(np.float64)
    rows = dealt.sum(axis=(1, 2)).astype(int)
    found = []
    for groups in _ways(dealt, axis, number):
        codes = (groups[..., None] == np.arange(groups.max() + 1)).astype(np.float64)
        before, after = (told(code.T @ side) for code, side in zip(codes, dealt, strict=True))
        p = float(information_changed(before, after))
        found.append(_Found((int(rows[0]), int(rows[1])), (before, after), p, most))
    return max(found, key=lambda each: each.p)


def _ways(dealt: Array, axis: Axis, classes: int) -> list[Integers]:
    """Deal levels to groups, (2, levels) each way; labels alike on both sides, in one way."""
    margins = dealt.sum(axis=2)
    pooled = margins.sum(axis=0)
    if axis.is_ordered:
        own = np.concatenate([level_groups(side[None], ORDERED) for side in margins])
        return [own, np.stack([level_groups(pooled[None], ORDERED)[0]] * 2)]
    frequent = pooled >= 2 * _ROWS_A_CELL * classes
    groups = np.where(frequent, np.cumsum(frequent), 0)
    return [np.stack([groups, groups])]


def _record(
    named: tuple[str, FeatureRole], found: _Found | str, q: float, alpha: float
) -> Information:
    name, role = named
    if isinstance(found, str):
        return Information(name=name, role=role, state=State.SKIPPED, reason=found)
    state = _state(found, q, alpha)
    before, after = found.nats
    ends = [information_interval(side) for side in found.sides]
    lows, highs = zip(*((float(low), float(high)) for low, high in ends), strict=True)
    return Information(
        name=name,
        role=role,
        state=state,
        say=_say(state, before, after),
        n=found.rows[0],
        m=found.rows[1],
        nats=Sides(reference=before, live=after),
        interval=Sides(reference=(lows[0], highs[0]), live=(lows[1], highs[1])),
        p=found.p,
        q=q,
    )


def _state(found: _Found, q: float, alpha: float) -> State:
    if q <= alpha:
        size = found.moved / found.watched
        return next(
            (s for least, s in ((2, State.ALERT), (1, State.WARN)) if size >= least),
            State.NEGLIGIBLE,
        )
    error = float(np.sqrt(sum(float(side.variance(side.nats)) for side in found.sides)))
    excluded = found.moved + _EXCLUDED * error <= found.watched
    return State.STABLE if excluded else State.INSUFFICIENT


def _say(state: State, before: float, after: float) -> Say:
    if state not in FLAGGED:
        return "unsure" if state is State.INSUFFICIENT else "same"
    if after < before:
        return "lost" if after <= LOST * before else "less"
    return "gained" if before <= LOST * after else "more"


_ORDER = (
    State.ALERT,
    State.WARN,
    State.NEGLIGIBLE,
    State.STABLE,
    State.INSUFFICIENT,
    State.SKIPPED,
)


def _rank(found: Information) -> tuple[int, float]:
    both = found.nats
    moved = abs(both.live - both.reference) if both else 0.0
    most = max(both.live, both.reference) if both else 0.0
    return _ORDER.index(found.state), -moved if found.state in FLAGGED else -most
