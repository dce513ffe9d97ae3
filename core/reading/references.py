"""Which windows another window is held against: the one before, the last ones, the same season.

A rule is `(window, known) -> windows`: of those known, rising, it gives the ones that make up the
reference of `window`; never itself or a later one. None means that it has no reference.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .windows import Window

Rule = Callable[[Window, Sequence[Window]], list[Window]]


def between(known: Sequence[Window], start: datetime, end: datetime) -> list[Window]:
    """Give the windows that lie wholly in [start, end)."""
    return [window for window in known if start <= window.start and window.end <= end]


def previous(window: Window, known: Sequence[Window]) -> list[Window]:
    """Give the window before, however long ago it was: windows without rows are passed over."""
    return [other for other in known if other.end <= window.start][-1:]


def trailing(span: timedelta) -> Rule:
    """Give the rule of all windows in the `span` before.

    >>> from datetime import UTC
    >>> days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    >>> known = [Window(day, day + timedelta(1)) for day in days]
    >>> [window.name for window in trailing(timedelta(2))(known[3], known)]
    ['2026-01-02', '2026-01-03']
    """
    return lambda window, known: between(known, window.start - span, window.start)


def same_season(weeks: int, zone: str = "UTC") -> Rule:
    """Give the rule of the same weekday and hour, by the clock of `zone`, in the `weeks` before."""
    clock = ZoneInfo(zone)

    def hour(window: Window) -> tuple[int, int, int]:
        local = window.start.astimezone(clock)
        return local.weekday(), local.hour, local.minute

    def rule(window: Window, known: Sequence[Window]) -> list[Window]:
        earliest = window.start - timedelta(weeks=weeks, hours=1)  # the clock may have changed
        recent = between(known, earliest, window.start)
        return [other for other in recent if hour(other) == hour(window)]

    return rule
