"""What became of the features over time, in words: for the page, the terminal and Markdown."""

from datetime import UTC, datetime

from ..deciding.reports import FeatureTimeline, State, Timeline, TimelineWindow
from .words import count, grouped

_UNCOMPARED = (State.SKIPPED, State.NO_DATA)


def changed(timeline: Timeline) -> list[FeatureTimeline]:
    """Give the features that drifted or changed in some window, worst first."""
    return [
        each
        for each in timeline.features
        if each.worst not in _UNCOMPARED and (each.changes or each.worst is State.ALERT)
    ]


def verdict(timeline: Timeline) -> str:
    """Say how many features drifted in some window, and how many more changed."""
    compared = [each for each in timeline.features if each.worst not in _UNCOMPARED]
    drifted = sum(each.worst is State.ALERT for each in compared)
    more = len(changed(timeline)) - drifted
    many = f"{grouped(drifted) if drifted else 'None'} of {count(len(compared), 'feature')}"
    some = f"some window{f', {grouped(more)} more changed' if more else ''}"
    return f"{many} drifted in {some if drifted or more else 'any window'}."


def of_feature(timeline: Timeline, name: str) -> str:
    """Say what became of one feature over time; nothing where it is in no window."""
    return next((each.sentence for each in timeline.features if each.name == name), "")


def values(feature: FeatureTimeline) -> list[float]:
    """List what was measured in the windows that could be compared, first to last."""
    return [value for value in feature.value if isinstance(value, float)]


def name(window: TimelineWindow) -> str:
    """Name a window, and say if it may not be full."""
    return f"{window.name}, so far" if window.until else window.name


def unfinished(timeline: Timeline) -> str:
    """Say that the newest window may not be full; nothing where it is."""
    last = timeline.windows[-1] if timeline.windows else None
    if last is None or last.until is None:
        return ""
    if timeline.unit == "rows":
        has = f"has {grouped(last.rows)} of {count(int(last.end) - int(last.start), 'row')}"
    else:
        until = datetime.fromisoformat(last.until).astimezone(UTC)
        has = f"has rows up to {until:%Y-%m-%d %H:%M} only"
    return f"The newest window, {last.name}, {has}: what is said of it may change as it fills."
