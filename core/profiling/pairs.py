"""Joint counts of two columns: how many rows lie in each pair of their levels.

Levels are fixed by the reference: tenths, tails and heavy values apart, and steps beyond its range
on both sides, where live may lie. Rows without a value in either column are left out. Tables add.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .categories import CategoryCounts
from .cells import Integers, values
from .kinds import Kind, labels_by_row, numbers_by_row
from .quantities import NumericCounts
from .sums import Incompatible

LEVELS: Final = 32  # of a column, at most
FEW: Final = 10  # different numbers of a label that are classes, and no ranges
MOST: Final = 200  # columns of which all pairs are counted: 160 MB of tables
_INSIDE: Final = 10  # levels that hold as many rows of the reference each; the outer ones are cut
_TAILS: Final = 2  # times on each side, where live may be crowded
_CUTS: Final = np.array([0.01, 0.04, *np.arange(1, _INSIDE) / _INSIDE, 0.96, 0.99])
_OUTSIDE: Final = 5  # levels beyond its range, on each side
_STEPS: Final = 4  # levels that the middle 80 % of the reference would take, as wide as those
_NAMED: Final = LEVELS - 1  # labels with a level of their own
MANY: Final = 1000  # labels from which on a column says nothing by its largest ones
_BLOCK: Final = 16_384  # rows counted at once: their levels stay in the cache
_LEAST: Final = 2  # levels, or there is nothing to depend on


@dataclass(frozen=True, slots=True)
class Axis:
    """The levels of a column: numbers between `edges` (rising), or `labels` and the rest."""

    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def is_ordered(self) -> bool:
        """Whether the levels are of numbers."""
        return not self.labels

    def codes(self, column: pa.Array, kind: Kind) -> Integers:
        """Give the level of each row; LEVELS for a row without a value."""
        if self.is_ordered:
            numbers, _ = numbers_by_row(column, kind)
            found = np.searchsorted(np.array(self.edges), numbers, side="right")
            return np.where(np.isnan(numbers), LEVELS, found)
        texts, places = labels_by_row(column, kind)
        known = pc.fill_null(pc.index_in(texts, pa.array(self.labels)), len(self.labels))
        return np.append(np.asarray(known, np.int64), LEVELS)[places]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Joint tables (pairs, LEVELS, LEVELS) of the columns `names[i]`, first column first."""

    axes: Mapping[str, Axis]
    names: tuple[tuple[str, str], ...]
    tables: Integers

    @classmethod
    def over(cls, axes: Mapping[str, Axis], names: Sequence[tuple[str, str]]) -> "Pairs":
        """Give the tables of no rows."""
        return cls(axes, tuple(names), np.zeros((len(names), LEVELS, LEVELS), np.int64))

    def extended(self, batches: Iterable[pa.RecordBatch], kinds: Mapping[str, Kind]) -> "Pairs":
        """Count the rows of batches, too; a column that a batch lacks is missing in its rows."""
        tables = self.tables.copy()
        for batch in batches:
            for start in range(0, batch.num_rows, _BLOCK):
                self._add(tables, batch.slice(start, _BLOCK), kinds)
        return replace(self, tables=tables)

    def _add(self, tables: Integers, batch: pa.RecordBatch, kinds: Mapping[str, Kind]) -> None:
        width = LEVELS + 1
        codes = {name: _codes(batch, name, axis, kinds) for name, axis in _used(self)}
        rows = {name: codes[name] * width for name in {first for first, _ in self.names}}
        flat = np.empty(batch.num_rows, np.int64)
        for i, (first, second) in enumerate(self.names):
            np.add(rows[first], codes[second], out=flat)
            counts = np.bincount(flat, minlength=width * width)
            tables[i] += counts.reshape(width, width)[:LEVELS, :LEVELS]

    def __add__(self, other: "Pairs") -> "Pairs":
        if not isinstance(other, Pairs):
            return NotImplemented
        if not self.fits(other):
            raise Incompatible("Tables of pairs with other levels do not add: count both alike.")
        return replace(self, tables=self.tables + other.tables)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pairs):
            return NotImplemented
        return self.fits(other) and np.array_equal(self.tables, other.tables)

    def fits(self, other: "Pairs") -> bool:
        """Tell whether both are tables of the same pairs and levels."""
        return self.names == other.names and dict(self.axes) == dict(other.axes)

    def of(self, names: Iterable[tuple[str, str]]) -> "Pairs":
        """Give the tables of some pairs alone, those that are here, in either order."""
        wanted = {frozenset(pair) for pair in names}
        places = [i for i, pair in enumerate(self.names) if frozenset(pair) in wanted]
        return replace(self, names=tuple(self.names[i] for i in places), tables=self.tables[places])

    def by(self, first: str, second: str) -> Integers | None:
        """Give the table of two columns, the levels of `first` in its lines; None without one."""
        if (first, second) in self.names:
            return np.asarray(self.tables[self.names.index((first, second))])
        if (second, first) in self.names:
            return np.asarray(self.tables[self.names.index((second, first))].T)
        return None

    def plain(self) -> dict[str, Any]:
        """Give names and levels as plain data, beside the tables."""
        axes = {
            name: {"edges": list(axis.edges), "labels": list(axis.labels)}
            for name, axis in self.axes.items()
        }
        return {"names": [list(pair) for pair in self.names], "axes": axes}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any], tables: Integers) -> "Pairs":
        """Read what `plain` wrote; raise ValueError for what cannot be."""
        axes = {
            str(name): Axis(tuple(map(float, axis["edges"])), tuple(map(str, axis["labels"])))
            for name, axis in plain["axes"].items()
        }
        names = tuple((first, second) for first, second in plain["names"])
        if (
            not all(map(_is_possible, axes.values()))
            or (tables < 0).any()
            or any(name not in axes for pair in names for name in pair)
        ):
            raise ValueError("tables of pairs that cannot be")
        return cls(axes, names, tables.reshape(len(names), LEVELS, LEVELS))


def sum_pairs(left: tuple[Pairs | None, int], right: tuple[Pairs | None, int]) -> Pairs | None:
    """Sum the tables of two profiles, each with its rows; None where one that has rows has none."""
    if not left[1] or not right[1]:
        return left[0] if left[1] else right[0]
    return None if left[0] is None or right[0] is None else left[0] + right[0]


def read_pairs(header: Mapping[str, Any], rows: int) -> Pairs | None:
    """Read the tables of a saved profile of `rows` rows; raise ValueError for what cannot be."""
    if "pairs" not in header:
        return None
    pairs = Pairs.of_plain(header["pairs"], header["tables"])
    if (pairs.tables.sum(axis=(1, 2)) > rows).any():
        raise ValueError("more rows in a pair than in the table")
    return pairs


def _is_possible(axis: Axis) -> bool:
    rising = all(a < b for a, b in itertools.pairwise((*axis.edges, np.inf)))
    return rising and max(len(axis.edges), len(axis.labels)) < LEVELS


def _used(pairs: Pairs) -> list[tuple[str, Axis]]:
    used = {name for pair in pairs.names for name in pair}
    return [(name, axis) for name, axis in pairs.axes.items() if name in used]


def _codes(batch: pa.RecordBatch, name: str, axis: Axis, kinds: Mapping[str, Kind]) -> Integers:
    """Give the level of each row; a column that is not there has none."""
    if name not in batch.schema.names:
        return np.full(batch.num_rows, LEVELS)
    return axis.codes(batch.column(name), kinds[name])


def choose_axes(features: Mapping[str, object], kinds: Mapping[str, Kind]) -> dict[str, Axis]:
    """Choose the levels of every column that can depend on another: from the reference's counts.

    Times, constants, and labels that are nearly all different are left out.
    """
    axes = {}
    for name, counts in features.items():
        if isinstance(counts, NumericCounts) and kinds[name] == "numeric" and counts.finite:
            axes[name] = Axis(edges=_edges(counts))
        elif isinstance(counts, CategoryCounts) and _LEAST <= counts.distinct <= MANY:
            largest = np.argsort(-counts.counts, kind="stable")[:_NAMED]
            axes[name] = Axis(labels=tuple(counts.labels.take(pa.array(largest)).to_pylist()))
    return {name: axis for name, axis in axes.items() if axis.labels or len(axis.edges) > _LEAST}


def label_axis(counts: object, kind: Kind) -> Axis | None:
    """Choose the levels of a label: a few numbers are classes, each with a level of its own."""
    if isinstance(counts, NumericCounts) and kind == "numeric" and counts.level == 0:
        lower, upper = (values(keys) for keys in counts.boundaries())
        if _LEAST <= lower.size <= FEW:
            return Axis(edges=tuple(np.unique(np.concatenate((lower, upper))).tolist()))
    return choose_axes({"": counts}, {"": kind}).get("")


def _edges(counts: NumericCounts) -> tuple[float, ...]:
    """Cut into tenths, heavy values apart; then by steps beyond both ends."""
    lower, upper = (values(keys) for keys in counts.boundaries())
    reached = np.cumsum(counts.counts)
    cuts = np.searchsorted(reached, counts.finite * _CUTS)
    heavy = counts.counts * _INSIDE >= counts.finite
    inside = np.unique(np.concatenate((lower[:1], lower[cuts], upper[heavy], upper[-1:])))
    with np.errstate(over="ignore", invalid="ignore"):  # near the ends of the floats
        step = (lower[cuts[-_TAILS - 1]] - lower[cuts[_TAILS]]) / _STEPS
        beyond = step * np.arange(1, _OUTSIDE)
        edges = np.unique(np.concatenate((lower[0] - beyond, inside, upper[-1] + beyond)))
    edges = edges[np.isfinite(edges)]
    spare = max(len(edges) - LEVELS + 1, 0)  # the outermost steps give way to heavy values
    return tuple(edges[spare // 2 : len(edges) - (spare + 1) // 2].tolist())


def all_pairs(axes: Mapping[str, Axis]) -> list[tuple[str, str]]:
    """List every pair of columns, in the order of the table."""
    return list(itertools.combinations(axes, 2))
