"""What a session is told: the report under its settings, and under settings that are tried."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple, cast

import streamlit as st

from core.deciding.alarms import Alarms, alarms
from core.deciding.reports import FeatureReport, Report, Role, Timeline
from core.pipeline import (
    PROBLEMS,
    Calendar,
    Comparison,
    Counted,
    NotComparable,
    Profile,
    Window,
    coarser,
    cut_into_chunks,
    in_chunks,
    judge_between,
    measure,
    previous,
    rebin,
    same_season,
    summed,
    timeline,
    trailing,
    within,
)
from core.reporting.places import common_edges
from core.settings import FeatureSettings, Settings
from dashboard.jobs import Job, silent
from dashboard.memory import set_aside

from . import choices, sides

AGAINST = {
    "reference": "The reference",
    "previous": "The window before",
    "trailing": "The 4 weeks before",
    "season": "The same weekday and hour of the 4 weeks before",
}
_WEEKS = 4
_SEEN = 62  # windows that are seen at once: two months of days
_THRESHOLDS = ("warn", "alert", "alpha")
_JUDGING = (
    *_THRESHOLDS,
    "adjust",
    "policy",
    "measure",
    "base",
    "compare_as",
    "predictions",
    "logits",
)

_Question = tuple[Counted, Counted, Settings]


class _Answer(NamedTuple):
    question: _Question
    report: Report


def reference() -> Profile:
    """Give the profile that live is held against: counts, no rows."""
    return _pair()[0]


def report() -> Report:
    """Judge the two tables under the settings, once for each choice.

    Raises one of PROBLEMS where nothing can be compared.
    """
    sides.look()
    return _judged(choices.settings(), "answer")


def glance() -> Report | None:
    """Judge as `report` does, and leave it new; None where nothing can be compared."""
    try:
        return _judged(choices.settings(), "answer")
    except PROBLEMS:
        return None


def trial(tried: Settings) -> Report:
    """Judge the two tables under settings that are tried and not applied."""
    return report() if tried == choices.settings() else _judged(tried, "trial")


def over_both_ranges(feature: FeatureReport) -> FeatureReport | None:
    """Give a feature in equal bins over both sides' ranges; None where it has none."""
    edges = common_edges(feature)
    return rebin(*_pair(), feature.name, edges) if edges else None


def _judged(chosen: Settings, place: str) -> Report:
    question = counted("reference"), counted("live"), chosen
    kept: _Answer | None = st.session_state.get(place)
    if kept is None or not _is_same(kept.question, question):
        before, after = (sides.side(role) for role in sides.ROLES)
        live = after.chunks or (question[1].whole,)
        chunked = in_chunks(before.chunks, live, chosen)
        report = judge_between(*question, chunked=chunked, comparisons=_compared(chosen))
        kept = st.session_state[place] = _Answer(question, report)
    return kept.report


def _compared(chosen: Settings) -> tuple[Comparison, ...]:
    """Compare the two tables, once for each way to measure: thresholds move without it."""
    question = counted("reference"), counted("live"), measuring(chosen)
    known: list[tuple[_Question, tuple[Comparison, ...]]] = st.session_state.get("compared", [])
    for asked, comparisons in known:
        if _is_same(asked, question):
            return comparisons
    sides = within(*question[:2], chosen.between) if chosen.between else _wholes(question)
    comparisons = measure(*sides, chosen, known=known[-1][1] if known else ())
    st.session_state["compared"] = [*known[-1:], (question, comparisons)]
    if not known:  # new tables; what a change adds to them is little, and looking takes a while
        set_aside()
    return comparisons


def _wholes(question: _Question) -> tuple[Profile, Profile]:
    return question[0].whole, question[1].whole


def measuring(chosen: Settings) -> Settings:
    """Leave out of settings what judges and does not measure: policy, thresholds, weights."""
    own = {
        name: each.model_copy(update={"warn": None, "alert": None, "weight": 1.0})
        for name, each in chosen.features.items()
    }
    defaults = {key: Settings.model_fields[key].default for key in _JUDGING}
    return chosen.model_copy(update={**defaults, "features": own})


def _pair() -> tuple[Profile, Profile]:
    sides, chosen = (counted("reference"), counted("live")), choices.settings().between
    return within(*sides, chosen) if chosen else (sides[0].whole, sides[1].whole)


def counted(role: Role) -> Counted:
    """Give the table that stands in the place of `role`: its own, or a window of the other one."""
    source, between = choices.source(role), choices.settings().between
    found = _whole(source)
    return _cut_as(found, source, between.every) if between else found


def _whole(role: Role) -> Counted:
    found = sides.windows(role) or sides.side(role).counted
    if found is None:
        raise LookupError(f"no {role} table in this session")
    return found


def _cut_as(table: Counted, role: Role, every: str) -> Counted:
    """Sum a table's windows to longer ones, once; raise NotComparable where they are no parts."""
    own = sides.side(role).every
    if own is not None and every not in coarser(own):
        sentence = f"The {role} table is counted in windows of {own}: they make none of {every}."
        raise NotComparable("no_such_windows", sentence)
    kept = st.session_state.get(f"cut-{role}")
    if kept is None or kept[0] is not table or kept[1] != every:
        kept = (table, every, summed(table, sides.side(role).every, every))
        st.session_state[f"cut-{role}"] = kept
    return cast("Counted", kept[2])


def _is_same(one: _Question, other: _Question) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2] == other[2]


class _Asked(NamedTuple):
    live: Counted
    reference: Counted
    settings: Settings
    every: str
    against: str


def windows_of(role: Role) -> list[Window]:
    """List the windows of time of a table, in order."""
    table = sides.windows(role)
    return [each for each in table.windows if isinstance(each, Window)] if table else []


def common_every(chosen: Sequence[Role]) -> str | None:
    """Choose the shortest windows that all these tables can be summed to; None without any."""
    offered = [coarser(sides.side(role).every or "") for role in chosen]
    return next((each for each in offered[0] if all(each in side for side in offered)), None)


def spans() -> tuple[str, ...]:
    """List the windows that live can be looked at in, the shortest first; () without any."""
    return coarser(sides.side("live").every or "") if sides.windows("live") else ()


def over_time(every: str, against: str, chosen: Settings) -> Timeline | None:
    """Have live judged window by window in a worker, once for each choice; None until it is.

    Raises LookupError with a sentence where nothing can be compared.
    """
    chosen = chosen.model_copy(update={"between": None})
    asked = _Asked(_whole("live"), _whole("reference"), chosen, every, against)
    if sides.is_being_cut("live") or sides.is_being_cut("reference"):
        return None  # the windows of both tell how much the data differ by nature
    kept: list[tuple[_Asked, Job]] = st.session_state.get("timelines", [])
    job = next((job for question, job in kept if _is_same_line(question, asked)), None)
    if job is None:
        name = sides.side("live").name
        job = sides.submit(name, partial(silent, partial(_timeline, asked, sides.lengths())))
        # A few are kept: the page goes back and forth between them.
        for _, dropped in kept[:-3]:
            dropped.cancelled.set()
        st.session_state["timelines"] = [*kept[-3:], (asked, job)]
    if job.result is None or isinstance(job.result, Timeline):
        return job.result
    raise LookupError(str(job.result))


def _is_same_line(one: _Asked, other: _Asked) -> bool:
    return one.live is other.live and one.reference is other.reference and one[2:] == other[2:]


def _timeline(asked: _Asked, lengths: tuple[str | None, str | None]) -> Timeline:
    rules = {
        "previous": previous,
        "trailing": trailing(timedelta(weeks=_WEEKS)),
        "season": same_season(_WEEKS),
    }
    if rule := rules.get(asked.against):
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
    line = over_time(sensible(offered), "reference", measuring)
    if line is None:
        return None
    return alarms(
        line,
        lambda name: tried.thresholds(tried.features.get(name, FeatureSettings())),
        alpha=tried.alpha,
        policy=tried.policy,
    )


def sensible(offered: tuple[str, ...]) -> str:
    """Choose the windows to look at first: not many more than can be seen at once."""
    live = windows_of("live")
    for every in offered:
        calendar = Calendar(every)
        if len({calendar.around(window) for window in live}) <= _SEEN:
            return every
    return offered[-1]
