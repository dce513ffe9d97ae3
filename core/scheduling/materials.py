"""What a run has to judge with: the windows that arrived, and those that are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..cutting import Counted
from ..profiling.profiles import Profile
from ..reading.windows import Calendar, Window
from ..schedules import span
from ..storing.history import History, Kept
from ..storing.keys import profile_digest
from .arrivals import calendar, chunking
from .judgements import Basis

BACKLOG = 48  # windows of live, the newest, that get a report each
LINE = 400  # windows of the timeline
RULED = 60  # the same where each window has a reference of its own, which takes longer


@dataclass(frozen=True, slots=True)
class Material:
    """Windows to judge and their counts.

    `known` has under each window that can be judged those that were counted (days under their
    week). `wanted` has under each window to judge now those that its rule holds it against. `line`
    are the windows of the timeline. `profiles` are the counts of all that these name. `unheld` are
    windows whose reference is no longer kept.
    """

    known: Mapping[Window, list[Window]]
    wanted: Mapping[Window, list[Window]]
    line: list[Window]
    profiles: Mapping[Window, Profile]
    unheld: list[Window]


def stored(history: History, basis: Basis) -> Mapping[Window, Kept]:
    """List the windows of a history that lie on the grid that is counted now."""
    schedule = basis.schedule
    counted = Calendar(chunking(schedule).every or "", schedule.windows.zone)
    kept = history.windows(schedule.dataset)
    return {window: kept[window] for window in kept if counted.around(window) == window}


def current(
    arrived: Mapping[Window, Profile], kept: Mapping[Window, Kept]
) -> dict[Window, Profile]:
    """Leave the arrived windows that have no fewer rows than are kept: a file may begin in one."""
    return {
        window: profile
        for window, profile in arrived.items()
        if window not in kept or profile.rows >= kept[window].rows
    }


def fresh(profiles: Mapping[Window, Profile], kept: Mapping[Window, Kept]) -> dict[Window, Profile]:
    """Choose what is not kept yet, or was kept with other counts."""
    return {
        window: profile
        for window, profile in profiles.items()
        if window not in kept or profile_digest(profile) != kept[window].digest
    }


def oldest(basis: Basis, windows: Iterable[Window], now: datetime) -> datetime | None:
    """Tell the moment before which windows are no longer kept; None where all are.

    Time counts back from the newest window that is over, so that a feed which stands still loses
    nothing. Windows that are judged are kept whole, the newest two whatever their age.
    """
    keep, judges = basis.schedule.history.keep, calendar(basis.schedule)
    over = [each for each in _by_calendar(windows, judges) if _is_over(basis, each, now)]
    if keep is None or not over:
        return None
    end = over[-1].end
    return min(judges.around(Window(end - span(keep), end)), *over[-2:]).start


def gather(
    basis: Basis,
    arrived: Mapping[Window, Profile],
    kept: Mapping[Window, Kept],
    *,
    history: History,
    now: datetime,
    since: datetime | None = None,
) -> Material:
    """Find what is to be judged at `now`, and read the counts that are needed for it.

    Where windows are kept `since` then alone, those are judged whose reference lies after it.
    """
    judges = calendar(basis.schedule)
    mine = current(arrived, kept)
    known = _by_calendar({*kept, *mine}, judges)
    landed = [each for each in _by_calendar(arrived, judges) if _is_over(basis, each, now)]
    whole = [each for each in landed if since is None or each.start - _reach(basis) >= since]
    wanted = _needed(basis, whole[-BACKLOG:], known)
    longest = LINE if isinstance(basis.reference, Counted) else RULED
    line = [each for each in known if not landed or each <= landed[-1]][-longest:]
    named = {*line, *wanted, *(each for chosen in wanted.values() for each in chosen)}
    parts = {part for each in named for part in known[each]}
    unheld = [each for each in landed if each not in whole]
    return Material(known, wanted, line, _profiles(basis, parts, mine, history), unheld)


def _reach(basis: Basis) -> timedelta:
    rule = basis.schedule.reference.rule
    if rule == "previous":  # however long ago: the newest two are always kept
        return timedelta(0)
    return basis.schedule.reference.reach(basis.schedule.windows.every)


def _is_over(basis: Basis, window: Window, now: datetime) -> bool:
    return window.end <= now or basis.schedule.windows.column is None


def _by_calendar(windows: Iterable[Window], judges: Calendar) -> dict[Window, list[Window]]:
    """Put the windows that are counted under those that are judged, both rising."""
    found: dict[Window, list[Window]] = {}
    for window in sorted(windows):
        found.setdefault(judges.around(window), []).append(window)
    return found


def _needed(
    basis: Basis, wanted: list[Window], known: Mapping[Window, object]
) -> dict[Window, list[Window]]:
    if isinstance(basis.reference, Counted):
        return {window: [] for window in wanted}
    return {
        window: basis.reference(window, [each for each in known if each < window])
        for window in wanted
    }


def _profiles(
    basis: Basis, parts: set[Window], mine: Mapping[Window, Profile], history: History
) -> dict[Window, Profile]:
    """Take what arrived, and read the rest from the history in one go."""
    found = {window: mine[window] for window in parts if window in mine}
    rest = parts - found.keys()
    if rest:
        start, end = min(rest).start, max(window.end for window in rest)
        read = history.profiles(basis.schedule.dataset, start, end)
        found |= {window: read[window] for window in rest}
    return found
