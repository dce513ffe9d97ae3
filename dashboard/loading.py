"""The way to a report: two tables are given, counted with progress shown, and compared."""

import streamlit as st

from core.deciding.reports import Report, Role
from core.pipeline import PROBLEMS
from core.reporting.words import count, cut, percent
from core.settings import Settings
from dashboard import state
from dashboard.parts import plain, say, trouble

TYPES = ["csv", "tsv", "txt", "gz", "parquet", "profile"]
PROMPTS = {
    "reference": ("1  Reference", "What you expect: the training data, last month, a profile."),
    "live": ("2  Live", "What came in: the data to be judged."),
}
POLL = 0.3  # seconds between two looks at a running job


def loader() -> None:
    """Draw the two uploads with what became of them, and the sample button."""
    for role, column in zip(state.ROLES, st.columns(2, gap="medium"), strict=True):
        with column.container(border=True, height="stretch", gap="xsmall"):
            _box(role)
    st.button("Try the sample data", on_click=state.take_sample)
    say(
        "Files stay on this server, and only until they are counted. The sample: flights from "
        "New York, one season against another.",
        look="quiet",
    )


def _box(role: Role) -> None:
    title, prompt = PROMPTS[role]
    held = state.side(role)
    say(title, "h2")
    say(prompt, look="quiet")
    if held.problem:
        trouble(held.problem)
    if held.job:
        _progress(role)
        return
    if held.profile:
        source = held.profile.source
        say(f"✓ {cut(source.name)}, {count(source.rows_read, 'row')}")
    if held.task:
        say(f"{cut(held.name)} waits for the reference.")
    key = state.uploader_key(role)
    st.file_uploader(
        f"{role.title()} file",
        TYPES,
        key=key,
        on_change=state.receive,
        args=(role, key),
        label_visibility="collapsed",
    )


@st.fragment(run_every=POLL)
def _progress(role: Role) -> None:
    if state.settle() or not (job := state.side(role).job):
        st.rerun()
    if job.share is None:
        st.progress(0.0, plain(f"{cut(job.name)} waits for other files to be read"))
    else:
        st.progress(job.share, plain(f"Reading {cut(job.name)}: {percent(job.share)}"))
    st.button("Cancel", key=f"cancel-{role}", on_click=state.cancel, args=(role,))


def compared() -> Report:
    """Give the report; where there is none, draw the way to one and end the run."""
    if not state.is_complete():
        say("Nothing compared yet", "h1")
        say("Give two tables, or try the sample. What the link chose is kept.", look="lead")
        loader()
        st.stop()
    if stale := state.stale():
        st.warning(plain(stale))
    try:
        with st.spinner("Comparing the counts"):
            return state.report()
    except PROBLEMS as problem:
        say("These tables cannot be compared", "h1")
        trouble(str(problem))
        loader()
        st.stop()


def tried(settings: Settings) -> Report:
    """Give the report under settings that are tried; what is impossible with them ends the run."""
    try:
        return state.trial(settings)
    except PROBLEMS as problem:
        trouble(str(problem))
        st.stop()
