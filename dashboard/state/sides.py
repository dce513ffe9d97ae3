"""The two tables of a session on their way: a task that waits, a job that runs, then a profile.

Raw rows stay no longer than it takes to count them; nothing a session holds is seen by another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.deciding.reports import Role
from core.pipeline import Counted, Data, Kind, Profile, count, cut_by, finest
from dashboard.jobs import Job, Pool
from dashboard.memory import set_aside
from dashboard.worker import Task

from . import choices

ROLES = choices.ROLES

_HELD = 64_000_000  # bytes of an upload that are held until its columns are checked
_STALE = "The live data was read against another reference. Upload it again."


@dataclass(slots=True)
class Side:
    """One of the two tables: a task that waits, a job that runs, a profile, or a problem.

    `place` names it in the address where it lies on the server; `source` is where it is read from,
    until nothing more is to be read. `kinds` are those that the reference had when live was handed
    over. `chunks` are its parts where rows resemble each other. `counted` has windows of `every`
    as soon as `cutting`, which follows the verdict, is done; `uncut` says why it has
    none where that failed.
    """

    name: str = ""
    place: str | None = None
    uploads: int = 0
    source: Data | None = None
    task: Task | None = None
    job: Job | None = None
    cutting: Job | None = None
    every: str | None = None
    uncut: str | None = None
    kinds: Mapping[str, Kind] | None = None
    counted: Counted | None = None
    chunks: tuple[Profile, ...] = ()
    problem: str | None = None


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    set_aside()
    return Pool()


def warm_up() -> None:
    """Start the worker processes with the first visit, so that no job waits for them."""
    _pool()


def submit(name: str, task: Task) -> Job:
    """Have work done in a worker, after the tables that wait to be counted."""
    return _pool().submit(name, task, urgent=False)


def side(role: Role) -> Side:
    """Tell what the session holds of one table."""
    held: Side = st.session_state.setdefault(f"side-{role}", Side())
    return held


def lengths() -> tuple[str | None, str | None]:
    """Tell how long the windows of live and of the reference are; None without any."""
    return side("live").every, side("reference").every


def read(role: Role, source: Data, name: str, place: str | None = None) -> None:
    """Have a table counted as the settings say; what was held of `role` is given up."""
    chosen = choices.settings()
    task = partial(count, source, chosen, name=name, chunking=cut_by(chosen))
    begin(role, task, name, place, source)


def begin(
    role: Role, task: Task, name: str, place: str | None = None, source: Data | None = None
) -> None:
    """Put `task`, which counts the table `name`, in the place of what was held of `role`."""
    cancel(role)
    held = side(role)
    held.counted = held.problem = held.every = held.uncut = None
    held.chunks = ()
    held.name, held.place, held.source, held.task = name, place, source, task
    _hand_over()


def cancel(role: Role) -> None:
    """Give up reading the table of `role`."""
    held = side(role)
    for job in (held.job, held.cutting):
        if job is not None:
            job.cancelled.set()
    held.task = held.job = held.cutting = held.place = held.source = None


def settle() -> bool:
    """Take in what the workers have finished; tell whether there was anything."""
    reference, live = side("reference"), side("live")
    settled = [_collect(held) for held in (reference, live)]
    if reference.counted and live.counted and live.kinds != reference.counted.whole.kinds:
        source, name, place = live.source, live.name, live.place
        cancel("live")
        live.counted, live.problem = None, _STALE
        if source is not None:
            read("live", source, name, place)
    _hand_over()
    if any(settled) and is_complete():
        st.session_state["news"] = True
    return any(settled)


def _collect(held: Side) -> bool:
    if held.job is None or held.job.result is None:
        return False
    result, held.job = held.job.result, None
    if isinstance(result, Counted):
        held.counted, held.chunks = result, ()
        if cut_by(choices.settings()) and held.source is not None:  # its windows are others
            held.counted, held.chunks = Counted(result.whole), result.chunks
        _cut(held, result)
        if _weight(held.source) > _HELD:
            held.source = None
    else:
        held.problem, held.place, held.source = str(result), None, None
    return True


def _weight(source: Data | None) -> int:
    """Tell how many bytes of an upload the session holds."""
    if isinstance(source, list):
        return sum(len(content) for _, content in source)
    return len(source) if isinstance(source, bytes) else 0


def _cut(held: Side, counted: Counted) -> None:
    """Have the table cut into windows of time, if it has a time column: the verdict comes first."""
    chunking = finest(counted.whole, choices.settings())
    if chunking is not None and held.source is not None:
        plain = choices.settings().of_columns()  # the rest is that of the whole, which is known
        task = partial(count, held.source, plain, kinds=held.kinds, name=held.name)
        held.every = chunking.every
        held.cutting = _pool().submit(held.name, partial(task, chunking=chunking), urgent=False)


def _hand_over() -> None:
    # Live waits for the kinds of the reference.
    reference, live = side("reference"), side("live")
    if reference.task is not None:
        reference.job = _pool().submit(reference.name, reference.task)
        reference.task = None
    if live.task is not None and reference.counted is not None:
        whole = reference.counted.whole
        live.kinds = whole.kinds
        # Pairs have the levels of the reference, vectors its lengths.
        like = whole if whole.pairs is not None or whole.vectors else whole.kinds
        live.job = _pool().submit(live.name, partial(live.task, kinds=like))
        live.task = None


def windows(role: Role) -> Counted | None:
    """Give the table of `role` with its windows of time; None where it has none, or not yet."""
    held = side(role)
    if held.cutting is not None and held.cutting.result is not None:
        if isinstance(held.cutting.result, Counted):
            whole = held.counted.whole if held.counted else held.cutting.result.whole
            held.counted = replace(held.cutting.result, whole=whole)
        else:
            held.uncut = str(held.cutting.result)
        held.cutting = None
    return held.counted if held.counted and held.counted.windows else None


def is_being_cut(role: Role) -> bool:
    """Tell whether the windows of a table are still being counted."""
    windows(role)  # takes in what is done
    return side(role).cutting is not None


def share_cut(role: Role) -> float:
    """Tell how much of a table's windows is counted."""
    job = side(role).cutting
    return (job.share or 0.0) if job else 1.0


def is_complete() -> bool:
    """Tell whether both tables are counted."""
    return all(side(role).counted for role in ROLES)


def is_busy() -> bool:
    """Tell whether a table is being counted."""
    return any(side(role).job or side(role).task for role in ROLES)


def is_on_server() -> bool:
    """Tell whether a link opens both tables: they lie on the server, for all to see."""
    return all(side(role).place for role in ROLES)


def let_go() -> None:
    """Forget the bytes of uploads: their report is looked at, and nothing more is to be read."""
    for role in ROLES:
        held = side(role)
        if held.place is None and held.job is None and held.task is None:
            held.source = None


def has_news() -> bool:
    """Tell whether there is a pair of tables whose report nobody has looked at."""
    return bool(st.session_state.get("news", False))


def look() -> None:
    """Note that the report of the pair is looked at: the uploads are needed no more."""
    st.session_state["news"] = False
    let_go()
