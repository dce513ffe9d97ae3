"""What the views are made of: each part is drawn here, once.

Names, labels and messages come from data. They are shown as text: escaped in HTML (`say`), and in
Markdown (`plain`), which Streamlit's own messages and labels would obey.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from core.deciding.reports import FeatureReport, Report
from core.reporting import figures, palette
from core.reporting.bars import is_ordered
from core.reporting.exports import render
from core.reporting.places import suits_log
from core.reporting.sentences import (
    MEASURES,
    STATES,
    VERDICTS,
    basis,
    explain,
    gist,
    headline,
    measures,
    tables,
)
from core.reporting.sketches import spark
from core.reporting.words import cut, grouped, visible
from core.settings import BadSettings, Settings
from dashboard import state

DEFAULTS = Settings()
THRESHOLDS = {"warn": "Watch from", "alert": "Drift from"}
FORMATS = {".html": "Report", ".json": "Report for machines", ".csv": "Table", ".md": "Summary"}
SCALES: dict[figures.Scale, str] = {
    "share": "Share of rows",
    "density": "Density",
    "cumulative": "Cumulative",
}
WORDS = tuple(dict.fromkeys(badge.word for badge in STATES.values()))
LONG_NAME = 200  # characters of a name where it stands alone, and in the address
CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
MEANING = """
The reference tells which share of rows to expect in each bin; live tells which share came.

- **JS distance**: each side against their mean. 0: the same, 1: no bin in common; the same both
  ways, and no smoothing is needed. Its square is the **JSD** in bits: what one row tells about
  which of the two tables it is from. The bins' parts of it are never negative and sum to it.
- **KL(live‖ref)**: the nats that a row of live costs more in the code that is best for the
  reference. **KL(ref‖live)** asks the other way round. **PSI** is the sum of both.
- **Hellinger** and **total variation** compare the shares of the bins and nothing else. **KS** and
  **Wasserstein** know the order of the values, too: the largest gap between the cumulative shares,
  and how far the values moved on average.

A drifted feature is a question, not a fault: season, campaign, sensor, join, code?
"""
SURE = """
**p** is how often chance alone, without any drift, gives as large a difference. **q** is p made
stricter because many features are looked at: of all features with a q below the chosen rate, at
most that share is a false alarm. The **interval** tells which true sizes agree with the data.
"""
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r":(?=[\w+-]+:)")  # :smile: would become a picture, escaped or not


def say(text: str, tag: str = "p", look: str = "") -> None:
    """Show a text as it is, as an element of HTML."""
    st.html(f'<{tag} class="{look}">{escape(visible(text))}</{tag}>')


def trouble(sentence: str) -> None:
    """Show an error: what, where, what to do now."""
    st.error(plain(sentence))


def plain(text: str) -> str:
    """Escape a text for Streamlit's Markdown, which then shows it as it is."""
    return _MARKUP.sub(r"\\\1", _SHORTCODE.sub(":\u2060", visible(text)))


def choices() -> None:
    """Draw measure and thresholds in the side, and choose them."""
    with st.sidebar:
        say("What counts as drift", "h2")
        measure = st.selectbox(
            "Measure",
            MEASURES,
            format_func=lambda key: MEASURES[key][0],
            help="What is compared with the two thresholds; the ranking follows it.",
            **state.linked("measure"),
        )
        limits = {
            name: st.number_input(
                label,
                min_value=0.0,
                value=getattr(DEFAULTS, name),
                step=0.01,
                help=f"In the unit of the measure: {MEASURES[measure][1]}.",
                **state.linked(name),
            )
            for name, label in THRESHOLDS.items()
        }
        try:
            state.choose({"measure": measure, **limits})
        except BadSettings as problem:
            trouble(str(problem))
        if state.settings().policy == "fixed":
            say("Fixed thresholds: the size alone decides, chance is not tested.", look="quiet")
        st.page_link("views/start.py", label="Compare other data")


def verdict(report: Report) -> None:
    """Draw the verdict: a sentence first, then the strongest features, then what was compared."""
    first, _, rest = headline(report).partition(". ")
    say(f"{VERDICTS[report.verdict].symbol} {first.removesuffix('.')}", "h1", report.verdict)
    if rest:
        say(rest, look="lead")
    say(f"{tables(report)} {basis(report)}", look="quiet")


def downloads(report: Report) -> None:
    """Offer the report in every format, the settings, and the reference's profile."""

    def offer(label: str, name: str, data: Callable[[], str | bytes]) -> None:
        st.download_button(label, data, name, key=name, on_click="ignore", width="stretch")

    with st.popover("Download", width="stretch"):
        for suffix, label in FORMATS.items():
            offer(f"{label} ({suffix[1:]})", f"report{suffix}", partial(render, report, suffix))
        offer("Settings (toml)", "tideline.toml", state.settings_file)
        offer("Reference profile", "reference.profile", state.reference_file)


def counts(report: Report) -> None:
    """Draw how many features are in which state, and how many notes the data brought."""
    number: Counter[str] = Counter()
    for each, features in report.counts.items():
        number[STATES[each].word] += features
    with st.grid(len(WORDS) + 1, min_column_width=120, gap="xsmall"):
        for word in WORDS:
            st.metric(word, grouped(number[word]), border=True)
        st.metric("Notes", grouped(len(report.warnings)), border=True)


def notes(report: Report) -> None:
    """List what was guessed, repaired or left out while reading and comparing."""
    if report.warnings:
        with st.expander(f"Notes on the data ({grouped(len(report.warnings))})"):
            for warning in report.warnings:
                say(warning.message)


def matching(report: Report) -> list[FeatureReport]:
    """Draw the filter and list the features that pass it, worst first."""
    states, name = st.columns([3, 1], vertical_alignment="center")
    with states:
        words = st.pills(
            "Show",
            WORDS,
            selection_mode="multi",
            label_visibility="collapsed",
            **state.linked("show"),
        )
    with name:
        wanted = st.text_input(
            "Find a feature",
            placeholder="Find a feature",
            label_visibility="collapsed",
            **state.linked("find"),
        ).casefold()
    return [
        feature
        for feature in report.features
        if (not words or STATES[feature.state].word in words) and wanted in feature.name.casefold()
    ]


def _label(feature: FeatureReport) -> str:
    return cut(feature.name, LONG_NAME) or "(no name)"


def ranking(features: Sequence[FeatureReport]) -> None:
    """Draw the ranked table; a click on a row chooses the feature."""
    names = [_label(feature) for feature in features]
    values = [feature.value if isinstance(feature.value, float) else None for feature in features]
    sides = [_on_one_scale(*spark(feature)) for feature in features]
    column = st.column_config
    histogram = partial(column.BarChartColumn, y_min=0, y_max=1, width=95)
    measure, unit = MEASURES[state.settings().measure]
    state.mark_row("ranking", names)
    st.dataframe(
        pd.DataFrame(
            {
                "Verdict": [str(STATES[feature.state]) for feature in features],
                "Feature": names,
                "Value": values,
                "What changed": [visible(gist(feature)) for feature in features],
                "Reference": [reference for reference, _ in sides],
                "Live": [live for _, live in sides],
            }
        ),
        key="ranking",
        on_select=partial(state.choose_row, "ranking", names),
        selection_mode="single-row-required",
        hide_index=True,
        alt="Features ranked by drift",
        placeholder="–",
        column_config={
            "Verdict": column.TextColumn(width=130),
            "Feature": column.TextColumn(width=140),
            "Value": column.ProgressColumn(
                measure, help=unit, format="%.3f", max_value=_full(values), width=120
            ),
            "What changed": column.TextColumn(width=270),
            "Reference": histogram(color=palette.REFERENCE),
            "Live": histogram(color=palette.LIVE),
        },
    )


def _full(values: Sequence[float | None]) -> float:
    # Where all are small, all must look small.
    return max(3 * state.settings().alert, *(value or 0.0 for value in values)) or 1.0


def _on_one_scale(reference: list[float], live: list[float]) -> tuple[list[float], list[float]]:
    highest = max([*reference, *live], default=0.0) or 1.0
    return [share / highest for share in reference], [share / highest for share in live]


def chosen(features: Sequence[FeatureReport]) -> FeatureReport:
    """Draw the choice of a feature, which needs no mouse, and give the chosen one."""
    names = [_label(feature) for feature in features]
    state.require_feature(names)
    select, previous, following = st.columns([5, 1, 1], vertical_alignment="bottom")
    with select:
        name = st.selectbox("Feature", names, **state.linked("feature"))
    place = names.index(name)
    for column, label, to in (
        (previous, "‹ Previous", max(place - 1, 0)),
        (following, "Next ›", min(place + 1, len(names) - 1)),
    ):
        column.button(
            label,
            on_click=state.choose_feature,
            args=(names[to],),
            disabled=to == place,
            width="stretch",
        )
    return features[place]


@st.fragment
def feature_card(feature: FeatureReport, heading: str = "h2") -> None:
    """Draw one feature: what changed in words, both distributions, and the numbers."""
    badge = STATES[feature.state]
    say(f"{badge.symbol} {_label(feature)}: {badge.word.lower()}", heading, feature.state)
    say(explain(feature), look="lead")
    if not feature.bins:
        return
    say(feature.reason, look="quiet")
    scale, log = _axes(feature) if is_ordered(feature) else ("share", False)
    st.plotly_chart(
        figures.overlay(feature, scale=scale, log=log),
        key="overlay",
        alt=figures.description(feature),
        config=CHART,
    )
    st.plotly_chart(
        figures.contributions(feature, log=log),
        key="contributions",
        alt=f"Which bins make the divergence of {cut(feature.name)}",
        config=CHART,
    )
    st.html(_measures(feature))
    if feature.q is not None:
        with st.expander("How sure?"):
            st.markdown(SURE)
    with st.expander("What do these numbers mean?"):
        st.markdown(MEANING)


def _axes(feature: FeatureReport) -> tuple[figures.Scale, bool]:
    heights, axis = st.columns([3, 1], vertical_alignment="center")
    with heights:
        scale = st.segmented_control(
            "Height of a bar",
            SCALES,
            default="share",
            required=True,
            format_func=SCALES.__getitem__,
            label_visibility="collapsed",
        )
    with axis:
        log = suits_log(feature) and st.toggle("Log axis")
    return scale or "share", log


def _measures(feature: FeatureReport) -> str:
    items = "".join(
        f"<div><dt>{escape(each.name)}</dt>"
        f"<dd>{escape(each.value)} <small>{escape(each.unit)}</small></dd></div>"
        for each in measures(feature)
    )
    return f'<dl class="measures">{items}</dl>'
