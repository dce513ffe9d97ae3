"""What became of the features over time, in words: for the page, the terminal and Markdown."""

from ..deciding.reports import FeatureTimeline, State, Timeline
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
    return f"{many} drifted in some window{f', {grouped(more)} more changed' if more else ''}."
