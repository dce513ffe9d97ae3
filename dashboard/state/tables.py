"""Where the two tables of a session come from: uploads, the sample, the server, a link.

What lies on the server (the sample, files in listed folders) is named in the address, so that a
link opens it again; an upload is not.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.deciding.reports import Role
from core.pipeline import cut_by
from core.scheduling.archives import kept_live, kept_reference, length
from core.settings import Settings
from dashboard import folders, schedules

from . import choices, sides, wishes
from .sides import ROLES

SAMPLE = "sample"

_DATA = Path(__file__).parents[2] / "data"


def uploader_key(role: Role) -> str:
    """Name the uploader of `role`: a new one, which is empty, after each upload."""
    return f"upload-{role}-{sides.side(role).uploads}"


def receive(role: Role, key: str) -> None:
    """Take the file, or the files, from the uploader `key` of `role` and have them counted."""
    given = st.session_state.get(key)
    files = given if isinstance(given, list) else [given]
    uploads = [each for each in files if isinstance(each, UploadedFile)]
    if not uploads:  # the browser speaks again of one that was taken
        return
    sides.side(role).uploads += 1
    parts = [(each.name, each.getvalue()) for each in uploads]
    name, content = parts[0]
    more = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
    _grant(role)
    choices.leave_spans()
    sides.read(role, parts if more else content, name + more)
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
    wishes.forget()
    if place.startswith(schedules.PLACE):
        _take_kept(role, place)
        return
    path = _DATA / f"flights_{role}.csv" if place == SAMPLE else folders.offered().get(place)
    if path is None:
        sides.side(
            role
        ).problem = (
            f"The server offers no file {place} (any more). Choose another one, or upload it."
        )
        return
    sides.read(role, path, path.name, place)


def _take_kept(role: Role, place: str) -> None:
    """Have what a scheduled run has kept read, or its reference counted."""
    schedule = schedules.shown()[0].get(place.removeprefix(schedules.PLACE))
    if schedule is None:
        sides.side(role).problem = f"The server shows no {place} (any more). Choose another table."
        return
    work = kept_live if role == "live" else kept_reference
    sides.begin(role, partial(work, schedule), f"{schedule.dataset} ({role})", place)
    sides.side(role).every = length(schedule)


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
        place = sides.side(role).place
        if place and st.query_params.get(role) != place:
            st.query_params[role] = place
        elif not place and role in st.query_params:
            del st.query_params[role]


def apply(chosen: Settings) -> None:
    """Apply settings; where they read tables otherwise, these are read again."""
    if chosen == choices.settings():  # what waited is taken back
        wishes.forget()
    elif _reading(chosen) == _reading(choices.settings()):
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
    cut = chosen.time_column, cut_by(chosen), chosen.segments
    return (
        chosen.reading,
        kinds,
        chosen.max_dropped,
        *cut,
        chosen.vectors,
        chosen.pairs,
        chosen.label,
    )


def read_again(chosen: Mapping[str, object], roles: Sequence[Role]) -> None:
    """Have tables read as `chosen` settings say.

    Where bytes were let go the settings wait for the files: until these come, all stays as it is.
    """
    wanted = Settings.of(dict(chosen))
    if wanted == choices.settings():
        return
    if any(_is_gone(role) for role in roles):
        wishes.keep(wanted, roles)
        return
    choices.choose(wanted)
    _read_anew(roles)


def _read_anew(roles: Sequence[Role]) -> None:
    """Have tables read again; those whose bytes were let go are asked for."""
    for role in roles:
        held = sides.side(role)
        if held.source is not None:
            sides.read(role, held.source, held.name, held.place)
        elif held.counted is not None:
            held.counted = None
            held.problem = f"{held.name} was counted under other settings: give it again."


def _is_gone(role: Role) -> bool:
    held = sides.side(role)
    return held.counted is not None and held.source is None


def _grant(given: Role) -> None:
    """Apply the settings that waited for files, now that the one of a role comes."""
    if (wish := wishes.kept()) is not None:
        wishes.grant(wish)
        _read_anew([role for role in wish.roles if role != given])
