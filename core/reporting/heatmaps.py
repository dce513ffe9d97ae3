"""All features over time: a heatmap of features by windows.

Every cell carries (start of the window, feature) as its first custom data, so that a page can open
what was clicked. Names are escaped, for plotly reads markup in every text.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from ..deciding.reports import FeatureTimeline, State, Timeline, TimelineWindow
from . import courses
from .palette import SEQUENTIAL, SEQUENTIAL_DARK
from .sentences import STATES
from .words import count, cut, score

MOST = 60  # features and windows drawn at once
ROW, MARGIN = 22, 132
TICKS = 10
STRONGEST = 2.0  # drift thresholds at which the scale ends
# Quiet cells have a quiet sign, so that the others stand out.
SIGNS = {state: badge.symbol for state, badge in STATES.items()} | {
    State.STABLE: "·",
    State.NEGLIGIBLE: "·",
    State.NO_DATA: "",
}
HOVER = (
    "<b>%{customdata[2]}</b>, %{customdata[3]}<br>%{customdata[4]}<br>%{customdata[5]}"
    "<extra></extra>"
)


def heatmap(
    timeline: Timeline, *, row: int = 0, column: int | None = None, dark: bool = False
) -> go.Figure:
    """Draw features by windows, worst feature first, from `row` and `column` on: 60 x 60 at most.

    Without a column the last windows are drawn. The more a cell stands out from a light or `dark`
    page, the larger the drift against the feature's own threshold; its sign says the state, and
    with it how certain that is, in brackets where the window may not be full. Windows without rows
    stay empty.
    """
    features = timeline.features[row : row + MOST]
    first = max(len(timeline.windows) - MOST, 0) if column is None else column
    places = range(first, min(first + MOST, len(timeline.windows)))
    figure = go.Figure(_cells(timeline, features, places, SEQUENTIAL_DARK if dark else SEQUENTIAL))
    figure.add_trace(_targets(timeline, features, places))
    ticks = _ticks([timeline.windows[i] for i in places], first)
    figure.update_layout(
        template=None,
        height=ROW * len(features) + MARGIN,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={**ticks, "range": [first - 0.5, places.stop - 0.5], "showgrid": False},
        yaxis=_names(features),
        hoverlabel={"align": "left"},
    )
    return figure


def _cells(
    timeline: Timeline,
    features: Sequence[FeatureTimeline],
    places: range,
    colours: Sequence[str],
) -> go.Heatmap:
    windows = timeline.windows
    return go.Heatmap(
        x=list(places),
        y=list(range(len(features))),
        z=[[_strength(feature, i) for i in places] for feature in features],
        text=[[_sign(each.states[i], windows[i]) for i in places] for each in features],
        texttemplate="%{text}",
        colorscale=list(colours),
        zmin=0,
        zmax=STRONGEST,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        colorbar=_scale(),
    )


def told(window: TimelineWindow, feature: FeatureTimeline, place: int) -> list[str]:
    """Say of one cell: start and feature for machines, then window, state and figures."""
    state = feature.states[place]
    named = [window.start, feature.name, escape(cut(feature.name)), courses.name(window)]
    if not window.rows:
        return [*named, "no rows: a gap", ""]
    figures = f"{count(window.rows, 'row')}"
    if feature.value[place] is not None:
        figures += f", size {score(feature.value[place])}{_interval(feature, place)}"
    return [*named, f"{STATES[state]}", figures]


def _sign(state: State, window: TimelineWindow) -> str:
    sign = SIGNS[state]
    return f"({sign})" if sign and window.until else sign


def _interval(feature: FeatureTimeline, place: int) -> str:
    low, high = feature.low[place], feature.high[place]
    return "" if low is None or high is None else f" ({score(low)} to {score(high)})"


def _strength(feature: FeatureTimeline, place: int) -> float | None:
    """Give the size in drift thresholds; None in a gap."""
    state, value = feature.states[place], feature.value[place]
    if state is State.SKIPPED:
        return 0.0  # its sign could not be seen on a dark page without a cell
    if state is State.NO_DATA or value is None:
        return None
    if value == "infinite" or not feature.alert:
        return STRONGEST
    return min(float(value) / feature.alert, STRONGEST)


def _scale() -> dict[str, Any]:
    """Lay the scale above the cells: beside them it would take a third of a phone's width."""
    return {
        "title": {"text": "size, in drift thresholds", "side": "top"},
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "len": 240,
        "lenmode": "pixels",
        "tickvals": [0, 0.5, 1, STRONGEST],
        "ticktext": ["0", "½", "1", "2 or more"],
        "thickness": 10,
        "outlinewidth": 0,
    }


def _targets(timeline: Timeline, features: Sequence[FeatureTimeline], places: range) -> go.Scatter:
    """Answer the pointer over each cell: points can be selected, cells of a heatmap cannot."""
    cells = [(y, i) for y in range(len(features)) for i in places]
    return go.Scatter(
        x=[i for _, i in cells],
        y=[y for y, _ in cells],
        mode="markers",
        marker={"symbol": "square", "size": ROW - 6, "color": "rgba(0,0,0,0)"},
        customdata=[told(timeline.windows[i], features[y], i) for y, i in cells],
        hovertemplate=HOVER,
        showlegend=False,
    )


def _ticks(windows: Sequence[TimelineWindow], first: int) -> dict[str, Any]:
    shown = range(0, len(windows), -(-len(windows) // TICKS) or 1)
    return {
        "tickvals": [first + i for i in shown],
        "ticktext": [windows[i].name for i in shown],
        "automargin": True,
        "fixedrange": True,
    }


def _names(features: Sequence[FeatureTimeline]) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(features))),
        "ticktext": [escape(cut(feature.name)) for feature in features],
        "range": [len(features) - 0.5, -0.5],
        "automargin": True,
        "showgrid": False,
        "fixedrange": True,
    }
