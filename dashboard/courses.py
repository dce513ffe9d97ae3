"""Since when: live's windows, judged in the background for pages that look at the whole."""

import time

import streamlit as st

from core.deciding.reports import Timeline
from core.reporting import courses
from dashboard.state import timelines

CALM = 1.5  # seconds without a change after which the windows are asked for


def known() -> Timeline | None:
    """Give live's windows where they are judged by now; where not, have the page come back to it.

    Nothing is judged while settings are still being moved.
    """
    with st.container():  # always there, so that what follows keeps its place, and stays open
        if timelines.is_awaited():
            _await(time.monotonic() + CALM)
    return timelines.course()


@st.fragment(run_every=CALM)
def _await(calm: float) -> None:
    if time.monotonic() < calm:
        return
    if not timelines.is_awaited():
        st.rerun()
    timelines.ask()


def measured(line: Timeline | None) -> dict[str, list[float]] | None:
    """Give the values of live's windows by feature: {} until they are judged, None without any."""
    if line is None:
        return {} if timelines.is_awaited() else None
    return {each.name: kept for each in line.features if len(kept := courses.values(each)) > 1}
