"""What chance allows: the test, the size without bias, its interval, and what would settle it.

Sizes are JSD in nats. The bound that grants `stable` is taken on the bins that the smaller side can
see a drift in: fewer of numbers in small windows, where many bins can exclude nothing
(statistics.md, section 6), and more of categories than are shown, as a drift inside `other` moves
none of those (CERTIFICATE.md).
"""

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from ..measuring import intervals
from ..measuring.batches import overdispersion, test_batches
from ..measuring.significance import test_counts
from ..profiling.quantities import NumericCounts
from .binnings import Bins, Chunks, coarse_counts
from .comparisons import Comparison
from .grids import Integers
from .poolings import pool_rare, rows_to_see

FINE_ROWS = 1000  # from so many rows on the smaller side, `stable` is granted on all bins
_TENTHS_ROWS = 500
POOLED_AWAY = 0.25  # share of the reference in labels too rare to see, from which none is stable


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the counts of one feature say about chance and size.

    `bound` is the upper bound that excludes a drift, inf where nothing may be excluded; `location`
    and `scale` are z, positive where live is higher, or wider spread; None without an order.
    `noise` is the size that 95 % of windows like this one stay under without drift.
    """

    rows: tuple[int, int]
    bins: int  # that anyone is in
    p: float
    location: float | None
    scale: float | None
    corrected: float
    interval: tuple[float, float]
    bound: float
    resolution: str
    noise: float


def weighed(comparison: Comparison) -> Comparison:
    """Keep the evidence with the comparison, so that other thresholds need not ask again.

    A fault is left to whoever judges: it is answered there, feature by feature.
    """
    if comparison.scores is None:
        return comparison
    with suppress(Exception):
        return replace(comparison, evidence=weigh(comparison))
    return comparison


def weigh(comparison: Comparison) -> Evidence:
    """Test a feature that was compared, and bound the size of its drift."""
    if isinstance(comparison.evidence, Evidence):
        return comparison.evidence
    bins, tested = comparison.bins, comparison.tested
    if bins is None or tested is None:
        raise ValueError(f"{comparison.feature} was not compared")
    if comparison.chunks is not None:
        return _weigh_chunks(bins, comparison.chunks)
    test = test_counts(*tested.counts, ordered=tested.ordered, singles=tested.singles)
    size, low, high = intervals.bound(*bins.counts)
    trends = {name: part.statistic for name, part in test.components.items()}
    n, m = bins.counts.sum(axis=1).tolist()
    bound, resolution = _bound(comparison, min(n, m), float(high))
    return Evidence(
        rows=(n, m),
        bins=int(bins.counts.any(axis=0).sum()),
        p=test.p,
        location=trends.get("location"),
        scale=trends.get("scale"),
        corrected=float(size),
        interval=(float(low), float(high)),
        bound=bound,
        resolution=resolution,
        noise=float(intervals.noise_size(n, m, np.count_nonzero(bins.counts.any(axis=0)))),
    )


def _weigh_chunks(bins: Bins, chunks: Chunks) -> Evidence:
    """Judge against how much the chunks of the reference differ among themselves.

    Only the omnibus test is used, and the interval is indicative (statistics.md, section 7).
    """
    known = overdispersion(chunks.reference)
    test = test_batches(known, chunks.live, grows=chunks.grows)
    n, m = bins.counts.sum(axis=1).tolist()
    occupied = int(bins.counts.any(axis=0).sum())
    # The test may have had fewer bins than are shown: its freedom is a share of theirs.
    freedom = test.freedom / known.freedom * max(occupied - 1, 1)
    size, low, high = intervals.bound(*bins.counts, freedom=freedom, inflation=test.inflation)
    noise = intervals.noise_size(
        n, m, occupied, freedom=freedom, inflation=test.inflation, chunks=known.chunks
    )
    return Evidence(
        rows=(n, m),
        bins=occupied,
        p=test.p,
        location=None,
        scale=None,
        corrected=float(size),
        interval=(float(low), float(high)),
        bound=float(high),
        resolution="",
        noise=float(noise),
    )


def live_rows_needed(comparison: Comparison, size: float) -> int | None:
    """Tell the live rows that could exclude a drift of `size`, in the bins they would be given.

    None if the reference is too small, or comes in chunks, where more rows alone may settle
    nothing.
    """
    if comparison.bins is None or comparison.chunks is not None:
        return None
    n = int(comparison.bins.counts[0].sum())
    labels = _labels(comparison)
    least = 1 if labels is None else rows_to_see(labels, 1 - POOLED_AWAY)
    if least > n:
        return None

    def bins(rows: int) -> int:
        counts = _coarse(comparison, min(n, max(rows, least)))
        return int(np.count_nonzero(counts.any(axis=0)))

    rows = intervals.rows_needed(n, bins, size)
    return None if rows is None else max(rows, least)


def _bound(comparison: Comparison, rows: int, high: float) -> tuple[float, str]:
    """Bound the drift in the bins that a window of `rows` rows can see, and name them."""
    if _labels(comparison) is None:
        if rows >= FINE_ROWS:
            return high, ""
        words = f"{'tenths' if rows >= _TENTHS_ROWS else 'fifths'} and the tails"
        return float(intervals.interval(*_coarse(comparison, rows))[1]), words
    counts = _coarse(comparison, rows)
    alone, rest = counts.shape[1] - 1, counts[:, -1]
    if rest[0] > POOLED_AWAY * counts[0].sum():
        return float("inf"), ""
    words = f"{alone} categories, the rest together" if rest.any() else ""
    return float(intervals.interval(*counts)[1]), words


def _coarse(comparison: Comparison, rows: int) -> Integers:
    """Give the counts in the bins that a window of `rows` rows is judged by."""
    before, after, labels = comparison.reference, comparison.live, _labels(comparison)
    if labels is not None:
        return pool_rare(labels, rows)
    if isinstance(before, NumericCounts) and isinstance(after, NumericCounts):
        return coarse_counts(before, after, options=comparison.options, rows=rows)
    raise ValueError(f"{comparison.feature} was not compared")


def _labels(comparison: Comparison) -> Integers | None:
    """Give the counts of all labels; None for a numeric feature."""
    if comparison.tested is None or isinstance(comparison.reference, NumericCounts):
        return None
    return comparison.tested.singles
