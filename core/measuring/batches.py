"""Batches that differ by nature: a test for rows that are not independent.

Rows of one hour or day resemble each other, so a test of independent rows alarms far too often. A
reference in chunks (windows of time) shows how much its chunks differ without any drift; a live
batch is judged against that. Source: statistics.md, section 7.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc

from .significance import LEAST_P, pearson
from .smoothing import Array, BadCounts, as_counts, as_pair

Mask = NDArray[np.bool_]

MINIMUM_CHUNKS = 10  # fewer tell too little about how much batches differ
RARE = 5  # rows that a mean chunk must expect of a bin; rarer bins, summed, are one


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much the chunks of a reference differ from one another, beyond independent rows."""

    counts: Array  # of all chunks together (bins,), the rare ones summed into the last
    rare: Mask  # which of the bins given are summed
    chunks: int
    chunk_rows: float  # mean
    freedom: int  # of X²
    inflation: float  # mean X² over its freedom; 1 for independent rows
    variance: float  # of X²
    correlation: float  # of two rows of one chunk


@dataclass(frozen=True, slots=True)
class BatchTest:
    """The p-value of a batch; `freedom` and `inflation` (phi) are what `interval` needs."""

    p: float
    statistic: float
    freedom: float
    inflation: float


def overdispersion(chunks: ArrayLike) -> Overdispersion:
    """Measure how the chunks (chunks, bins) of a reference differ by nature.

    Each chunk is held against the sum of the others. Bins of which a chunk expects next to nothing
    are summed: X² would hang on single rows. Raises BadCounts for fewer than 10 chunks and for a
    chunk without rows.

    >>> rng = np.random.default_rng(7)
    >>> days = rng.multinomial(500, rng.dirichlet([50, 30, 20], size=30))
    >>> round(overdispersion(days).correlation, 3)  # the truth is 1 / 101
    0.006
    """
    each = as_counts(chunks, "chunks")
    if len(each) < MINIMUM_CHUNKS:
        raise BadCounts(f"{len(each)} chunks are too few; {MINIMUM_CHUNKS} show how batches differ")
    rare = each.mean(axis=0) < RARE
    each = _summed(each, rare)
    whole = each.sum(axis=0)
    distances = pearson(*as_pair(whole - each, each))
    rows = float(whole.sum()) / len(each)
    freedom = max(int(np.count_nonzero(whole)) - 1, 1)
    inflation = float(distances.mean()) / freedom
    correlation = max(0.0, (inflation - 1) / (rows - 1)) if rows > 1 else 0.0
    spread = float(distances.var(ddof=1))
    return Overdispersion(whole, rare, len(each), rows, freedom, inflation, spread, correlation)


def test_batches(reference: Overdispersion, live: ArrayLike, *, grows: bool = True) -> BatchTest:
    """Test a live batch (bins,), or several pooled (batches, bins), against a reference in chunks.

    The omnibus X², referred to an F law whose freedom and scale come from how the reference's
    chunks differ. `grows`: rows of one batch resemble each other, so that the inflation grows with
    the batch; otherwise chunks are made of whole groups of rows, however many, and live has the
    inflation of the reference. Source: Rao and Scott 1984, second order.

    >>> rng = np.random.default_rng(7)
    >>> days = rng.multinomial(500, rng.dirichlet([50, 30, 20], size=30))
    >>> today = [290, 130, 80]  # among independent rows: p = 0.01
    >>> round(test_batches(overdispersion(days), today).p, 2)
    0.28
    """
    batches = np.atleast_2d(as_counts(live, "live"))
    squares = (batches.sum(axis=1) ** 2).sum()
    found = test_windows(reference, batches.sum(axis=0), squares, grows=grows)
    return BatchTest(*(float(figure) for figure in found))


class WindowTests(NamedTuple):
    """The figures of BatchTest for many windows (windows,)."""

    p: Array
    statistic: Array
    freedom: Array
    inflation: Array


def test_windows(
    reference: Overdispersion, live: Array, squares: ArrayLike, *, grows: bool = True
) -> WindowTests:
    """Test windows (..., bins), each the sum of batches, as `test_batches` does.

    `squares` (...) are the sums of the squared rows of their batches.
    """
    counts = _summed(live, reference.rare)
    before, after = as_pair(np.broadcast_to(reference.counts, counts.shape), counts)
    inflation = _inflation(reference, counts.sum(axis=-1), np.asarray(squares, np.float64))
    if not grows:
        inflation = np.full(inflation.shape, max(reference.inflation, 1.0))
    freedom = _effective_freedom(reference, inflation)
    statistic = pearson(before, after)
    ratio = statistic / (reference.freedom * inflation)
    p = fdtrc(freedom, (reference.chunks - 1) * freedom, ratio)
    return WindowTests(np.maximum(p, LEAST_P), statistic, freedom, inflation)


def _summed(counts: Array, rare: Mask) -> Array:
    bins = counts.shape[-1]
    if bins != rare.size:
        raise BadCounts(
            f"the chunks have {rare.size} bins and live has {bins}; count both with the same edges"
        )
    if not rare.any():
        return counts
    together = counts[..., rare].sum(axis=-1, keepdims=True)
    return np.concatenate([counts[..., ~rare], together], axis=-1)


def _inflation(reference: Overdispersion, rows: Array, squares: Array) -> Array:
    n = reference.counts.sum()
    # A row shares its batch with m_b - 1 others: the mean over live's rows, not over its batches.
    own = (squares / rows - 1) * reference.correlation
    theirs = (reference.chunk_rows - 1) * reference.correlation
    return np.asarray(((1 + own) / rows + (1 + theirs) / n) / (1 / rows + 1 / n))


def _effective_freedom(reference: Overdispersion, inflation: Array) -> Array:
    """Match the first two moments of X² when the inflation differs between the bins."""
    freedom = reference.freedom
    excess = max(freedom * (reference.inflation - 1), 0.0)  # S1: the sum of the bins' inflations
    squares = np.clip(  # S2: the sum of their squares
        reference.variance / 2 - freedom - 2 * excess, excess**2 / freedom, excess**2
    )
    growth = (inflation - 1) / (reference.inflation - 1) if excess else inflation * 0
    mean = freedom + growth * excess
    matched = mean**2 / (freedom + 2 * growth * excess + growth**2 * squares)
    return np.asarray(np.clip(matched, 1, freedom))
