"""Two samples as values and rows, and what other tools measure of them.

Counts of a profile are a sample again: a value, and how often it occurs. At the finest level these
are the values themselves; above it one value stands for its cell. Reference first, live second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, erfc

from .distances import kolmogorov_smirnov, wasserstein
from .divergences import JSD, LN2, PSI
from .smoothing import Array

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The values (cells,), rising, and the rows of both sides (2, cells), reference first.

    `whole`: as a table in memory would hold whole numbers, all of them present.
    """

    values: Array
    counts: Integers
    whole: bool = False

    def rows(self, side: int) -> Array:
        """Give every row of a side its value again (rows,), rising."""
        repeated = np.repeat(self.values, self.counts[side])
        return np.asarray(repeated.astype(np.int64) if self.whole else repeated)

    def both(self) -> Array:
        """Give every row of both sides its value again."""
        return np.concatenate([self.rows(0), self.rows(1)])

    def binned(self, edges: Array) -> Integers:
        """Count both sides (2, bins) as NumPy does: the last bin holds its upper edge, too."""
        counted = [np.histogram(self.values, edges, weights=side)[0] for side in self.counts]
        return np.rint(counted).astype(np.int64)

    def ends(self, side: int | None = None) -> tuple[float, float]:
        """Give the least and the greatest value of a side, or of both."""
        held = self.counts.any(axis=0) if side is None else self.counts[side] > 0
        found = self.values[held]
        return float(found[0]), float(found[-1])

    def deviation(self, side: int, freedom: int) -> float:
        """Compute the standard deviation of a side, divided by its rows less `freedom`."""
        rows = self.counts[side]
        mean = np.average(self.values, weights=rows)
        square = ((self.values - mean) ** 2 * rows).sum()
        return float(np.sqrt(square / max(rows.sum() - freedom, 1)))

    def moved(self) -> float:
        """Measure the Wasserstein distance, in the unit of the values."""
        q, p = shares(self.counts)
        return float(wasserstein(p, q, self.values))

    def apart(self) -> float:
        """Measure the largest gap between the two distribution functions."""
        q, p = shares(self.counts)
        return float(kolmogorov_smirnov(p, q))


def shares(counts: Array | Integers) -> Array:
    """Divide the counts (2, bins) of each side by its sum; a side without rows stays empty."""
    sums = counts.sum(axis=-1, keepdims=True)
    return np.asarray(counts / np.where(sums, sums, 1))


def js(counts: Array | Integers, base: float = 2.0) -> float:
    """Compute the JS distance of counts (2, bins), the logarithm to `base`.

    >>> round(js(np.array([[1, 0], [0, 1]]), np.e), 7)
    0.8325546
    """
    q, p = shares(counts)
    return float(np.sqrt(max(float(JSD(p, q)), 0.0) / np.log(base)))


def jsd_bits(counts: Array | Integers) -> float:
    """Compute the JSD of counts (2, bins) in bits."""
    q, p = shares(counts)
    return float(JSD(p, q)) / LN2


def psi(q: Array, p: Array) -> float:
    """Sum (p - q) ln(p / q) of two lists, as they are: they need not sum to 1."""
    return float(PSI.terms(p, q).sum())


def largest_gap(counts: Integers) -> float:
    """Find the largest difference of a bin's two shares (2, bins): the L-infinity norm."""
    q, p = shares(counts)
    return float(np.abs(p - q).max())


def ks_test(pair: Numbers) -> float:
    """Compute the p-value of the two-sample KS test: exact up to 10 000 rows a side."""
    from scipy import stats  # noqa: PLC0415 (half a second, for those alone who ask)

    return float(stats.ks_2samp(pair.rows(0), pair.rows(1)).pvalue)


def ks_limit(gap: float, rows: Integers) -> float:
    """Compute the p-value of a KS distance by the law of one sample of n m / (n + m) rows."""
    from scipy import stats  # noqa: PLC0415 (as above)

    n, m = (float(side) for side in rows)
    return float(stats.kstwo.sf(gap, np.round(n * m / (n + m))))


def chi_square(observed: Array, expected: Array, freedom: int) -> float:
    """Compute the p-value of sum (o - e)² / e; 0 where something came that none was expected of."""
    with np.errstate(divide="ignore"):
        statistic = ((observed - expected) ** 2 / expected).sum()
    return float(chdtrc(freedom, statistic))


def two_proportions(first: Integers, rows: Integers) -> float:
    """Compute the two-sided p-value of z for two proportions, pooled variance."""
    (a, b), (n, m) = first.tolist(), rows.tolist()
    pooled = (a + b) / (n + m)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(erfc(abs(a / n - b / m) / spread / np.sqrt(2))) if spread else 1.0
