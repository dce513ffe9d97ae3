"""The parts of the page on mix and pairs: which segments carry the drift, which pairs changed."""

import streamlit as st

from core.deciding.reports import Report
from core.deciding.segment_reports import SegmentsReport
from core.reporting import boards
from core.reporting import pairs as joint
from core.reporting import segments as words
from core.reporting.words import count, cut
from dashboard.parts import LONG_NAME, label, say, table
from dashboard.state import choices, tables

NONE = "(none)"
NO_PAIRS, ALL_PAIRS = "none", "all"
MOST_SEGMENTS = 12
MOST_PAIRS = 20  # that are seen without asking for more
WHY = (
    "The whole can move only because its parts were mixed differently. Choose a column that cuts "
    "the rows into segments (a country, a product): each drift is split into the change of the "
    "segments' shares and the change inside them. The tables are counted again for it."
)
COARSER = "Sizes here are of the segments' own, coarser bins: a little other than the overview's."
PAIRS = (
    "Every feature can stand still while they depend on each other otherwise. Each pair is tested "
    "for a change of its rank correlation and of its joint table, whatever became of its two "
    "features alone. The tables are counted again for it, twice."
)


def segments(report: Report) -> None:
    """Draw the choice of a segment column, and what it splits the drift into."""
    say("Mix or behaviour", "h2")
    say(WHY, look="quiet")
    applied = choices.settings().segments
    known = {each.name: label(each) for each in report.features if each.kind != "datetime"}
    named = {applied: cut(applied, LONG_NAME), **known} if applied else known
    offered = [None, *sorted(named, key=named.__getitem__)]
    st.selectbox(
        "Segments",
        offered,
        index=offered.index(applied),
        format_func=lambda name: NONE if name is None else named[name],
        key="segments-shown",
        on_change=_choose,
    )
    for warning in report.warnings:
        if warning.code == "no_segments":
            say(warning.message, look="lead")
    if (found := report.segments) is not None:
        _found(found)


def _choose() -> None:
    chosen = st.session_state["segments-shown"]
    known = choices.settings()
    tables.apply(known.model_copy(update={"segments": chosen}))


def _found(found: SegmentsReport) -> None:
    say(words.mix(found), look="lead")
    say(words.verdict(found), look="lead")
    table(words.COLUMNS, [words.feature_row(each) for each in found.features], words=2)
    say(COARSER, look="quiet")
    if found.features:
        _inside(found)
    say(f"The segments of {cut(found.column)}", "h2")
    table(words.SEGMENT_COLUMNS, [words.segment_row(s) for s in found.segments[:MOST_SEGMENTS]])


def pairs(report: Report) -> None:
    """Draw the choice to compare pairs, those that changed, and the joint tables of one."""
    say("Pairs", "h2")
    say(PAIRS, look="quiet")
    applied = choices.settings().pairs
    st.toggle(
        "Compare all pairs" if not isinstance(applied, list) else "Compare the pairs listed",
        applied != NO_PAIRS,
        key="pairs-shown",
        on_change=_toggle,
    )
    for warning in report.warnings:
        if warning.code in ("no_pairs", "pair_not_compared"):
            say(warning.message, look="lead")
    if (found := report.pairs) is None:
        return
    say(joint.verdict(found), look="lead")
    if not found.pairs:
        return
    names = [joint.name(each) for each in found.pairs]
    place = st.selectbox("Pair", range(len(names)), format_func=names.__getitem__, key="pair")
    chosen = found.pairs[place]
    say(f"{names[place]}: {joint.story(chosen)}")
    st.html(boards.heatmaps(chosen))
    rows = [joint.row(each) for each in found.pairs]
    table(joint.COLUMNS, rows[:MOST_PAIRS], words=2)
    if more := rows[MOST_PAIRS:]:
        with st.expander(f"{count(len(more), 'pair')} more, less grave"):
            table(joint.COLUMNS, more, words=2)
    if (unlisted := joint.certain(found) - len(found.pairs)) > 0:
        say(f"{count(unlisted, 'pair')} more changed, and less than those listed.", look="quiet")


def _toggle() -> None:
    wished = ALL_PAIRS if st.session_state["pairs-shown"] else NO_PAIRS
    tables.apply(choices.settings().model_copy(update={"pairs": wished}))


def _inside(found: SegmentsReport) -> None:
    names = [cut(each.name, LONG_NAME) or "(no name)" for each in found.features]
    place = st.selectbox(
        "Inside the segments", range(len(names)), format_func=names.__getitem__, key="segmented"
    )
    chosen = found.features[place]
    say(words.story(chosen, found.column))
    table(words.INSIDE_COLUMNS, [words.inside_row(each) for each in chosen.segments])
