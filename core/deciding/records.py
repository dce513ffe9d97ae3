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


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy says of one feature that was compared, and the value it judged by."""

    state: State
    reason: str
    measure: str
    value: float | None
    code: str | None = None
    evidence: Evidence | None = None
    q: float | None = None
    rows_needed: int | None = None
    smallest_visible: float | None = None


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
        "code": finding.code or comparison.code,
        "reason": " ".join(filter(None, (finding.reason, comparison.reason))),
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
        "smallest_visible": finding.smallest_visible,
    }


def _figures(scores: Scores) -> dict[str, object]:
    return {
        "jsd_bits": min(scores.jsd / _BITS, 1.0),  # the sum of the terms may round above
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
    q, p = (bins.counts / bins.counts.sum(axis=1, keepdims=True)).tolist()
    lower, upper = ([_place(edge) for edge in edges] for edges in bins.edges.tolist())
    reference, live = bins.counts.tolist()
    return tuple(
        Bin(
            label=bins.labels[i],
            role=bins.roles[i],
            lower=lower[i],
            upper=upper[i],
            reference=reference[i],
            live=live[i],
            share=share,
            direction=_direction(q[i], p[i]),
            surprise=-math.log2(q[i]) if q[i] > 0 else None,
            evidence=math.log2(p[i] / q[i]) if p[i] > 0 and q[i] > 0 else None,
        )
        for i, share in enumerate(divergence_shares(scores.terms).tolist())
    )


def _direction(before: float, after: float) -> Direction:
    if before == after:
        return "same"
    return "more" if after > before else "fewer"


def _place(edge: float) -> float | None:
    return float(edge) if math.isfinite(edge) else None
