"""What the views are made of: each part is drawn here, once.

Names, labels and messages come from data. They are shown as text: escaped in HTML (`say`), and in
Markdown (`plain`), which Streamlit's own messages and labels would obey.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from core.deciding.reports import SCHEMA_CHANGES, FeatureReport, Report
from core.reporting import effects, outcomes, palette
from core.reporting.certainty import chance, interval
from core.reporting.columns import mismatches
from core.reporting.sentences import (
    MEASURES,
    STATES,
    VERDICTS,
    basis,
    gist,
    headline,
    tables,
)
from core.reporting.sketches import spark
from core.reporting.words import count, cut, grouped, percent, visible
from dashboard.state import choices

WORDS = tuple(dict.fromkeys(badge.word for badge in STATES.values()))
WORST_FIRST, BY_NAME = "Worst first", "By name"
LONG_NAME = 200  # characters of a name where it stands alone, and in the address
Q_HELP = "Of all features called out at this q or below, at most this share is a false alarm."
INTERVAL_HELP = "Where the true JS distance of these bins lies, 90 times in 100."
TREND_HELP = "The measure of live's windows against the reference, first to last: see Over time."
TAKEN = "time_column"  # the code of a note on how the data were taken, which is no fault of theirs
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+-]+:)")  # :smile: would become a picture, escaped or not


def say(text: str, tag: str = "p", look: str = "") -> None:
    """Show a text as it is, as an element of HTML."""
    st.html(f'<{tag} class="{look}">{escape(visible(text))}</{tag}>')


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> None:
    """Draw cells of text as a table: `words` in its first columns, numbers in the others."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    st.html(
        f'<table class="words-{words}"><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>'
    )


def trouble(sentence: str) -> None:
    """Show an error: what, where, what to do now."""
    st.error(plain(sentence))


def plain(text: str) -> str:
    """Escape a text for Streamlit's Markdown, which then shows it as it is."""
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(":\u2060", visible(text)))


def verdict(report: Report) -> None:
    """Draw the verdict: a sentence first, then the strongest features, then what was compared."""
    first, _, rest = headline(report).partition(". ")
    say(f"{VERDICTS[report.verdict].symbol} {first.removesuffix('.')}", "h1", report.verdict)
    if rest:
        say(rest, look="lead")
    if outcomes.has_roles(report):
        say(outcomes.sides(report), look="lead")
    say(f"{tables(report)} {basis(report)}", look="quiet")


def counts(report: Report) -> None:
    """Draw the four figures that are read first."""
    number = effects.tally(report)
    compared = sum(number.values()) - number["Not compared"]
    alpha = report.settings.get("alpha")
    flagged = has_chance(report) and number["Drift"] + number["Watch"]
    chance = f"≤ {percent(alpha)}" if flagged and isinstance(alpha, float) else "–"
    quiet = ("Stable", "Not enough data", "Not compared")
    rest = f"The others: {', '.join(f'{word.lower()} {number[word]}' for word in quiet)}."
    figures = (
        ("Drifted", f"{grouped(number['Drift'])} of {grouped(compared)}", "features compared"),
        ("Watch", grouped(number["Watch"]), rest),
        ("Data quality", grouped(len(quality(report))), "missing, changed or odd: listed below"),
        ("False among these", chance, "at most this share of the flagged features is chance"),
    )
    with st.grid(len(figures), min_column_width=150, gap="xsmall"):
        for name, value, explained in figures:
            st.metric(name, value, border=True, help=explained)
    say(rest, look="quiet")


def has_chance(report: Report) -> bool:
    """Tell whether chance was weighed: not under fixed thresholds."""
    return report.settings.get("policy") == "calibrated"


def quality(report: Report) -> list[str]:
    """List what is odd about the data themselves: changed columns first, then what was noticed."""
    changed = [each.reason for each in report.features if each.code in SCHEMA_CHANGES]
    odd = [warning.message for warning in report.warnings if warning.code != TAKEN]
    return [*changed, *odd]


def notes(report: Report) -> None:
    """List what was guessed, repaired or left out while reading and comparing."""
    found = quality(report)
    taken = [warning.message for warning in report.warnings if warning.code == TAKEN]
    if found or taken:
        title = f"Data quality ({grouped(len(found))})" if found else "Notes on the data"
        with st.expander(title):
            for sentence in (*found, *taken):
                say(sentence)


def matching(report: Report) -> list[FeatureReport]:
    """Draw filter and order; list the features that pass, worst first unless asked otherwise."""
    states, order, name = st.columns([6, 2, 2], vertical_alignment="center")
    with states:
        words = st.pills(
            "Show",
            WORDS,
            selection_mode="multi",
            label_visibility="collapsed",
            **choices.linked("show"),
        )
    with order:
        by = st.selectbox(
            "Order",
            (WORST_FIRST, BY_NAME),
            label_visibility="collapsed",
            **choices.linked("order"),
        )
    with name:
        wanted = st.text_input(
            "Find a feature",
            placeholder="Find a feature",
            label_visibility="collapsed",
            **choices.linked("find"),
        ).casefold()
    shown = [
        feature
        for feature in report.features
        if (not words or STATES[feature.state].word in words) and wanted in feature.name.casefold()
    ]
    return sorted(shown, key=lambda each: each.name.casefold()) if by == BY_NAME else shown


def label(feature: FeatureReport) -> str:
    """Name a feature where its name stands alone, and in the address."""
    return cut(feature.name, LONG_NAME) or "(no name)"


def look_at_columns(report: Report) -> None:
    """Lead to the check of the columns where some do not match."""
    if found := mismatches(report):
        words, go = st.columns([4, 1], vertical_alignment="center")
        verb = "does" if len(found) == 1 else "do"
        with words:
            say(f"{count(len(found), 'column')} {verb} not match.", look="quiet")
        if go.button("Check the columns", width="stretch"):
            st.switch_page("views/start.py", query_params=choices.link())


def ranking(
    features: Sequence[FeatureReport], trends: Mapping[str, Sequence[float]] | None = None
) -> None:
    """Draw the ranked table; a click on a row chooses the feature.

    `trends` gives it a column of values over time, by feature, empty where none are known.
    """
    names = [label(feature) for feature in features]
    choices.mark_row("ranking", names)
    table = _table(features, trends)
    st.dataframe(
        table,
        key="ranking",
        on_select=partial(choices.choose_row, "ranking", names),
        selection_mode=("single-row-required", "single-cell"),
        hide_index=True,
        alt="Features ranked by drift",
        placeholder="–",
        column_config=_columns(table),
    )


def _table(
    features: Sequence[FeatureReport], trends: Mapping[str, Sequence[float]] | None
) -> pd.DataFrame:
    sides = [_on_one_scale(*spark(feature)) for feature in features]
    columns: dict[str, list[object]] = {
        "Verdict": [str(STATES[feature.state]) for feature in features],
        "Feature": [label(feature) for feature in features],
        "Role": [outcomes.role(feature) or "–" for feature in features],
        "Value": [None if feature.value == "infinite" else feature.value for feature in features],
        "90 % interval": [interval(feature) for feature in features],
        "q": [chance(feature.q) or "–" for feature in features],
        "What changed": [visible(gist(feature)) for feature in features],
        "Reference": [reference for reference, _ in sides],
        "Live": [live for _, live in sides],
    }
    if trends is not None:
        columns["Trend"] = [trends.get(feature.name) for feature in features]
    if not any(feature.role for feature in features):
        del columns["Role"]
    if all(feature.q is None for feature in features):
        del columns["90 % interval"], columns["q"]  # chance was not tested
    return pd.DataFrame(columns).astype({"Value": float})


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    settings, column = choices.settings(), st.column_config
    measure, unit = MEASURES[settings.measure]
    # Where all values are small, all bars must look small.
    full = max(3 * settings.alert, table["Value"].fillna(0).max()) or 1.0
    tones = palette.DARK if st.context.theme.type == "dark" else palette.LIGHT
    over_time = [value for known in table.get("Trend", ()) for value in known or ()]
    histogram = partial(column.BarChartColumn, y_min=0, y_max=1, width=56)
    return {
        "Verdict": column.TextColumn(width=100),
        "Feature": column.TextColumn(width=120),
        "Role": column.TextColumn(width=70),
        "Value": column.ProgressColumn(measure, help=unit, format="%.3f", max_value=full, width=78),
        "90 % interval": column.TextColumn(help=INTERVAL_HELP, width=85),
        "q": column.TextColumn(help=Q_HELP, width=40),
        "What changed": column.TextColumn(
            width=(330 if "q" in table else 400) - 70 * ("Role" in table)
        ),
        "Reference": histogram(color=tones["reference"]),
        "Live": histogram(color=tones["live"]),
        "Trend": column.LineChartColumn(
            help=TREND_HELP, y_min=0, y_max=max([full, *over_time]), width=52
        ),
    }


def _on_one_scale(reference: list[float], live: list[float]) -> tuple[list[float], list[float]]:
    highest = max([*reference, *live], default=0.0) or 1.0
    return [share / highest for share in reference], [share / highest for share in live]


def chosen(features: Sequence[FeatureReport]) -> FeatureReport:
    """Draw the choice of a feature, which needs no mouse, and give the chosen one."""
    names = [label(feature) for feature in features]
    choices.require_feature(names)
    select, previous, following = st.columns([5, 1, 1], vertical_alignment="bottom")
    with select:
        name = st.selectbox("Feature", names, **choices.linked("feature"))
    place = names.index(name)
    for column, caption, to in (
        (previous, "‹ Previous", max(place - 1, 0)),
        (following, "Next ›", min(place + 1, len(names) - 1)),
    ):
        column.button(
            caption,
            on_click=choices.choose_feature,
            args=(names[to],),
            disabled=to == place,
            width="stretch",
        )
    return features[place]
