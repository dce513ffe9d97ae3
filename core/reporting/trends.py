"""One feature over time: a line with its interval, thresholds, and where a drift began and ended.

Every point carries the same custom data as a cell of `heatmaps`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

import plotly.graph_objects as go

from ..deciding.reports import Extended, FeatureTimeline, State, Timeline, TimelineWindow
from .figures import GRID
from .heatmaps import HOVER, told
from .palette import LIVE, MORE, REFERENCE
from .rankings import MARKS
from .sentences import MEASURES, STATES
from .words import cut

HEIGHT = 340
LINE = 13  # pixels from one line of words to the next


def trend(timeline: Timeline, feature: FeatureTimeline) -> go.Figure:
    """Draw one feature over time: value, interval, thresholds, and where a drift began and ended.

    The upper line is what a window must exceed to be news: the watch threshold, or what noise alone
    reaches in a window of so few rows. Gaps interrupt every line.
    """
    x = [_position(timeline, window) for window in timeline.windows]
    threshold = [_threshold(feature, i) for i in range(len(x))]
    figure = go.Figure()
    for band in _bands(x, feature):
        figure.add_trace(band)
    figure.add_trace(_line(x, [_number(v) for v in feature.value], LIVE, "value"))
    figure.add_trace(
        _line(x, threshold, REFERENCE, "watch threshold,<br>or noise").update(
            line={"color": REFERENCE, "width": 1.5, "dash": "dot"}
        )
    )
    for trace in _points(timeline, feature, x):
        figure.add_trace(trace)
    figure.add_trace(
        _line(_ends(timeline), [feature.alert] * 2, MORE, "drift threshold").update(
            line={"color": MORE, "width": 1, "dash": "dash"}
        )
    )
    for change in feature.changes:
        for place in (change.first, change.end):
            if place is not None:
                _mark(figure, x[place])
    _tell_weightiest(figure, feature, x)
    _lay_out(figure, timeline, feature)
    _span(figure, timeline)
    return figure


def _lay_out(figure: go.Figure, timeline: Timeline, feature: FeatureTimeline) -> None:
    axis = "rows" if timeline.unit == "rows" else f"time, {timeline.zone or 'UTC'}"
    name, unit = MEASURES.get(feature.measure or "", ("JS distance", "base 2"))
    figure.update_layout(
        template=None,
        height=HEIGHT,
        margin={"l": 64, "r": 8, "t": 48, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        # So far up that two lines of words have room below it on a phone, too.
        legend={"orientation": "h", "x": 0, "y": 1.28, "yanchor": "bottom", "font": {"size": 11}},
        hoverlabel={"align": "left"},
        xaxis={"title": axis, "showgrid": False, "automargin": True},
        yaxis={"title": f"{name}, {unit}", "gridcolor": GRID, "rangemode": "tozero"},
    )


def _span(figure: go.Figure, timeline: Timeline) -> None:
    """Show all of the windows: one alone would be drawn in milliseconds."""
    if timeline.unit != "rows":
        figure.update_xaxes(range=_ends(timeline))


def course(feature: FeatureTimeline) -> str:
    """Say in words what both figures show of a feature."""
    return f"{cut(feature.name)}: {STATES[feature.worst].word}; {feature.sentence}"


def _position(timeline: Timeline, window: TimelineWindow) -> datetime | float:
    """Place a window at its middle."""
    if timeline.unit == "rows":
        return (float(window.start) + float(window.end)) / 2
    start, end = datetime.fromisoformat(window.start), datetime.fromisoformat(window.end)
    return start + (end - start) / 2


def _ends(timeline: Timeline) -> list[datetime | float]:
    """Give the start of the first window and the end of the last."""
    start, end = timeline.windows[0].start, timeline.windows[-1].end
    if timeline.unit == "rows":
        return [float(start), float(end)]
    return [datetime.fromisoformat(start), datetime.fromisoformat(end)]


def _threshold(feature: FeatureTimeline, place: int) -> float | None:
    if feature.value[place] is None:
        return None
    return max(feature.warn, feature.noise[place] or 0.0)


def _number(value: Extended | None) -> float | None:
    return None if value in {None, "infinite"} else float(value or 0.0)


def _line(
    x: Sequence[datetime | float], y: Sequence[float | None], colour: str, name: str
) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        connectgaps=False,
        line={"color": colour, "width": 2},
        name=name,
        hoverinfo="skip",
    )


def _bands(x: Sequence[datetime | float], feature: FeatureTimeline) -> Iterator[go.Scatter]:
    """Draw the interval as one area for each run of windows without a gap."""
    known = [low is not None and high is not None for low, high in _bounds(feature)]
    for i, run in enumerate(_runs(known)):
        yield go.Scatter(
            x=[*x[run], *reversed(x[run])],
            y=[*feature.high[run], *reversed(feature.low[run])],
            fill="toself",
            fillcolor="rgba(0,114,178,0.18)",
            line={"width": 0},
            mode="lines",
            name="90 % interval",
            showlegend=i == 0,
            hoverinfo="skip",
        )


def _bounds(feature: FeatureTimeline) -> Iterator[tuple[float | None, float | None]]:
    yield from zip(feature.low, feature.high, strict=True)


def _runs(known: Sequence[bool]) -> Iterator[slice]:
    start = None
    for i, here in enumerate([*known, False]):
        if here and start is None:
            start = i
        elif not here and start is not None:
            yield slice(start, i)
            start = None


def _points(
    timeline: Timeline, feature: FeatureTimeline, x: Sequence[datetime | float]
) -> Iterator[go.Scatter]:
    """Mark each window by its state: the shape says it, the colour says it again."""
    for word, (symbol, colour) in MARKS.items():
        own = [
            i
            for i, state in enumerate(feature.states)
            if STATES[state].word == word and feature.value[i] is not None
        ]
        if own:
            yield go.Scatter(
                x=[x[i] for i in own],
                y=[_number(feature.value[i]) for i in own],
                mode="markers",
                marker={"symbol": symbol, "color": colour, "size": 8},
                name=word.lower(),
                customdata=[told(timeline.windows[i], feature, i) for i in own],
                hovertemplate=HOVER,
            )


def _mark(figure: go.Figure, x: datetime | float) -> None:
    # add_vline with a text fails for times: it takes the mean of both ends.
    figure.add_shape(
        type="line", x0=x, x1=x, yref="paper", y0=0, y1=1, line={"color": REFERENCE, "width": 1}
    )


def _tell_weightiest(
    figure: go.Figure, feature: FeatureTimeline, x: Sequence[datetime | float]
) -> None:
    """Write dates over the change that weighs most: those of several would lie on each other."""
    if not feature.changes:
        return
    change = max(feature.changes, key=lambda each: each.evidence or 0.0)
    drifted = State.ALERT in feature.states[change.first : change.end]
    told = [(change.first, f"{'drift' if drifted else 'change'} from {change.began}")]
    if change.end is not None:
        told.append((change.end, f"until {change.ended}"))
    for line, (place, words) in enumerate(told):
        figure.add_annotation(
            x=x[place],
            xanchor="left" if place < len(x) / 2 else "right",  # never beyond the figure
            yref="paper",
            y=1,
            yanchor="bottom",
            yshift=line * LINE,
            text=escape(words),
            showarrow=False,
        )
