"""What chance allows: the test, the size without bias, its interval, and what would settle it.

Sizes are JSD in nats. The bound that grants `stable` is taken on fewer bins in small windows, since
many bins can exclude nothing there (statistics.md, section 6).
"""

from dataclasses import dataclass

from ..measuring import intervals
from ..measuring.batches import overdispersion, test_batches
from ..measuring.significance import test_counts
from ..profiling.quantities import NumericCounts
from .binnings import Bins, Chunks, Integers, coarse_counts
from .comparisons import Comparison

FINE_ROWS = 1000  # from so many rows on the smaller side, `stable` is granted on all bins
_TENTHS_ROWS = 500
_POOLED_AWAY = 0.25  # share of `other` in the reference that small windows cannot see into


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the counts of one feature say about chance and size.

    `bound` is the upper bound that excludes a drift, inf where nothing may be excluded; `location`
    and `scale` are z, positive where live is higher, or wider spread; None without an order.
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


def weigh(comparison: Comparison) -> Evidence:
    """Test a feature that was compared, and bound the size of its drift."""
    bins, tested = comparison.bins, comparison.tested
    if bins is None or tested is None:
        raise ValueError(f"{comparison.feature} was not compared")
    if comparison.chunks is not None:
        return _weigh_chunks(bins, comparison.chunks)
    test = test_counts(*tested.counts, ordered=tested.ordered, singles=tested.singles)
    low, high = intervals.interval(*bins.counts)
    trends = {name: part.statistic for name, part in test.components.items()}
    n, m = bins.counts.sum(axis=1).tolist()
    rows = min(n, m)
    return Evidence(
        rows=(n, m),
        bins=int(bins.counts.any(axis=0).sum()),
        p=test.p,
        location=trends.get("location"),
        scale=trends.get("scale"),
        corrected=float(intervals.corrected(*bins.counts)),
        interval=(float(low), float(high)),
        bound=_bound(comparison, bins, rows, float(high)),
        resolution=_resolution(comparison, rows),
    )


def _weigh_chunks(bins: Bins, chunks: Chunks) -> Evidence:
    """Judge against how much the chunks of the reference differ among themselves.

    Only the omnibus test is used, and the interval is indicative (statistics.md, section 7).
    """
    test = test_batches(overdispersion(chunks.reference), chunks.live, grows=chunks.grows)
    law = {"freedom": test.freedom, "inflation": test.inflation}
    low, high = intervals.interval(*bins.counts, **law)
    n, m = bins.counts.sum(axis=1).tolist()
    return Evidence(
        rows=(n, m),
        bins=int(bins.counts.any(axis=0).sum()),
        p=test.p,
        location=None,
        scale=None,
        corrected=float(intervals.corrected(*bins.counts, inflation=test.inflation)),
        interval=(float(low), float(high)),
        bound=float(high),
        resolution="",
    )


def live_rows_needed(comparison: Comparison, size: float) -> int | None:
    """Tell the live rows that could exclude a drift of `size`; None if the reference is too small,
    or comes in chunks, where more rows alone may settle nothing.

    The bins are those that so many rows would be given.
    """
    if comparison.bins is None or comparison.chunks is not None:
        return None
    n = int(comparison.bins.counts[0].sum())

    def bins(rows: int) -> int:
        counts = _coarse(comparison, min(n, rows))
        return int((counts.sum(axis=0) > 0).sum())

    return intervals.rows_needed(n, bins, size)


def _bound(comparison: Comparison, bins: Bins, rows: int, high: float) -> float:
    if rows >= FINE_ROWS:
        return high
    if rows < _TENTHS_ROWS and _mostly_other(bins):
        return float("inf")
    return float(intervals.interval(*_coarse(comparison, rows))[1])


def _mostly_other(bins: Bins) -> bool:
    if "other" not in bins.roles:
        return False
    reference = bins.counts[0]
    return bool(reference[bins.roles.index("other")] > _POOLED_AWAY * reference.sum())


def _coarse(comparison: Comparison, rows: int) -> Integers:
    """Give the counts on the bins that a window of `rows` rows is judged by."""
    before, after, options = comparison.reference, comparison.live, comparison.options
    if isinstance(before, NumericCounts) and isinstance(after, NumericCounts):
        return coarse_counts(before, after, options=options, rows=rows)
    if comparison.bins is None:
        raise ValueError(f"{comparison.feature} was not compared")
    return comparison.bins.counts


def _resolution(comparison: Comparison, rows: int) -> str:
    if rows >= FINE_ROWS or not isinstance(comparison.reference, NumericCounts):
        return ""
    return "tenths and the tails" if rows >= _TENTHS_ROWS else "fifths and the tails"
