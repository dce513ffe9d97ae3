"""A comparison and what a policy found, written down as the record that everyone shows."""

import math
from dataclasses import dataclass

import numpy as np

from ..measuring.divergences import js_distance
from ..measuring.divergences import shares as divergence_shares
from .binnings import Bins
from .comparisons import Comparison, Scores
from .evidence import Evidence
from .reports import Bin, Direction, Extended, FeatureReport, Smoothing, State
from .summaries import missing_shares, summarise

_BITS = math.log(2)
WITHOUT_ROWS = {"no_data", "all_dropped"}
SCHEMA_CHANGES = {"missing_column", "type_changed", "internal_error"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy says of one feature that was compared, and the value it judged by."""

    state: State
    reason: str
    measure: str
    value: float | None
    evidence: Evidence | None = None
    q: float | None = None
    rows_needed: int | None = None


def record(
    comparison: Comparison,
    finding: Finding | None,
    thresholds: tuple[float, float],
    weight: float = 1.0,
) -> FeatureReport:
    """Write one feature down; without a finding it was not compared, and its code tells why."""
    known = {
        "name": comparison.feature,
        "kind": comparison.kind,
        "code": comparison.code,
        "weight": weight,
        "missing": missing_shares(comparison),
    }
    scores, bins = comparison.scores, comparison.bins
    if finding is None or scores is None or bins is None:
        state = State.NO_DATA if comparison.code in WITHOUT_ROWS else State.SKIPPED
        return FeatureReport.model_validate({**known, "state": state, "reason": comparison.reason})
    n, m = bins.counts.sum(axis=1).tolist()
    found = {
        "state": finding.state,
        "reason": finding.reason,
        "n": n,
        "m": m,
        "measure": finding.measure,
        "value": _extended(finding.value),
        "warn": thresholds[0],
        "alert": thresholds[1],
        "bins": _bins(bins, scores),
        "summary": summarise(comparison),
    }
    return FeatureReport.model_validate(
        {**known, **found, **_figures(scores), **_certainty(finding)}
    )


def _certainty(finding: Finding) -> dict[str, object]:
    evidence = finding.evidence
    if evidence is None:
        return {}
    low, high = js_distance(np.array(evidence.interval)).tolist()
    return {
        "js_distance_corrected": float(js_distance(evidence.corrected)),
        "interval": (low, high),
        "p": evidence.p,
        "q": finding.q,
        "location": evidence.location,
        "scale": evidence.scale,
        "rows_needed": finding.rows_needed,
    }


def _figures(scores: Scores) -> dict[str, object]:
    return {
        "jsd_bits": scores.jsd / _BITS,
        "js_distance": float(js_distance(scores.jsd)),
        "kl_live_ref": _extended(scores.kl_live_ref),
        "kl_ref_live": _extended(scores.kl_ref_live),
        "psi": _extended(scores.psi),
        "hellinger": scores.hellinger,
        "total_variation": scores.total_variation,
        "wasserstein": scores.wasserstein,
        "kolmogorov_smirnov": scores.kolmogorov_smirnov,
        "smoothing": Smoothing(
            pseudocount=scores.pseudocount, epsilon=scores.epsilon, decisive=scores.decisive
        ),
    }


def _extended(value: float | None) -> Extended | None:
    return "infinite" if value is not None and math.isinf(value) else value


def _bins(bins: Bins, scores: Scores) -> tuple[Bin, ...]:
    shares = divergence_shares(scores.terms)
    more = np.sign(np.subtract(*(bins.counts / bins.counts.sum(axis=1, keepdims=True))[::-1]))
    directions: dict[int, Direction] = {1: "more", -1: "fewer", 0: "same"}
    return tuple(
        Bin(
            label=label,
            role=role,
            lower=_place(lower),
            upper=_place(upper),
            reference=int(reference),
            live=int(live),
            share=float(share),
            direction=directions[int(sign)],
        )
        for label, role, (lower, upper), (reference, live), share, sign in zip(
            bins.labels, bins.roles, bins.edges.T, bins.counts.T, shares, more, strict=True
        )
    )


def _place(edge: float) -> float | None:
    return float(edge) if math.isfinite(edge) else None
