"""Drifts of known size, as populations to hold against a stable one."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from core.measuring.divergences import JSD

from .populations import Array, Generator, Population, labels, numbers
from .trials import WARN_NATS

_TAIL = float(ndtr(-1.645))  # the share beyond 1.645 sd
_BUMP = (1.0, 0.1)  # mean and standard deviation
_OUTLIERS, _FAR = 0.05, 5.0
_AXIS = np.linspace(-9, 9, 36_001)
_NEW_LABELS = 100


def _normal(name: str, mean: float, deviation: float) -> Population:
    return numbers(name, "continuous", lambda rng, rows: rng.normal(mean, deviation, rows))


def _outliers(rng: Generator, rows: int) -> Array:
    return rng.normal(np.where(rng.random(rows) < _OUTLIERS, _FAR, 0.0))


DRIFTS: Mapping[str, Population] = MappingProxyType(
    {
        "mean +0.1 sd": _normal("mean +0.1 sd", 0.1, 1),
        "+0.25 sd": _normal("+0.25 sd", 0.25, 1),
        "+0.5 sd": _normal("+0.5 sd", 0.5, 1),
        "sd × 1.25": _normal("sd × 1.25", 0, 1.25),
        "sd × 1.5": _normal("sd × 1.5", 0, 1.5),
        "5 % at 5 sd": numbers("5 % at 5 sd", "continuous", _outliers),
    }
)


@cache
def numeric_at_warn() -> Mapping[str, Population]:
    """Give drifts of a standard normal feature whose JS distance is exactly `warn`."""
    density = _density(0, 1)
    mean = _solved(density, lambda size: _density(size, 1), 1)
    deviation = _solved(density, lambda size: _density(0, size), 3, least=1.001)
    halves = np.array([1 - _TAIL, _TAIL])
    tail = _solved(halves, lambda share: np.array([1 - share, share]), 0.5, least=1.001 * _TAIL)
    bump = _solved(density, lambda share: _with_bump(density, share), 0.5)

    def beyond(rng: Generator, rows: int) -> Array:
        places = rng.random(rows)
        inside = np.where(rng.random(rows) < tail, places * _TAIL, _TAIL + places * (1 - _TAIL))
        return np.asarray(-ndtri(inside))

    def bumped(rng: Generator, rows: int) -> Array:
        return np.where(rng.random(rows) < bump, rng.normal(*_BUMP, rows), rng.normal(size=rows))

    return {
        "mean": _normal("mean", mean, 1),
        "sd": _normal("sd", 0, deviation),
        "tail": numbers("tail", "continuous", beyond),
        "bump": numbers("bump", "continuous", bumped),
    }


@cache
def labels_at_warn(size: int, *, equal: bool) -> Mapping[str, tuple[Population, Population]]:
    """Give reference and live of label drifts whose JS distance is exactly `warn`."""
    shares = np.ones(size) if equal else 1 / np.arange(1, size + 1)
    shares = np.append(shares / shares.sum(), np.zeros(_NEW_LABELS))
    ranks, seen = np.arange(shares.size) / size, shares > 0
    first, last = np.eye(shares.size)[[0, size]]
    news = np.where(seen, 0, 1 / _NEW_LABELS)
    families: dict[str, tuple[Callable[[float], Array], float]] = {
        "most frequent": (lambda e: shares * (1 + e * first), 100),
        "a new one": (lambda e: shares * (1 - e) + e * last, 0.9),
        "slope": (lambda e: shares * np.exp(e * ranks), 9),
        "every other": (
            lambda e: shares * (1 + e * np.where(np.arange(shares.size) % 2, -1, 1)),
            1,
        ),
        "100 new ones": (lambda e: shares * (1 - e) + e * news, 0.9),
    }
    before = labels("before", shares)
    pairs = {"none": (before, before)}
    for name, (law, largest) in families.items():
        pairs[name] = (before, labels(name, law(_solved(shares, law, largest))))
    return pairs


def trebled(size: int) -> tuple[Population, Population, float]:
    """Give equal labels, the same with one trebled, and the JSD of the two."""
    before, after = np.ones(size), np.ones(size)
    after[0] = 3
    size_of_drift = float(JSD(after / after.sum(), before / before.sum()))
    return labels("equal", before), labels("one trebled", after), size_of_drift


def _density(mean: float, deviation: float) -> Array:
    return np.asarray(np.exp(-(((_AXIS - mean) / deviation) ** 2) / 2))


def _with_bump(density: Array, share: float) -> Array:
    bump = _density(*_BUMP)
    return np.asarray((1 - share) * density / density.sum() + share * bump / bump.sum())


def _solved(
    reference: Array, law: Callable[[float], Array], largest: float, *, least: float = 1e-6
) -> float:
    """Find the strength with which a drift from `reference` is `warn` away from it."""

    def excess(strength: float) -> float:
        live = law(strength)
        return float(JSD(live / live.sum(), reference / reference.sum())) - WARN_NATS

    return float(brentq(excess, least, largest))
