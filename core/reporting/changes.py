"""What changed in one feature, in its own units: short phrases, the strongest first.

The common measure of strength is `moved`: which share of the rows it concerns. Each rule reads the
record alone and stays silent where the record does not show its case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..deciding.reports import Category, FeatureReport
from .bars import is_ordered, is_single
from .words import change, cut, grouped, length, percent, percent_change, quantity, short

MOST = 3  # phrases a feature
WORTH = 0.25  # a phrase must move as many rows as this part of the strongest
TAIL = 0.2  # an end of the axis with at most this share of the reference's rows is a tail
PLAIN = 1.5  # the shape of the counts must say so much more than all simpler phrases


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: the share of rows it moved (0 to 1), and its words."""

    moved: float
    words: str


def changes(feature: FeatureReport, most: int = MOST) -> tuple[Change, ...]:
    """List what changed, the strongest first; () where the record shows no change."""
    if not feature.n or not feature.m:
        return ()
    found = [each for rule in RULES if (each := rule(feature)) and each.moved > 0]
    found.sort(key=lambda each: -each.moved)  # stable: equally strong rules keep their order
    shape = _shape(feature)
    if shape and shape.moved > PLAIN * max((each.moved for each in found), default=0.0):
        found.insert(0, shape)
    return tuple(each for each in found if each.moved >= WORTH * found[0].moved)[:most]


def _new(feature: FeatureReport) -> Change | None:
    listed, number = feature.summary.new, feature.summary.new_count
    return _listed(listed, number, feature.m, ("new", "of live rows"))


def _vanished(feature: FeatureReport) -> Change | None:
    listed, number = feature.summary.vanished, feature.summary.vanished_count
    return _listed(listed, number, feature.n, ("vanished", "of reference rows"))


def _listed(
    listed: Sequence[Category], number: int, rows: int, words: tuple[str, str]
) -> Change | None:
    """Name the largest of the new or vanished categories, and the share of all that are listed."""
    if not listed:
        return None
    kind, of_rows = words
    moved = sum(each.rows for each in listed) / rows
    first = f'"{cut(listed[0].label)}"'
    if number == 1:
        return Change(moved, f"{kind} value {first} ({percent(moved)} {of_rows})")
    all_of_them = percent(moved) if number <= len(listed) else f"at least {percent(moved)}"
    most = f"most {first}, {percent(listed[0].rows / rows)}"
    return Change(moved, f"{grouped(number)} {kind} values ({all_of_them} {of_rows}; {most})")


def _missing(feature: FeatureReport) -> Change | None:
    before, after = feature.missing.reference, feature.missing.live
    if before is None or after is None:
        return None
    note = "" if any(each.role == "missing" for each in feature.bins) else " (not compared)"
    return Change(abs(after - before), f"missing {percent_change(before, after)}{note}")


def _outside(feature: FeatureReport) -> Change | None:
    low, high, rows = feature.summary.minimum, feature.summary.maximum, feature.summary.outside
    if not rows or low is None or low.reference is None or high is None or high.reference is None:
        return None
    ends = quantity(low.reference, feature.kind), quantity(high.reference, feature.kind)
    where = f"outside the reference's range ({ends[0]} to {ends[1]})"
    if low.live is not None and low.live >= low.reference:
        where = f"above the reference's maximum {ends[1]}"
    elif high.live is not None and high.live <= high.reference:
        where = f"below the reference's minimum {ends[0]}"
    moved = rows / feature.m
    return Change(moved, f"{percent(moved)} of live rows {where}")


def _infinite(feature: FeatureReport) -> Change | None:
    return _beside(feature, "infinite", "infinite values")


def _unseen(feature: FeatureReport) -> Change | None:
    return _beside(feature, "unseen", "values new to the reference, within its range:")


def _beside(feature: FeatureReport, role: str, name: str) -> Change | None:
    rows = [each for each in feature.bins if each.role == role]
    before = sum(each.reference for each in rows) / feature.n
    after = sum(each.live for each in rows) / feature.m
    return Change(abs(after - before), f"{name} {percent_change(before, after)}")


def _median(feature: FeatureReport) -> Change | None:
    median, steps = _quantile(feature, 0.5), _steps(feature)
    if not median or not steps:
        return None
    words = change(*median, feature.kind)
    if "→" not in words:  # the same in all digits that are shown
        return None
    lowest, highest = sorted(median)
    crossed = [step for step in steps if lowest <= step.edge <= highest]
    crossed = crossed or [_nearest(steps, median[0])]
    # Doubled: at most half of the rows can cross a median, and that is all there is.
    return Change(2 * max(abs(step.moved) for step in crossed), f"median {words}")


def _spread(feature: FeatureReport) -> Change | None:
    lower, upper, steps = _quantile(feature, 0.25), _quantile(feature, 0.75), _steps(feature)
    if not lower or not upper or not steps:
        return None
    before, after = upper[0] - lower[0], upper[1] - lower[1]
    # Wider: both outer quarters gained rows; narrower: both lost some. A mere shift does neither.
    ends = _nearest(steps, lower[0]).moved, -_nearest(steps, upper[0]).moved
    moved = 2 * min(abs(end) for end in ends)
    widths = length(before, feature.kind), length(after, feature.kind)
    if ends[0] * ends[1] <= 0 or (ends[0] > 0) != (after > before) or widths[0] == widths[1]:
        return None
    return Change(moved, f"width of the middle half {widths[0]} → {widths[1]}")


def _tail(feature: FeatureReport) -> Change | None:
    tails = [step for step in _steps(feature) if 0 < min(step.below, 1 - step.below) <= TAIL]
    if not tails:
        return None
    step = max(tails, key=lambda each: abs(each.gained))
    if (feature.summary.outside or 0) / feature.m > abs(step.moved) / 2:
        return None  # said better by the reference's range
    edge = quantity(step.edge, feature.kind)
    if step.below <= TAIL:
        where, share, gained = "up to" if step.behind else "below", step.below, step.gained
    else:
        where, share, gained = "above" if step.behind else "from", 1 - step.below, -step.gained
    up = " up" if where == "from" else ""
    return Change(
        abs(step.moved), f"share {where} {edge}{up}: {percent_change(share, share + gained)}"
    )


def _value(feature: FeatureReport) -> Change | None:
    """Find the value or category whose share changed most; new and vanished ones are told apart."""
    single = [each for each in feature.bins if is_single(feature, each) or each.role == "other"]
    if not is_ordered(feature):
        single = [each for each in single if each.reference and each.live]
    if not single:
        return None
    moves = [(each.live / feature.m - each.reference / feature.n, each) for each in single]
    _, most = max(moves, key=lambda move: abs(move[0]))
    before, after = most.reference / feature.n, most.live / feature.m
    name = f'"{cut(most.label)}"' if most.role == "body" else "all other values"
    return Change(abs(after - before), f"{name} {percent_change(before, after)}")


def _shape(feature: FeatureReport) -> Change | None:
    """Find the run of neighbouring bins that gained or lost the largest share of rows."""
    steps = _steps(feature)
    if len(steps) < 2:  # noqa: PLR2004 (a run has two ends)
        return None
    low, high = min(steps, key=_gained), max(steps, key=_gained)
    first, last = sorted((low, high), key=lambda step: step.edge)
    gained = last.gained - first.gained
    before = last.below - first.below
    start, to = ("above", "up to") if first.behind else ("from", "to")
    span = change(first.edge, last.edge, feature.kind).replace("→", to)
    verb = "gained" if gained > 0 else "lost"
    shares = percent_change(before, before + gained)
    points = short(100 * abs(gained), 2)
    unit = "point" if points == "1" else "points"
    words = f"values {start} {span} {verb} {points} {unit} ({shares})"
    return Change(abs(last.moved - first.moved), words)


@dataclass(frozen=True, slots=True)
class _Step:
    """An edge of the axis, the reference's share below it, and how much more of live is there.

    `below` and `gained` are shares of the rows on the axis, `moved` is `gained` as a share of all.
    `behind`: the edge lies behind a single value, so that value itself is below it.
    """

    edge: float
    behind: bool
    below: float
    gained: float
    moved: float


def _steps(feature: FeatureReport) -> list[_Step]:
    """Cumulate both sides over the bins of the axis; () for categories and empty sides."""
    axis = [each for each in feature.bins if each.role in ("below", "body", "above")]
    rows = sum(each.reference for each in axis), sum(each.live for each in axis)
    if not is_ordered(feature) or not all(rows):
        return []
    present = min(rows[0] / feature.n, rows[1] / feature.m)
    singles = [is_single(feature, each) for each in axis]
    edges = [axis[0].lower]
    edges += [
        each.lower if alone else each.upper for each, alone in zip(axis, singles, strict=True)
    ]
    below = accumulate((each.reference / rows[0] for each in axis), initial=0.0)
    live = accumulate((each.live / rows[1] for each in axis), initial=0.0)
    return [
        _Step(edge, behind, p, q - p, present * (q - p))
        for edge, behind, p, q in zip(edges, [False, *singles], below, live, strict=True)
        if edge is not None
    ]


def _gained(step: _Step) -> float:
    return step.gained


def _nearest(steps: Sequence[_Step], value: float) -> _Step:
    return min(steps, key=lambda step: abs(step.edge - value))


def _quantile(feature: FeatureReport, p: float) -> tuple[float, float] | None:
    for each in feature.summary.quantiles:
        if each.p == p and each.reference is not None and each.live is not None:
            return each.reference, each.live
    return None


RULES = (_new, _vanished, _missing, _outside, _infinite, _unseen, _median, _spread, _tail, _value)
