"""Drift as other tools compute it, by their documented rules, so that numbers can be reconciled.

Every function takes both sides (reference first) and gives the figures of one tool, the one that it
decides by first. The rules were read in the tools' public documentation and sources, named in
core/README.md; no code of theirs is used. Thresholds are the tools' defaults, not ours.
"""

import sys
from dataclasses import dataclass

import numpy as np

from .divergences import HELLINGER, KL
from .samples import (
    Integers,
    Numbers,
    chi_square,
    js,
    jsd_bits,
    ks_limit,
    ks_test,
    largest_gap,
    psi,
    shares,
    two_proportions,
)
from .smoothing import Array

NATS, BITS = "nats, divergence", "bits, divergence"
DISTANCE, CHANCE, SPREADS = "base 2, distance", "p-value", "spreads of the reference, distance"
_TENTH, _TWENTIETH = 0.1, 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """What a tool gives: `flagged` by its own `threshold`; None where it has none."""

    measure: str
    value: float
    unit: str
    threshold: float | None = None
    flagged: bool | None = None


def _at_least(measure: str, value: float, unit: str, threshold: float = _TENTH) -> Figure:
    return Figure(measure, value, unit, threshold, value >= threshold)


def _over(measure: str, value: float, unit: str, threshold: float = _TENTH) -> Figure:
    return Figure(measure, value, unit, threshold, value > threshold)


def _test(measure: str, p: float) -> Figure:
    return Figure(measure, p, CHANCE, _TWENTIETH, p < _TWENTIETH)


_LARGE, _FEW, _TWO, _CODED = 1000, 5, 2, 20  # Evidently: reference rows, distinct values
_LEAST, _FILL, _FILL_PART = 0.001, 1e-4, 1e6


def evidently(pair: Numbers) -> list[Figure]:
    """Evidently: the normed Wasserstein distance from 1001 reference rows on, below it a KS test.

    Up to 5 distinct values are taken as labels. Beside it JS, KL(ref‖live) and PSI in Sturges' bins
    of both sides (up to 20 values in the reference: by value), empty bins filled.
    """
    held = pair.counts[:, pair.counts.any(axis=0)]
    by_value = np.count_nonzero(held[0]) <= _CODED
    edges = np.array([]) if by_value else np.histogram_bin_edges(pair.both(), bins="sturges")
    binned = held if by_value else pair.binned(edges)
    if held.shape[1] <= _FEW:
        return evidently_labels(held)
    if held[0].sum() <= _LARGE:
        return [_test("KS test", ks_test(pair)), *_evidently_binned(binned)]
    moved = pair.moved() / max(pair.deviation(0, 0), _LEAST)
    return [_at_least("Wasserstein, normed", moved, SPREADS), *_evidently_binned(binned)]


def evidently_labels(counts: Integers) -> list[Figure]:
    """Evidently: the JS distance from 1001 reference rows on, below it chi-square or z."""
    n, m = counts.sum(axis=1).tolist()
    binned = _evidently_binned(counts)
    if n > _LARGE:
        return binned
    if counts.shape[1] > _TWO:
        p = chi_square(counts[1], counts[0] * (m / n), int(counts.shape[1]) - 1)
        return [_test("chi-square test", p), *binned]
    p = two_proportions(counts[:, -1], counts.sum(axis=1)) if counts.shape[1] == _TWO else 1.0
    return [_test("z test", p), *binned]


def _evidently_binned(counts: Integers) -> list[Figure]:
    q, p = (_filled(side) for side in shares(counts))
    kl = float(KL(q / q.sum(), p / p.sum()))
    return [
        _at_least("JS distance", js(counts), DISTANCE),
        _at_least("KL(ref‖live)", kl, NATS),
        _at_least("PSI", psi(q, p), NATS),
    ]


def _filled(side: Array) -> Array:
    least = float(side[side > 0].min())
    return np.where(side > 0, side, least / _FILL_PART if least <= _FILL else _FILL)


_CONTINUOUS_VALUES, _CONTINUOUS_SHARE = 50, 0.1  # NannyML: distinct values of the reference


def nannyml(pair: Numbers) -> list[Figure]:
    """NannyML: the JS distance in Doane's bins of the reference, and one for what lies outside."""
    distinct, rows = np.count_nonzero(pair.counts[0]), int(pair.counts[0].sum())
    if distinct <= _CONTINUOUS_VALUES and distinct <= _CONTINUOUS_SHARE * rows:
        return nannyml_labels(pair.counts)
    binned = pair.binned(np.histogram_bin_edges(pair.rows(0), bins="doane"))
    outside = pair.counts.sum(axis=1) - binned.sum(axis=1)
    return [_over("JS distance", js(np.column_stack([binned, outside])), DISTANCE)]


def nannyml_labels(counts: Integers) -> list[Figure]:
    """NannyML: the JS distance of the reference's labels, and one bin for all that are new."""
    known = counts[0] > 0
    new = counts[:, ~known].sum(axis=1)
    return [_over("JS distance", js(np.column_stack([counts[:, known], new])), DISTANCE)]


_INTERVALS = 10  # Frouros: points from the least to the greatest value, or bins


def frouros(pair: Numbers) -> list[Figure]:
    """Frouros: JS distance and KL of histograms read at ten points, and PSI in ten equal bins."""
    points = np.linspace(*pair.ends(), _INTERVALS)
    steps = []
    for side in (0, 1):
        counts, edges = np.histogram(pair.rows(side), bins="auto")
        below = np.append(0.0, np.cumsum(counts)) / counts.sum()
        steps.append(np.diff(np.interp(points, edges, below)))
    q, p = steps
    tenths = shares(pair.binned(np.histogram_bin_edges(pair.both(), bins=_INTERVALS)))
    before, after = np.where(tenths > 0, tenths, sys.float_info.min)
    return [
        Figure("JS distance", js(np.array(steps), np.e), "base e, distance"),
        Figure("KL(live‖ref)", float(KL.terms(p, q).sum()), NATS),
        Figure("PSI", psi(before, after), NATS),
    ]


_POPMON_BINS, _POPMON_EPSILON, _POPMON_COVERED = 40, 1e-5, 0.9
_POPMON_UNIT = "nats times rows"


def popmon(pair: Numbers) -> list[Figure]:
    """Popmon: JSD and PSI of counts that are not scaled to shares, in its automatic bins."""
    origin, width = _popmon_bins(pair)
    bins = np.floor((pair.values - origin) / width)
    _, places = np.unique(bins, return_inverse=True)
    counted = [np.bincount(places, weights=side) for side in pair.counts]
    return popmon_labels(np.rint(counted).astype(np.int64))


def _popmon_bins(pair: Numbers) -> tuple[float, float]:
    """Cut whole numbers around them, others by the middle 90 % of the reference, in 40 bins."""
    low, high = pair.ends(0)
    if pair.whole:
        return np.floor(low - 0.5) + 0.5, max(np.round((high - low) / _POPMON_BINS), 1.0)
    inner = np.quantile(pair.rows(0), [0.05, 0.95]).tolist()
    low, high = inner if inner[1] > inner[0] else (low, high)
    covered = (high - low) / _POPMON_COVERED if high > low else 1.0
    return low - covered * 0.05, covered / _POPMON_BINS


def popmon_labels(counts: Integers) -> list[Figure]:
    """Popmon: JSD and PSI of counts that are not scaled to shares, 1e-5 added to each."""
    q, p = counts + _POPMON_EPSILON
    middle = (counts[0] + counts[1]) / 2 + _POPMON_EPSILON
    jsd = (KL.terms(q, middle).sum() + KL.terms(p, middle).sum()) / 2
    return [
        Figure("JSD", float(jsd), _POPMON_UNIT),
        Figure("PSI", psi(q, p), _POPMON_UNIT),
        Figure("largest difference of a bin", largest_gap(counts), "share of rows"),
    ]


_QUANTILES, _MOST_BINS, _ROWS_A_BIN, _EDGE, _FAR = 100, 30, 4, 1e-7, 0.4  # whylogs


def whylogs(pair: Numbers) -> list[Figure]:
    """Whylogs: a KS test at a hundred quantiles of each side, and Hellinger in 30 equal bins."""
    rows = pair.counts.sum(axis=1)
    below = np.cumsum(pair.counts, axis=1) - pair.counts
    gaps = np.abs(np.diff(below / rows[:, None], axis=0))[0]
    at = np.linspace(0, 1, _QUANTILES)
    seen = [
        np.searchsorted(np.cumsum(side), np.minimum(np.floor(at * n), n - 1), side="right")
        for side, n in zip(pair.counts, rows, strict=True)
    ]
    p = ks_limit(float(gaps[np.concatenate(seen)].max()), rows)
    low, high = pair.ends()
    number = max(min(-(-int(rows.sum()) // _ROWS_A_BIN), _MOST_BINS), _TWO)
    binned = pair.binned(np.linspace(low, high + abs(high) * _EDGE, number + 1))
    before, after = shares(binned)
    apart = float(np.sqrt(HELLINGER(after, before)))
    return [
        _test("KS test at quantiles", p),
        _at_least("Hellinger distance", apart, "distance, 0 to 1", _FAR),
    ]


def whylogs_labels(counts: Integers) -> list[Figure]:
    """Whylogs: a chi-square test of live against whole expected rows; a new label makes p 0."""
    n, m = counts.sum(axis=1).tolist()
    expected = np.floor(counts[0] / n * m)
    freedom = max(int(np.count_nonzero(counts[1])) - 1, 1)
    p = chi_square(counts[1], expected, freedom) if expected.all() else 0.0
    return [_test("chi-square test", p)]


def tfdv(pair: Numbers) -> list[Figure]:
    """TFDV: the JSD of two histograms of ten equal bins, each over its own side's range."""
    ends = [pair.ends(side) for side in (0, 1)]
    if any(low == high for low, high in ends):  # a single value is a bin without width
        return [Figure("JSD", 0.0 if ends[0] == ends[1] else 1.0, BITS)]
    edges, below = [], []
    for side in (0, 1):
        counts, own = np.histogram(pair.rows(side), bins=_INTERVALS)
        edges.append(own)
        below.append(np.append(0.0, np.cumsum(counts)))
    cuts = np.union1d(*edges)
    parts = [np.diff(np.interp(cuts, e, b)) for e, b in zip(edges, below, strict=True)]
    return [Figure("JSD", min(jsd_bits(np.array(parts)), 1.0), BITS)]


def tfdv_labels(counts: Integers) -> list[Figure]:
    """TFDV: the L-infinity norm of the difference of shares; JSD beside it."""
    gap = Figure("L-infinity", largest_gap(counts), "share of rows, distance")
    return [gap, Figure("JSD", jsd_bits(counts), BITS)]


def azure(pair: Numbers) -> list[Figure]:
    """Azure ML: the normed Wasserstein distance; JS distance and PSI in Sturges' equal bins."""
    moved = pair.moved() / max(pair.deviation(0, 1), _LEAST)
    low, high = pair.ends()
    number = int(np.ceil(np.log2(pair.counts.sum(axis=1).min()) + 1))
    edges: Array = low + np.arange(number + 1, dtype=np.float64) * ((high - low) / number)
    binned = pair.binned(edges) if high > low else pair.counts.sum(axis=1, keepdims=True)
    return [_over("Wasserstein, normed", moved, SPREADS), *_azure_binned(binned)]


def azure_labels(counts: Integers) -> list[Figure]:
    """Azure ML: the JS distance of the labels' shares; PSI beside it."""
    apart, index = _azure_binned(counts)
    return [_over(apart.measure, apart.value, apart.unit), index]


def _azure_binned(counts: Integers) -> list[Figure]:
    q, p = (counts + 1) / counts.sum(axis=1, keepdims=True)
    return [Figure("JS distance", js(counts), DISTANCE), Figure("PSI", psi(q, p), NATS)]
