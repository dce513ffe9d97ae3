"""What has arrived: the rows of live as profiles by window, and what to hold them against."""

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from ..counting import Progress, count
from ..cutting import Counted
from ..pipeline import as_role
from ..profiling.kinds import Kind
from ..profiling.profiles import Note, Profile, Source
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

    `open_rows` are those of windows that are not over yet, `timeless` those without a time,
    `old_rows` those of windows that are no longer kept; `notes` what was noted while the sources
    were read.
    """

    windows: Mapping[Window, Profile]
    open_rows: int = 0
    timeless: int = 0
    notes: tuple[Note, ...] = ()
    old_rows: int = 0

    def since(self, start: datetime) -> "Arrived":
        """Leave the windows that begin at `start` or later."""
        windows = {each: self.windows[each] for each in self.windows if each.start >= start}
        old = sum(self.windows[each].rows for each in self.windows if each not in windows)
        return replace(self, windows=windows, old_rows=self.old_rows + old)


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
    settings = _counted_by(schedule)
    with as_role("reference"):
        try:
            if schedule.windows.column is not None:
                return count(source, settings, chunking=chunking(schedule))
        except Unreadable as problem:
            if problem.code not in _NO_TIMES:
                raise
        return count(source, settings)


def read(
    schedule: Schedule,
    kinds: Mapping[str, Kind] | None,
    now: datetime,
    progress: Progress | None = None,
) -> Arrived:
    """Count live by windows, each source in one pass; `now` tells which windows are over."""
    sources = [schedule.resolved(source) for source in schedule.live.sources]
    if schedule.windows.column is None:
        return _as_written(schedule, sources, kinds, now)
    found: dict[Window, Profile] = {}
    timeless, notes = 0, list[Note]()
    for place, source in enumerate(sources):
        if progress:
            progress(place / len(sources))
        counted = _count(schedule, source, kinds, chunking(schedule))
        kinds = kinds or counted.whole.kinds
        notes += counted.whole.source.notes
        timeless += counted.rest.rows if counted.rest else 0
        for window, profile in counted.windows.items():
            if isinstance(window, Window):
                part = replace(profile, source=_part_of(counted.whole, profile))
                found[window] = found[window] + part if window in found else part
    if not found:
        sentence = f"Live has no row with a time in '{schedule.windows.column}'. Check its export."
        raise Unreadable("no_windows", sentence)
    over = {window: found[window] for window in sorted(found) if window.end <= now}
    open_rows = sum(profile.rows for window, profile in found.items() if window.end > now)
    return Arrived(over, open_rows, timeless, tuple(notes))


def _as_written(
    schedule: Schedule, sources: Sequence[str], kinds: Mapping[str, Kind] | None, now: datetime
) -> Arrived:
    """Put all rows into the window in which the newest source was written."""
    profiles = list[Profile]()
    for source in sources:
        counted = _count(schedule, source, kinds).whole
        kinds = kinds or counted.kinds
        profiles.append(counted)
    written = max(_written(source, now) for source in sources)
    judged = calendar(schedule)
    window = judged.window(int(judged.numbers(np.array([written]))[0]))
    return Arrived({window: reduce(add, profiles)})


def _count(
    schedule: Schedule,
    source: str,
    kinds: Mapping[str, Kind] | None,
    cut: Chunking | None = None,
) -> Counted:
    with as_role("live"):
        return count(source, _counted_by(schedule), kinds=kinds, chunking=cut)


def _counted_by(schedule: Schedule) -> Settings:
    """Give the settings of counting: windows keep nothing that is counted over whole tables."""
    return settings_of(schedule).of_columns()


def _part_of(whole: Profile, part: Profile) -> Source:
    """Give the source of a window's rows; what was noted of the file is told once, not by each."""
    return Source(whole.source.name, None, part.rows)


def _written(source: str, now: datetime) -> int:
    """Tell when the newest file of a source was written, in Unix seconds; an address: now."""
    path = Path(source)
    if path.is_dir():
        files = [each for each in path.rglob("*") if each.is_file()]
    else:
        files = [Path(each) for each in glob.glob(source, recursive=True)]  # noqa: PTH207
    return max((int(each.stat().st_mtime) for each in files), default=int(now.timestamp()))
