"""The threshold laboratory: what settings that are tried would change, before they are applied."""

import pandas as pd
import streamlit as st

from core.deciding.alarms import Alarms
from core.deciding.reports import Report
from core.reporting import effects, rankings
from core.reporting.sentences import MEASURES, STATES
from core.reporting.words import grouped, score
from core.settings import Settings
from dashboard.parts import label, say, trouble
from dashboard.state import sides, timelines

CHART = {"displaylogo": False, "displayModeBar": False}
POLL = 0.7  # seconds between two looks at windows being judged
MOST_MOVES = 200  # rows of the table: more would not be read


def effect(now: Report, then: Report) -> None:
    """Draw what would change: the counts, the features that move, and all on one axis."""
    say(effects.effect(now, then), look="lead")
    before, after = effects.tally(now), effects.tally(then)
    with st.grid(len(before), min_column_width=140, gap="xsmall"):
        for word, number in after.items():
            changed = number - before[word]
            st.metric(word, grouped(number), changed or None, delta_color="off", border=True)
    if moved := effects.moves(now, then):
        st.dataframe(
            _table(moved[:MOST_MOVES], then),
            hide_index=True,
            alt="Features that would change their verdict",
        )
    st.plotly_chart(
        rankings.ranking(then), key="lineup", alt=rankings.description(then), config=CHART
    )


def over_windows(applied: Settings, tried: Settings) -> None:
    """Draw how often live's windows would have cried, if live has windows."""
    if not timelines.spans() and not sides.is_being_cut("live"):
        return
    say("Alarms over time", "h2")
    now, then = _cries(applied), _cries(tried)
    if now is None or then is None:
        _wait(applied, tried)
        return
    say(effects.cries(now, then), look="lead")
    say("An alarm is one feature in one window; the windows are those of Over time.", look="quiet")


def _cries(settings: Settings) -> Alarms | None:
    try:
        return timelines.cries(settings)
    except LookupError as problem:
        trouble(str(problem.args[0]))
        st.stop()


@st.fragment(run_every=POLL)
def _wait(applied: Settings, tried: Settings) -> None:
    try:
        known = [timelines.cries(each) is not None for each in (applied, tried)]
    except LookupError:
        known = [True]  # the page says what is wrong
    if all(known) or not (timelines.spans() or sides.is_being_cut("live")):
        st.rerun()
    say("The windows are being counted and judged.", look="quiet")


def _table(moved: tuple[effects.Move, ...], then: Report) -> pd.DataFrame:
    measure = MEASURES[str(then.settings["measure"])][0]
    return pd.DataFrame(
        {
            "Feature": [label(move.after) for move in moved],
            "Now": [str(STATES[move.before.state]) for move in moved],
            "Would be": [str(STATES[move.after.state]) for move in moved],
            measure: [score(move.after.value) for move in moved],
        }
    )
