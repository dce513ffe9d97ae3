"""The pictures of the Learn page: grey bars or a grey line are the reference, blue is live.

No colour means anything alone: live is an outline, lines differ in dash, gain and loss in hatch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.measuring.smoothing import Array
from core.reporting.figures import DIRECTIONS, GRID
from core.reporting.palette import LIVE, REFERENCE

from .cases import ROWS, Seen

Mask = NDArray[np.bool_]

HEIGHT, PARTS_HEIGHT = 250, 190
MARK = {"size": 12, "symbol": "diamond", "color": LIVE}
LINES = ({"color": LIVE, "width": 2.5}, {"color": REFERENCE, "width": 2.5, "dash": "dash"})
TRUTH = {"color": REFERENCE, "width": 1.5, "dash": "dot"}


@dataclass(frozen=True, slots=True)
class Axes:
    """What the two axes say, their units included."""

    along: str
    across: str
    log: bool = False


def overlay(
    labels: Sequence[str],
    reference: Array,
    live: Array,
    names: tuple[str, str] = ("reference", "live"),
) -> go.Figure:
    """Draw both sides' shares (bins,): the second of `names` as an outline over the first."""
    places = np.arange(len(labels))
    along = np.repeat(np.append(places, len(labels)) - 0.5, 2)
    across = np.concatenate([[0.0], np.repeat(live, 2), [0.0]])
    hover = [
        f"{label}<br>{names[0]} {q:.1%}<br>{names[1]} {p:.1%}"
        for label, q, p in zip(labels, reference, live, strict=True)
    ]
    figure = go.Figure()
    figure.add_bar(
        x=places,
        y=reference,
        width=1,
        name=names[0],
        marker={"color": REFERENCE, "opacity": 0.45},
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=along, y=across, name=names[1], line=LINES[0], mode="lines", hoverinfo="skip"
    )
    _lay_out(figure, Axes("bin", "share of rows"))
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return _named(figure, labels)


def parts(labels: Sequence[str], terms: Array, *, more: Mask, unit: str) -> go.Figure:
    """Draw what each bin adds to a divergence; `more` (bins,) tells where live has more rows."""
    figure = go.Figure()
    for direction, chosen in (("more", more), ("fewer", ~more)):
        places = np.flatnonzero(chosen).tolist()
        figure.add_bar(
            x=places,
            y=terms[places],
            width=1,
            name=f"{direction} in live",
            customdata=[labels[place] for place in places],
            hovertemplate=f"%{{customdata}}<br>%{{y:.4f}} {unit}<extra></extra>",
            **DIRECTIONS[direction],
        )
    _lay_out(figure, Axes("bin", f"{unit}, part of the sum"))
    figure.update_layout(height=PARTS_HEIGHT)
    return _named(figure, labels)


def curves(
    along: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    axes: Axes,
    marks: Sequence[tuple[float, float, str]] = (),
) -> go.Figure:
    """Draw one or two curves, the second dashed, and mark points of them by a word."""
    figure = go.Figure()
    for (name, heights), line in zip(lines.items(), LINES, strict=False):
        figure.add_scatter(x=along, y=heights, name=name, mode="lines", line=line)
    for x, y, word in marks:
        if np.isfinite(y):
            figure.add_scatter(
                x=[x],
                y=[y],
                mode="markers+text",
                text=[word],
                textposition="top center",
                marker=MARK,
                showlegend=False,
                name=word,
            )
    _lay_out(figure, axes)
    figure.update_layout(showlegend=len(lines) > 1)
    return figure


def samples(seen: Sequence[Seen], truth: float) -> go.Figure:
    """Draw the measured JS distance by rows: as it is, and without bias in its interval."""
    figure = go.Figure()
    figure.add_scatter(
        x=ROWS,
        y=[each.plain for each in seen],
        name="as measured",
        mode="lines+markers",
        line=LINES[1],
    )
    corrected = [each.corrected for each in seen]
    figure.add_scatter(
        x=ROWS,
        y=corrected,
        name="without bias, 90 % interval",
        mode="lines+markers",
        line=LINES[0],
        error_y={
            "array": [each.high - middle for each, middle in zip(seen, corrected, strict=True)],
            "arrayminus": [middle - each.low for each, middle in zip(seen, corrected, strict=True)],
            "color": LIVE,
        },
    )
    figure.add_scatter(x=ROWS, y=[truth] * len(ROWS), name="the truth", mode="lines", line=TRUTH)
    _lay_out(figure, Axes("rows on each side", "JS distance", log=True))
    figure.update_yaxes(rangemode="tozero")
    return figure


def _lay_out(figure: go.Figure, axes: Axes) -> None:
    figure.update_layout(
        template=None,
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        barmode="overlay",
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": axes.along, "showgrid": False, "automargin": True, "fixedrange": True},
        yaxis={"title": axes.across, "gridcolor": GRID, "automargin": True, "fixedrange": True},
    )
    if axes.log:
        figure.update_xaxes(type="log", dtick=1)


def _named(figure: go.Figure, labels: Sequence[str]) -> go.Figure:
    """Name the bins under the axis: every one, or as many as can be read."""
    step = -(-len(labels) // 8)
    shown = list(range(0, len(labels), step))
    figure.update_xaxes(tickvals=shown, ticktext=[labels[place] for place in shown])
    return figure
