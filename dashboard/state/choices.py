"""What a session has chosen: settings and their draft, filter and feature; the address mirrors it.

The settings that differ from the defaults stand in the query parameters, so that a view is a link.
"""

import json
from collections.abc import Mapping
from typing import Literal, TypedDict
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.choices import Between
from core.deciding.reports import Role
from core.settings import BadSettings, Settings

ROLES: tuple[Role, ...] = ("reference", "live")
_LINKS = (
    "show",
    "order",
    "find",
    "feature",
    "lesson",
    "window-length",
    "against",
)  # widgets bound to the address


class Linked(TypedDict):
    """The arguments that bind a widget to the address."""

    key: str
    bind: Literal["query-params"]


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
    for role in ROLES:
        table = source(role)
        if table != role:
            st.query_params[f"{role}_from"] = table


def _from_link() -> Settings:
    said = {key: st.query_params[key] for key in Settings.model_fields if key in st.query_params}
    values = {key: _value(text) for key, text in said.items()}
    try:
        return Settings.of({**values, **_bounded(values)})
    except BadSettings as problem:
        st.session_state["stale"] = f"The link's settings were not used. {problem}"
        return Settings()


def _bounded(values: Mapping[str, object]) -> dict[str, object]:
    """Take no limit of memory from a link: it may come from anybody."""
    reading = values.get("reading")
    if not isinstance(reading, dict):
        return {}
    tables = {key: _without_limit(value) for key, value in reading.items()}
    return {"reading": _without_limit(tables)}


def _without_limit(table: object) -> object:
    if not isinstance(table, dict):
        return table
    return {key: value for key, value in table.items() if key != "max_mb"}


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _as_link(chosen: Settings) -> dict[str, str]:
    said = chosen.model_dump(mode="json", exclude_defaults=True)
    return {key: _text(value) for key, value in said.items()}


def _text(value: object) -> str:
    """Write a value so that `_value` reads it back; a word stays as it is."""
    if isinstance(value, str) and _value(value) == value:
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def source(role: Role) -> Role:
    """Tell which table stands in the place of `role`: a window of either may."""
    if settings().between is None:
        return role
    said = st.session_state.get(f"from-{role}", st.query_params.get(f"{role}_from"))
    return said if said in ("reference", "live") else role


def span(role: Role) -> str | None:
    """Say which rows of one table are compared, from when up to when; None for all."""
    between = settings().between
    found = between.span(role) if between else None
    return f"{found[0]:%Y-%m-%d %H:%M} up to {found[1]:%Y-%m-%d %H:%M}" if found else None


def compare_between(chosen: Between, sources: Mapping[Role, Role]) -> None:
    """Compare windows: spans of time, each of either table."""
    for role, table in sources.items():
        st.session_state[f"from-{role}"] = table
    choose(settings().model_copy(update={"between": chosen}))


def leave_spans() -> None:
    """Compare whole tables again."""
    if settings().between is not None:
        choose(settings().model_copy(update={"between": None}))


def leave() -> None:
    """Have the page left with this run: what was chosen is looked at elsewhere."""
    st.session_state["leaving"] = True


def is_leaving() -> bool:
    """Tell whether the page is to be left, once."""
    return bool(st.session_state.pop("leaving", False))


def choose_window(start: str, feature: str) -> None:
    """Choose the window and the feature of a cell that was clicked, once for each click."""
    if st.session_state.get("clicked") != (start, feature):
        st.session_state["clicked"] = (start, feature)
        st.session_state["window-start"] = start
        choose_feature(feature)


def require_window(key: str, starts: list[str], names: list[str]) -> None:
    """Select in `key` the window that was clicked, else the last where there is no such choice."""
    clicked = st.session_state.pop("window-start", None)
    if clicked in starts:
        st.session_state[key] = names[starts.index(clicked)]
    elif st.session_state.get(key) not in names:
        st.session_state[key] = names[-1]


def keep_chart() -> None:
    """Take the view of the picture from the address with the first run, and show it ever after."""
    kept = st.session_state.setdefault("chart", st.query_params.get("chart"))
    if kept and st.query_params.get("chart") != kept:
        st.query_params["chart"] = kept


def chart() -> str | None:
    """Tell which view of a feature's picture was chosen last."""
    said: str | None = st.session_state.get("chart")
    return said


def choose_chart(key: str) -> None:
    """Take the view of the picture that was chosen in the widget `key` for all features."""
    st.session_state["chart"] = st.query_params["chart"] = st.session_state[key]


def clear_filter() -> None:
    """Show all features again."""
    st.session_state["show"], st.session_state["find"] = [], ""


def stale() -> str | None:
    """Tell what could not be taken from the address, once."""
    sentence: str | None = st.session_state.pop("stale", None)
    return sentence


def link() -> dict[str, str]:
    """Give the query parameters of the address, to be handed to another view.

    Without those that belong to widgets: they keep their values themselves (`keep_links`), and a
    page that hands them on is refused.
    """
    return {key: said for key, said in st.query_params.to_dict().items() if key not in _LINKS}


def address() -> str:
    """Give the address of the page as it is now, to be sent to somebody."""
    page = (st.context.url or "").partition("?")[0]
    said = {**st.query_params.to_dict(), **{key: _chosen(key) for key in _LINKS if _chosen(key)}}
    return f"{page}?{urlencode(said, doseq=True)}" if said else page


def _chosen(key: str) -> object:
    return st.session_state.get(key)


def settings() -> Settings:
    """Tell what was chosen last and is possible."""
    chosen: Settings = st.session_state.get("settings", Settings())
    return chosen


def choose(chosen: Settings) -> None:
    """Apply settings: a new edition of the draft begins with them."""
    st.session_state["settings"] = chosen
    if chosen.between is None:
        for role in ROLES:  # without a window, each table stands in its own place
            st.session_state.pop(f"from-{role}", None)
            if f"{role}_from" in st.query_params:
                del st.query_params[f"{role}_from"]
    discard()


def discard() -> None:
    """Forget the draft: every control shows again what is applied."""
    st.session_state["edition"] = st.session_state.get("edition", 0) + 1


def draft_key(name: str) -> str:
    """Name a control of the draft; a new edition brings new controls."""
    return f"draft-{st.session_state.get('edition', 0)}-{name}"


def received(key: str) -> Settings | None:
    """Read the settings file from the uploader `key`; what is wrong with it is kept to be told."""
    upload = st.session_state.get(key)
    if not isinstance(upload, UploadedFile):
        return None
    try:
        return Settings.from_toml(upload.getvalue().decode())
    except (BadSettings, UnicodeDecodeError) as problem:
        said = problem if isinstance(problem, BadSettings) else "It is not UTF-8 text."
        st.session_state["refused"] = f"{upload.name} was not used. {said}"
        discard()
        return None


def refused() -> str | None:
    """Tell what was wrong with the last settings file, once."""
    sentence: str | None = st.session_state.pop("refused", None)
    return sentence


def choose_feature(name: str) -> None:
    """Choose the feature whose detail is shown."""
    st.session_state["feature"] = name


def require_feature(names: list[str]) -> None:
    """Choose the first of `names` where the chosen feature is none of them."""
    if _feature() not in names:
        choose_feature(names[0])


def choose_row(table: str, names: list[str]) -> None:
    """Choose the feature of the row that was clicked in `table`, at its mark or in any cell."""
    picked = st.session_state[table]["selection"]
    rows = [row for row, _ in picked["cells"]] or picked["rows"]
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
