"""The parts of the page over time: windows by feature, one feature's course, any two windows."""

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from core.choices import Between
from core.deciding.reports import FeatureTimeline, Role, Timeline, TimelineWindow
from core.reporting import courses, heatmaps, trends
from core.reporting.sentences import STATES
from core.reporting.words import count, cut
from dashboard.parts import LONG_NAME, say, trouble
from dashboard.state import choices, sides, tables, timelines

SPANS = {"1h": "hour", "1d": "day", "1w": "week", "1mo": "month"}
TABLES: dict[Role, str] = {"reference": "the reference table", "live": "the live table"}
CHART = {"displaylogo": False, "displayModeBar": False}
POLL = 0.5  # seconds between two looks at windows being counted
NAMED = 3
FEW = 12  # windows that a phone can hold
BESIDE = (
    "So a window may be unsure here although the whole drifted for certain: the overview sums all "
    "windows, and takes their rows as independent."
)
NO_TIMES = (
    "Live has no windows: they are made of a time column, and this table has none. A saved profile "
    "has no windows either."
)
SEVERAL = "Several columns hold times: choose the one that tells when a row came."
LEGEND = (
    "▲ drift   ◆ watch   · stable, or certain but small   ○ unsure, not enough data   "
    "✕ not compared"
)


def require() -> None:
    """End the run where live has no windows: say why, or wait for them."""
    times = timelines.time_columns()
    if len(times) > 1:
        _choose_time(times)
    if sides.windows("live"):
        return
    if sides.is_being_cut("live"):
        _wait()
        st.stop()
    if failed := sides.side("live").uncut:
        trouble(failed)
        st.stop()
    choose = len(times) > 1 and choices.settings().time_column not in times
    say(SEVERAL if choose else NO_TIMES, look="lead")
    st.stop()


def _choose_time(times: list[str]) -> None:
    """Draw the choice of the column that tells when a row came."""
    applied = choices.settings().time_column
    names = {each: cut(each, LONG_NAME) for each in times}
    st.selectbox(
        "Time column",
        times,
        index=times.index(applied) if applied in times else None,
        format_func=names.__getitem__,
        placeholder="which tells when a row came",
        key=choices.draft_key("time-column"),
        on_change=_take_time,
        args=(choices.draft_key("time-column"),),
    )


def _take_time(key: str) -> None:
    tables.apply(choices.settings().model_copy(update={"time_column": st.session_state[key]}))


@st.fragment(run_every=POLL)
def _wait() -> None:
    if sides.windows("live") or not sides.is_being_cut("live"):
        st.rerun()
    say("The windows are being counted; the verdict on the whole is on the overview.", look="lead")
    st.progress(sides.share_cut("live"))


def judged() -> tuple[Timeline, str, str]:
    """Draw the choice of windows and of what they are held against; judge them by both."""
    offered = timelines.spans()
    length, against = st.columns([1, 2])
    with length:
        every = st.segmented_control(
            "Window",
            offered,
            default=timelines.sensible(offered),
            required=True,
            format_func=lambda each: SPANS.get(each, each),
            **choices.linked("window-length"),
        )
    with against:
        rule = st.selectbox(
            "Held against",
            timelines.AGAINST,
            format_func=timelines.AGAINST.__getitem__,
            **choices.linked("against"),
        )
    every = every or offered[0]
    try:
        line = timelines.over_time(every, rule, choices.settings())
    except LookupError as problem:
        trouble(str(problem.args[0]))
        st.stop()
    if line is None:
        _judging(every, rule)
        st.stop()
    if not line.features:
        say("No window has a reference under this rule: choose shorter windows.", look="lead")
        st.stop()
    return line, every, rule


@st.fragment(run_every=POLL)
def _judging(every: str, rule: str) -> None:
    try:
        known = timelines.over_time(every, rule, choices.settings()) is not None
    except LookupError:
        known = True  # the page says what is wrong
    if known:
        st.rerun()
    say("The windows are being judged.", look="lead")


def overview(line: Timeline) -> None:
    """Draw what drifted since when, in words, then every feature by window."""
    say(courses.verdict(line), look="lead")
    for feature in courses.changed(line)[:NAMED]:
        say(f"{cut(feature.name)}: {feature.sentence}")
    if line.assumption:
        say(f"{line.assumption} {BESIDE} Times are UTC.", look="quiet")
    if newest := courses.unfinished(line):
        say(newest, look="quiet")
    say(f"{LEGEND}   ( ) so far" if newest else LEGEND, look="quiet")
    row, column = _pages(line)
    chosen = st.plotly_chart(
        heatmaps.heatmap(line, row=row, column=column, dark=st.context.theme.type == "dark"),
        key=f"{'heatmap' if len(line.windows) > FEW else 'heat'}-{row}-{column}",
        on_select="rerun",
        selection_mode="points",
        alt="Features by windows, worst first; the same is said in words for each feature below",
        config=CHART,
    )
    for point in chosen["selection"]["points"][:1]:
        choices.choose_window(point["customdata"][0], cut(point["customdata"][1], LONG_NAME))


def _pages(line: Timeline) -> tuple[int, int]:
    """Draw the pages of features and of windows, where one page does not hold them."""
    rows, columns = (-(-len(each) // heatmaps.MOST) for each in (line.features, line.windows))
    row = column = 1
    if rows > 1:
        say("Features", look="quiet")
        row = st.pagination(rows, key="heatmap-rows")
    if columns > 1:
        say("Windows", look="quiet")
        column = st.pagination(columns, default=columns, key="heatmap-columns")
    last = max(len(line.windows) - heatmaps.MOST, 0)
    return (row - 1) * heatmaps.MOST, min((column - 1) * heatmaps.MOST, last)


def chosen(line: Timeline) -> FeatureTimeline:
    """Draw the choice of a feature, which needs no mouse; worst first."""
    names = {cut(each.name, LONG_NAME) or "(no name)": each for each in line.features}
    choices.require_feature(list(names))
    return names[st.selectbox("Feature", list(names), **choices.linked("feature"))]


def course(line: Timeline, feature: FeatureTimeline) -> None:
    """Draw one feature's course, in words and as a line."""
    badge = STATES[feature.worst]
    say(f"{badge.symbol} {cut(feature.name)}", "h2", feature.worst)
    say(feature.sentence, look="lead")
    if any(value is not None for value in feature.value):
        st.plotly_chart(
            trends.trend(line, feature), key="trend", alt=trends.course(feature), config=CHART
        )


def open_window(line: Timeline, feature: FeatureTimeline, every: str, against: str) -> None:
    """Draw the choice of one window, and the way to its overlay."""
    filled = {each.name: each for each in line.windows if each.rows and each.reference}
    at = {each.name: state for each, state in zip(line.windows, feature.states, strict=True)}
    pick, go = st.columns([3, 1], vertical_alignment="bottom")
    with pick:
        key = f"window-{every}"  # a week may have the name of a day
        choices.require_window(key, [each.start for each in filled.values()], list(filled))
        name = st.selectbox(
            f"Window ({SPANS.get(every, every)})",
            list(filled),
            format_func=lambda each: (
                f"{courses.name(filled[each])}: {STATES[at[each]]}, {_rows(filled[each])}"
            ),
            key=key,
        )
    go.button(
        "Open this window",
        on_click=_open,
        args=(filled[name], every, against),
        help="Held against what it is held against here, and judged alike.",
        width="stretch",
        type="primary",
    )


def _rows(window: TimelineWindow) -> str:
    return count(window.rows, "row")


def _open(window: TimelineWindow, every: str, against: str) -> None:
    held: Role = "reference" if against == "reference" else "live"
    chosen = timelines.between(window, every, against)
    choices.compare_between(chosen, {"reference": held, "live": "live"})
    choices.leave()


def pair() -> None:
    """Draw the choice of two spans, each of either table, and of like hours."""
    have = [role for role in sides.ROLES if sides.windows(role)]
    chosen = []
    for role, column in zip(sides.ROLES, st.columns(2, gap="large"), strict=True):
        with column:
            chosen.append(_side(role, have))
    common = timelines.common_every(chosen)
    st.toggle(
        "Of the reference, only the weekdays and hours that live has, too",
        disabled=not set(timelines.SEASONAL) & set(common),
        key="same-hours",
        help="Monday morning is held against Monday mornings. Needs windows of hours; with windows "
        "of days, the weekdays count.",
    )
    compare, whole = st.columns(2)
    compare.button(
        "Compare these",
        on_click=_compare,
        type="primary",
        width="stretch",
        disabled=not common,
    )
    whole.button("Whole tables", on_click=choices.leave_spans, width="stretch")
    if not common:
        say("The windows of the two tables have no length in common.", look="quiet")


def _side(role: Role, have: list[Role]) -> Role:
    """Draw the choice of a table and of its days; give the table."""
    say(role.title(), "h2")
    table = st.selectbox(
        f"{role.title()}: from",
        have,
        index=have.index(role) if role in have else 0,
        format_func=TABLES.__getitem__,
        key=f"pair-table-{role}",
    )
    first, last = st.columns(2)
    known = timelines.windows_of(table)
    firsts = sorted({each.start.date() for each in known})
    lasts = sorted({(each.end - timedelta(seconds=1)).date() for each in known})
    with first:
        _day(f"{role.title()}: first day (UTC)", firsts, 0, f"pair-first-{role}-{table}")
    with last:
        _day(f"{role.title()}: last day (UTC)", lasts, -1, f"pair-last-{role}-{table}")
    return table


def _day(words: str, days: list[date], place: int, key: str) -> None:
    st.selectbox(words, days, index=place % len(days), format_func=date.isoformat, key=key)


def _compare() -> None:
    """Compare what is chosen now: it may have been chosen after the last run of the script."""
    kept = st.session_state
    sources: dict[Role, Role] = {role: kept[f"pair-table-{role}"] for role in sides.ROLES}
    said = {
        role: _span(*(kept.get(f"pair-{end}-{role}-{table}") for end in ("first", "last")))
        for role, table in sources.items()
    }
    common = timelines.common_every(list(sources.values()))
    same = bool(kept.get("same-hours")) and bool(set(timelines.SEASONAL) & set(common))
    # Days tell how much the data differ: an hour resembles the one before.
    every = "1d" if "1d" in common and not same else common[0]
    between = Between(reference=said["reference"], live=said["live"], every=every, same_hours=same)
    choices.compare_between(between, sources)
    choices.leave()


def _span(first: date | None, last: date | None) -> str | None:
    if first is None or last is None:
        return None
    start, end = (datetime.combine(day, time(), UTC) for day in sorted((first, last)))
    return f"{start.isoformat()}/{(end + timedelta(days=1)).isoformat()}"
