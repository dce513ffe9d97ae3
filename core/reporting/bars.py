"""The bars of a comparison: what every picture and table of bins draws, in which order.

Bins with a place on the axis keep the axis' order. Categories have none: the largest part of the
divergence comes first, and those beyond the first thirty are drawn as one bar.
"""

import math
from dataclasses import dataclass

from ..deciding.reports import Bin, BinRole, Direction, FeatureReport
from .words import count, cut, percent, percent_change

MOST = 30
ORDERED_KINDS = ("numeric", "datetime")
_ON_AXIS = ("below", "body", "above")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bin as it is drawn: shares of each side's rows, and `part`, its share of the divergence.

    `on_axis` tells whether it has a place in an order, `is_single` whether it holds one value or
    category alone; `lower` and `upper` are both set where it has a width. The shares of all bars
    sum to 1 a side, the parts to 1 or, without divergence, to 0.
    """

    label: str
    reference: float
    live: float
    reference_rows: int
    live_rows: int
    part: float
    direction: Direction
    role: BinRole
    on_axis: bool = False
    is_single: bool = False
    lower: float | None = None
    upper: float | None = None
    note: str = ""

    @property
    def surprise(self) -> str:
        """Say what one row here carries under the reference, in bits: -log2 of its share."""
        return _bits(-math.log2(self.reference)) if self.reference else "infinite"

    @property
    def evidence(self) -> str:
        """Say what one row here speaks for live against the reference, in bits: log2(p / q)."""
        if not self.reference or not self.live:
            return "infinite" if self.live else "-infinite"
        return _bits(math.log2(self.live / self.reference), sign="+")

    @property
    def words(self) -> str:
        """Say the bar in one line: shares live against reference, and its part."""
        return f"{self.name}: {self.moved} of rows; {percent(self.part)} of the divergence"

    @property
    def name(self) -> str:
        """Name the bar, and say if it is new or vanished."""
        return f"{self.label} ({self.note})" if self.note else self.label

    @property
    def moved(self) -> str:
        """Say its share of rows in the reference, then in live."""
        return percent_change(self.reference, self.live)


def _bits(number: float, sign: str = "") -> str:
    """Write bits with one decimal; what rounds to nothing has no sign."""
    return f"{number:{sign}.1f}" if round(number, 1) else "0.0"


def is_ordered(feature: FeatureReport) -> bool:
    """Tell whether the feature's values have an order (numbers, times)."""
    return feature.kind in ORDERED_KINDS


def is_single(feature: FeatureReport, each: Bin) -> bool:
    """Tell whether a bin holds one value or category alone: then its label is that value."""
    return each.role == "body" and not (is_ordered(feature) and " to " in each.label)


def bars(feature: FeatureReport, most: int = MOST) -> tuple[Bar, ...]:
    """List the bars of a comparison, at most `most` categories singly; () without bins."""
    return tuple(_bar(feature, each) for each in in_order(feature, most))


def in_order(feature: FeatureReport, most: int) -> tuple[Bin, ...]:
    """List the bins in the order they are drawn in, categories beyond the first `most` as one."""
    if is_ordered(feature):
        return feature.bins
    body = sorted((each for each in feature.bins if each.role == "body"), key=lambda b: -b.share)
    beside = [each for each in feature.bins if each.role != "body"]
    single = most - 1 if len(body) > most else most
    return (*body[:single], *_fold(feature, body[single:]), *beside)


def ranked(feature: FeatureReport, most: int) -> tuple[Bar, ...]:
    """List the bars that make most of the divergence, the largest part first."""
    parts = sorted(feature.bins, key=lambda each: -each.share)[:most]
    return tuple(_bar(feature, each) for each in parts if each.share > 0)


def _bar(feature: FeatureReport, each: Bin) -> Bar:
    ordered = is_ordered(feature)
    return Bar(
        label=cut(each.label),
        reference=each.reference / feature.n if feature.n else 0.0,
        live=each.live / feature.m if feature.m else 0.0,
        reference_rows=each.reference,
        live_rows=each.live,
        part=each.share,
        direction=each.direction,
        role=each.role,
        on_axis=ordered and each.role in _ON_AXIS,
        is_single=is_single(feature, each),
        lower=each.lower,
        upper=each.upper,
        note="" if ordered or each.role != "body" else _note(each),
    )


def _note(each: Bin) -> str:
    if each.reference == 0:
        return "+ new"
    return "− vanished" if each.live == 0 else ""


def _fold(feature: FeatureReport, folded: list[Bin]) -> tuple[Bin, ...]:
    if not folded:
        return ()
    reference, live = sum(b.reference for b in folded), sum(b.live for b in folded)
    balance = live * feature.n - reference * feature.m
    together = Bin(
        label=count(len(folded), "further value"),
        role="other",
        reference=reference,
        live=live,
        share=sum(b.share for b in folded),
        direction="more" if balance > 0 else "fewer" if balance < 0 else "same",
    )
    return (together,)
