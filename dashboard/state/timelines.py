"""What a session is told over time: live window by window, and which windows there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import NamedTuple

import streamlit as st

from core.choices import Between
from core.deciding.alarms import Alarms, alarms
from core.deciding.reports import Role, Timeline, TimelineWindow
from core.pipeline import (
    Calendar,
    Counted,
    Rule,
    Window,
    chunk_length,
    coarser,
    cut_into_chunks,
    previous,
    same_season,
    summed,
    timeline,
    trailing,
)
from core.settings import FeatureSettings, Settings
from dashboard import schedules
from dashboard.jobs import Job, silent

from . import answers, choices, sides

AGAINST = {
    "reference": "The reference",
    "previous": "The window before",
    "trailing": "The 4 weeks before",
    "season": "The same weekday and hour of the 4 weeks before",
}
SEASONAL = ("1h", "1d")  # windows that have a weekday
_WEEKS = 4
_SEEN = 62  # windows that are seen at once: two months of days
_UNASKED = 4_000_000  # values whose windows are judged though nobody asked: a second's work
_COURSE = 4  # windows that make a course
_ENOUGH = 500  # rows: with fewer hardly any feature is stable (statistics.md, section 6)
_THRESHOLDS = ("warn", "alert", "alpha")


class _Asked(NamedTuple):
    live: Counted
    reference: Counted
    settings: Settings
    every: str
    against: str


def time_columns() -> list[str]:
    """List the columns of live that hold times, of which one can be chosen to make windows."""
    if (sides.side("live").place or "").startswith(schedules.PLACE):
        return []  # its windows are kept as they are
    kinds = answers.whole("live").whole.kinds
    return [name for name, kind in kinds.items() if kind == "datetime"]


def windows_of(role: Role) -> list[Window]:
    """List the windows of time of a table, in order."""
    table = sides.windows(role)
    return [each for each in table.windows if isinstance(each, Window)] if table else []


def common_every(chosen: Sequence[Role]) -> tuple[str, ...]:
    """List the lengths that the windows of all these tables can be summed to, shortest first."""
    offered = [coarser(sides.side(role).every or "") for role in chosen]
    return tuple(each for each in offered[0] if all(each in side for side in offered))


def between(window: TimelineWindow, every: str, against: str) -> Between:
    """Say which rows a window of a timeline holds, and which it is held against there."""
    start, end = (datetime.fromisoformat(moment) for moment in (window.start, window.end))
    rule = _rules().get(against)
    if rule is None:
        unit = chunk_length(answers.whole("reference"), sides.lengths(), every)
        return Between(live=_said(start, end), every=unit or spans()[0])
    known = summed(answers.whole("live"), sides.side("live").every, every)
    found = rule(Window(start, end), [each for each in known.windows if isinstance(each, Window)])
    like = against == "season" and every in SEASONAL
    held = _said(found[0].start, found[-1].end)
    return Between(reference=held, live=_said(start, end), every=every, same_hours=like)


def _said(start: datetime, end: datetime) -> str:
    return f"{start.isoformat()}/{end.isoformat()}"


def _rules() -> dict[str, Rule]:
    return {
        "previous": previous,
        "trailing": trailing(timedelta(weeks=_WEEKS)),
        "season": same_season(_WEEKS),
    }


def spans() -> tuple[str, ...]:
    """List the windows that live can be looked at in, the shortest first; () without any."""
    return coarser(sides.side("live").every or "") if sides.windows("live") else ()


def over_time(every: str, against: str, chosen: Settings) -> Timeline | None:
    """Have live judged window by window in a worker, once for each choice; None until it is.

    Raises LookupError with a sentence where nothing can be compared.
    """
    if sides.is_being_cut("live") or sides.is_being_cut("reference"):
        return None  # the windows of both tell how much the data differ by nature
    asked = _asked(every, against, chosen)
    job = _job(asked) or _submit(asked)
    if job.result is None or isinstance(job.result, Timeline):
        return job.result
    raise LookupError(str(job.result))


def course() -> Timeline | None:
    """Give live's windows judged against the reference, where that is known by now."""
    job = _of_course()
    return job.result if job and isinstance(job.result, Timeline) else None


def is_awaited() -> bool:
    """Tell whether there is a course to be known: windows that are not counted or not judged."""
    if choices.settings().between or not (spans() or sides.is_being_cut("live")):
        return False
    job = _of_course()
    return _is_small() if job is None else job.result is None


def ask() -> None:
    """Have the course of the windows judged, if they are counted."""
    if (offered := spans()) and _of_course() is None:
        over_time(_usual(offered), "reference", choices.settings())


def _is_small() -> bool:
    """Tell whether there is little enough to be judged without being asked for."""
    tables = (answers.whole(role).whole for role in sides.ROLES)
    return sum(each.rows * len(each.features) for each in tables) <= _UNASKED


def _of_course() -> Job | None:
    if choices.settings().between or not (offered := spans()):
        return None
    return _job(_asked(_usual(offered), "reference", choices.settings()))


def _usual(offered: tuple[str, ...]) -> str:
    """Take the length that was chosen on the page over time, else the sensible one."""
    said = st.session_state.get("window-length")
    return said if said in offered else sensible(offered)


def _asked(every: str, against: str, chosen: Settings) -> _Asked:
    chosen = chosen.model_copy(update={"between": None, "base": 2, "compare_as": None})
    return _Asked(answers.whole("live"), answers.whole("reference"), chosen, every, against)


def _job(asked: _Asked) -> Job | None:
    kept: list[tuple[_Asked, Job]] = st.session_state.get("timelines", [])
    for place, (question, job) in enumerate(kept):
        if _is_same_line(question, asked):
            kept.append(kept.pop(place))  # the one not used for longest is dropped first
            return job
    return None


def _submit(asked: _Asked) -> Job:
    work = partial(silent, partial(_timeline, asked, sides.lengths()))
    job = sides.submit(sides.side("live").name, work)
    kept: list[tuple[_Asked, Job]] = st.session_state.get("timelines", [])
    for _, dropped in kept[:-3]:  # a few are kept: the page goes back and forth between them
        dropped.cancelled.set()
    st.session_state["timelines"] = [*kept[-3:], (asked, job)]
    return job


def _is_same_line(one: _Asked, other: _Asked) -> bool:
    return one.live is other.live and one.reference is other.reference and one[2:] == other[2:]


def _timeline(asked: _Asked, lengths: tuple[str | None, str | None]) -> Timeline:
    if rule := _rules().get(asked.against):
        live = summed(asked.live, lengths[0], asked.every)
        line = timeline(live.windows, rule, asked.settings)
    else:
        live, reference, short = cut_into_chunks(asked.live, asked.reference, lengths, asked.every)
        calendar = Calendar(asked.every) if short else None
        line = timeline(live.windows, reference, asked.settings, calendar=calendar)
    return line.model_copy(update={"every": asked.every})


def cries(tried: Settings) -> Alarms | None:
    """Count the alarms that `tried` would have given over live's windows; None until known.

    Windows are judged anew only where `tried` measures otherwise than what is applied.
    """
    if not (offered := spans()):
        return None
    applied = choices.settings()
    kept = {key: getattr(applied, key) for key in _THRESHOLDS}
    own = {
        name: each.model_copy(update={"warn": None, "alert": None})
        for name, each in tried.features.items()
    }
    measuring = tried.model_copy(update={**kept, "features": own})
    line = over_time(_usual(offered), "reference", measuring)
    if line is None:
        return None
    return alarms(
        line,
        lambda name: tried.thresholds(tried.features.get(name, FeatureSettings())),
        alpha=tried.alpha,
        policy=tried.policy,
    )


def sensible(offered: tuple[str, ...]) -> str:
    """Choose the windows to look at first: few enough to be seen, long enough to be judged."""
    table = answers.whole("live")
    kept: tuple[Counted, str] | None = st.session_state.get("sensible")
    if kept is None or kept[0] is not table:
        rows = {each: table.windows[each].rows for each in windows_of("live")}
        kept = st.session_state["sensible"] = (table, _sensible(offered, rows))
    return kept[1]


def _sensible(offered: tuple[str, ...], rows: Mapping[Window, int]) -> str:
    seen = []
    for every in offered:
        calendar = Calendar(every)
        sums: Counter[Window] = Counter()
        for window, number in rows.items():
            sums[calendar.around(window)] += number
        if len(sums) <= _SEEN:
            seen.append(every)
            if len(sums) >= _COURSE and median(sums.values()) >= _ENOUGH:
                return every
    return (seen or offered[-1:])[0]
