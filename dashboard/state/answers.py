"""What a session is told: the report under its settings, and under settings that are tried."""

from typing import NamedTuple, cast

import streamlit as st

from core.deciding.reports import FeatureReport, Report, Role
from core.pipeline import (
    PROBLEMS,
    Comparison,
    Counted,
    NotComparable,
    Profile,
    coarser,
    judge_between,
    measure_between,
    rebin,
    summed,
    within,
)
from core.reporting.places import common_edges
from core.settings import Settings
from dashboard.memory import set_aside

from . import choices, sides

_JUDGING = (
    "warn",
    "alert",
    "alpha",
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
        report = judge_between(*_in_parts(question), chosen, comparisons=_compared(chosen))
        kept = st.session_state[place] = _Answer(question, report)
    return kept.report


def _in_parts(question: _Question) -> tuple[Counted, Counted]:
    """Give both tables with their parts that tell how much the data differ by nature."""
    before, after, chosen = question
    if chosen.between:
        return before, after
    mine, other = (sides.side(role).chunks for role in sides.ROLES)
    return Counted(before.whole, groups=mine), Counted(after.whole, groups=other)


def _compared(chosen: Settings) -> tuple[Comparison, ...]:
    """Compare the two tables, once for each way to measure: thresholds move without it."""
    question = counted("reference"), counted("live"), measuring(chosen)
    known: list[tuple[_Question, tuple[Comparison, ...]]] = st.session_state.get("compared", [])
    for asked, comparisons in known:
        if _is_same(asked, question):
            return comparisons
    comparisons = measure_between(*_in_parts(question), chosen, known=known[-1][1] if known else ())
    st.session_state["compared"] = [*known[-1:], (question, comparisons)]
    if not known:  # new tables; what a change adds to them is little, and looking takes a while
        set_aside()
    return comparisons


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
    found = whole(source)
    return _cut_as(found, source, between.every) if between else found


def whole(role: Role) -> Counted:
    """Give a table as it was counted, with its windows once there are any."""
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
