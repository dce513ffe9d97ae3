"""What changed in one feature, in its own units: short phrases, the strongest first.

Each phrase answers a yes-no question about a row (is it missing? below the median? a new value?).
Its strength is the JSD of the two answers' shares: never more than the JSD of the feature, for a
question is a coarser set of bins (data processing inequality; Cover and Thomas 2006). Each rule
reads the record alone and stays silent where the record does not show its case.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..deciding.reports import Category, FeatureReport
from .bars import is_ordered, is_single
from .words import change, cut, grouped, length, percent, percent_change, quantity, short

MOST = 3  # phrases a feature
WORTH = 0.1  # a phrase must carry as many bits as this part of the strongest
TAIL = 0.2  # an end of the axis with at most this share of the reference's rows is a tail
MOST_ROWS = 0.95  # with fewer on the axis a share of those is called a share of values
FINER = 2.0  # a phrase that is harder to read must carry so many times as much ...
SHAPE = 4.0  # ... and one on the shape of the counts alone so many times


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, in words; `bits` is the JSD of the question that it answers."""

    bits: float
    words: str


@dataclass(frozen=True, slots=True)
class _Step:
    """An edge of the axis, and which share of each side's rows on the axis lies below it.

    `behind`: the edge lies behind a single value, so that value itself is below it. `present`:
    which share of all rows is on the axis, on the side that has fewer there.
    """

    edge: float
    behind: bool
    reference: float
    live: float
    present: float

    @property
    def bits(self) -> float:
        """Tell how much the question "is it below this edge?" carries."""
        return self.present * divergence(self.reference, self.live)


def changes(feature: FeatureReport, most: int = MOST) -> tuple[Change, ...]:
    """List what changed, the strongest first; () where the record shows no change."""
    if not feature.n or not feature.m:
        return ()
    steps = _steps(feature)
    # Of equally strong phrases the first here is said first.
    plain = (
        _new(feature),
        _vanished(feature),
        _missing(feature),
        _median(feature, steps),
        _outside(feature),
        _infinite(feature),
        _unseen(feature),
        _value(feature),
    )
    finer = (_spread(feature, steps), _tail(feature, steps))
    found = [each for each in plain if each]
    found += [Change(each.bits / FINER, each.words) for each in finer if each]
    found = sorted((each for each in found if each.bits > 0), key=lambda each: -each.bits)
    shape = _shape(feature, steps)
    if shape and shape.bits > SHAPE * max((each.bits for each in found), default=0.0):
        found.insert(0, shape)
    return tuple(each for each in found if each.bits >= WORTH * found[0].bits)[:most]


def divergence(before: float, after: float) -> float:
    """Measure the JSD in bits between two shares of a yes-no question.

    >>> divergence(0.5, 0.5), divergence(0, 1), round(divergence(0, 0.02), 4)
    (0.0, 1.0, 0.0101)
    """
    sides = ((before, after), (1 - before, 1 - after))
    return sum(
        share * math.log2(2 * share / (yes + no)) / 2
        for yes, no in sides
        for share in (yes, no)
        if share > 0
    )


def _new(feature: FeatureReport) -> Change | None:
    listed, number = feature.summary.new, feature.summary.new_count
    return _listed(listed, number, feature.m, ("new", "of live rows"))


def _vanished(feature: FeatureReport) -> Change | None:
    listed, number = feature.summary.vanished, feature.summary.vanished_count
    return _listed(listed, number, feature.n, ("vanished", "of reference rows"))


def _listed(
    listed: Sequence[Category], number: int, rows: int, words: tuple[str, str]
) -> Change | None:
    """Name the largest of the new or vanished categories, and the share of all of them."""
    if not listed:
        return None
    kind, of_rows = words
    share = (sum(each.rows for each in listed) + number - len(listed)) / rows
    bits = divergence(0.0, share)
    first = f'"{cut(listed[0].label)}"'
    if number == 1:
        return Change(bits, f"{kind} value {first} ({percent(share)} {of_rows})")
    all_of_them = percent(share) if number <= len(listed) else f"at least {percent(share)}"
    most = f"most {first}, {percent(listed[0].rows / rows)}"
    return Change(bits, f"{grouped(number)} {kind} values ({all_of_them} {of_rows}; {most})")


def _missing(feature: FeatureReport) -> Change | None:
    before, after = feature.missing.reference, feature.missing.live
    if before is None or after is None:
        return None
    note = "" if any(each.role == "missing" for each in feature.bins) else " (not compared)"
    return Change(divergence(before, after), f"missing {percent_change(before, after)}{note}")


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
    share = rows / feature.m
    return Change(divergence(0.0, share), f"{percent(share)} of live rows {where}")


def _infinite(feature: FeatureReport) -> Change | None:
    return _beside(feature, "infinite", "infinite values")


def _unseen(feature: FeatureReport) -> Change | None:
    return _beside(feature, "unseen", "values new to the reference, within its range:")


def _beside(feature: FeatureReport, role: str, name: str) -> Change | None:
    rows = [each for each in feature.bins if each.role == role]
    before = sum(each.reference for each in rows) / feature.n
    after = sum(each.live for each in rows) / feature.m
    return Change(divergence(before, after), f"{name} {percent_change(before, after)}")


def _median(feature: FeatureReport, steps: Sequence[_Step]) -> Change | None:
    median = _quantile(feature, 0.5)
    if not median or not steps:
        return None
    words = change(*median, feature.kind)
    if "→" not in words:  # the same in all digits that are shown
        return None
    lowest, highest = sorted(median)
    crossed = [step for step in steps if lowest <= step.edge <= highest]
    crossed = crossed or [_nearest(steps, median[0])]
    return Change(max(step.bits for step in crossed), f"median {words}")


def _spread(feature: FeatureReport, steps: Sequence[_Step]) -> Change | None:
    lower, upper = _quantile(feature, 0.25), _quantile(feature, 0.75)
    if not lower or not upper or not steps:
        return None
    before, after = upper[0] - lower[0], upper[1] - lower[1]
    if not math.isfinite(before + after):  # as far apart as no float can tell
        return None
    widths = length(before, feature.kind), length(after, feature.kind)
    low, high = _nearest(steps, lower[0]), _nearest(steps, upper[0])
    # Wider: both outer quarters gained rows; narrower: both lost some. A mere shift does neither.
    wider = low.live > low.reference and high.live < high.reference
    narrower = low.live < low.reference and high.live > high.reference
    if widths[0] == widths[1] or not (wider if after > before else narrower):
        return None
    inside = high.reference - low.reference, high.live - low.live
    bits = low.present * divergence(*inside)
    return Change(bits, f"width of the middle half {widths[0]} → {widths[1]}")


def _tail(feature: FeatureReport, steps: Sequence[_Step]) -> Change | None:
    tails = [step for step in steps if 0 < min(step.reference, 1 - step.reference) <= TAIL]
    if not tails:
        return None
    step = max(tails, key=lambda each: each.bits)
    if 2 * divergence(0.0, (feature.summary.outside or 0) / feature.m) > step.bits:
        return None  # said better by the reference's range
    edge = quantity(step.edge, feature.kind)
    share = "share" if step.present >= MOST_ROWS else "share of values"
    if step.reference <= TAIL:
        where = f"{'up to' if step.behind else 'below'} {edge}"
        shares = step.reference, step.live
    else:
        where = f"above {edge}" if step.behind else f"from {edge} up"
        shares = 1 - step.reference, 1 - step.live
    return Change(step.bits, f"{share} {where}: {percent_change(*shares)}")


def _value(feature: FeatureReport) -> Change | None:
    """Find the value or category whose share changed most; new and vanished ones are told apart."""
    single = [each for each in feature.bins if is_single(feature, each) or each.role == "other"]
    if not is_ordered(feature):
        single = [each for each in single if each.reference and each.live]
    if not single:
        return None
    shares = [(each.reference / feature.n, each.live / feature.m) for each in single]
    most, both = max(zip(single, shares, strict=True), key=lambda pair: divergence(*pair[1]))
    name = f"value {most.label}:" if is_ordered(feature) else f'"{cut(most.label)}"'
    name = "all other values" if most.role == "other" else name
    return Change(divergence(*both), f"{name} {percent_change(*both)}")


def _shape(feature: FeatureReport, steps: Sequence[_Step]) -> Change | None:
    """Find the run of neighbouring bins that gained or lost the largest share of rows."""
    if len(steps) < 2:  # noqa: PLR2004 (a run has two ends)
        return None
    low, high = (end(steps, key=lambda step: step.live - step.reference) for end in (min, max))
    first, last = sorted((low, high), key=lambda step: step.edge)
    before, after = last.reference - first.reference, last.live - first.live
    start, to = ("above", "up to") if first.behind else ("from", "to")
    span = change(first.edge, last.edge, feature.kind).replace("→", to)
    points = short(100 * abs(after - before), 2)
    gained = f"{'gained' if after > before else 'lost'} {points} point{'s' * (points != '1')}"
    words = f"values {start} {span} {gained} ({percent_change(before, after)})"
    return Change(first.present * divergence(before, after), words)


def _steps(feature: FeatureReport) -> list[_Step]:
    """Cumulate both sides over the bins of the axis; [] for categories and empty sides."""
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
    counts = zip(
        accumulate((each.reference for each in axis), initial=0),
        accumulate((each.live for each in axis), initial=0),
        strict=True,
    )
    return [
        _Step(edge, behind, reference / rows[0], live / rows[1], present)
        for edge, behind, (reference, live) in zip(edges, [False, *singles], counts, strict=True)
        if edge is not None
    ]


def _nearest(steps: Sequence[_Step], value: float) -> _Step:
    return min(steps, key=lambda step: abs(step.edge - value))


def _quantile(feature: FeatureReport, p: float) -> tuple[float, float] | None:
    for each in feature.summary.quantiles:
        if each.p == p and each.reference is not None and each.live is not None:
            return each.reference, each.live
    return None
