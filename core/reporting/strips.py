"""A timeline as small inline SVG: a bar for each window, as high as the drift, a gap for a gap.

Colours come by CSS class, one a state (`drift`, `watch`, `stable`, `unsure`); the height says the
same again, and the sentence beside it says it in words.
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from ..deciding.reports import FeatureTimeline, State, Timeline
from .courses import name
from .sentences import STATES

WIDTH, HEIGHT = 420, 30
LEAST = 2.0  # pixels of a window without drift
FULL = 2.0  # drift thresholds that fill the height
LOOKS = {
    State.ALERT: "drift",
    State.WARN: "watch",
    State.NEGLIGIBLE: "stable",
    State.STABLE: "stable",
    State.INSUFFICIENT: "unsure",
}


def strip(timeline: Timeline, feature: FeatureTimeline) -> str:
    """Draw one feature over all windows, with the drift threshold as a line."""
    width = WIDTH / max(len(timeline.windows), 1)
    paths = dict.fromkeys(LOOKS.values(), "")
    for place, state in enumerate(feature.states):
        if state in LOOKS:
            high = _height(feature, place)
            left, right = place * width, (place + 1) * width - min(1.0, width / 4)
            paths[LOOKS[state]] += (
                f"M{_short(left)} {HEIGHT}V{_short(HEIGHT - high)}H{_short(right)}V{HEIGHT}Z"
            )
    bars = "".join(f'<path class="{look}" d="{path}"/>' for look, path in paths.items() if path)
    limit = f'<path class="limit" d="M0 {_short(HEIGHT - HEIGHT / FULL)}H{WIDTH}"/>'
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(feature.sentence)}</title>"
        f"{bars}{limit}{''.join(_hover(timeline, feature, width))}</svg>"
    )


def _height(feature: FeatureTimeline, place: int) -> float:
    value = feature.value[place]
    if value == "infinite" or not feature.alert:
        return float(HEIGHT)
    size = min(float(value or 0.0) / feature.alert, FULL)
    return max(HEIGHT * size / FULL, LEAST)


def _hover(timeline: Timeline, feature: FeatureTimeline, width: float) -> Iterator[str]:
    """Name each run of windows of one state, and each gap."""
    for state, run in groupby(range(len(feature.states)), key=lambda i: feature.states[i]):
        places = list(run)
        first, last = (name(timeline.windows[places[i]]) for i in (0, -1))
        when = first if first == last else f"{first} to {last}"
        words = "no rows" if state is State.NO_DATA else STATES[state].word
        left, right = _short(places[0] * width), _short((places[-1] + 1) * width)
        yield (
            f'<path class="h" d="M{left} 0H{right}V{HEIGHT}H{left}">'
            f"<title>{escape(f'{when}: {words}')}</title></path>"
        )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
