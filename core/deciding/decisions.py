"""Is it drift? A policy turns comparisons and limits into states; `decide` writes the report."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from ..measuring.divergences import js_distance
from ..measuring.intervals import smallest_visible
from ..measuring.significance import adjust
from .comparisons import Comparison, Scores
from .evidence import Evidence, live_rows_needed, weigh
from .records import Finding, record
from .reports import SCHEMA_CHANGES, Caution, FeatureReport, Report, State, TableReport, Verdict

_BITS = math.log(2)
_TINY = 1e-9  # a q below it is shown as that


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as drift: a measure and its thresholds (warn, alert), for all and by feature."""

    measure: str = "js_distance"
    thresholds: tuple[float, float] = (0.1, 0.2)
    by_feature: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    alpha: float = 0.05
    adjust: Literal["bh", "by"] = "bh"

    def of(self, feature: str) -> tuple[float, float]:
        """Tell the thresholds (warn, alert) of `feature`."""
        return self.by_feature.get(feature, self.thresholds)


Policy = Callable[[Sequence[Comparison], Limits], list[Finding]]

# What a fixed threshold can be compared with: name, and the value in the unit of the report.
MEASURES: Mapping[str, tuple[str, Callable[[Scores], float | None]]] = {
    "js_distance": ("JS distance", lambda scores: float(js_distance(scores.jsd))),
    "jsd": ("JSD (bits)", lambda scores: scores.jsd / _BITS),
    "kl_live_ref": ("KL(live‖ref) (nats)", lambda scores: scores.kl_live_ref),
    "kl_ref_live": ("KL(ref‖live) (nats)", lambda scores: scores.kl_ref_live),
    "psi": ("PSI (nats)", lambda scores: scores.psi),
    "hellinger": ("Hellinger distance", lambda scores: scores.hellinger),
    "total_variation": ("total variation distance", lambda scores: scores.total_variation),
    "wasserstein": ("Wasserstein distance", lambda scores: scores.wasserstein),
    "kolmogorov_smirnov": ("KS distance", lambda scores: scores.kolmogorov_smirnov),
}


def fixed(comparisons: Sequence[Comparison], limits: Limits) -> list[Finding]:
    """Compare one measure with its thresholds; it says nothing about chance."""
    name, measure = MEASURES[limits.measure]
    findings = []
    for comparison in comparisons:
        value = measure(comparison.scores) if comparison.scores else None
        state, reason = _over(value, limits.of(comparison.feature), name)
        code = "measure_undefined" if value is None else None
        findings.append(Finding(state, reason, limits.measure, value, code))
    return findings


def _over(value: float | None, thresholds: tuple[float, float], name: str) -> tuple[State, str]:
    warn, alert = thresholds
    if value is None:
        return State.SKIPPED, f"The {name} is not defined for this feature; choose another measure."
    shown = "infinite" if math.isinf(value) else f"{value:.3g}"
    if value > alert:
        return State.ALERT, f"The {name}, {shown}, is over the drift threshold {alert:g}."
    if value > warn:
        return State.WARN, f"The {name}, {shown}, is over the watch threshold {warn:g}."
    return State.STABLE, f"The {name}, {shown}, is not over the watch threshold {warn:g}."


def calibrated(comparisons: Sequence[Comparison], limits: Limits) -> list[Finding]:
    """Ask for certainty and size together: more than chance, and larger than anyone cares about.

    The JS distance with its bias removed is compared with the thresholds, the p-values are adjusted
    for the number of features. What these rows can neither show nor exclude is `insufficient`.
    """
    weighed = [weigh(comparison) for comparison in comparisons]
    adjusted = adjust([evidence.p for evidence in weighed], limits.adjust)
    return [
        _calibrated(comparison, evidence, float(q), limits)
        for comparison, evidence, q in zip(comparisons, weighed, adjusted, strict=True)
    ]


def _calibrated(comparison: Comparison, evidence: Evidence, q: float, limits: Limits) -> Finding:
    warn, alert = (distance**2 * _BITS for distance in limits.of(comparison.feature))
    size, rows = evidence.corrected, None
    if q <= limits.alpha:
        certain = evidence.interval[0] >= warn
        state = State.ALERT if size >= alert and certain else State.WARN
        state = state if size >= warn else State.NEGLIGIBLE
    elif evidence.bound <= warn:
        state = State.STABLE
    else:
        state = State.INSUFFICIENT
        rows = live_rows_needed(comparison, warn)
    value = float(js_distance(size))
    thresholds, chunked = limits.of(comparison.feature), comparison.chunks is not None
    # Rows that resemble each other show less than as many independent ones: nothing is promised.
    bins = evidence.bins
    visible = None if chunked else smallest_visible(*evidence.rows, bins, alpha=limits.alpha)
    finding = Finding(state, "", "js_distance_corrected", value, None, evidence, q, rows, visible)
    reason = _reason(finding, evidence, thresholds, chunked=chunked)
    return replace(finding, reason=reason)


def _reason(
    finding: Finding, evidence: Evidence, thresholds: tuple[float, float], *, chunked: bool
) -> str:
    warn, alert = thresholds
    size, q = f"JS distance {finding.value:.3g} (bias removed)", _chance(finding.q)
    low, bound = (float(js_distance(nats)) for nats in (evidence.interval[0], evidence.bound))
    match finding.state:
        case State.ALERT:
            return f"{size} is over the drift threshold {alert:g}, and more than chance ({q})."
        case State.WARN if (finding.value or 0.0) >= alert:
            return (
                f"{size} is over the drift threshold {alert:g} and more than chance ({q}), but it "
                f"may be as small as {low:.2g}, under {warn:g}."
            )
        case State.WARN:
            return f"{size} is over the watch threshold {warn:g}, and more than chance ({q})."
        case State.NEGLIGIBLE:
            return f"Certain ({q}), but smaller than you asked to hear about: {size} < {warn:g}."
        case State.STABLE:
            resolution = f" at the resolution of {evidence.resolution}" * bool(evidence.resolution)
            return f"A drift of {warn:g} is excluded{resolution}: at most {bound:.2g} ({q})."
    settled = "the reference is too small to settle it"
    if finding.rows_needed is not None and finding.rows_needed <= evidence.rows[1]:
        settled = "more live rows would settle it"  # half of such windows need more than this many
    elif chunked:
        settled = "its chunks differ too much by nature; more chunks of both would settle it"
    elif math.isinf(bound):
        settled = (
            "most rows have labels too rare to be told apart; more rows of both would settle it"
        )
    elif finding.rows_needed:
        settled = f"about {finding.rows_needed} live rows would settle it"
    live = evidence.rows[1]
    return f"{live} live rows can neither show nor exclude a drift of {warn:g}: {settled}."


def _chance(q: float | None) -> str:
    return "q < 1e-9" if q is not None and q < _TINY else f"q = {q:.2g}"


POLICIES: Mapping[str, Policy] = {"calibrated": calibrated, "fixed": fixed}


def decide(
    comparisons: Sequence[Comparison],
    sides: tuple[TableReport, TableReport],
    *,
    limits: Limits,
    policy: str,
    weights: Mapping[str, float] | None = None,
    warnings: Sequence[Caution] = (),
) -> Report:
    """Judge every feature under `policy` and write the report, worst feature first.

    `weights` change the order of features in one state, never a state.
    """
    compared = [comparison for comparison in comparisons if comparison.scores]
    findings = dict(
        zip([c.feature for c in compared], POLICIES[policy](compared, limits), strict=True)
    )
    features = [
        record(
            c, findings.get(c.feature), limits.of(c.feature), (weights or {}).get(c.feature, 1.0)
        )
        for c in comparisons
    ]
    plain = Report(
        verdict="stable",
        counts={},
        reference=sides[0],
        live=sides[1],
        warnings=tuple(warnings),
        features=(),
    )
    return judged_anew(plain, features)


def judged_anew(report: Report, features: Sequence[FeatureReport]) -> Report:
    """Give a report these `features`, the worst first, with the verdict and counts they make."""
    counts = Counter(feature.state for feature in features)
    update = {
        "verdict": verdict(features),
        "counts": {state: counts[state] for state in State},
        "features": tuple(sorted(features, key=_rank)),
    }
    return report.model_copy(update=update)


class Stated(Protocol):
    """A feature of which a state is known."""

    @property
    def state(self) -> State:
        """What is said of it."""

    @property
    def code(self) -> str | None:
        """Why, where a machine must know."""


def verdict(features: Sequence[Stated]) -> Verdict:
    """Tell the verdict on the whole: the first that holds, the gravest first."""
    states = Counter(feature.state for feature in features)
    judged = sum(count for state, count in states.items() if state not in _NOT_JUDGED)
    if states[State.ALERT]:
        return "drift"
    if any(feature.code in SCHEMA_CHANGES for feature in features):
        return "incomplete"
    if states[State.WARN]:
        return "watch"
    if 2 * states[State.INSUFFICIENT] >= judged:
        return "not_enough_data"
    return "stable"


_NOT_JUDGED = {State.NO_DATA, State.SKIPPED}
GRAVITY = (  # worst first
    State.ALERT,
    State.WARN,
    State.NEGLIGIBLE,
    State.INSUFFICIENT,
    State.STABLE,
    State.NO_DATA,
    State.SKIPPED,
)


def _rank(feature: FeatureReport) -> tuple[int, bool, float]:
    size = math.inf if feature.value == "infinite" else feature.value or 0.0
    changed = feature.code in SCHEMA_CHANGES
    return GRAVITY.index(feature.state), not changed, -size * feature.weight
