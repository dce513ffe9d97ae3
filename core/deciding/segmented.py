"""Mix or behaviour: drift split into the change of segments' shares and the change inside them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..measuring.divergences import JSD, js_distance, shares
from ..measuring.intervals import bias, corrected
from ..measuring.mixtures import Split, deal, reweigh, split_jsd, split_kl
from ..measuring.significance import adjust, combine, omnibus
from ..profiling.categories import CategoryCounts
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from ..profiling.segments import Segments
from .chunks import count_chunks
from .comparisons import Comparison
from .grids import Array
from .segment_reports import Cause, InsideSegment, Segment, SegmentedFeature, SegmentsReport
from .states import FLAGGED, Sides, State

MOST = 12  # segments listed of a feature: those that make most of the change
_BITS = math.log(2)

Value = str | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """What counts as a change: the JS distance to watch from, and the error rate."""

    warn: float = 0.1
    alpha: float = 0.05
    pseudocount: float = 0.5


def split_by_segments(
    sides: tuple[Profile, Profile],
    comparisons: Sequence[Comparison],
    states: Mapping[str, State],
    sizes: Sizes,
) -> SegmentsReport | None:
    """Split the drift of every compared feature by the segments of both `sides`, reference first.

    None where a side has none, or they are by another column. `states` are those of the features.
    """
    before, after = (side.segments for side in sides)
    if before is None or after is None or before.column != after.column:
        return None
    values = sorted({*before.parts, *after.parts}, key=lambda value: (value is None, value or ""))
    rows = np.array([[side.rows(value) for value in values] for side in (before, after)], float)
    if not rows.any(axis=1).all():
        return None
    compared = [each for each in comparisons if each.bins and each.feature != before.column]
    tables = [_table(comparison, (before, after), values) for comparison in compared]
    p, distance = float(np.asarray(omnibus(*rows)[1])), float(js_distance(corrected(*rows)))
    changed = p <= sizes.alpha and distance >= sizes.warn
    return SegmentsReport(
        column=before.column,
        js_distance=distance,
        p=_number(p),
        changed=changed,
        segments=_segments(values, rows),
        features=_features(tables, states, sizes, mix_changed=changed),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A feature's rows (2, segments, bins); its means (2, segments), and the values behind them."""

    name: str
    values: Sequence[Value]
    counts: Array
    means: Array  # NaN where there is none
    weights: Array


def _table(
    comparison: Comparison, sides: tuple[Segments, Segments], values: Sequence[Value]
) -> _Table:
    name = comparison.feature
    parts = [[side.parts.get(value, {}).get(name) for value in values] for side in sides]
    known = [part for side in parts for part in side if part is not None]
    binned = iter(count_chunks(comparison, _alike(comparison, known)).astype(np.float64))
    empty: Array = np.zeros(0)
    rows = [[next(binned) if part is not None else empty for part in side] for side in parts]
    width = max(len(row) for side in rows for row in side)
    filled = [[row if len(row) else np.zeros(width) for row in side] for side in rows]
    means = np.array([[_mean(part, comparison.kind) for part in side] for side in parts])
    return _Table(name, values, np.array(filled), means[..., 0], means[..., 1])


def _alike(comparison: Comparison, parts: Sequence[Counts]) -> list[Counts]:
    """Give parts without values the kind that the whole was compared as."""
    numeric = isinstance(comparison.reference, NumericCounts)
    kind = NumericCounts if numeric else CategoryCounts
    return [
        part if isinstance(part, kind) else kind(rows=part.rows, missing=part.rows)
        for part in parts
    ]


def _mean(counts: Counts | None, kind: str) -> tuple[float, float]:
    """Give the mean of numbers, or the share of `true`, and the number of values behind it."""
    if isinstance(counts, NumericCounts) and counts.finite and kind == "numeric":
        return counts.mean, counts.finite
    if isinstance(counts, CategoryCounts) and counts.present and kind == "boolean":
        return counts.as_dict().get("true", 0) / counts.present, counts.present
    return math.nan, 0


def _chance(counts: Array) -> float:
    """Test the inside of each segment that both sides have, and combine what they say."""
    both = counts.sum(axis=2).all(axis=0)
    if not both.any():
        return math.nan
    return float(combine(omnibus(*counts[:, both])[1]))


def _features(
    tables: Sequence[_Table], states: Mapping[str, State], sizes: Sizes, *, mix_changed: bool
) -> tuple[SegmentedFeature, ...]:
    """Report the features, with q-values over them, the worst first."""
    chances = [_chance(table.counts) for table in tables]
    features = [
        _feature(table, (p, float(q)), sizes, states.get(table.name), mix_changed=mix_changed)
        for table, p, q in zip(tables, chances, adjust(chances), strict=True)
    ]
    return tuple(sorted(features, key=_rank))


def _feature(
    table: _Table,
    chance: tuple[float, float],
    sizes: Sizes,
    state: State | None,
    *,
    mix_changed: bool,
) -> SegmentedFeature:
    p, q = chance
    split = _split(table.counts, sizes.pseudocount)
    behaves = q <= sizes.alpha and split.inside >= sizes.warn
    mixes = mix_changed and split.from_mix >= sizes.warn
    if not (behaves or mixes) and state in FLAGGED:
        mixes = split.remaining < split.from_mix
        behaves = not mixes
    means = _means(table)
    return SegmentedFeature(
        name=table.name,
        cause=_CAUSES[behaves, mixes],
        jsd_bits=split.jsd.whole / _BITS,
        mix_bits=split.jsd.mix / _BITS,
        inside_bits=float(split.jsd.inside.sum()) / _BITS,
        inside_distance=split.inside,
        kl_live_ref=split.kl.whole,
        kl_mix=split.kl.mix,
        kl_inside=float(split.kl.inside.sum()),
        p=_number(p),
        q=_number(q),
        js_distance=split.whole,
        from_mix=split.from_mix,
        remaining=split.remaining,
        mean=means.sides if means else None,
        mean_expected=means.expected if means else None,
        reverses=means is not None and means.reverses,
        segments=_inside(table, split.jsd),
    )


class _Splits(NamedTuple):
    """How a feature's drift is split: exactly, with the segments, and in JS distances.

    `whole` is its own drift, `from_mix` that by live's shares alone, `remaining` from there on;
    `inside` is that inside the segments, bias removed.
    """

    jsd: Split
    kl: Split
    whole: float
    from_mix: float
    remaining: float
    inside: float


def _split(counts: Array, pseudocount: float) -> _Splits:
    """Split counts (2, segments, bins), reference first."""
    q, p = (side / side.sum() for side in counts)
    smooth_q, smooth_p = deal(counts[0], counts[1], pseudocount)
    jsd, weighed = split_jsd(p, q), reweigh(p, q)
    inside = max(float(jsd.inside.sum()) - _bias(counts), 0.0)
    own, live = q.sum(axis=0), p.sum(axis=0)
    apart = (JSD(live, own), JSD(weighed, own), JSD(live, weighed), inside)
    return _Splits(jsd, split_kl(smooth_p, smooth_q), *(float(js_distance(d)) for d in apart))


_CAUSES: Mapping[tuple[bool, bool], Cause] = {
    (True, True): "both",
    (True, False): "behaviour",
    (False, True): "mix",
    (False, False): "neither",
}


def _bias(counts: Array) -> float:
    """Estimate by how much noise raises the JSD inside: that of the joint less that of the mix."""
    joint = counts.reshape(2, -1)
    return float(bias(*joint) - bias(*counts.sum(axis=2)))


@dataclass(frozen=True, slots=True)
class _Means:
    sides: Sides[float | None]
    expected: float  # what the mix alone would make of it
    reverses: bool


def _means(table: _Table) -> _Means | None:
    """Average the segments' means by their values; a segment new in live has its own mean."""
    values, means = table.weights, np.where(table.weights > 0, table.means, 0.0)
    if not values.any(axis=1).all() or not np.isfinite(table.means).any():
        return None
    before, after = (means * values).sum(axis=1) / values.sum(axis=1)
    usual = np.where(values[0] > 0, means[0], means[1])
    both = (values > 0).all(axis=0)
    moved = (means[1] - means[0])[both]
    reverses = len(moved) > 1 and bool((moved * (after - before) < 0).all())
    expected = float((usual * values[1]).sum() / values[1].sum())
    return _Means(Sides(reference=float(before), live=float(after)), expected, reverses)


def _inside(table: _Table, jsd: Split) -> tuple[InsideSegment, ...]:
    parts = shares(jsd.inside)
    listed = np.argsort(-parts, kind="stable")[:MOST].tolist()
    return tuple(
        InsideSegment(
            value=table.values[i],
            rows=_whole(table.counts.sum(axis=2)[:, i]),
            part=float(parts[i]),
            js_distance=_distance(table.counts[:, i]),
            mean=_pair(table.means[:, i]),
        )
        for i in listed
    )


def _distance(counts: Array) -> float | None:
    if not counts.any(axis=1).all():
        return None
    q, p = counts / counts.sum(axis=1, keepdims=True)
    return float(js_distance(JSD(p, q)))


def _pair(means: Array) -> Sides[float | None] | None:
    reference, live = map(_number, means.tolist())
    if reference is None and live is None:
        return None
    return Sides(reference=reference, live=live)


def _whole(rows: Array) -> Sides[int]:
    return Sides(reference=int(rows[0]), live=int(rows[1]))


def _segments(values: Sequence[Value], rows: Array) -> tuple[Segment, ...]:
    q, p = rows / rows.sum(axis=1, keepdims=True)
    parts = shares(JSD.terms(p, q))
    return tuple(
        Segment(
            value=values[i],
            rows=_whole(rows[:, i]),
            share=Sides(reference=float(q[i]), live=float(p[i])),
            part=float(parts[i]),
        )
        for i in np.argsort(-parts, kind="stable").tolist()
    )


def _rank(feature: SegmentedFeature) -> tuple[bool, float]:
    return feature.cause == "neither", -max(feature.js_distance, feature.inside_distance)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
