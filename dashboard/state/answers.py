"""What a session is told: the report under its settings, and under settings that are tried."""

from typing import NamedTuple

import streamlit as st

from core.deciding.reports import FeatureReport, Report, Role
from core.pipeline import Profile, judge, rebin
from core.reporting.places import common_edges
from core.settings import Settings

from . import choices, tables

_Question = tuple[Profile, Profile, Settings]


class _Answer(NamedTuple):
    question: _Question
    report: Report


def reference() -> Profile:
    """Give the reference's profile: counts, no rows."""
    return _profile("reference")


def report() -> Report:
    """Judge the two profiles under the settings, once for each choice.

    Raises one of PROBLEMS where nothing can be compared.
    """
    tables.look()
    return _judged(choices.settings(), "answer")


def trial(tried: Settings) -> Report:
    """Judge the two profiles under settings that are tried and not applied."""
    return report() if tried == choices.settings() else _judged(tried, "trial")


def over_both_ranges(feature: FeatureReport) -> FeatureReport | None:
    """Give a feature in equal bins over both sides' ranges; None where it has none."""
    edges = common_edges(feature)
    if not edges:
        return None
    return rebin(_profile("reference"), _profile("live"), feature.name, edges)


def _judged(chosen: Settings, place: str) -> Report:
    question = _profile("reference"), _profile("live"), chosen
    kept: _Answer | None = st.session_state.get(place)
    if kept is None or not _is_same(kept.question, question):
        kept = st.session_state[place] = _Answer(question, judge(*question))
    return kept.report


def _profile(role: Role) -> Profile:
    counted = tables.side(role).profile
    if counted is None:
        raise LookupError(f"no {role} profile in this session")
    return counted


def _is_same(one: _Question, other: _Question) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2] == other[2]
