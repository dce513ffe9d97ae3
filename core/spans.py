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
from .reading.windows import Calendar, Chunking, Rows, Window
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

    Windows that are compared (`between`) are counted already.
    """
    by = settings.chunk_by or settings.group_by
    if by is None or settings.between:
        return None
    return Chunking(by, settings.every if settings.chunk_by else None)


def in_chunks(reference: Counted, live: Counted, settings: Settings) -> Chunked | None:
    """Put the chunks of both sides together; None where rows are taken as independent.

    `chunk_by` and `group_by` of the settings say what is cut. Windows that are compared (`between`)
    are chunks themselves, where the reference has enough: as in a timeline.
    """
    if settings.between:
        found = _chunks_between(reference, live, settings.between)
        return found if found.enough else None
    cut = chunking(settings)
    if cut is None:
        return None
    words = f"windows of {cut.every} along" if cut.every else "groups of"
    return Chunked(
        reference.chunks,
        live.chunks or (live.whole,),
        f"{words} {cut.column}",
        grows=bool(cut.every),
    )


def _chunks_between(reference: Counted, live: Counted, chosen: Between) -> Chunked:
    # The same hours on both sides are no chunks: their rhythm would pass for chance. Days are.
    every = "1d" if chosen.same_hours and chosen.every.endswith("h") else chosen.every
    before, after = (
        list(_sums(table, _all(table) if places is None else places, every).values())
        for table, places in zip((reference, live), _places(reference, live, chosen), strict=True)
    )
    return Chunked(before, after or (live.whole,), f"windows of {every}", grows=True)


def _sums(table: Counted, places: Sequence[Window], every: str) -> dict[Window | Rows, Profile]:
    """Sum windows of a table to longer ones."""
    parts: dict[Window, list[Profile]] = {}
    calendar = Calendar(every)
    for place in places:
        parts.setdefault(calendar.around(place), []).append(table.windows[place])
    return {window: Profile.total(parts[window]) for window in parts}


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
    return replace(table, windows=_sums(table, _all(table), every))


def chunked(
    live: Counted, reference: Counted, owns: tuple[str | None, str | None], every: str
) -> tuple[Counted, Counted | Profile, bool]:
    """Cut both tables into the same chunks, which tell how much the data differ by nature.

    The chunks are the longest windows, up to `every`, of which the reference has ten; the last
    answer tells whether they are shorter than `every`. Without ten the reference is given as a
    whole: its rows are taken as independent (statistics.md, section 7).
    """
    unit = chunk_length(reference, owns, every)
    if unit is None:
        return summed(live, owns[0], every), reference.whole, False
    return summed(live, owns[0], unit), summed(reference, owns[1], unit), unit != every


def chunk_length(reference: Counted, owns: tuple[str | None, str | None], every: str) -> str | None:
    """Give the longest windows, up to `every`, of which the reference has ten; None without."""
    mine, other = (coarser(own or "") for own in owns)
    for unit in reversed(mine[: mine.index(every) + 1]):
        parts = summed(reference, owns[1], unit)
        if every in coarser(unit) and unit in other and len(_all(parts)) >= MINIMUM_CHUNKS:
            return unit
    return None


def within(before: Counted, after: Counted, chosen: Between) -> tuple[Profile, Profile]:
    """Sum the windows of both tables that `chosen` names; raise NotComparable where there are none.

    A table without a chosen span is taken whole, rows without a time included.
    """
    reference, live = _places(before, after, chosen)
    return _chosen(before, reference), _chosen(after, live)


def _places(
    before: Counted, after: Counted, chosen: Between
) -> tuple[list[Window] | None, list[Window] | None]:
    """List the windows of both tables that are compared; None for a whole table."""
    live = _windows(after, chosen.span("live"), "live")
    reference = _windows(before, chosen.span("reference"), "reference")
    if chosen.same_hours:
        hours = {_hour(window) for window in (_all(after) if live is None else live)}
        known = _all(before) if reference is None else reference
        reference = [window for window in known if _hour(window) in hours]
        if not reference:
            sentence = "The reference has no rows of the weekdays and hours that live has."
            raise NotComparable("no_rows_between", sentence)
    return reference, live


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
