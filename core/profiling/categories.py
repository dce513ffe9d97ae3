"""Counts by label: exact for up to `limit` labels, beyond it pooled into cells of their hashes.

Pooled counts follow the rule of numeric cells: the level, here the bits dropped from a label's
hash, is the smallest at which at most `limit` cells are occupied, so parts in any order sum to the
whole. The text of the heaviest labels is kept beside the cells, to name them.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import buffers
from . import cells as grid
from . import hashes as hashing
from .cells import Counted, Integers
from .hashes import Hashes

Labelled = tuple[pa.Array, Integers]

LIMIT: Final = 65_536  # labels counted exactly
_NAMED: Final = 1024  # labels whose text is kept when pooled


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Rows by cell of the label's hash, and the smallest hashes, which tell how many labels."""

    level: int
    cells: Integers
    counts: Integers
    hashes: Hashes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pool):
            return NotImplemented
        return self.level == other.level and all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("cells", "counts", "hashes")
        )


@dataclass(frozen=True, slots=True, eq=False)
class CategoryCounts:
    """How many rows of a feature bear each label.

    `labels` is a string array, rising and without repeats, `counts` has one number for each.
    Without a `pool` they hold every row that is not missing. With one they are the heaviest labels
    known, each with the rows seen while it was among them: names for cells, not counts to compare,
    and left out of `==`. `unreadable` is a part of `missing`.
    """

    labels: pa.Array = field(default_factory=lambda: pa.nulls(0, pa.string()))
    counts: Integers = field(default_factory=lambda: grid.NOTHING[1])
    rows: int = 0
    missing: int = 0
    unreadable: int = 0
    pool: Pool | None = None
    limit: int = LIMIT

    @property
    def present(self) -> int:
        """Rows with a label."""
        return self.rows - self.missing

    @property
    def distinct(self) -> int:
        """Distinct labels: exact without a pool, else an estimate (3 %)."""
        return len(self.labels) if self.pool is None else hashing.estimate(self.pool.hashes)

    def as_dict(self) -> dict[str, int]:
        """Give `counts` by label, in the order of the labels."""
        return dict(zip(self.labels.to_pylist(), self.counts.tolist(), strict=True))

    def pooled(self) -> Pool:
        """Give the counts by cell of the label's hash, whether they exceed the limit or not."""
        if self.pool is not None:
            return self.pool
        hashes = hashing.hash_texts(self.labels)
        cells = hashing.as_cells(hashes)
        return Pool(0, *grid.sum_cells(cells, self.counts), hashing.lead(hashes))

    def extended(
        self, labels: pa.Array, counts: Integers, *, missing: int = 0, unreadable: int = 0
    ) -> "CategoryCounts":
        """Count more rows: labels, which may repeat, and the rows of each.

        >>> counted = CategoryCounts().extended(pa.array(["b", "a", "b"]), np.array([1, 2, 3]))
        >>> counted.as_dict()
        {'a': 2, 'b': 4}
        """
        rows, labels = int(counts.sum()) + missing, labels.cast(pa.string())
        part = CategoryCounts(labels, counts, rows, missing, unreadable, limit=self.limit)
        return _sum(self, part)

    def __add__(self, other: "CategoryCounts") -> "CategoryCounts":
        if not isinstance(other, CategoryCounts):
            return NotImplemented
        return _sum(self, other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CategoryCounts):
            return NotImplemented
        mine, its = ((x.rows, x.missing, x.unreadable, x.pool) for x in (self, other))
        return mine == its and (
            self.pool is not None
            or (self.labels.equals(other.labels) and np.array_equal(self.counts, other.counts))
        )


def align(left: CategoryCounts, right: CategoryCounts) -> tuple[list[str], Integers, Integers]:
    """Give both sides' counts over one list of labels; the way to compare, pooled or not.

    If either side is pooled, a row of the answer is a cell of hashes at the coarser level, with
    exact counts, named by the heaviest label known to lie in it, or by `#` and its number.

    >>> before = CategoryCounts().extended(pa.array(["a", "b"]), np.array([1, 2]))
    >>> after = CategoryCounts().extended(pa.array(["c", "b"]), np.array([3, 4]))
    >>> labels, reference, live = align(before, after)
    >>> labels, reference.tolist(), live.tolist()
    (['a', 'b', 'c'], [1, 2, 0], [0, 4, 3])
    """
    labels, totals = _merged((left.labels, left.counts), (right.labels, right.counts))
    if left.pool is None and right.pool is None:
        places = [buffers.numbers(pc.index_in(side.labels, labels)) for side in (left, right)]
        before, after = (
            _spread(place, side.counts, len(labels))
            for place, side in zip(places, (left, right), strict=True)
        )
        return labels.to_pylist(), before, after
    pools = left.pooled(), right.pooled()
    level = max(pool.level for pool in pools)
    sides = [grid.coarsen((pool.cells, pool.counts), level - pool.level) for pool in pools]
    cells = np.union1d(sides[0][0], sides[1][0])
    order = np.argsort(totals, kind="stable")  # the heaviest comes last and gives its name
    owners = hashing.as_cells(hashing.hash_texts(labels)) >> level
    texts = labels.take(buffers.places(order)).to_pylist()
    names = dict(zip(owners[order].tolist(), texts, strict=True))
    before, after = (
        _spread(np.searchsorted(cells, side), counts, cells.size) for side, counts in sides
    )
    return [names.get(cell, f"#{cell:x}") for cell in cells.tolist()], before, after


def _spread(places: Integers, counts: Integers, size: int) -> Integers:
    spread = np.zeros(size, np.int64)
    spread[places] = counts
    return spread


def _sum(left: CategoryCounts, right: CategoryCounts) -> CategoryCounts:
    """Add what is on the right, whose labels may repeat and come in any order."""
    limit = min(left.limit, right.limit)
    pool = None
    if left.pool is None and right.pool is None:
        labels, counts = _merged((left.labels, left.counts), (right.labels, right.counts))
    else:
        labels, counts = _merged(*(_heaviest(side.labels, side.counts) for side in (left, right)))
    if left.pool or right.pool or len(labels) > limit:
        pool = _merged_pool(left.pooled(), right.pooled(), limit)
        labels, counts = _heaviest(labels, counts)
    return CategoryCounts(
        labels,
        counts,
        rows=left.rows + right.rows,
        missing=left.missing + right.missing,
        unreadable=left.unreadable + right.unreadable,
        pool=pool,
        limit=limit,
    )


def _merged(left: Labelled, right: Labelled) -> Labelled:
    """Sum the counts of equal labels and put the labels in order, as those on the left are."""
    places = pc.index_in(right[0], value_set=left[0])
    if not places.null_count:
        sums = left[1].copy()
        np.add.at(sums, buffers.numbers(places), right[1])
        return left[0], sums
    encoded = pa.concat_arrays([left[0], right[0]]).dictionary_encode()
    sums = np.zeros(len(encoded.dictionary), np.int64)
    np.add.at(sums, buffers.numbers(encoded.indices), np.concatenate((left[1], right[1])))
    order = pc.sort_indices(encoded.dictionary)
    return encoded.dictionary.take(order), sums[buffers.numbers(order)]


def _heaviest(labels: pa.Array, counts: Integers) -> Labelled:
    kept = np.sort(np.argsort(-counts, kind="stable")[:_NAMED])
    return labels.take(buffers.places(kept)), counts[kept]


def _merged_pool(left: Pool, right: Pool, limit: int) -> Pool:
    level = max(left.level, right.level)
    sides: list[Counted] = [
        grid.coarsen((pool.cells, pool.counts), level - pool.level) for pool in (left, right)
    ]
    merged = grid.merge(*sides)
    dropped = grid.fit(merged[0], limit)
    hashes = hashing.smallest(np.concatenate((left.hashes, right.hashes)))
    return Pool(level + dropped, *grid.coarsen(merged, dropped), hashes)
