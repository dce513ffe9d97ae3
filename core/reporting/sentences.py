"""A verdict in words: what every face says of a report, of a feature, and of its numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..deciding.reports import FeatureReport, Report, State, Window
from . import vectors
from .certainty import chance, interval, smallest_visible
from .changes import Change, changes
from .words import count, cut, day, grouped, length, percent, score, visible

NAMED = 3  # features named in the headline
INCOMPLETE = {
    "missing_column": "missing on one side",
    "type_changed": "of another type",
    "internal_error": "stopped by an internal error",
}
# A measure's key in the settings: its name with direction, and its unit.
MEASURES = {
    "js_distance": ("JS distance", "base 2, 0 to 1"),
    "js_distance_corrected": ("JS distance, unbiased", "base 2, 0 to 1"),
    "jsd": ("JSD", "bit"),
    "kl_live_ref": ("KL(live‖ref)", "nat"),
    "kl_ref_live": ("KL(ref‖live)", "nat"),
    "psi": ("PSI", "nat"),
    "hellinger": ("Hellinger distance", "0 to 1"),
    "total_variation": ("Total variation distance", "0 to 1"),
    "kolmogorov_smirnov": ("KS distance", "0 to 1"),
    "wasserstein": ("Wasserstein distance", "feature's unit"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict as symbol and word: no meaning by colour alone."""

    symbol: str
    word: str

    def __str__(self) -> str:
        return f"{self.symbol} {self.word}"


STATES = {
    State.ALERT: Badge("▲", "Drift"),
    State.WARN: Badge("◆", "Watch"),
    State.NEGLIGIBLE: Badge("●", "Stable"),
    State.STABLE: Badge("●", "Stable"),
    State.INSUFFICIENT: Badge("○", "Not enough data"),
    State.NO_DATA: Badge("✕", "Not compared"),
    State.SKIPPED: Badge("✕", "Not compared"),
}
VERDICTS = {
    "drift": STATES[State.ALERT],
    "incomplete": Badge("✕", "Incomplete"),
    "watch": STATES[State.WARN],
    "not_enough_data": STATES[State.INSUFFICIENT],
    "stable": STATES[State.STABLE],
}
_NOT_COMPARED = (State.NO_DATA, State.SKIPPED)


def headline(report: Report) -> str:
    """Say the verdict in a few sentences: how many drifted, the strongest, what is incomplete."""
    compared = [each for each in report.features if each.state not in _NOT_COMPARED]
    sentences = [_verdict(report, len(compared)), _strongest(compared), _incomplete(report)]
    sentences.append(vectors.headline(report))
    if report.verdict == "incomplete":  # that comes first: somebody must look
        sentences = [sentences[2], *sentences[:2], *sentences[3:]]
    return " ".join(sentence for sentence in sentences if sentence)


def verdict(report: Report) -> str:
    """Say the verdict's word, then its few sentences."""
    return f"{VERDICTS[report.verdict]}: {headline(report).removeprefix('Incomplete: ')}"


def _verdict(report: Report, compared: int) -> str:
    if not compared:
        return "No feature was compared."
    drifted, watched, unsure = (
        report.counts.get(state, 0) for state in (State.ALERT, State.WARN, State.INSUFFICIENT)
    )
    of_all = f"of {count(compared, 'feature')}"
    rest = f"{grouped(watched)} to watch" if watched else ""
    if drifted:
        return f"{grouped(drifted)} {of_all} drifted{', ' + rest if rest else ''}."
    if watched:
        return f"No feature drifted, {grouped(watched)} {of_all} to watch."
    if report.verdict == "not_enough_data":
        return f"Not enough data to judge {grouped(unsure)} {of_all}."
    unjudged = f" {grouped(unsure)} of them had not enough data to judge." if unsure else ""
    return f"No drift found in {count(compared, 'feature')} compared.{unjudged}{_visible(report)}"


def _visible(report: Report) -> str:
    smallest = smallest_visible(report)
    if smallest is None:
        return ""
    return f" Smallest drift these rows could show: JS distance {score(smallest)} (power 80 %)."


def _strongest(compared: Iterable[FeatureReport]) -> str:
    loud = [each for each in compared if each.state in (State.ALERT, State.WARN)][:NAMED]
    named = [f"{cut(each.name)} ({_first(each)})" for each in loud]
    return f"Strongest: {', '.join(named)}." if named else ""


def _first(feature: FeatureReport) -> str:
    found = changes(feature, most=1)
    return found[0].words if found else f"{_decider(feature)} {score(feature.value)}"


def _incomplete(report: Report) -> str:
    parts = []
    for code, words in INCOMPLETE.items():
        names = [cut(each.name) for each in report.features if each.code == code]
        if names:
            more = f" and {grouped(len(names) - NAMED)} more" if len(names) > NAMED else ""
            parts.append(
                f"{count(len(names), 'column')} {words} ({', '.join(names[:NAMED])}{more})"
            )
    return f"Incomplete: {'; '.join(parts)}." if parts else ""


def explain(feature: FeatureReport) -> str:
    """Say what changed in one feature, in its own units, the strongest first.

    A feature that was not compared answers with its reason.
    """
    if feature.state in _NOT_COMPARED:
        return visible(feature.reason)
    found = changes(feature)
    said = "; ".join(each.words for each in found)
    if feature.state is State.STABLE:
        return _nothing(feature, found)
    if feature.state is State.INSUFFICIENT:
        return (
            f"Not enough data to judge{_rows_needed(feature)}{f': so far {said}' if said else ''}."
        )
    if feature.state is State.NEGLIGIBLE:
        return f"Certain, but smaller than you asked to hear about{f': {said}' if said else ''}."
    return _capital(f"{said}.") if said else visible(feature.reason)


def gist(feature: FeatureReport) -> str:
    """Say what changed in at most two phrases, for one line of a table."""
    if feature.state in _NOT_COMPARED:
        return visible(feature.reason)
    if feature.state is State.STABLE and feature.jsd_bits:
        return _little(feature)
    said = "; ".join(each.words for each in changes(feature, most=2))
    if feature.state is State.STABLE:
        return _little(feature) if said else "no change"
    if feature.state is State.NEGLIGIBLE:
        return f"certain, but small: {said}" if said else "certain, but small"
    if feature.state is State.INSUFFICIENT:
        return f"not enough data{_rows_needed(feature)}"
    return said or visible(feature.reason)


def _nothing(feature: FeatureReport, found: tuple[Change, ...]) -> str:
    if not found and not feature.jsd_bits:
        return "No change: both sides have the same shares."
    largest = f"; largest: {found[0].words}" if found else ""
    return f"{_capital(_little(feature))}: {_decider(feature)} {score(feature.value)}{largest}."


def _little(feature: FeatureReport) -> str:
    """Say that a change is none to act on: fixed thresholds know its size alone."""
    return "below the thresholds" if feature.p is None else "no change to speak of"


def _rows_needed(feature: FeatureReport) -> str:
    rows = feature.rows_needed
    if rows is None:
        return ""
    if rows <= feature.m:
        return " (more live rows would settle it)"
    return f" (about {count(rows, 'live row')} would settle it)"


def _decider(feature: FeatureReport) -> str:
    return _measure(feature.measure or "difference")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def basis(report: Report) -> str:
    """Say by what the verdict was reached: chance and size, or fixed thresholds alone."""
    settings = report.settings
    warn, alert = settings.get("warn"), settings.get("alert")
    if settings.get("policy") == "calibrated":
        alpha = settings.get("alpha")
        rate = percent(alpha) if isinstance(alpha, float) else "a chosen share"
        return (
            f"Certainty and size: more than chance (false discoveries at most {rate}), JS distance"
            f" without bias from {warn} to watch, from {alert} drift. {report.assumption or ''}"
        ).strip()
    return (
        f"Fixed thresholds: {_measure(settings.get('measure'))}, watch from {warn}, drift from"
        f" {alert}; no test of chance."
    )


def _measure(key: object) -> str:
    return MEASURES[key][0] if isinstance(key, str) and key in MEASURES else str(key)


FORM = 80  # letters on how a source is written
# How a source is written, where nobody needs to be told.
_USUAL = {"", "frame", "Parquet", "UTF-8, comma between fields"}


def tables(report: Report) -> str:
    """Say which tables were compared, with the rows that were used."""
    reference, live = (
        f"{cut(side.name)} ({_span(side.window)}{count(side.rows_used, 'row')}"
        f"{f', {grouped(side.rows_dropped)} dropped' if side.rows_dropped else ''}"
        f"{f'; {cut(side.form, FORM)}' if side.form not in _USUAL else ''})"
        for side in (report.reference, report.live)
    )
    return f"Live {live} against reference {reference}."


def _span(window: Window | None) -> str:
    if window is None:
        return ""
    start, end = (day(moment) for moment in (window.start, window.end))
    return f"{start} up to {end}, "


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure as it is shown: its name with direction, its value and its unit."""

    name: str
    value: str
    unit: str


def measures(feature: FeatureReport, base: object = 2) -> tuple[Measure, ...]:
    """List what was measured of a feature; the JSD in bits, in nats for base "e"."""
    values: dict[str, float | str | None] = {key: getattr(feature, key, None) for key in MEASURES}
    values["jsd"] = feature.jsd_bits
    if feature.wasserstein is not None:
        values["wasserstein"] = length(feature.wasserstein, feature.kind)
    shown = {
        key: Measure(name, score(values[key]), unit)
        for key, (name, unit) in MEASURES.items()
        if values[key] is not None
    }
    if base == "e" and feature.jsd_bits is not None:
        shown["jsd"] = Measure("JSD", score(feature.jsd_bits * math.log(2)), "nat")
    if "js_distance_corrected" in shown:
        shown["js_distance"] = replace(shown["js_distance"], name="JS distance, with its bias")
    return (*shown.values(), *_certainty(feature))


def _certainty(feature: FeatureReport) -> list[Measure]:
    """List what a policy that weighs chance adds: nothing under fixed thresholds."""
    found = []
    if feature.interval is not None:
        found.append(Measure("90 % interval", interval(feature), "JS distance"))
    if feature.p is not None:
        found.append(Measure("p", chance(feature.p), "chance without drift"))
    if feature.q is not None:
        found.append(Measure("q", chance(feature.q), "p, for all features"))
    return found
