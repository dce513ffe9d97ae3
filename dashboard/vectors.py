"""Vectors on the page: which moved, along which directions, and what they are made of."""

from collections.abc import Mapping, Sequence
from html import escape
from json import JSONDecodeError, dumps, loads

import streamlit as st

from core.deciding.reports import Report, VectorReport
from core.reporting import vectors
from core.reporting.sentences import STATES
from core.reporting.words import cut, visible
from dashboard.parts import LONG_NAME, plain, say
from dashboard.state import choices

HELP = (
    "One a line: latent = z0, z1, z2, or the name of a column of lists. Columns that are one thing "
    "are compared as a whole, beside each by itself. The tables are read again."
)


def draw(report: Report) -> None:
    """Draw the vectors of a report, one in a row and each in detail; nothing without any."""
    if not report.vectors:
        return
    say("Vectors", "h2")
    say(vectors.METHOD, look="quiet")
    rows = [
        (
            str(STATES[each.state]),
            cut(each.name) or "(no name)",
            vectors.size(each),
            vectors.interval(each) or "–",
            vectors.certain(each) or "–",
            visible(vectors.gist(each)),
        )
        for each in report.vectors
    ]
    st.html(_table(vectors.HEADER, rows))
    for each in report.vectors:
        if vectors.figures(each):
            with st.expander(plain(f"{cut(each.name, LONG_NAME)}: directions and measures")):
                _detail(each)


def _detail(vector: VectorReport) -> None:
    say(f"{vector.reason} {vectors.basis(vector)}", look="lead")
    for move in vectors.moves(vector):
        say(f"• {move}")
    items = "".join(
        f"<div><dt>{escape(each.name)}</dt>"
        f"<dd>{escape(each.value)} <small>{escape(each.unit)}</small></dd></div>"
        for each in vectors.figures(vector)
    )
    st.html(f'<dl class="measures">{items}</dl>')
    st.html(_table(vectors.COMPONENT_COLUMNS, vectors.component_rows(vector)))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def chosen(applied: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Draw the field that names vectors; give what it says."""
    text = st.text_area(
        "Vectors: columns taken together",
        "\n".join(f"{name} = {written(columns)}" for name, columns in applied.items()),
        help=HELP,
        placeholder="latent = z0, z1, z2",
        key=choices.draft_key("vectors"),
        persist_state="session",
    )
    lines = [line.partition("=") for line in (text or "").splitlines() if line.strip()]
    return {name.strip(): read(columns.strip()) for name, _, columns in lines}


def written(columns: Sequence[str]) -> str:
    """Write columns with commas between them; in JSON where a name has a comma."""
    plain_names = not any("," in name or name != name.strip() for name in columns)
    return ", ".join(columns) if plain_names else dumps(list(columns), ensure_ascii=False)


def read(text: str) -> object:
    """Take names between commas, or a list in JSON; the settings refuse what is neither."""
    if text.startswith("["):
        try:
            return loads(text)
        except JSONDecodeError:
            return text
    return [name.strip() for name in text.split(",") if name.strip()]
