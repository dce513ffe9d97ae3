"""What a session holds: two profiles, what was chosen, and the report; how they come and go.

The only file that touches Streamlit's session state, caches and query parameters. Raw rows stay no
longer than it takes to count them; nothing a session holds is seen by another one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.deciding.reports import Report, Role
from core.pipeline import Profile, judge, profile
from core.settings import BadSettings, Settings
from dashboard.jobs import Job, Pool, Task

ROLES: tuple[Role, ...] = ("reference", "live")

_LINKS = ("show", "find", "feature")  # widgets bound to the address
_DATA = Path(__file__).parents[1] / "data"
_STALE = "The live data was read against another reference. Upload it again."


@dataclass(slots=True)
class Side:
    """One of the two tables: a task that waits, a job that runs, a profile, or a problem.

    `kinds` are those that the reference had when live was handed over.
    """

    name: str = ""
    uploads: int = 0
    task: Task | None = None
    job: Job | None = None
    kinds: Mapping[str, str] | None = None
    profile: Profile | None = None
    problem: str | None = None


class Linked(TypedDict):
    """The arguments that bind a widget to the address."""

    key: str
    bind: Literal["query-params"]


_Question = tuple[Profile, Profile, Settings]


class _Answer(NamedTuple):
    question: _Question
    report: Report


def linked(name: str) -> Linked:
    """Bind a widget to the query parameter `name`: what it chooses is part of the link."""
    return {"key": name, "bind": "query-params"}


def keep_links() -> None:
    """Keep what linked widgets chose while the view that draws them is not shown."""
    for name in _LINKS:
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def keep_settings() -> None:
    """Take the settings from the address with the first run, and show them there ever after."""
    if "settings" not in st.session_state:
        st.session_state["settings"] = _from_link()
    said = _as_link(settings())
    for key in Settings.model_fields:
        if key in said and st.query_params.get(key) != said[key]:
            st.query_params[key] = said[key]
        elif key not in said and key in st.query_params:
            del st.query_params[key]


def _from_link() -> Settings:
    said = {key: st.query_params[key] for key in Settings.model_fields if key in st.query_params}
    try:
        return Settings.of({key: _value(text) for key, text in said.items()})
    except BadSettings as problem:
        st.session_state["stale"] = f"The link's settings were not used. {problem}"
        return Settings()


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _as_link(chosen: Settings) -> dict[str, str]:
    said = chosen.model_dump(mode="json", exclude_defaults=True)
    return {
        key: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for key, value in said.items()
    }


def stale() -> str | None:
    """Tell what could not be taken from the address, once."""
    sentence: str | None = st.session_state.pop("stale", None)
    return sentence


def link() -> dict[str, str]:
    """Give the query parameters of the address, to be handed to another view."""
    return st.query_params.to_dict()


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    return Pool()


def warm_up() -> None:
    """Start the worker processes with the first visit, so that no job waits for them."""
    _pool()


def side(role: Role) -> Side:
    """Tell what the session holds of one table."""
    held: Side = st.session_state.setdefault(f"side-{role}", Side())
    return held


def uploader_key(role: Role) -> str:
    """Name the uploader of `role`: a new one, which is empty, after each upload."""
    return f"upload-{role}-{side(role).uploads}"


def receive(role: Role, key: str) -> None:
    """Take the file from the uploader `key` of `role` and have it counted."""
    upload = st.session_state.get(key)
    if not isinstance(upload, UploadedFile):  # the browser speaks again of one that was taken
        return
    side(role).uploads += 1
    _take(role, upload.getvalue(), upload.name)
    _let_go(upload.file_id)


def _let_go(file: str) -> None:
    # The uploader's new key alone leaves the bytes with the server until the session ends.
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file)


def take_sample() -> None:
    """Have the sample data counted."""
    for role in ROLES:
        path = _DATA / f"flights_{role}.csv"
        _take(role, path, path.name)


def _take(role: Role, source: bytes | Path, name: str) -> None:
    cancel(role)
    held = side(role)
    held.profile = held.problem = None
    held.name, held.task = name, partial(profile, source, settings(), name=name)
    _hand_over()


def cancel(role: Role) -> None:
    """Give up reading the table of `role`."""
    held = side(role)
    if held.job is not None:
        held.job.cancelled.set()
    held.task = held.job = None


def settle() -> bool:
    """Take in what the workers have finished; tell whether there was anything."""
    reference, live = side("reference"), side("live")
    settled = [_collect(held) for held in (reference, live)]
    if reference.profile and live.profile and live.kinds != reference.profile.kinds:
        live.profile, live.problem = None, _STALE
    _hand_over()
    if any(settled) and is_complete():
        st.session_state["news"] = True
    return any(settled)


def _collect(held: Side) -> bool:
    if held.job is None or held.job.result is None:
        return False
    result, held.job = held.job.result, None
    if isinstance(result, Profile):
        held.profile = result
    else:
        held.problem = result
    return True


def _hand_over() -> None:
    # Live waits for the kinds of the reference.
    reference, live = side("reference"), side("live")
    if reference.task is not None:
        reference.job = _pool().submit(reference.name, reference.task)
        reference.task = None
    if live.task is not None and reference.profile is not None:
        live.kinds = reference.profile.kinds
        live.job = _pool().submit(live.name, partial(live.task, kinds=live.kinds))
        live.task = None


def is_complete() -> bool:
    """Tell whether both tables are counted."""
    return all(side(role).profile for role in ROLES)


def has_news() -> bool:
    """Tell whether there is a pair of tables whose report nobody has looked at."""
    return bool(st.session_state.get("news", False))


def settings() -> Settings:
    """Tell what was chosen last and is possible."""
    chosen: Settings = st.session_state.get("settings", Settings())
    return chosen


def choose(chosen: Settings) -> None:
    """Apply settings: a new edition of the draft begins with them."""
    st.session_state["settings"] = chosen
    discard()


def discard() -> None:
    """Forget the draft: every control shows again what is applied."""
    st.session_state["edition"] = st.session_state.get("edition", 0) + 1


def draft_key(name: str) -> str:
    """Name a control of the draft; a new edition brings new controls."""
    return f"draft-{st.session_state.get('edition', 0)}-{name}"


def receive_settings(key: str) -> None:
    """Apply the settings file from the uploader `key`; what is wrong with it is kept to be told."""
    upload = st.session_state.get(key)
    if not isinstance(upload, UploadedFile):
        return
    try:
        choose(Settings.from_toml(upload.getvalue().decode()))
    except (BadSettings, UnicodeDecodeError) as problem:
        said = problem if isinstance(problem, BadSettings) else "It is not UTF-8 text."
        st.session_state["refused"] = f"{upload.name} was not used. {said}"
        discard()


def refused() -> str | None:
    """Tell what was wrong with the last settings file, once."""
    sentence: str | None = st.session_state.pop("refused", None)
    return sentence


def reference() -> Profile:
    """Give the reference's profile: counts, no rows."""
    return _profile("reference")


def report() -> Report:
    """Judge the two profiles under the settings, once for each choice.

    Raises one of PROBLEMS where nothing can be compared.
    """
    st.session_state["news"] = False
    return _judged(settings(), "answer")


def trial(tried: Settings) -> Report:
    """Judge the two profiles under settings that are tried and not applied."""
    return report() if tried == settings() else _judged(tried, "trial")


def _judged(chosen: Settings, place: str) -> Report:
    question = _profile("reference"), _profile("live"), chosen
    kept: _Answer | None = st.session_state.get(place)
    if kept is None or not _is_same(kept.question, question):
        kept = st.session_state[place] = _Answer(question, judge(*question))
    return kept.report


def _profile(role: Role) -> Profile:
    counted = side(role).profile
    if counted is None:
        raise LookupError(f"no {role} profile in this session")
    return counted


def _is_same(one: _Question, other: _Question) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2] == other[2]


def choose_feature(name: str) -> None:
    """Choose the feature whose detail is shown."""
    st.session_state["feature"] = name


def require_feature(names: list[str]) -> None:
    """Choose the first of `names` where the chosen feature is none of them."""
    if _feature() not in names:
        choose_feature(names[0])


def choose_row(table: str, names: list[str]) -> None:
    """Choose the feature of the row that was clicked in `table`."""
    rows = st.session_state[table]["selection"]["rows"]
    if rows:
        choose_feature(names[rows[0]])


def mark_row(table: str, names: list[str]) -> None:
    """Select the row of the chosen feature in `table`: the rows may have changed places."""
    chosen = _feature()
    row = names.index(chosen) if chosen in names else 0
    st.session_state[table] = {"selection": {"rows": [row], "columns": [], "cells": []}}


def _feature() -> str | None:
    # Before the first widget of a session has been drawn, the address alone knows.
    name: str | None = st.session_state.get("feature", st.query_params.get("feature"))
    return name
