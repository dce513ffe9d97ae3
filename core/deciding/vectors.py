"""Vectors of both sides become reports: compared as normal laws, judged as features are.

The share of rows that lack a component is judged beside, as the missing bin of a feature.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..measuring import normals
from ..measuring.divergences import js_distance
from ..measuring.intervals import rows_needed, smallest_visible
from ..measuring.significance import adjust, test_counts
from ..profiling.profiles import Profile
from ..profiling.vectors import VectorCounts
from .decisions import MEASURES, Limits
from .obstacles import in_windows
from .states import State
from .vector_details import details
from .vector_gaps import Gap, gap_of, with_gap
from .vector_obstacles import obstacle, rows_of, unmeasured, with_rows
from .vector_reports import VectorReport

_LN2 = math.log(2)
_RARE = 1e-3  # p of two constants, above which they are few rows and no change
# What is measured, and under which name of the settings a fixed threshold is compared with it.
_MEASURED = ("js_distance", "jsd_bits", "kl_live_ref", "kl_ref_live", "psi")
_SIZES = dict(zip(("js_distance", "jsd", *_MEASURED[2:]), _MEASURED, strict=True))


@dataclass(frozen=True, slots=True)
class _Held:
    """A vector of both sides, measured."""

    name: str
    counts: tuple[VectorCounts, VectorCounts]
    samples: tuple[normals.Sample, normals.Sample]
    pair: normals.Pair
    tested: normals.Tested
    fit: normals.Fit
    sizes: normals.Divergences


def judge_vectors(
    sides: tuple[Profile, Profile],
    named: Mapping[str, Sequence[str]],
    *,
    limits: Limits,
    policy: str,
    missing: bool = True,
    windows: bool = False,
) -> tuple[VectorReport, ...]:
    """Judge the vectors that are `named`, and those that both `sides` (reference, live) counted.

    What cannot be compared stays in the answer with its reason. Thresholds are those for all
    features: the JS distance of vectors is on the same scale. Without `missing` the share of rows
    that lack a component is told and not judged. `windows` tells that a side is a sum of windows,
    whose vectors are not counted.
    """
    reference, live = sides
    names = [*named, *(n for n in reference.vectors if n in live.vectors and n not in named)]
    found = [_measured(name, named.get(name, ()), sides, windows=windows) for name in names]
    gaps = [_gap(name, sides) if missing else None for name in names]
    chances = [each.tested.p for each in found if isinstance(each, _Held)]
    chances += [gap.p for gap in gaps if gap]
    adjusted = iter(adjust(chances, limits.adjust).tolist())
    judged = [
        _judged(each, next(adjusted), limits, policy)
        if isinstance(each, _Held)
        else _settled(each, limits, policy)
        for each in found
    ]
    return tuple(
        with_gap(each, gap, next(adjusted), limits=limits, policy=policy) if gap else each
        for each, gap in zip(judged, gaps, strict=True)
    )


def _gap(name: str, sides: tuple[Profile, Profile]) -> Gap | None:
    before, after = (side.vectors.get(name) for side in sides)
    return gap_of(before, after) if before and after else None


def _measured(
    name: str, columns: Sequence[str], sides: tuple[Profile, Profile], *, windows: bool
) -> _Held | VectorReport:
    before, after = (side.vectors.get(name) for side in sides)
    if before is None or after is None:
        role, where = ("reference", sides[0]) if before is None else ("live table", sides[1])
        reason = (
            f"{name} was not counted in the {role} {where.source.name}: not compared. Give its "
            "whole table, or a profile made with these settings."
        )
        reason = in_windows(f"{name} is not compared") if windows else reason
        return unmeasured(name, columns, State.SKIPPED, "not_counted", reason)
    return obstacle(name, (before, after), sides) or _paired(name, (before, after))


def _paired(name: str, counts: tuple[VectorCounts, VectorCounts]) -> _Held | VectorReport:
    before, after = counts
    samples = (_sample(before), _sample(after))
    if faint := normals.faint(*samples):
        reason = (
            f"{before.names[faint[0]]} of {name} varies by less than 1e-70, too little to be "
            "squared: not compared. Multiply it on both sides, or leave it out of the vector."
        )
        return with_rows(name, counts, State.SKIPPED, "not_supported", reason)
    pair = normals.pair(*samples)
    if pair.moved:
        return _jumped(name, counts, before.names[pair.moved[0]])
    if not pair.dimensions:
        reason = f"{name} is the same constant on both sides."
        plain = with_rows(name, counts, State.STABLE, "constant", reason)
        return plain.model_copy(update=dict.fromkeys(_MEASURED, 0.0))
    fit = normals.shrunk(pair)
    sizes = normals.divergences(fit)
    return _Held(name, counts, samples, pair, normals.test_pair(pair), fit, sizes)


def _sample(counts: VectorCounts) -> normals.Sample:
    return normals.Sample(counts.complete, counts.mean, counts.products, counts.fourths)


def _jumped(name: str, counts: tuple[VectorCounts, VectorCounts], component: str) -> VectorReport:
    """Report a constant that became another: no law of either side reaches the other."""
    reason = f"{component} of {name} is constant on both sides, and not the same."
    plain = with_rows(name, counts, State.ALERT, "constant_changed", reason)
    sizes = {"kl_live_ref": "infinite", "kl_ref_live": "infinite", "psi": "infinite"}
    return plain.model_copy(update={**sizes, "jsd_bits": 1.0, "js_distance": 1.0})


def _settled(vector: VectorReport, limits: Limits, policy: str) -> VectorReport:
    """Judge a vector that was not tested: of constants the sizes are known all the same."""
    if vector.js_distance is None:
        return vector
    warn, alert = limits.thresholds
    known = vector.model_copy(update={"warn": warn, "alert": alert})
    if policy == "fixed":
        return _fixed(known, limits)
    known = known.model_copy(update={"measure": "js_distance", "value": known.js_distance})
    n, m = known.n, known.m
    if known.state is State.ALERT and test_counts([n, 0], [0, m], ordered=False).p > _RARE:
        reason = f"{known.reason} {n} and {m} rows prove nothing: give more."
        update = {"state": State.INSUFFICIENT, "code": "too_few_rows", "reason": reason}
        return known.model_copy(update=update)
    return known


def _judged(held: _Held, q: float, limits: Limits, policy: str) -> VectorReport:
    sizes, tested, pair = held.sizes, held.tested, held.pair
    ends = normals.interval(pair, tested, sizes.jsd)
    seen = details(held.counts[0].names, held.samples, held.pair, held.fit)
    known = _figures(held) | rows_of(held.counts) | seen
    plain = VectorReport(
        name=held.name,
        columns=held.counts[0].columns,
        state=State.STABLE,
        reason="",
        warn=limits.thresholds[0],
        alert=limits.thresholds[1],
    ).model_copy(update=known)
    if policy == "fixed":
        return _fixed(plain, limits)
    low, high = (float(js_distance(end)) for end in ends)
    certain = {
        "measure": "js_distance",
        "value": plain.js_distance,
        "interval": (low, high),
        "p": tested.p,
        "q": q,
        "p_mean": tested.p_mean,
        "p_covariance": tested.p_covariance,
        "smallest_visible": smallest_visible(*pair.rows, pair.freedom + 1, alpha=limits.alpha),
    }
    return _calibrated(plain.model_copy(update=certain), limits, pair.freedom)


def _calibrated(vector: VectorReport, limits: Limits, freedom: int) -> VectorReport:
    """Ask for certainty and size together, as of features."""
    warn, alert = limits.thresholds
    size, (low, high), q = vector.js_distance or 0.0, vector.interval or (0.0, 1.0), vector.q or 0.0
    needed = None
    if q <= limits.alpha:
        state = State.ALERT if size >= alert and low >= warn else State.WARN
        state = state if size >= warn else State.NEGLIGIBLE
    elif high <= warn:
        state = State.STABLE
    else:
        state = State.INSUFFICIENT
        needed = rows_needed(vector.n, lambda _: freedom + 1, warn**2 * _LN2)
    known = vector.model_copy(update={"state": state, "rows_needed": needed})
    return known.model_copy(update={"reason": _reason(known, limits)})


def _reason(vector: VectorReport, limits: Limits) -> str:
    warn, alert = limits.thresholds
    size, (low, high), q = vector.js_distance or 0.0, vector.interval or (0.0, 1.0), vector.q or 0.0
    chance = f"q = {q:.2g}" if q >= 1e-9 else "q < 1e-9"  # noqa: PLR2004 (as it is shown)
    shown = f"The JS distance of both normal laws, {size:.3g} (chance taken out),"
    match vector.state:
        case State.ALERT:
            return (
                f"{shown} is over the drift threshold {alert:g}, and more than chance ({chance})."
            )
        case State.WARN if size >= alert:
            return f"{shown} is more than chance ({chance}), but may be as small as {low:.2g}."
        case State.WARN:
            return f"{shown} is over the watch threshold {warn:g}, and more than chance ({chance})."
        case State.NEGLIGIBLE:
            return f"{shown} is more than chance ({chance}) and smaller than {warn:g}."
        case State.STABLE:
            return f"A drift of {warn:g} is excluded: at most {high:.2g} ({chance})."
    more = "more rows of both sides would settle it"
    if vector.rows_needed is not None and vector.rows_needed > vector.m:
        more = f"about {vector.rows_needed} live rows would settle it"
    return f"{vector.m} live rows can neither show nor exclude a drift of {warn:g}: {more}."


def _fixed(vector: VectorReport, limits: Limits) -> VectorReport:
    """Compare the measure of the settings with its thresholds; it says nothing about chance."""
    name = MEASURES[limits.measure][0]
    if limits.measure not in _SIZES:
        reason = f"The {name} is not defined for vectors; choose measure = js_distance."
        return vector.model_copy(
            update={"state": State.SKIPPED, "code": "measure_undefined", "reason": reason}
        )
    value = getattr(vector, _SIZES[limits.measure])
    size = math.inf if value == "infinite" else value
    warn, alert = limits.thresholds
    state = State.ALERT if size > alert else State.WARN if size > warn else State.STABLE
    limit = alert if state is State.ALERT else warn
    verb = "is not over" if state is State.STABLE else "is over"
    shown = "infinite" if value == "infinite" else f"{value:.3g}"
    reason = f"{name} of both normal laws, {shown}, {verb} the threshold {limit:g}."
    reason = " ".join(filter(None, (vector.reason, reason)))
    known = {"state": state, "reason": reason, "measure": limits.measure, "value": value}
    return vector.model_copy(update=known)


def _figures(held: _Held) -> dict[str, object]:
    sizes, fit = held.sizes, held.fit
    return {
        "kl_live_ref": sizes.kl_live_ref,
        "kl_ref_live": sizes.kl_ref_live,
        "psi": sizes.kl_live_ref + sizes.kl_ref_live,
        "jsd_bits": sizes.jsd / _LN2,
        "js_distance": float(js_distance(sizes.jsd)),
        "mean_kept": fit.mean_kept,
        "covariance_kept": fit.covariance_kept,
        "tails": held.pair.tails,
    }
