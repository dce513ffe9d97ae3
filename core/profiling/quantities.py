"""Counts of a numeric or datetime feature: cells of the float grid, and what merges beside them.

The level is the smallest at which at most `budget` cells are occupied. It depends on the data
alone, never on their order: a part never occupies more cells than the whole, so the sum of the
parts, coarsened until it fits, is the whole, count for count.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from . import cells as grid
from . import hashes as hashing
from .cells import Array, Counted, Integers
from .hashes import Hashes

BUDGET: Final = 4096  # occupied cells of a feature
_SAMPLE: Final = 16_384  # values whose level is the first guess: a lower bound of the final one
_EXACT: Final = 2.0**53  # beyond it whole numbers are no longer all floats
_HUGE: Final = 1e290  # beyond it a sum of values may overflow


@dataclass(frozen=True, slots=True, eq=False)
class NumericCounts:
    """How many rows of a feature lie in each cell, and its exact extremes.

    `rows` = `missing` + infinities + `finite`; `unreadable` is a part of `missing`. `+` merges, in
    any order. `==` leaves out `mean` and `moment`, whose last digits follow the order of merging.
    """

    level: int = 0
    cells: Integers = field(default_factory=lambda: grid.NOTHING[0])  # rising, key >> level
    counts: Integers = field(default_factory=lambda: grid.NOTHING[1])  # rows in each cell
    rows: int = 0
    missing: int = 0
    unreadable: int = 0
    negative_infinity: int = 0
    positive_infinity: int = 0
    minimum: float | None = None  # of the finite values, as is all below
    maximum: float | None = None
    zeros: int = 0
    mean: float = 0.0
    moment: float = 0.0  # sum of squared deviations from the mean; inf where that overflows
    fractional: bool = False  # some value is not whole
    hashes: Hashes | None = None  # kept for whole numbers above level 0, to estimate `distinct`
    budget: int = BUDGET

    @property
    def finite(self) -> int:
        """Rows with a finite value."""
        return int(self.counts.sum())

    @property
    def present(self) -> int:
        """Rows with a value, infinite ones included."""
        return self.rows - self.missing

    @property
    def negatives(self) -> int:
        """Rows with a finite value below zero: at every level their cells lie below 0."""
        return int(self.counts[self.cells < 0].sum())

    @property
    def distinct(self) -> int:
        """Distinct finite values: exact at level 0, an estimate (3 %) for whole numbers above it.

        For fractional values above level 0 the occupied cells: a lower bound.
        """
        return self.cells.size if self.hashes is None else hashing.estimate(self.hashes)

    @property
    def inexact(self) -> bool:
        """Whether these are whole numbers beyond 2^53, of which several share a float."""
        reach = max(-(self.minimum or 0.0), self.maximum or 0.0)
        return not self.fractional and reach > _EXACT

    @property
    def deviation(self) -> float | None:
        """Sample standard deviation (ddof 1); None for fewer than 2 values or on overflow."""
        finite = self.finite
        if finite < 2 or not math.isfinite(self.moment):  # noqa: PLR2004 (ddof 1 needs two)
            return None
        return math.sqrt(self.moment / (finite - 1))

    def at_level(self, level: int) -> Counted:
        """Give cells and counts at the same or a coarser level."""
        if not self.level <= level <= 63:  # noqa: PLR2004 (bits of a key beside its sign)
            raise ValueError(f"level {level} asked of counts kept from {self.level} to 63")
        return grid.coarsen((self.cells, self.counts), level - self.level)

    def boundaries(self, level: int | None = None) -> Counted:
        """Give the keys at which the occupied cells of a level begin and end, half-open."""
        level = self.level if level is None else level
        return grid.boundaries(self.at_level(level)[0], level)

    def extended(self, values: Array, *, missing: int = 0, unreadable: int = 0) -> "NumericCounts":
        """Count more rows: floats, of which NaN is missing, and rows already known to be missing.

        >>> counts = NumericCounts().extended(np.array([1.0, 1.0, 2.5, np.nan]), missing=1)
        >>> grid.values(counts.cells).tolist(), counts.counts.tolist(), counts.missing
        ([1.0, 2.5], [2, 1], 2)
        """
        values = np.ascontiguousarray(values, np.float64)  # their bits are read in place
        part = NumericCounts(
            rows=values.size + missing, missing=missing, unreadable=unreadable, budget=self.budget
        )
        if not values.size:
            return self + part
        with np.errstate(invalid="ignore", over="ignore"):
            ends = float(values.min()), float(values.max())
            if math.isfinite(ends[0]) and math.isfinite(ends[1]):
                return self + _counted(part, values, ends, self)
            part = replace(
                part,
                missing=missing + int(np.count_nonzero(np.isnan(values))),
                negative_infinity=int(np.count_nonzero(values == -np.inf)),
                positive_infinity=int(np.count_nonzero(values == np.inf)),
            )
            finite = values[np.isfinite(values)]
            if not finite.size:
                return self + part
            ends = float(finite.min()), float(finite.max())
            return self + _counted(part, finite, ends, self)

    def __add__(self, other: "NumericCounts") -> "NumericCounts":
        if not isinstance(other, NumericCounts):
            return NotImplemented
        if not self.rows and self.budget == other.budget and other.cells.size <= other.budget:
            return other
        level = max(self.level, other.level)
        budget = min(self.budget, other.budget)
        merged = grid.merge(self.at_level(level), other.at_level(level))
        dropped = grid.fit(merged[0], budget)
        level += dropped
        cells, counts = grid.coarsen(merged, dropped)
        fractional = self.fractional or other.fractional
        mean, moment = _merged_moments(self, other)
        return NumericCounts(
            level=level,
            cells=cells,
            counts=counts,
            rows=self.rows + other.rows,
            missing=self.missing + other.missing,
            unreadable=self.unreadable + other.unreadable,
            negative_infinity=self.negative_infinity + other.negative_infinity,
            positive_infinity=self.positive_infinity + other.positive_infinity,
            minimum=min((x.minimum for x in (self, other) if x.minimum is not None), default=None),
            maximum=max((x.maximum for x in (self, other) if x.maximum is not None), default=None),
            zeros=self.zeros + other.zeros,
            mean=mean,
            moment=moment,
            fractional=fractional,
            hashes=_merged_hashes(self, other) if level and not fractional else None,
            budget=budget,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NumericCounts):
            return NotImplemented
        return _scalars(self) == _scalars(other) and all(
            np.array_equal(mine, its)
            for mine, its in (
                (self.cells, other.cells),
                (self.counts, other.counts),
                (_hashes(self), _hashes(other)),
            )
        )


def _counted(
    part: NumericCounts, values: Array, ends: tuple[float, float], total: NumericCounts
) -> NumericCounts:
    """Count finite values in a part of a total, at the total's level or the first guess at it."""
    known, level = total.cells, total.level
    if not known.size:
        known, ones = grid.count_sorted(values[:: -(-values.size // _SAMPLE)], 0)
        level = grid.fit(known, total.budget)
        known, ones = grid.coarsen((known, ones), level)
    if total.cells.size or values.size > _SAMPLE:
        cells, counts = grid.count(values, level, ends, known)
    else:  # the sample is the whole
        cells, counts = known, ones
    fractional = total.fractional or not np.array_equal(np.rint(values), values)
    mean, moment = _moments(values, ends)
    return replace(
        part,
        level=level,
        cells=cells,
        counts=counts,
        minimum=ends[0] + 0.0,
        maximum=ends[1] + 0.0,
        zeros=int(np.count_nonzero(values == 0)) if ends[0] <= 0 <= ends[1] else 0,
        mean=mean,
        moment=moment,
        fractional=fractional,
        hashes=_lead(values, total.hashes) if level and not fractional else None,
    )


def _lead(values: Array, known: Hashes | None = None) -> Hashes:
    return hashing.lead(hashing.hash_numbers(values), known)


def _hashes(counts: NumericCounts) -> Hashes:
    """Give the smallest hashes of the distinct values, which level 0 holds as its cells."""
    if counts.hashes is None:
        return _lead(grid.values(counts.cells)) if counts.level == 0 else hashing.NONE
    return counts.hashes


def _merged_hashes(left: NumericCounts, right: NumericCounts) -> Hashes:
    return hashing.smallest(np.concatenate((_hashes(left), _hashes(right))))


def _moments(values: Array, ends: tuple[float, float]) -> tuple[float, float]:
    huge = max(-ends[0], ends[1]) > _HUGE
    mean = float((values / values.size).sum() if huge else values.sum() / values.size)
    deviations = values - mean
    return mean, float(np.einsum("i,i->", deviations, deviations))


def _merged_moments(left: NumericCounts, right: NumericCounts) -> tuple[float, float]:
    """Merge means and centred second moments (Chan, Golub and LeVeque 1979)."""
    n, m = left.finite, right.finite
    if not n or not m:
        return (left.mean, left.moment) if n else (right.mean, right.moment)
    before, after = n / (n + m), m / (n + m)
    apart = right.mean - left.mean
    moment = left.moment + right.moment + apart * apart * before * m
    return left.mean * before + right.mean * after, moment


def _scalars(counts: NumericCounts) -> tuple[object, ...]:
    return (
        counts.level,
        counts.rows,
        counts.missing,
        counts.unreadable,
        counts.negative_infinity,
        counts.positive_infinity,
        counts.minimum,
        counts.maximum,
        counts.zeros,
        counts.fractional,
    )
