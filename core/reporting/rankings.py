"""All features on the axis of the measure that decides, the largest on top, with both thresholds.

A caterpillar plot: a mark a feature, its 90 % interval where chance was weighed. The mark's shape
says the state, its colour says it again.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from ..deciding.reports import FeatureReport, Report
from .certainty import interval
from .figures import GRID
from .palette import FEWER, MORE, REFERENCE
from .sentences import MEASURES, STATES
from .words import cut, score

NAMED = 40  # so many features have their names at the axis; more are told by the pointer
ROW, MARGIN, MOST_HEIGHT = 18, 106, 640
# The thresholds: their settings, words, and which end of these stands at the line.
LINES = (("warn", "watch from", "right"), ("alert", "drift from", "left"))
MARKS = {
    "Drift": ("triangle-up", MORE),
    "Watch": ("diamond", "#B07D00"),
    "Stable": ("circle", FEWER),
    "Not enough data": ("circle-open", REFERENCE),
}


def ranking(report: Report) -> go.Figure:
    """Draw every feature that was compared; an infinite value stands at the right end."""
    compared = [each for each in report.features if STATES[each.state].word in MARKS]
    features = [each for each in compared if each.value is not None]
    features.sort(key=_value)
    figure = go.Figure()
    for word, (symbol, colour) in MARKS.items():
        places = [i for i, each in enumerate(features) if STATES[each.state].word == word]
        if places:
            own = [features[i] for i in places]
            marker = {"symbol": symbol, "color": colour}
            figure.add_trace(_marks(own, places, word, marker, _highest(features, report)))
    measure = str(report.settings.get("measure", "js_distance"))
    highest = _highest(features, report)
    figure.update_layout(
        template=None,
        height=min(ROW * len(features) + MARGIN, MOST_HEIGHT),
        margin={"l": 8, "r": 8, "t": 64, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"},
        xaxis={
            "title": ", ".join(MEASURES[measure]),
            "gridcolor": GRID,
            "automargin": True,
            "range": [-0.015 * highest, 1.05 * highest],
            "zeroline": False,
        },
        **_thresholds(report),
        yaxis=_names(features),
        hoverlabel={"align": "left"},
    )
    return figure


def _thresholds(report: Report) -> dict[str, Any]:
    """Draw both thresholds as lines, their words above and away from each other."""
    shapes, annotations = [], []
    for name, words, anchor in LINES:
        at = report.settings.get(name)
        if isinstance(at, (int, float)):
            line = {"color": REFERENCE, "dash": "dot"}
            span = {"x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper"}
            shapes.append({"type": "line", "line": line, **span})
            place = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
            annotations.append({"text": f"{words} {at:g}", "xanchor": anchor, **place})
    return {"shapes": shapes, "annotations": annotations}


def description(report: Report) -> str:
    """Say in words what the figure shows."""
    return (
        f"Each feature's {MEASURES[str(report.settings.get('measure', 'js_distance'))][0]} against"
        f" the thresholds {report.settings.get('warn')} to watch and"
        f" {report.settings.get('alert')} drift"
    )


def _value(feature: FeatureReport) -> float:
    value = feature.value
    return value if isinstance(value, float) else float("inf")


def _highest(features: Sequence[FeatureReport], report: Report) -> float:
    alert = report.settings.get("alert")
    finite = [each.value for each in features if isinstance(each.value, float)]
    threshold = alert if isinstance(alert, (int, float)) else 0.0
    return max([*finite, 1.5 * threshold, 1e-6])


def _marks(
    features: Sequence[FeatureReport],
    places: Sequence[int],
    word: str,
    marker: dict[str, str],
    highest: float,
) -> go.Scatter:
    values = [min(_value(each), highest) for each in features]
    ends = [each.interval or (value, value) for each, value in zip(features, values, strict=True)]
    spans = [
        (max(value - low, 0.0), max(high - value, 0.0))
        for value, (low, high) in zip(values, ends, strict=True)
    ]
    return go.Scatter(
        x=values,
        y=places,
        mode="markers",
        name=word,
        marker={**marker, "size": 10, "line": {"width": 1.5, "color": marker["color"]}},
        error_x={
            "symmetric": False,
            "arrayminus": [below for below, _ in spans],
            "array": [above for _, above in spans],
            "width": 0,
            "thickness": 1.2,
        },
        customdata=[[escape(cut(each.name)), score(each.value), _sure(each)] for each in features],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}%{customdata[2]}<extra></extra>",
    )


def _sure(feature: FeatureReport) -> str:
    return f" (90 %: {interval(feature)})" if feature.interval else ""


def _names(features: Sequence[FeatureReport]) -> dict[str, Any]:
    axis: dict[str, Any] = {"range": [-0.7, len(features) - 0.3], "showgrid": False}
    if len(features) > NAMED:
        return axis | {"showticklabels": False, "title": f"{len(features)} features"}
    names = [escape(cut(each.name)) for each in features]
    return axis | {"tickvals": list(range(len(names))), "ticktext": names, "automargin": True}
