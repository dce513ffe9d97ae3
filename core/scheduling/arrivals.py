"""What has arrived: the rows of live as profiles by window, and what to hold them against."""

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from ..counting import Counted, Progress, count
from ..profiling.kinds import Kind
from ..profiling.profiles import Profile, Source
from ..reading.dialects import Unreadable
from ..reading.references import Rule, previous, same_season, trailing
from ..reading.windows import Calendar, Chunking, Window, finer
from ..schedules import Schedule
from ..settings import Settings

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_NO_TIMES = {"no_chunk_column", "no_time_column"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """Live by window: the complete ones, in order, and how many rows are in none of them.

    `open_rows` are those of windows that are not over yet, `timeless` those without a time.
    """

    windows: Mapping[Window, Profile]
    open_rows: int = 0
    timeless: int = 0


def chunking(schedule: Schedule) -> Chunking:
    """Give the windows that are counted: days, where weeks or months are judged."""
    table = schedule.windows
    return finer(Chunking(table.column, table.every, table.zone))


def calendar(schedule: Schedule) -> Calendar:
    """Give the windows that are judged."""
    return Calendar(schedule.windows.every, schedule.windows.zone)


def settings_of(schedule: Schedule) -> Settings:
    """Give the settings of the comparison; the column that makes windows is not compared."""
    column = schedule.windows.column
    if column is None or schedule.settings.time_column is not None:
        return schedule.settings
    return schedule.settings.with_choices({"time_column": column})


def reference_of(schedule: Schedule) -> Counted | Rule:
    """Count the reference, by windows where it has their column; or give the rule that makes it."""
    table = schedule.reference
    if table.source is not None:
        return _counted(schedule, schedule.resolved(table.source))
    if table.rule == "previous":
        return previous
    if table.rule == "trailing":
        unit = _UNITS[table.span[-1]]
        return trailing(timedelta(**{unit: int(table.span[:-1])}))
    return same_season(table.weeks, schedule.windows.zone)


def _counted(schedule: Schedule, source: str) -> Counted:
    settings = settings_of(schedule)
    try:
        if schedule.windows.column is not None:
            return _steady(source, settings, chunking=chunking(schedule))
    except Unreadable as problem:
        if problem.code not in _NO_TIMES:
            raise
    return _steady(source, settings)


def read(
    schedule: Schedule,
    kinds: Mapping[str, Kind] | None,
    now: datetime,
    progress: Progress | None = None,
) -> Arrived:
    """Count live by windows, each source in one pass; `now` tells which windows are over."""
    sources = list(_sources(schedule))
    if schedule.windows.column is None:
        return _as_written(schedule, sources, kinds)
    found: dict[Window, Profile] = {}
    timeless = 0
    for place, source in enumerate(sources):
        if progress:
            progress(place / len(sources))
        counted = _steady(source, settings_of(schedule), kinds=kinds, chunking=chunking(schedule))
        kinds = kinds or counted.whole.kinds
        timeless += counted.rest.rows if counted.rest else 0
        for window, profile in counted.windows.items():
            if isinstance(window, Window):
                named = replace(profile, source=_part_of(counted.whole, profile))
                found[window] = found[window] + named if window in found else named
    over = {window: found[window] for window in sorted(found) if window.end <= now}
    open_rows = sum(profile.rows for window, profile in found.items() if window.end > now)
    return Arrived(over, open_rows, timeless)


def _as_written(
    schedule: Schedule, sources: Sequence[str], kinds: Mapping[str, Kind] | None
) -> Arrived:
    """Put all rows into the window in which the newest source was written."""
    profiles = []
    for source in sources:
        counted = _steady(source, settings_of(schedule), kinds=kinds).whole
        kinds = kinds or counted.kinds
        profiles.append(counted)
    written = max(int(Path(source).stat().st_mtime) for source in sources)
    judged = calendar(schedule)
    window = judged.window(int(judged.numbers(np.array([written]))[0]))
    return Arrived({window: reduce(add, profiles)})


def _part_of(whole: Profile, part: Profile) -> Source:
    return replace(whole.source, digest=None, rows_read=part.rows, rows_dropped=0)


def _sources(schedule: Schedule) -> Iterator[str]:
    for name in schedule.live.sources:
        resolved = schedule.resolved(name)
        path = Path(resolved)
        if "://" in resolved or path.exists() or not any(sign in name for sign in "*?["):
            yield resolved
            continue
        found = sorted(glob.glob(resolved, recursive=True))  # noqa: PTH207 (** and absolute paths)
        if not found:
            sentence = f"Live: no file matches {resolved}. Check the folder and the pattern."
            raise Unreadable("no_match", sentence)
        yield from map(str, found)


def _steady(
    source: str,
    settings: Settings,
    *,
    kinds: Mapping[str, Kind] | None = None,
    chunking: Chunking | None = None,
) -> Counted:
    """Count a source that stays as it is meanwhile; one that changed is counted once more."""
    for _ in range(2):
        before = _state(source)
        counted = count(source, settings, kinds=kinds, chunking=chunking)
        if _state(source) == before:
            return counted
    sentence = (
        f"{source} changed while it was read. Let whoever writes it use another name and rename it "
        "when it is whole."
    )
    raise Unreadable("changed_while_read", sentence)


def _state(source: str) -> tuple[int, ...]:
    try:
        found = Path(source).stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns
