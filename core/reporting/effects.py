"""What a change of settings does to a report: which features change their state, in words.

Two reports of the same tables are set side by side, one under the settings as they are, one under
those that are tried.
"""

from collections import Counter
from dataclasses import dataclass

from ..deciding.alarms import Alarms
from ..deciding.reports import FeatureReport, Report
from .sentences import STATES
from .words import count, grouped

_SEVERITY = ("Drift", "Watch", "Not enough data", "Stable", "Not compared")
PRACTICALLY_NONE = 0.005  # alarms: fewer are told in words


@dataclass(frozen=True, slots=True)
class Move:
    """One feature before and after the change."""

    before: FeatureReport
    after: FeatureReport


def moves(now: Report, then: Report) -> tuple[Move, ...]:
    """List the features that change their verdict, in the order of the new report."""
    before = {feature.name: feature for feature in now.features}
    pairs = (Move(before[after.name], after) for after in then.features if after.name in before)
    return tuple(pair for pair in pairs if _word(pair.before) != _word(pair.after))


def tally(report: Report) -> dict[str, int]:
    """Count the features by the word of their verdict, in the order of attention."""
    number: Counter[str] = Counter()
    for state, features in report.counts.items():
        number[STATES[state].word] += features
    return {word: number[word] for word in _SEVERITY}


def effect(now: Report, then: Report) -> str:
    """Say in one sentence what changes.

    >>> from core.deciding.reports import Report, TableReport
    >>> table = TableReport(name="t", rows_read=0, rows_used=0, rows_dropped=0)
    >>> report = Report(verdict="stable", counts={}, reference=table, live=table, features=())
    >>> effect(report, report)
    'No feature changes its verdict: 0 drift, 0 to watch.'
    """
    moved = moves(now, then)
    before, after = tally(now), tally(then)
    if not moved:
        return (
            f"No feature changes its verdict: {grouped(after['Drift'])} drift, "
            f"{grouped(after['Watch'])} to watch."
        )
    steps = [
        f"{word.lower()} {grouped(before[word])} → {grouped(after[word])}"
        for word in _SEVERITY
        if before[word] != after[word]
    ]
    said = "; ".join(steps) or "as many of each as before"
    return f"{count(len(moved), 'feature')} would change: {said}."


def cries(now: Alarms, then: Alarms) -> str:
    """Say how many alarms the windows of live would have brought, and how many by chance alone."""
    windows = f"In {count(then.judged, 'window')} of live"
    if then.per_week is None or now.per_week is None:
        alarms, before = grouped(then.alarms), grouped(now.alarms)
        rate, chance = f"{alarms} alarms", then.by_chance
    else:
        alarms, before = f"{then.per_week:.2g}", f"{now.per_week:.2g}"
        rate, chance = f"{alarms} alarms a week", then.chance_per_week
    was = f" (now {before})" if alarms != before else ""
    return f"{windows}: {rate}{was}.{_by_chance(then, chance)}"


def _by_chance(then: Alarms, chance: float | None) -> str:
    if chance is None:
        return ""
    few = chance < PRACTICALLY_NONE
    if then.tested:
        most = "practically none" if few else f"no more than {chance:.2g}"
        return f" On average {most} of these are chance."
    brought = "practically none" if few else f"about {chance:.2g}"
    return f" Chance alone, without any drift, would bring {brought}."


def _word(feature: FeatureReport) -> str:
    return STATES[feature.state].word
