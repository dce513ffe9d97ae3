"""Are vectors missing more often, or less, than in the reference? As the missing bin of a feature.

Rows with all components and rows without are two bins, judged by themselves; the rows with all of
them are judged as vectors, and the graver of both is what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..measuring.divergences import JSD, KL, PSI, REVERSE_KL, js_distance
from ..measuring.intervals import bound
from ..measuring.significance import test_counts
from ..measuring.smoothing import probabilities
from ..profiling.vectors import VectorCounts
from .decisions import GRAVITY, MEASURES, Limits
from .grids import Array
from .states import FLAGGED, State
from .vector_reports import MISSING_CHANGED, VectorReport

_LN2 = float(np.log(2))
_JUDGED = GRAVITY[: GRAVITY.index(State.STABLE) + 1]
_TINY = 1e-9  # a q below it is shown as that
_WORDS: Mapping[State, str] = {
    State.ALERT: "is over the drift threshold {alert:g}, and more than chance ({q})",
    State.WARN: "is over the watch threshold {warn:g}, and more than chance ({q})",
    State.NEGLIGIBLE: "is more than chance ({q}) and smaller than {warn:g}",
    State.INSUFFICIENT: "can neither show nor exclude a drift of {warn:g} ({q}): give more rows",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows (side, complete or missing), and the p-value of one share of missing rows."""

    counts: Array
    p: float

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of rows that lack a component, reference first."""
        before, after = (self.counts[:, 1] / self.counts.sum(axis=1)).tolist()
        return before, after


def gap_of(reference: VectorCounts, live: VectorCounts) -> Gap | None:
    """Test whether as many rows lack a component on both sides; None where none does."""
    counts = np.array([[each.complete, each.missing] for each in (reference, live)], float)
    if not counts.sum(axis=1).all() or not counts[:, 1].any():
        return None
    return Gap(counts, test_counts(*counts, ordered=False).p)


def with_gap(
    vector: VectorReport, gap: Gap, q: float, *, limits: Limits, policy: str
) -> VectorReport:
    """Judge the share of missing rows, too: the graver of both is the state of the vector.

    A vector that could not be compared at all stays so.
    """
    if vector.state is State.SKIPPED:
        return vector
    size, low, high = (float(js_distance(end)) for end in bound(*gap.counts))
    known = vector.model_copy(update={"missing_distance": size})
    if policy == "fixed":
        state, words = _fixed(gap, limits)
    else:
        known = known.model_copy(update={"missing_q": q})
        state = _state(q, (size, low, high), limits)
        words = f"JS distance of these shares {size:.3g} (bias removed)"
        words = f"{words} {_said(state, q, limits)}" if state is not State.STABLE else ""
    return _joined(known, gap, state, words)


def _state(q: float, sizes: tuple[float, float, float], limits: Limits) -> State:
    """Ask for certainty and size together, as of features."""
    (size, low, high), (warn, alert) = sizes, limits.thresholds
    if q > limits.alpha:
        return State.STABLE if high <= warn else State.INSUFFICIENT
    if size < warn:
        return State.NEGLIGIBLE
    return State.ALERT if size >= alert and low >= warn else State.WARN


def _said(state: State, q: float, limits: Limits) -> str:
    warn, alert = limits.thresholds
    chance = f"q = {q:.2g}" if q >= _TINY else "q < 1e-9"
    return _WORDS[state].format(warn=warn, alert=alert, q=chance)


def _fixed(gap: Gap, limits: Limits) -> tuple[State, str]:
    """Compare the measure of the settings, taken of both shares, with its thresholds."""
    (q, p), (smooth_q, smooth_p) = probabilities(gap.counts, 0), probabilities(gap.counts, 0.5)
    jsd = float(JSD(p, q))
    values = {
        "js_distance": float(js_distance(jsd)),
        "jsd": jsd / _LN2,
        "kl_live_ref": float(KL(smooth_p, smooth_q)),
        "kl_ref_live": float(REVERSE_KL(smooth_p, smooth_q)),
        "psi": float(PSI(smooth_p, smooth_q)),
    }
    value, (warn, alert) = values[limits.measure], limits.thresholds
    state = State.ALERT if value > alert else State.WARN if value > warn else State.STABLE
    limit = alert if state is State.ALERT else warn
    name = MEASURES[limits.measure][0]
    return state, f"{name} of these shares, {value:.3g}, is over the threshold {limit:g}"


def _joined(vector: VectorReport, gap: Gap, state: State, words: str) -> VectorReport:
    """Say of both parts what there is to say; the graver one decides."""
    if state is State.STABLE or (vector.state not in _JUDGED and state not in FLAGGED):
        return vector
    shares = " and ".join(
        f"{100 * share:.3g} % of the {side}'s"
        for share, side in zip(gap.shares, ("reference", "live table"), strict=True)
    )
    reason = f"{shares} rows lack a component of {vector.name}: {words}."
    if vector.state is not State.NO_DATA:
        reason += f" Rows with all of them: {vector.reason}"
    graver = vector.state not in _JUDGED or _JUDGED.index(state) < _JUDGED.index(vector.state)
    update: dict[str, object] = {"reason": reason}
    if graver:
        update["state"] = state
        update["code"] = vector.code if state is State.INSUFFICIENT else MISSING_CHANGED
    return vector.model_copy(update=update)
