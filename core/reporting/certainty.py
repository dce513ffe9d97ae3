"""How sure: the size without its bias, its interval, and what chance alone would give, in words."""

import math

from ..deciding.reports import FeatureReport, Report, State
from .words import count, grouped, score

_NEVER = 1e-9  # a q below it is shown as that
_TREND_Z = 3.29  # chance gives as large a z, either way, once in a thousand


def size(feature: FeatureReport) -> float | None:
    """Give the headline number: the JS distance, its bias removed where that is known."""
    corrected = feature.js_distance_corrected
    return feature.js_distance if corrected is None else corrected


def interval(feature: FeatureReport) -> str:
    """Write the 90 % interval of the JS distance; "" where there is none."""
    if feature.interval is None:
        return ""
    low, high = feature.interval
    return f"{score(low)} to {score(high)}"


def chance(q: float | None) -> str:
    """Write a q-value; "" where nothing was tested.

    >>> [chance(q) for q in (0.0413, 3e-12, None)]
    ['0.041', '<1e-9', '']
    """
    if q is None:
        return ""
    return "<1e-9" if q < _NEVER else f"{q:.2g}"


def how_sure(feature: FeatureReport) -> tuple[str, ...]:
    """Explain in sentences how sure the verdict on a feature is; () under fixed thresholds."""
    if feature.q is None or feature.interval is None:
        return ()
    sentences = (_bounds(feature), _by_chance(feature), _trends(feature), _visible(feature))
    return tuple(sentence for sentence in sentences if sentence)


def smallest_visible(report: Report) -> float | None:
    """Tell the JS distance that would have been seen in every feature that was compared."""
    seen = [each.smallest_visible for each in report.features if each.smallest_visible is not None]
    return max(seen, default=None)


def _bounds(feature: FeatureReport) -> str:
    rows = f"{count(feature.m, 'live row')} against {count(feature.n, 'reference row')}"
    low, high = (score(end) for end in feature.interval or ())
    bias = score((feature.js_distance or 0.0) - (feature.js_distance_corrected or 0.0))
    return (
        f"With {rows}, the true JS distance of these bins lies between {low} and {high} (90 %"
        f" interval); noise alone, already taken off, made it look {bias} larger."
    )


def _by_chance(feature: FeatureReport) -> str:
    p, q = feature.p or 0.0, chance(feature.q)
    if feature.state in (State.STABLE, State.INSUFFICIENT):
        return f"A difference like this one is nothing unusual without drift (q = {q})."
    often = "less than once in a billion" if p < _NEVER else f"about once in {_round(1 / p)}"
    return (
        f"Without drift a difference as clear as this comes up {often} comparisons of one feature"
        f" (p); of all features called out at this q ({q}) or below, at most that share is false."
    )


def _round(times: float) -> str:
    power = 10 ** max(math.floor(math.log10(times)) - 1, 0)
    return grouped(round(times / power) * power)


def _trends(feature: FeatureReport) -> str:
    words = [
        more if z > 0 else less
        for z, more, less in (
            (feature.location, "higher", "lower"),
            (feature.scale, "more spread out", "closer together"),
        )
        if z is not None and abs(z) > _TREND_Z
    ]
    return f"Live values are {' and '.join(words)}, beyond chance." if words else ""


def _visible(feature: FeatureReport) -> str:
    if feature.smallest_visible is None:
        return ""
    return (
        f"So many rows show a JS distance of {score(feature.smallest_visible)} four times in five."
    )
