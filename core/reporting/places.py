"""Where the bars of a figure lie: on the axis between their edges, or in a strip beside it.

Ends without a second edge, infinite, unseen and missing values have no width. They stand in the
order of the bins, left ("x3") or right ("x2") of the axis ("x"), each one unit wide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..deciding.reports import FeatureReport
from .bars import Bar, bars, is_ordered

LEAST_WIDTH = 0.004  # of the view: even the bar of a single value is drawn so wide
TAIL_ROWS = 0.02  # share of rows at an end that may be out of the first view ...
LONG = 2.0  # ... where the whole axis is so many times longer than that view
LOG_SPAN = 1000.0  # largest edge over the smallest from which on a log axis helps
EVEN_BINS = 30  # of equal width over both sides' ranges
FENCE = 0.75  # of the span from 5 to 95 %: what lies farther out is not drawn bin by bin
BEYOND = 0.2  # share of live beyond the reference's range from which on its shape is wanted
FILLED = 0.8  # of a place in a strip or of a category's line
MILLISECONDS = 1000  # plotly's unit of time


@dataclass(frozen=True, slots=True)
class Place:
    """A bar and where it lies on its axis; a log axis is in powers of ten."""

    bar: Bar
    axis: str
    left: float
    right: float


def places(feature: FeatureReport, *, log: bool = False) -> list[Place]:
    """Place the bars of a feature; categories lie below each other, one unit a line."""
    drawn = bars(feature)
    if not is_ordered(feature):
        return _strip(drawn, "x")
    inside = [i for i, bar in enumerate(drawn) if _has_width(bar)]
    if not inside:
        return _strip(drawn, "x2")
    first, last = inside[0], inside[-1] + 1
    on_axis = _between_edges(feature, drawn[first:last], log=log and positive(feature))
    return [*_strip(drawn[:first], "x3"), *on_axis, *_strip(drawn[last:], "x2")]


def positive(feature: FeatureReport) -> bool:
    """Tell whether a log axis is possible: numbers whose edges are all above zero."""
    return feature.kind == "numeric" and min(_edges(feature), default=0.0) > 0


def suits_log(feature: FeatureReport) -> bool:
    """Tell whether a log axis helps: numbers above zero over more than three powers of ten."""
    edges = _edges(feature)
    return positive(feature) and max(edges) > LOG_SPAN * min(edges)


def common_edges(feature: FeatureReport, count: int = EVEN_BINS) -> list[float]:
    """Give edges of `count` equal bins over both sides' ranges, for the eye; [] without numbers.

    An end far beyond the quantiles (Tukey's outer fence, 1977, with the outermost quantiles known)
    is left out, so that an outlier does not blind the picture.
    """
    summary = feature.summary
    known = [(q.reference, q.live) for q in summary.quantiles]
    quantiles = [value for pair in known for value in pair if value is not None]
    ends = [
        [end for end in (sides.reference, sides.live) if end is not None] if sides else []
        for sides in (summary.minimum, summary.maximum)
    ]
    if not is_ordered(feature) or not quantiles or not all(ends):
        return []
    reach = FENCE * (max(quantiles) - min(quantiles))
    low = max(min(ends[0]), min(quantiles) - reach)
    high = min(max(ends[1]), max(quantiles) + reach)
    if not high > low:
        return []
    edges = {low + (high - low) * i / count for i in range(count)}
    return sorted({*edges, math.nextafter(high, math.inf)})


def hides_live(feature: FeatureReport) -> bool:
    """Tell whether much of live lies where the reference's bins end: its shape cannot be seen."""
    open_ends = sum(bar.live for bar in bars(feature) if bar.role in ("below", "above"))
    return is_ordered(feature) and open_ends > BEYOND


def view(on_axis: Sequence[Place]) -> tuple[float, float]:
    """Choose the first view of the axis: all of it, or without long ends that hold few rows."""
    low, high = on_axis[0].left, on_axis[-1].right
    kept = _without_end(_without_end(list(on_axis))[::-1])[::-1]
    left, right = kept[0].left, kept[-1].right
    if high - low > LONG * (right - left):
        low, high = left, right
    margin = 0.01 * (high - low)
    return low - margin, high + margin


def _without_end(ordered: list[Place]) -> list[Place]:
    rows = 0.0
    for i, place in enumerate(ordered):
        rows += max(place.bar.reference, place.bar.live)
        if rows > TAIL_ROWS:
            return ordered[i:]
    return ordered


def _strip(drawn: Sequence[Bar], axis: str) -> list[Place]:
    half = FILLED / 2
    return [Place(bar, axis, i - half, i + half) for i, bar in enumerate(drawn)]


def _has_width(bar: Bar) -> bool:
    return bar.on_axis and bar.lower is not None and bar.upper is not None


def _edges(feature: FeatureReport) -> list[float]:
    drawn = [bar for bar in bars(feature) if _has_width(bar)]
    return [edge for bar in drawn for edge in (bar.lower, bar.upper) if edge is not None]


def _between_edges(feature: FeatureReport, drawn: Sequence[Bar], *, log: bool) -> list[Place]:
    scale = MILLISECONDS if feature.kind == "datetime" else 1
    exact = []
    for bar in drawn:
        edges = [edge for edge in (bar.lower, bar.upper) if edge is not None]
        left, right = (math.log10(edge) if log else edge * scale for edge in edges)
        exact.append(Place(bar, "x", left, right))
    low, high = view(exact)
    least, end, widened = LEAST_WIDTH * (high - low), -math.inf, []
    for place in exact:
        # What a narrow bar takes in width, its neighbour on the right gives.
        left = max(place.left, end)
        end = max(place.right, left + least)
        widened.append(Place(place.bar, "x", left, end))
    return widened
