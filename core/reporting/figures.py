"""A comparison as a plotly figure: grey bars are the reference, the blue outline is live.

Figures carry no template and no background: whoever shows them applies the theme. Names and labels
from data are escaped, for plotly reads markup in every text.
"""

from collections.abc import Sequence
from html import escape
from itertools import accumulate, groupby
from typing import Any, Literal

import plotly.graph_objects as go

from ..deciding.reports import FeatureReport
from .bars import Bar, bars, is_ordered
from .palette import FEWER, LIVE, MORE, REFERENCE
from .places import MILLISECONDS, Place, places, positive, view
from .sentences import STATES, explain
from .words import count, cut, percent, score, short

Scale = Literal["share", "density", "cumulative"]
Drawn = dict[str, Any]  # a trace or a part of the layout, as plotly has it

HEIGHT, PARTS_HEIGHT = 340, 190
ROW, ROWS_MARGIN = 26, 90  # a category's line, and what stands above and below all lines
STRIP, STRIP_GAP = 0.07, 0.02  # part of the width for each bin beside the axis
GRID = "rgba(128,128,128,0.25)"
PARTS = "part of the divergence"
Y_TITLES = {
    "share": "share of rows",
    "density": "share of rows ",
    "cumulative": "share of rows up to here",
}
DAY = 86_400 * MILLISECONDS  # the length of a day on an axis of times
SMALL = 0.1  # shares up to here need a decimal in percent
# More rows in live lean up, fewer lean down: the hatch says what the colour says.
DIRECTIONS = {
    direction: {
        "marker": {
            "color": colour,
            "line": {"color": colour, "width": 1},
            "pattern": {"shape": hatch, "fillmode": "replace", "size": 6, "solidity": 0.4},
        }
    }
    for direction, colour, hatch in (("more", MORE, "/"), ("fewer", FEWER, "\\"))
}
HOVER = (
    "<b>%{customdata[0]}</b><br>reference %{customdata[1]}<br>live %{customdata[2]}"
    "<br>%{customdata[3]} of the divergence<extra></extra>"
)


def overlay(feature: FeatureReport, *, scale: Scale = "share", log: bool = False) -> go.Figure:
    """Draw both sides bin by bin; `scale` and `log` concern numbers and times alone.

    `share`: a bar's height is the number in the formula. `density`: share by width, so that areas
    compare. `cumulative`: share of rows up to a bin's end. The last two draw the axis alone.
    `log` is ignored where an edge is not positive.
    """
    placed, upright = places(feature, log=log), is_ordered(feature)
    scale = scale if upright else "share"
    unit, per = _unit(feature, log=log)
    reference = _heights(placed, [place.bar.reference for place in placed], scale, unit)
    live = _heights(placed, [place.bar.live for place in placed], scale, unit)
    if scale != "share":
        kept = slice(*_on_axis(placed))
        placed, reference, live = placed[kept], reference[kept], live[kept]
    top = 1.05 * _highest(placed, [*reference, *live], scale)
    traces = []
    for axis, run in _by_axis(placed):
        shown = {"xaxis": axis, "showlegend": run.start == 0}
        own = placed[run]
        traces += [
            {**_filled(own, reference[run], upright=upright), **shown},
            {**_outline(own, live[run], upright=upright), **shown},
            {**_hover(own, top, upright=upright), "xaxis": axis},
        ]
    title = Y_TITLES[scale] + per * (scale == "density")
    heights = _heights_axis(title, top, upright=upright, shares=scale != "density")
    layout = _layout(feature, placed, heights, log=log)
    return go.Figure({"data": traces, "layout": layout})  # five times as fast as add and update


def contributions(feature: FeatureReport, *, log: bool = False) -> go.Figure:
    """Draw each bin's part of the divergence, aligned with `overlay`; all parts sum to 100 %."""
    placed, upright = places(feature, log=log), is_ordered(feature)
    traces = []
    for direction, style in DIRECTIONS.items():
        for axis, run in _by_axis(placed):
            own = [place for place in placed[run] if place.bar.direction == direction]
            parts = [place.bar.part for place in own]
            trace = _bars(own, parts, upright=upright, name=f"{direction} in live", **style)
            traces.append({**trace, "xaxis": axis, "showlegend": run.start == 0})
    top = 1.05 * max((place.bar.part for place in placed), default=1.0) or 1.0
    layout = _layout(feature, placed, _heights_axis(PARTS, top, upright=upright), log=log)
    if upright:
        layout["height"] = PARTS_HEIGHT
    return go.Figure({"data": traces, "layout": layout})


def description(feature: FeatureReport) -> str:
    """Say in words what the figures of a feature show, for those who do not see them."""
    drawn = f"{count(len(feature.bins), 'bin')}, JS distance {score(feature.js_distance)}"
    return f"{cut(feature.name)}: {STATES[feature.state].word}; {drawn}. {explain(feature)}"


def found(feature: FeatureReport, name: str) -> Bar | None:
    """Find the bar of a point's first custom datum."""
    return next((bar for bar in bars(feature) if _label(bar) == name), None)


def _by_axis(placed: Sequence[Place]) -> list[tuple[str, slice]]:
    """Cut the places, which are in order, into the runs of each axis."""
    runs, start = [], 0
    for axis, run in groupby(placed, key=lambda place: place.axis):
        end = start + len(list(run))
        runs.append((axis, slice(start, end)))
        start = end
    return runs


def _on_axis(placed: Sequence[Place]) -> tuple[int, int]:
    inside = [i for i, place in enumerate(placed) if place.axis == "x"]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _heights(
    placed: Sequence[Place], shares: list[float], scale: Scale, unit: float
) -> list[float]:
    if scale == "density":
        widths = [(place.right - place.left) / unit for place in placed]
        return [share / width for share, width in zip(shares, widths, strict=True)]
    if scale == "cumulative":  # of the rows that have a place in the order
        ordered = [share * place.bar.on_axis for place, share in zip(placed, shares, strict=True)]
        rows = sum(ordered) or 1.0
        return [below / rows for below in accumulate(ordered)]
    return shares


def _unit(feature: FeatureReport, *, log: bool) -> tuple[float, str]:
    """Tell by which length of the axis a density is taken, and its name."""
    if feature.kind == "datetime":
        return DAY, "per day"
    return 1.0, "per power of ten" if log and positive(feature) else "per unit"


def _highest(placed: Sequence[Place], heights: Sequence[float], scale: Scale) -> float:
    """Tell what the axis must show; the density of a single value would dwarf all others."""
    wide = [not (scale == "density" and place.bar.is_single) for place in placed] * 2
    shown = [height for height, shows in zip(heights, wide, strict=True) if shows]
    return max(shown or heights, default=0.0) or 1.0


def _filled(placed: Sequence[Place], heights: Sequence[float], *, upright: bool) -> Drawn:
    marker = {"color": REFERENCE, "opacity": 0.45, "line": {"width": 0}}
    return _bars(placed, heights, upright=upright, name="reference", marker=marker)


def _outline(placed: Sequence[Place], heights: Sequence[float], *, upright: bool) -> Drawn:
    """Draw the steps over the bars, down to the axis wherever two bars do not touch."""
    along: list[float | None] = []
    across: list[float | None] = []
    for i, (place, height) in enumerate(zip(placed, heights, strict=True)):
        if i and place.left > placed[i - 1].right:
            along += [placed[i - 1].right, None]
            across += [0.0, None]
        if not across or across[-1] is None:
            along.append(place.left)
            across.append(0.0)
        along += [place.left, place.right]
        across += [height, height]
    if placed:
        along.append(placed[-1].right)
        across.append(0.0)
    return {
        "type": "scatter",
        **_points(along, across, upright=upright),
        "mode": "lines",
        "name": "live",
        "line": {"color": LIVE, "width": 2},
        "hoverinfo": "skip",
    }


def _hover(placed: Sequence[Place], top: float, *, upright: bool) -> Drawn:
    """Answer the pointer over a bin's whole height, however low its bars are."""
    trace = _bars(placed, [top] * len(placed), upright=upright, name="bins", marker={"opacity": 0})
    return {**trace, "showlegend": False}


def _bars(
    placed: Sequence[Place], heights: Sequence[float], *, upright: bool, **style: Any
) -> Drawn:
    middles = [(place.left + place.right) / 2 for place in placed]
    opacity = style.get("marker", {}).get("opacity", 1)
    return {
        "type": "bar",
        **_points(middles, heights, upright=upright),
        "width": [place.right - place.left for place in placed],
        "orientation": "v" if upright else "h",
        "customdata": [_figures(place.bar) for place in placed],
        "hovertemplate": HOVER,
        "unselected": {"marker": {"opacity": opacity}},  # a chosen bin must not pale the others
        **style,
    }


def _points(
    along: Sequence[float | None], across: Sequence[float | None], *, upright: bool
) -> dict[str, Sequence[float | None]]:
    return {"x": along, "y": across} if upright else {"x": across, "y": along}


def _figures(bar: Bar) -> list[str]:
    sides = ((bar.reference, bar.reference_rows), (bar.live, bar.live_rows))
    shares = [f"{percent(share)} ({count(rows, 'row')})" for share, rows in sides]
    return [_label(bar), *shares, percent(bar.part)]


def _label(bar: Bar) -> str:
    return escape(f"{bar.label} {bar.note}".strip())


def _layout(feature: FeatureReport, placed: Sequence[Place], heights: Drawn, *, log: bool) -> Drawn:
    upright = is_ordered(feature)
    return {
        "template": {},  # None would bring the default of plotly
        "height": HEIGHT if upright else ROW * len(placed) + ROWS_MARGIN,
        "margin": {"l": 64 if upright else 8, "r": 8, "t": 36, "b": 8},
        "barmode": "overlay",
        "bargap": 0,
        "dragmode": "zoom" if upright else False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "hoverlabel": {"align": "left"},
        **(_axes(feature, placed, log=log) if upright else _lines(placed)),
        **heights,
    }


def _lines(placed: Sequence[Place]) -> Drawn:
    lines = [_label(place.bar) for place in placed]
    ticks = {"tickvals": list(range(len(lines))), "ticktext": lines}
    return {"yaxis": {"range": [len(lines) - 0.5, -0.5], "automargin": True, **ticks}}


def _axes(feature: FeatureReport, placed: Sequence[Place], *, log: bool) -> Drawn:
    """Share the width among the axis and the strips beside it."""
    runs = {axis: placed[run] for axis, run in _by_axis(placed)}
    left, right = (STRIP * len(runs.get(axis, ())) for axis in ("x3", "x2"))
    axes: Drawn = {}
    if "x" in runs:
        domain = [left + STRIP_GAP * bool(left), 1 - right - STRIP_GAP * bool(right)]
        axes["xaxis"] = {"domain": domain, **_axis(feature, runs["x"], log=log)}
    if "x3" in runs:
        axes["xaxis3"] = {"domain": [0, left], **_strip_axis(runs["x3"])}
    if "x2" in runs:
        axes["xaxis2"] = {"domain": [1 - right, 1], **_strip_axis(runs["x2"])}
    return axes


def _axis(feature: FeatureReport, on_axis: Sequence[Place], *, log: bool) -> Drawn:
    low, high = view(on_axis)
    beyond = on_axis[0].left < low or on_axis[-1].right > high
    axis: Drawn = {
        "title": escape(cut(feature.name))
        + (" (double-click: the long ends too)" if beyond else ""),
        "type": "date" if feature.kind == "datetime" else "linear",
        "range": [low, high],
        "showgrid": False,
        "automargin": True,
    }
    if log and positive(feature):
        decades = range(int(low // 1), int(high // 1) + 2)
        axis |= {"tickvals": list(decades), "ticktext": [short(10.0**power) for power in decades]}
    return axis


def _strip_axis(strip: Sequence[Place]) -> Drawn:
    return {
        "range": [-0.6, len(strip) - 0.4],
        "tickvals": list(range(len(strip))),
        # A line lower than the numbers of the axis beside it, which they would touch on a phone.
        "ticktext": ["<br>" + _label(place.bar).replace(" ", "<br>", 1) for place in strip],
        "tickangle": 0,
        "showgrid": False,
        "fixedrange": True,
        "automargin": True,
    }


def _heights_axis(title: str, top: float, *, upright: bool, shares: bool = True) -> Drawn:
    axis: Drawn = {"title": title, "range": [0, top], "fixedrange": True}
    axis |= {"gridcolor": GRID, "zeroline": False}
    if shares:
        axis["tickformat"] = ".0%" if top > SMALL else ".1%"
    if upright:
        return {"yaxis": {**axis, "anchor": "free", "position": 0}}
    return {"xaxis": {**axis, "automargin": True}}
