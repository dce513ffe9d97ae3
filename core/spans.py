"""Any window against any other: windows of a counted table are chosen by time, and summed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from .choices import Between
from .choosing import NotComparable
from .cutting import Counted
from .deciding.chunks import MINIMUM_CHUNKS, Chunked
from .profiling.profiles import Profile
from .profiling.quantities import NumericCounts
from .reading.references import between
from .reading.windows import Calendar, Chunking, Window
from .settings import Settings
from .timelines import sum_windows

# A session keeps a table's windows in memory: at most so many, and so many counts of features.
MOST_WINDOWS, MOST_COUNTS = 1000, 8000
_SPANS = {"1h": 3600, "1d": 86_400, "1w": 7 * 86_400, "1mo": 31 * 86_400}
# Which windows are sums of which: a month of weeks would not be whole.
_COARSER = {
    "1h": ("1h", "1d", "1w", "1mo"),
    "1d": ("1d", "1w", "1mo"),
    "1w": ("1w",),
    "1mo": ("1mo",),
}


def finest(whole: Profile, settings: Settings) -> Chunking | None:
    """Choose the shortest windows that a session can keep of a table; None without a time column.

    The time column is that of the settings, else the only datetime column.
    """
    times = [name for name, kind in whole.kinds.items() if kind == "datetime"]
    wished = settings.time_column or settings.chunk_by or (times[0] if len(times) == 1 else None)
    counts = whole.features.get(wished) if wished else None
    if not isinstance(counts, NumericCounts) or counts.minimum is None or counts.maximum is None:
        return None
    length = counts.maximum - counts.minimum
    for every, seconds in _SPANS.items():
        windows = length / seconds + 1
        if windows <= MOST_WINDOWS and windows * len(whole.features) <= MOST_COUNTS:
            return Chunking(wished, every)
    return Chunking(wished, "1mo")


def chunking(settings: Settings) -> Chunking | None:
    """Tell how tables are cut into chunks whose rows resemble each other; None where they are not.

    Where windows are compared (`between`), these say how much the data differ.
    """
    by = settings.chunk_by or settings.group_by
    if by is None or settings.between:
        return None
    return Chunking(by, settings.every if settings.chunk_by else None)


def in_chunks(
    reference: Sequence[Profile], live: Sequence[Profile], settings: Settings
) -> Chunked | None:
    """Put the chunks of both sides together as `settings` cut them; None where they do not."""
    cut = chunking(settings)
    if cut is None:
        return None
    words = f"windows of {cut.every} along" if cut.every else "groups of"
    return Chunked(reference, live, f"{words} {cut.column}", grows=bool(cut.every))


def coarser(every: str) -> tuple[str, ...]:
    """List the windows that windows of `every` can be summed to, themselves first.

    >>> coarser("1d")
    ('1d', '1w', '1mo')
    """
    return _COARSER.get(every, (every,))


def summed(table: Counted, own: str | None, every: str) -> Counted:
    """Sum windows of `own` length to those of `every`; as they are where they are no parts."""
    if own in (None, every) or every not in coarser(str(own)):
        return table
    parts: dict[Window, list[Profile]] = {}
    calendar = Calendar(every)
    for window in _all(table):
        parts.setdefault(calendar.around(window), []).append(table.windows[window])
    return replace(table, windows={each: Profile.total(parts[each]) for each in parts})


def chunked(
    live: Counted, reference: Counted, owns: tuple[str | None, str | None], every: str
) -> tuple[Counted, Counted | Profile, bool]:
    """Cut both tables into the same chunks, which tell how much the data differ by nature.

    The chunks are the longest windows, up to `every`, of which the reference has ten; the last
    answer tells whether they are shorter than `every`. Without ten the reference is given as a
    whole: its rows are taken as independent (statistics.md, section 7).
    """
    mine, other = (coarser(own or "") for own in owns)
    for unit in reversed(mine[: mine.index(every) + 1]):
        if every not in coarser(unit):
            continue
        parts = summed(reference, owns[1], unit)
        if unit in other and len(_all(parts)) >= MINIMUM_CHUNKS:
            return summed(live, owns[0], unit), parts, unit != every
    return summed(live, owns[0], every), reference.whole, False


def within(before: Counted, after: Counted, chosen: Between) -> tuple[Profile, Profile]:
    """Sum the windows of both tables that `chosen` names; raise NotComparable where there are none.

    A table without a chosen span is taken whole, rows without a time included.
    """
    live = _windows(after, chosen.span("live"), "live")
    reference = _windows(before, chosen.span("reference"), "reference")
    if chosen.same_hours:
        hours = {_hour(window) for window in (_all(after) if live is None else live)}
        known = _all(before) if reference is None else reference
        reference = [window for window in known if _hour(window) in hours]
        if not reference:
            sentence = "The reference has no rows of the weekdays and hours that live has."
            raise NotComparable("no_rows_between", sentence)
    return _chosen(before, reference), _chosen(after, live)


def _all(table: Counted) -> list[Window]:
    return [window for window in table.windows if isinstance(window, Window)]


def _hour(window: Window) -> tuple[int, int]:
    return window.start.weekday(), window.start.hour


def _windows(
    table: Counted, span: tuple[datetime, datetime] | None, role: str
) -> list[Window] | None:
    if span is None:
        return None
    known = _all(table)
    found = between(known, *span)
    if not found:
        said = "It has no windows of time." if not known else _reach(known)
        start, end = (f"{moment:%Y-%m-%d %H:%M}" for moment in span)
        sentence = f"The {role} table has no rows between {start} and {end}. {said}"
        raise NotComparable("no_rows_between", sentence)
    return found


def _reach(known: Sequence[Window]) -> str:
    return f"Its rows are from {known[0].start:%Y-%m-%d} to {known[-1].end:%Y-%m-%d}."


def _chosen(table: Counted, chosen: list[Window] | None) -> Profile:
    if chosen is None:
        return table.whole
    profile = sum_windows(table.windows, chosen)
    source = replace(table.whole.source, rows_read=profile.rows, rows_dropped=0)
    return replace(profile, source=source)
