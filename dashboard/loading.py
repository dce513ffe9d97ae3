"""The way to a report: two tables are given, counted with progress shown, and compared."""

import streamlit as st

from core.deciding.reports import Report, Role
from core.pipeline import PROBLEMS
from core.reporting.words import count, cut, percent
from core.settings import Settings
from dashboard import columns, folders, schedules
from dashboard.parts import plain, say, trouble
from dashboard.state import answers, choices, sides, tables, wishes

PROMPTS = {
    "reference": ("1  Reference", "What you expect: the training data, last month, a profile."),
    "live": ("2  Live", "What came in: the data to be judged."),
}
SEVERAL = "Several files, or a folder of files, are one table where their columns are the same."
LARGER = (
    "Files stay on this server, and only until they are counted. Larger than {limit} MB: choose a "
    "file of the server, or count it where it lies with drift profile and upload the profile."
)
WAITS = (
    "The last choice is not applied yet: it needs the rows again, and uploaded files are let go "
    "once they are counted. Give {names} again on Start, and it holds for them. Until then all "
    "stays as it is."
)
POLL = 0.3  # seconds between two looks at a running job


def loader() -> None:
    """Draw the two uploads with what became of them, and the sample button."""
    for role, column in zip(sides.ROLES, st.columns(2, gap="medium"), strict=True):
        with column.container(border=True, height="stretch", gap="xsmall"):
            _box(role)
    st.button("Try the sample data", on_click=tables.take_sample)
    limit = st.get_option("server.maxUploadSize")
    say(f"{LARGER.format(limit=limit)} The sample: flights from New York.", look="quiet")


def scheduled() -> None:
    """Draw the scheduled runs that the operator shows: is the job alive, and the way to it."""
    found, problems = schedules.shown()
    for problem in problems:
        trouble(problem)
    for dataset, schedule in found.items():
        with st.container(border=True):
            say(f"Scheduled run: {cut(dataset)}", "h2")
            now = schedules.state(schedule)
            if isinstance(now, str):
                trouble(now)
                continue
            for line in now.lines:
                say(line, look="lead" if "OVERDUE" not in line else "lead alert overdue")
            st.button(
                "Look at its windows",
                key=f"schedule-{dataset}",
                on_click=tables.take_schedule,
                args=(dataset,),
                disabled=not now.windows,
            )


def _box(role: Role) -> None:
    title, prompt = PROMPTS[role]
    held = sides.side(role)
    say(title, "h2")
    say(prompt, look="quiet")
    if held.problem:
        trouble(held.problem)
    if held.job or held.task:
        _progress(role)
        return
    if held.counted:
        source = held.counted.whole.source
        say(f"✓ {cut(source.name)}, {count(source.rows_read, 'row')}")
    columns.how_read(role)
    _upload(role)
    if offered := folders.offered():
        _choose(role, list(offered))


def _upload(role: Role) -> None:
    place = st.container()
    whole = st.toggle("A whole folder", key=f"folder-{role}", help=SEVERAL, persist_state="session")
    key = f"{tables.uploader_key(role)}-{'folder' if whole else 'files'}"
    place.file_uploader(
        f"{role.title()} file",
        folders.TYPES,
        accept_multiple_files="directory" if whole else True,
        key=key,
        on_change=tables.receive,
        args=(role, key),
        label_visibility="collapsed",
    )


def _choose(role: Role, offered: list[str]) -> None:
    key = f"place-{role}"
    st.selectbox(
        "or a file of the server",
        offered,
        index=None,
        placeholder="or choose a file of the server",
        label_visibility="collapsed",
        key=key,
        on_change=tables.take_chosen,
        args=(role, key),
    )


@st.fragment(run_every=POLL)
def _progress(role: Role) -> None:
    held = sides.side(role)
    if sides.settle() or not (held.job or held.task):
        st.rerun()
    if (job := held.job) is None:
        say(f"{cut(held.name)} waits for the reference.")
    elif job.share is None:
        st.progress(0.0, plain(f"{cut(job.name)} waits for other files to be read"))
    else:
        st.progress(job.share, plain(f"Reading {cut(job.name)}: {percent(job.share)}"))
    st.button("Cancel", key=f"cancel-{role}", on_click=sides.cancel, args=(role,))


def compared() -> Report:
    """Give the report; where there is none, draw the way to one and end the run."""
    if not sides.is_complete():
        say("Being counted" if sides.is_busy() else "Nothing compared yet", "h1")
        say("Give two tables, or try the sample. What the link chose is kept.", look="lead")
        loader()
        st.stop()
    if between := choices.settings().between:
        if any(sides.is_being_cut(role) for role in sides.ROLES if not sides.windows(role)):
            _cutting()
            st.stop()
        _windows(same_hours=between.same_hours)
    if stale := choices.stale():
        st.warning(plain(stale))
    wished()
    try:
        with st.spinner("Comparing the counts"):
            return answers.report()
    except PROBLEMS as problem:
        say("These tables cannot be compared", "h1")
        trouble(str(problem))
        loader()
        st.stop()


def wished() -> None:
    """Say which choice waits for files to be given again; nothing where none does."""
    if wishes.kept() is None:
        return
    names = " and ".join(cut(sides.side(role).name) for role in sides.ROLES)
    with st.container(border=True):
        say(WAITS.format(names=names))
        give, leave = st.columns(2)
        if give.button("Give the files again", width="stretch"):
            st.switch_page("views/start.py", query_params=choices.link())
        leave.button("Leave it as it is", on_click=wishes.forget, width="stretch")


@st.fragment(run_every=POLL)
def _cutting() -> None:
    waits = [sides.is_being_cut(role) for role in sides.ROLES if not sides.windows(role)]
    if not any(waits):
        st.rerun()
    say("The windows are being counted.", look="lead")


def _windows(*, same_hours: bool) -> None:
    """Say that windows are compared, and draw the way back to whole tables."""
    words, back = st.columns([4, 1], vertical_alignment="center")
    like = ", of the reference the same weekdays and hours alone" if same_hours else ""
    spans = [(role, choices.span(role)) for role in sides.ROLES]
    said = ", ".join(f"{role} {span or 'whole'}" for role, span in spans)
    with words:
        say(f"Windows of time are compared ({said}{like}); others: Over time.", look="quiet")
    back.button("Whole tables", key="whole", on_click=choices.leave_spans, width="stretch")


def tried(settings: Settings) -> Report:
    """Give the report under settings that are tried; what is impossible with them ends the run."""
    try:
        return answers.trial(settings)
    except PROBLEMS as problem:
        trouble(str(problem))
        st.stop()
