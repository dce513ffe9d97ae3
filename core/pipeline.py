"""The one line of the product, as code: load, profile, compare, decide."""

from collections.abc import Iterator
from contextlib import contextmanager

from .choosing import NotComparable
from .counting import Data, Progress, count, profile
from .cutting import Counted, time_column
from .deciding.chunks import Chunked
from .deciding.comparisons import Comparison
from .deciding.reports import (
    Caution,
    Report,
    Role,
    Timeline,
)
from .judging import judge, judge_between, measure_between, rebin
from .previews import Preview, preview
from .profiling.kinds import Kind
from .profiling.profiles import CorruptProfile, Incompatible, Profile
from .reading.problems import Unreadable
from .reading.references import Rule, between, previous, same_season, trailing
from .reading.windows import Calendar, Chunking, Window, finer, sensible_span
from .settings import BadSettings, Settings
from .spans import chunk_length, coarser, finest, summed, within
from .spans import chunked as cut_into_chunks
from .spans import chunking as cut_by
from .timelines import sum_windows, timeline

__all__ = [
    "PROBLEMS",
    "Calendar",
    "Chunking",
    "Comparison",
    "Counted",
    "Data",
    "Kind",
    "NotComparable",
    "Preview",
    "Profile",
    "Report",
    "Rule",
    "Timeline",
    "Window",
    "between",
    "check",
    "chunk_length",
    "coarser",
    "count",
    "cut_by",
    "cut_into_chunks",
    "finer",
    "finest",
    "judge",
    "judge_between",
    "measure_between",
    "preview",
    "previous",
    "profile",
    "rebin",
    "same_season",
    "sensible_span",
    "sum_windows",
    "summed",
    "timeline",
    "trailing",
    "within",
]


PROBLEMS = (Unreadable, CorruptProfile, Incompatible, NotComparable, BadSettings)


def check(
    reference: Data,
    live: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    windows: Chunking | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge whether `live` has drifted away from `reference`.

    Each side is a path, the bytes of a file, a data frame, or a profile. With `windows` the report
    has a timeline of live too. `progress` is called with the share that is done, 0 to 1. Raises
    one of PROBLEMS.

    >>> import pandas
    >>> same = pandas.DataFrame({"a": [1.0, 2.0, 2.5] * 100})
    >>> check(same, same).verdict
    'stable'
    """
    chunking = cut_by(settings)
    if windows:
        chunking = finer(windows)
    elif settings.between:
        chunking = Chunking(settings.time_column, settings.between.every)
    with as_role("reference"):
        before = count(reference, settings, chunking=chunking, progress=_half(progress, 0.0))
    with as_role("live"):
        after = count(
            live,
            settings,
            kinds=before.whole,
            chunking=chunking,
            progress=_half(progress, 0.5),
        )
    if windows:
        return _with_timeline(before, after, settings, windows)
    return judge_between(before, after, settings)


def _with_timeline(
    before: Counted, after: Counted, settings: Settings, windows: Chunking
) -> Report:
    """Judge live as a whole and window by window."""
    if not after.windows:
        sentence = "Live has no rows with a time: there is nothing to make windows of."
        raise NotComparable("no_windows", sentence)
    column = windows.column or time_column(before.whole.kinds, windows)
    settings = settings.with_choices({"time_column": column}) if column else settings
    fine = finer(windows)
    words = f"windows of {fine.every} along {column}" if column else f"windows of {fine.every}"
    chunked = Chunked(before.chunks, after.chunks, words, grows=True)
    report = judge(before.whole, after.whole, settings, chunked=chunked if chunked.enough else None)
    calendar = None if fine == windows else Calendar(windows.every or "", windows.zone)
    line = timeline(after.windows, before, settings, calendar=calendar)
    known = {"every": windows.every, "zone": windows.zone}
    if after.rest is None:
        return report.model_copy(update={"timeline": line.model_copy(update=known)})
    message = f"{after.rest.rows} rows have no time: they are in no window of the timeline."
    told = Caution(code="no_time", role="live", message=message, count=after.rest.rows)
    line = line.model_copy(update={**known, "without_time": after.rest.rows})
    return report.model_copy(update={"timeline": line, "warnings": (*report.warnings, told)})


def _half(progress: Progress | None, start: float) -> Progress | None:
    return (lambda share: progress(start + share / 2)) if progress else None


@contextmanager
def as_role(role: Role) -> Iterator[None]:
    """Name the table that a problem is about."""
    try:
        yield
    except (Unreadable, CorruptProfile) as problem:
        problem.args = (f"{role.capitalize()}: {problem}",)
        raise
