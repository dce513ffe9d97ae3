"""What leaves and comes back as a file: the report, the settings, the reference's profile."""

from collections.abc import Callable
from functools import partial
from shlex import quote

import streamlit as st

from core.deciding.reports import Report
from core.reporting.exports import render
from core.reporting.words import visible
from core.settings import Settings
from dashboard.parts import say
from dashboard.state import answers, choices, sides, tables

FORMATS = {".html": "Report", ".json": "Report for machines", ".csv": "Table", ".md": "Summary"}
OPENS_ALL = "Whoever opens it sees the same: tables, settings, filter and feature."
OPENS_CHOICES = (
    "It keeps settings, filter and feature; whoever opens it must load the files, for an upload is "
    "seen by nobody else."
)
NAME = "tideline.toml"


def export(report: Report) -> None:
    """Offer the report in every format, the settings, the reference's profile, and the link."""

    def offer(caption: str, name: str, data: Callable[[], str | bytes]) -> None:
        st.download_button(caption, data, name, key=name, on_click="ignore", width="stretch")

    with st.popover("Export and share", width="stretch"):
        for suffix, caption in FORMATS.items():
            offer(f"{caption} ({suffix[1:]})", f"report{suffix}", partial(render, report, suffix))
        # What is asked for later is asked outside of the session: it is taken along now.
        offer("Settings (toml)", NAME, partial(written, choices.settings()))
        offer("Reference profile", "reference.profile", answers.reference().to_bytes)
        say("Link", "h2")
        st.code(choices.address(), language=None, wrap_lines=True)
        say(OPENS_ALL if sides.is_on_server() else OPENS_CHOICES, look="quiet")


def settings(chosen: Settings) -> None:
    """Draw the file of `chosen`, the command that uses it, and a place to give one."""
    with st.container(border=True):
        say("As a file", "h2")
        say(
            "The same result by script: only what differs from the defaults is in it.", look="quiet"
        )
        st.code(written(chosen), language=None)
        st.code(command(), language=None, wrap_lines=True)
        st.download_button(
            f"Download {NAME}", partial(written, chosen), NAME, key="toml", on_click="ignore"
        )
        key = choices.draft_key("file")
        st.file_uploader(
            "Settings file",
            ["toml"],
            key=key,
            on_change=tables.apply_file,
            args=(key,),
            help="Apply the settings of a file.",
        )


def command() -> str:
    """Write the command that compares the same tables by the settings file."""
    names = (quote(visible(sides.side(choices.source(role)).name)) for role in sides.ROLES)
    return f"drift compare {' '.join(names)} --settings {NAME}"


def written(chosen: Settings) -> str:
    """Write the settings as the text of a file."""
    return chosen.to_toml() or "# Every setting has its default.\n"
