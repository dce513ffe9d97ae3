"""What a reader wants to know of a feature beside its divergence: quantiles, moments, labels."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..profiling.categories import CategoryCounts, align
from ..profiling.profiles import Counts
from ..profiling.quantities import NumericCounts
from .comparisons import Comparison
from .grids import Grid, fine_grid, unseen_share
from .reports import Category, Quantile, Sides, Summary

Figure = TypeVar("Figure")

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LISTED = 10  # new and vanished categories that are named; all are counted


def summarise(comparison: Comparison) -> Summary:
    """Summarise both sides of a feature that was compared."""
    if isinstance(comparison.summary, Summary):
        return comparison.summary
    reference, live = comparison.reference, comparison.live
    if isinstance(reference, NumericCounts) and isinstance(live, NumericCounts):
        return _numbers(reference, live, comparison.grid or fine_grid(reference, live))
    if isinstance(reference, CategoryCounts) and isinstance(live, CategoryCounts):
        return _categories(reference, live)
    return Summary()


def summarised(comparison: Comparison) -> Comparison:
    """Keep the summary with the comparison: no option and no threshold changes it.

    A fault is left to whoever records: it is answered there, feature by feature.
    """
    with suppress(Exception):
        return replace(comparison, summary=summarise(comparison))
    return comparison


def missing_shares(comparison: Comparison) -> Sides[float | None]:
    """Tell the share of missing rows on each side, None without rows."""

    def share(counts: Counts | None) -> float | None:
        return counts.missing / counts.rows if counts and counts.rows else None

    return Sides(reference=share(comparison.reference), live=share(comparison.live))


def _numbers(reference: NumericCounts, live: NumericCounts, grid: Grid) -> Summary:
    pair = (reference, live)
    seen = np.flatnonzero(grid.counts[0])
    inside = grid.counts[1, seen[0] : seen[-1] + 1].sum() if len(seen) else 0
    return Summary(
        quantiles=_quantiles(reference, live),
        mean=_both(pair, lambda side: _finite(side.mean) if side.finite else None),
        deviation=_both(pair, lambda side: _finite(side.deviation)),
        minimum=_both(pair, lambda side: side.minimum),
        maximum=_both(pair, lambda side: side.maximum),
        zeros=_both(pair, lambda side: side.zeros),
        infinite=_both(pair, lambda side: side.negative_infinity + side.positive_infinity),
        distinct=_both(pair, lambda side: side.distinct),
        outside=int(live.finite - inside) if len(seen) else None,
        unseen=unseen_share(grid) if reference.level == 0 and live.finite else None,
    )


def _both(
    pair: tuple[NumericCounts, NumericCounts], figure: Callable[[NumericCounts], Figure]
) -> Sides[Figure]:
    return Sides(reference=figure(pair[0]), live=figure(pair[1]))


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None


def _quantiles(reference: NumericCounts, live: NumericCounts) -> tuple[Quantile, ...]:
    sides = [quantiles(side, QUANTILES) for side in (reference, live)]
    return tuple(
        Quantile(p=p, reference=q, live=v) for p, q, v in zip(QUANTILES, *sides, strict=True)
    )


def quantiles(counts: NumericCounts, shares: tuple[float, ...]) -> list[float | None]:
    """Give the order statistics x_(⌈p n⌉) of the finite values, exact to one fine cell."""
    if not counts.finite:
        return [None] * len(shares)
    ranks = np.maximum(np.ceil(np.array(shares) * counts.finite), 1)
    cells, rows = counts.at_level(counts.level)
    places = np.searchsorted(np.cumsum(rows), ranks)
    positions = Grid(counts.level, cells[places], rows[places]).positions
    return [float(value) for value in np.clip(positions, counts.minimum, counts.maximum)]


def _categories(reference: CategoryCounts, live: CategoryCounts) -> Summary:
    labels, *counts = align(reference, live)

    def only(side: int) -> tuple[tuple[Category, ...], int]:
        alone = np.flatnonzero((counts[side] > 0) & (counts[1 - side] == 0))
        most = alone[np.argsort(-counts[side][alone], kind="stable")][:_LISTED]
        listed = (Category(label=labels[i], rows=int(counts[side][i])) for i in most)
        return tuple(listed), len(alone)

    (new, new_count), (vanished, vanished_count) = only(1), only(0)
    return Summary(
        distinct=Sides(reference=reference.distinct, live=live.distinct),
        new=new,
        vanished=vanished,
        new_count=new_count,
        vanished_count=vanished_count,
    )
