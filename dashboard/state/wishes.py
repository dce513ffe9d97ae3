"""Choices that need the rows of files whose bytes were let go: they wait until these come again."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core.deciding.reports import Role
from core.settings import Settings

from . import choices

# Widgets that apply what they say at once.
_NAMED = ("segments-shown", "pairs-shown", "label-named", "predictions-named", "logits-named")


class Wish(NamedTuple):
    """Settings, key by key, that wait for the files of `roles` to be given again."""

    changes: dict[str, object]
    roles: tuple[Role, ...]


def keep(wanted: Settings, roles: Sequence[Role]) -> None:
    """Keep what `wanted` has otherwise until files are given again; what is applied stays."""
    known = choices.settings()
    changes = {
        key: getattr(wanted, key)
        for key in Settings.model_fields
        if getattr(wanted, key) != getattr(known, key)
    }
    st.session_state["wished"] = Wish(changes, tuple(roles))


def kept() -> Wish | None:
    """Tell what waits."""
    found: Wish | None = st.session_state.get("wished")
    return found


def grant(wish: Wish) -> None:
    """Apply what waited."""
    st.session_state.pop("wished", None)
    choices.choose(choices.settings().model_copy(update=wish.changes))


def forget() -> None:
    """Leave it at what is applied, and show that in every control."""
    if st.session_state.pop("wished", None) is not None:
        for key in _NAMED:
            st.session_state.pop(key, None)
    choices.discard()
