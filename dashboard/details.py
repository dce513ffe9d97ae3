"""One feature in detail: what changed in words, both distributions, and the numbers."""

from html import escape

import streamlit as st

from core.deciding.reports import FeatureReport, Timeline
from core.reporting import conventions, courses, facts, figures, outcomes
from core.reporting.bars import is_ordered, ranked
from core.reporting.certainty import how_sure
from core.reporting.places import common_edges, hides_live, suits_log
from core.reporting.sentences import STATES, explain, measures
from core.reporting.words import cut, grouped
from dashboard.parts import label, say, table
from dashboard.state import answers, choices

SHARE, EVEN = "Share of rows", "Both ranges"
SCALES: dict[str, figures.Scale] = {
    SHARE: "share",
    "Density": "density",
    "Cumulative": "cumulative",
}
SCALES_HELP = (
    "Share of rows: the bins of the verdict, a bar's height is the number in the formula. Both "
    "ranges: bins of equal width over the ranges of both sides, for the eye. Density: share by "
    "width, so that areas compare. Cumulative: share of rows up to here."
)
NEED_LIVE = ("Density", "Cumulative")
TOP_BINS = 5
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
most that share is a false alarm.
"""


@st.fragment
def draw(feature: FeatureReport, line: Timeline | None, heading: str = "h2") -> None:
    """Draw one feature: what changed in words, since when by `line`, and both distributions."""
    badge = STATES[feature.state]
    say(f"{badge.symbol} {label(feature)}: {badge.word.lower()}", heading, feature.state)
    say(explain(feature), look="lead")
    if feature.role and (report := answers.glance()):
        known = [
            f"Role: {outcomes.role(feature).lower()}.",
            *outcomes.of_feature(report, feature.name),
        ]
        say(" ".join(known), look="quiet")
    if not feature.bins:
        return
    since = courses.of_feature(line, feature.name) if line else ""
    # One paragraph: what follows keeps its place when the course becomes known, and stays open.
    say(f"{feature.reason}{f' Over time: {since}' if since else ''}", look="quiet")
    _pictures(feature)
    _bins(feature)
    st.html(_measures(feature))
    _tables(feature)
    _foreign(feature)
    if feature.q is not None:
        with st.expander("How sure?"):
            say(" ".join(how_sure(feature)))
            st.markdown(SURE)
    with st.expander("What do these numbers mean?"):
        st.markdown(MEANING)


def _pictures(feature: FeatureReport) -> None:
    scale, log = _axes(feature) if is_ordered(feature) else (SHARE, False)
    # An axis of the reference alone would show nothing of a live side that lies beyond it.
    both = scale == EVEN or (scale in NEED_LIVE and hides_live(feature))
    even = answers.over_both_ranges(feature) if both else None
    drawn = even or feature
    chosen = st.plotly_chart(
        figures.overlay(drawn, scale=SCALES.get(scale, "share"), log=log),
        key=f"overlay-{scale}-{label(feature)}",
        on_select="rerun",
        selection_mode="points",
        alt=figures.description(feature),
        config=CHART,
    )
    for point in chosen["selection"]["points"][:1]:
        if bar := figures.found(drawn, point["customdata"][0]):
            say(bar.words, look="lead")
    if even:
        say("Equal bins, for the eye; the verdict is by the bins of “Share of rows”.", look="quiet")
        return
    st.plotly_chart(
        figures.contributions(feature, log=log),
        key="contributions",
        alt=f"Which bins make the divergence of {cut(feature.name)}",
        config=CHART,
    )


def _axes(feature: FeatureReport) -> tuple[str, bool]:
    heights, axis = st.columns([3, 1], vertical_alignment="center")
    offered = [SHARE, *[EVEN][: bool(common_edges(feature))], *list(SCALES)[1:]]
    usual = EVEN if EVEN in offered and hides_live(feature) else SHARE
    said, key = choices.chart(), f"scale-{label(feature)}"
    with heights:
        scale = st.segmented_control(
            "Height of a bar",
            offered,
            default=said if said in offered else usual,
            required=True,
            help=SCALES_HELP,
            label_visibility="collapsed",
            key=key,
            on_change=choices.choose_chart,
            args=(key,),
        )
    with axis:
        log = suits_log(feature) and st.toggle("Log axis")
    return scale or SHARE, log


def _bins(feature: FeatureReport) -> None:
    """List the bins that make most of the divergence: what the picture shows, to be read."""
    if top := ranked(feature, TOP_BINS):
        say(facts.concentration(top), look="lead")
        table(facts.BIN_COLUMNS, facts.bin_rows(top))


def _tables(feature: FeatureReport) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        table(("Rows and values", "Reference", "Live"), facts.facts(feature))
    if moved := facts.quantiles(feature):
        with right:
            table(("Quantile", "Reference", "Live", "Shift"), moved)
    for side, values, number in facts.one_sided(feature):
        named = ", ".join(f"{cut(value.label)} ({grouped(value.rows)})" for value in values)
        more = f" and {grouped(number - len(values))} more" if number > len(values) else ""
        say(f"{side}: {named}{more}.", look="quiet")


def _foreign(feature: FeatureReport) -> None:
    """Put the figures of another tool's rule beside ours, where that was asked for."""
    report = answers.glance()
    if feature.compared_as is None or report is None:
        return
    say(conventions.title(report), "h3")
    say(conventions.rule(report), look="quiet")
    if found := conventions.of_feature(feature):
        table(("Measure", "Value", "Unit", "Threshold", "Says"), found)
    say(conventions.note(feature), look="quiet")


def _measures(feature: FeatureReport) -> str:
    base = choices.settings().base
    items = "".join(
        f"<div><dt>{escape(each.name)}</dt>"
        f"<dd>{escape(each.value)} <small>{escape(each.unit)}</small></dd></div>"
        for each in measures(feature, base)
    )
    note = f'<p class="quiet">{escape(facts.smoothing(feature))}</p>'
    return f'<dl class="measures">{items}</dl>{note}'
