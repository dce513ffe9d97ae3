"""The settings, and what they would change before they are applied."""

import streamlit as st

from core.settings import BadSettings, Settings
from dashboard import controls, files, laboratory, loading, parts
from dashboard.state import choices, tables

report = loading.compared()
parts.say("Settings", "h1")
if refused := choices.refused():
    parts.trouble(refused)
choose, see = st.columns([5, 6], gap="large")
with choose:
    applied = choices.settings()
    draft = controls.draft(applied, sorted(feature.name for feature in report.features))
    impossible = ""
    try:
        tried = Settings.of(draft)
        changed = tried != applied
    except BadSettings as problem:
        impossible = str(problem)
        tried, changed = applied, True
    apply, undo, reset = st.columns(3)
    apply.button(
        "Apply",
        type="primary",
        on_click=tables.apply,
        args=(tried,),
        disabled=tried == applied,
        width="stretch",
    )
    undo.button("Undo changes", on_click=choices.discard, disabled=not changed, width="stretch")
    reset.button("Defaults", on_click=tables.apply, args=(Settings(),), width="stretch")
    files.settings(tried)
with see:
    parts.say("What it changes, before you apply it", "h2")
    if impossible:
        parts.trouble(f"Nothing: these choices are not possible. {impossible}")
        st.stop()
    laboratory.effect(report, loading.tried(tried))
    laboratory.over_windows(applied, tried)
