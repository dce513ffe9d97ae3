"""The two tables of a session: given, counted in a worker, held as a profile, or refused.

Raw rows stay no longer than it takes to count them; nothing a session holds is seen by another one.
What lies on the server (the sample, files in listed folders) is named in the address, so that a
link opens it again; an upload is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.deciding.reports import Role
from core.pipeline import Counted, Data, Kind, count, finest
from core.scheduling.archives import kept_live, kept_reference, length
from core.settings import Settings
from dashboard import folders, schedules
from dashboard.jobs import Job, Pool, Task

from . import choices

ROLES = choices.ROLES
SAMPLE = "sample"

_DATA = Path(__file__).parents[2] / "data"
_HELD = 64_000_000  # bytes of an upload that are held until its columns are checked
_STALE = "The live data was read against another reference. Upload it again."


@dataclass(slots=True)
class Side:
    """One of the two tables: a task that waits, a job that runs, a profile, or a problem.

    `place` names it in the address where it lies on the server; `source` is where it is read from,
    until nothing more is to be read. `kinds` are those that the reference had when live was handed
    over. `counted` has windows of `every` as soon as `cutting`, which follows the verdict, is done;
    `uncut` says why it has none where that failed.
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
    problem: str | None = None


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    return Pool()


def warm_up() -> None:
    """Start the worker processes with the first visit, so that no job waits for them."""
    _pool()


def submit(name: str, task: Task) -> Job:
    """Have work done in a worker, after the tables that wait to be counted."""
    return _pool().submit(name, task, urgent=False)


def lengths() -> tuple[str | None, str | None]:
    """Tell how long the windows of live and of the reference are; None without any."""
    return side("live").every, side("reference").every


def side(role: Role) -> Side:
    """Tell what the session holds of one table."""
    held: Side = st.session_state.setdefault(f"side-{role}", Side())
    return held


def uploader_key(role: Role) -> str:
    """Name the uploader of `role`: a new one, which is empty, after each upload."""
    return f"upload-{role}-{side(role).uploads}"


def receive(role: Role, key: str) -> None:
    """Take the file, or the files, from the uploader `key` of `role` and have them counted."""
    given = st.session_state.get(key)
    files = given if isinstance(given, list) else [given]
    uploads = [each for each in files if isinstance(each, UploadedFile)]
    if not uploads:  # the browser speaks again of one that was taken
        return
    side(role).uploads += 1
    parts = [(each.name, each.getvalue()) for each in uploads]
    name, content = parts[0]
    more = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
    choices.leave_spans()
    _take(role, parts if more else content, name + more)
    for each in uploads:
        _let_go(each.file_id)


def _let_go(file: str) -> None:
    # The uploader's new key alone leaves the bytes with the server until the session ends.
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file)


def take_sample() -> None:
    """Have the sample data counted."""
    choices.leave_spans()
    for role in ROLES:
        take_place(role, SAMPLE)


def take_place(role: Role, place: str) -> None:
    """Have a file of the server counted; one that is not offered is a problem told."""
    if place.startswith(schedules.PLACE):
        _take_kept(role, place)
        return
    path = _DATA / f"flights_{role}.csv" if place == SAMPLE else folders.offered().get(place)
    if path is None:
        side(
            role
        ).problem = (
            f"The server offers no file {place} (any more). Choose another one, or upload it."
        )
        return
    _take(role, path, path.name, place)


def _take_kept(role: Role, place: str) -> None:
    """Have what a scheduled run has kept read, or its reference counted."""
    schedule = schedules.shown()[0].get(place.removeprefix(schedules.PLACE))
    if schedule is None:
        side(role).problem = f"The server shows no {place} (any more). Choose another table."
        return
    work = kept_live if role == "live" else kept_reference
    _begin(role, partial(work, schedule), f"{schedule.dataset} ({role})", place)
    side(role).every = length(schedule)


def take_schedule(dataset: str) -> None:
    """Look at what a scheduled run has kept."""
    choices.leave_spans()
    for role in ROLES:
        take_place(role, f"{schedules.PLACE}{dataset}")


def take_chosen(role: Role, key: str) -> None:
    """Have the file of the server counted that was chosen in the widget `key`."""
    if place := st.session_state[key]:
        choices.leave_spans()
        take_place(role, place)


def follow_link() -> None:
    """With the first run of a session, take the tables that the address names."""
    if "followed" in st.session_state:
        return
    st.session_state["followed"] = True
    for role in ROLES:
        if place := st.query_params.get(role):
            take_place(role, place)


def show_link() -> None:
    """Name in the address the tables that lie on the server."""
    for role in ROLES:
        place = side(role).place
        if place and st.query_params.get(role) != place:
            st.query_params[role] = place
        elif not place and role in st.query_params:
            del st.query_params[role]


def _take(role: Role, source: Data, name: str, place: str | None = None) -> None:
    _begin(role, partial(count, source, choices.settings(), name=name), name, place, source)


def _begin(
    role: Role, task: Task, name: str, place: str | None = None, source: Data | None = None
) -> None:
    cancel(role)
    held = side(role)
    held.counted = held.problem = held.every = held.uncut = None
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
            _take("live", source, name, place)
    _hand_over()
    if any(settled) and is_complete():
        st.session_state["news"] = True
    return any(settled)


def _collect(held: Side) -> bool:
    if held.job is None or held.job.result is None:
        return False
    result, held.job = held.job.result, None
    if isinstance(result, Counted):
        held.counted = result
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
        task = partial(count, held.source, choices.settings(), kinds=held.kinds, name=held.name)
        held.every = chunking.every
        held.cutting = _pool().submit(held.name, partial(task, chunking=chunking), urgent=False)


def let_go() -> None:
    """Forget the bytes of uploads: their report is looked at, and nothing more is to be read."""
    for role in ROLES:
        held = side(role)
        if held.place is None and held.job is None and held.task is None:
            held.source = None


def apply(chosen: Settings) -> None:
    """Apply settings; where they read tables otherwise, these are read again."""
    if _reading(chosen) == _reading(choices.settings()):
        choices.choose(chosen)
    else:
        read_again(chosen.model_dump(exclude_unset=True), ROLES)


def apply_file(key: str) -> None:
    """Apply the settings file from the uploader `key`, if it has no fault."""
    if (chosen := choices.received(key)) is not None:
        apply(chosen)


def _reading(chosen: Settings) -> tuple[object, ...]:
    """Tell what of settings decides how tables are read and cut."""
    kinds = {name: own.kind for name, own in chosen.features.items() if own.kind}
    return chosen.reading, kinds, chosen.max_dropped, chosen.time_column, chosen.chunk_by


def read_again(chosen: Mapping[str, object], roles: Sequence[Role]) -> None:
    """Have tables read as `chosen` settings say; ask for those again whose bytes were let go."""
    choices.choose(Settings.of(dict(chosen)))
    for role in roles:
        held = side(role)
        if held.source is None:
            if held.counted is not None:
                held.counted = None
                held.problem = f"{held.name} was let go after it was counted: give it again."
            continue
        _take(role, held.source, held.name, held.place)


def windows(role: Role) -> Counted | None:
    """Give the table of `role` with its windows of time; None where it has none, or not yet."""
    held = side(role)
    if held.cutting is not None and held.cutting.result is not None:
        if isinstance(held.cutting.result, Counted):
            held.counted = held.cutting.result
        else:
            held.uncut = str(held.cutting.result)
        held.cutting = None
    return held.counted if held.counted and held.counted.windows else None


def is_being_cut(role: Role) -> bool:
    """Tell whether the windows of a table are still being counted."""
    return side(role).cutting is not None


def _hand_over() -> None:
    # Live waits for the kinds of the reference.
    reference, live = side("reference"), side("live")
    if reference.task is not None:
        reference.job = _pool().submit(reference.name, reference.task)
        reference.task = None
    if live.task is not None and reference.counted is not None:
        live.kinds = reference.counted.whole.kinds
        live.job = _pool().submit(live.name, partial(live.task, kinds=live.kinds))
        live.task = None


def is_complete() -> bool:
    """Tell whether both tables are counted."""
    return all(side(role).counted for role in ROLES)


def share_cut(role: Role) -> float:
    """Tell how much of a table's windows is counted."""
    job = side(role).cutting
    return (job.share or 0.0) if job else 1.0


def is_on_server() -> bool:
    """Tell whether a link opens both tables: they lie on the server, for all to see."""
    return all(side(role).place for role in ROLES)


def is_busy() -> bool:
    """Tell whether a table is being counted."""
    return any(side(role).job or side(role).task for role in ROLES)


def has_news() -> bool:
    """Tell whether there is a pair of tables whose report nobody has looked at."""
    return bool(st.session_state.get("news", False))


def look() -> None:
    """Note that the report of the pair is looked at: the uploads are needed no more."""
    st.session_state["news"] = False
    let_go()
