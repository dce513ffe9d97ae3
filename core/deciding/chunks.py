"""A comparison in chunks: windows of time, or groups of rows, that differ by nature.

How much the chunks of the reference differ tells how much live may differ without any drift
(statistics.md, section 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..measuring.batches import MINIMUM_CHUNKS, RARE
from ..measuring.bins import pool_values
from ..profiling.categories import CategoryCounts
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from . import binnings, poolings
from .binnings import BESIDE, Chunks
from .comparisons import Comparison
from .grids import Integers

__all__ = ["MINIMUM_CHUNKS", "Chunked", "add_chunks", "count_chunks"]


@dataclass(frozen=True, slots=True)
class Chunked:
    """Both sides cut into chunks, a profile each; `words` say how ("days of booked_at").

    `grows` is that of Chunks.
    """

    reference: Sequence[Profile]
    live: Sequence[Profile]
    words: str
    grows: bool

    @property
    def enough(self) -> bool:
        """Whether the reference has chunks enough to tell how much they differ."""
        return len(self.reference) >= MINIMUM_CHUNKS


def add_chunks(comparison: Comparison, chunked: Chunked) -> Comparison:
    """Count the chunks of a feature in the bins it was compared in; those without rows are left."""
    if comparison.bins is None or not chunked.enough:
        return comparison
    name, first = comparison.feature, len(chunked.reference)
    counts = count_chunks(
        comparison, [p.features[name] for p in (*chunked.reference, *chunked.live)]
    )
    before, after = (side[side.any(axis=1)] for side in (counts[:first], counts[first:]))
    if len(before) < MINIMUM_CHUNKS:
        reason = "Its rows are taken as independent: too few chunks hold any."
        return replace(comparison, reason=" ".join(filter(None, (comparison.reason, reason))))
    if isinstance(comparison.reference, NumericCounts):
        starts = wide_enough(before)
        before, after = (np.add.reduceat(side, starts, axis=1) for side in (before, after))
    return replace(comparison, chunks=Chunks(before, after, chunked.grows), evidence=None)


def wide_enough(chunks: Integers) -> Integers:
    """Tell where to begin sums of neighbouring bins (chunks, bins) that a mean chunk fills.

    Rare bins that are not neighbours would be summed across the axis: small chunks would see no
    drift at all. The last three bins, infinities and missing, have no neighbours.
    """
    groups = pool_values(chunks[:, :-BESIDE].mean(axis=0), RARE)
    beside = chunks.shape[1] - np.arange(BESIDE, 0, -1)
    return np.append(np.unique(groups, return_index=True)[1], beside)


def count_chunks(comparison: Comparison, chunks: Sequence[Counts]) -> Integers:
    """Count chunks of a feature that was compared (chunks, bins), in the reference's bins."""
    before, after, options = comparison.reference, comparison.live, comparison.options
    if isinstance(before, NumericCounts) and isinstance(after, NumericCounts):
        numbers = [side for side in chunks if isinstance(side, NumericCounts)]
        level = max(before.level, after.level)
        return binnings.bin_chunks(before, level, numbers, options=options)
    labels = [side for side in chunks if isinstance(side, CategoryCounts)]
    if comparison.bins is None:
        raise ValueError(f"{comparison.feature} was not compared")
    return poolings.bin_chunks(comparison.bins, labels, options=options)
