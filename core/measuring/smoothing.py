"""Counts become probabilities, smoothed or raw.

Bins lie on the last axis, any leading axes are kept. Counts are whole numbers of rows: weights and
shares are refused, because every law of this room (noise, test, interval) speaks of rows.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

JEFFREYS = 0.5  # the pseudo-count of Jeffreys' prior (Krichevsky and Trofimov 1981)


class BadCounts(ValueError):
    """These numbers are not counts of rows, or not counts in the same bins."""


def probabilities(counts: ArrayLike, pseudocount: float = JEFFREYS) -> Array:
    """Turn counts (..., bins) into probabilities that sum to 1 along the last axis.

    Each bin, empty or not, is given `pseudocount` rows: (count + c) / (rows + c bins). With
    `pseudocount=0` the raw shares come back, and BadCounts is raised where there is no row. Raises
    BadCounts also for negative or fractional counts and a negative pseudo-count.

    >>> probabilities([3, 1, 0]).round(4).tolist()
    [0.6364, 0.2727, 0.0909]
    >>> probabilities([3, 1, 0], pseudocount=0).tolist()
    [0.75, 0.25, 0.0]
    """
    if not 0 <= pseudocount < np.inf:
        raise BadCounts(f"the pseudo-count is {pseudocount}; choose 0 or a positive number")
    smoothed = as_counts(counts) + pseudocount
    total = smoothed.sum(axis=-1, keepdims=True)
    if not total.all():
        raise BadCounts("no rows to take shares of; compare only where both sides have rows")
    return np.asarray(smoothed / total)


def raw_shares(rows: Array) -> Array:
    """Give the shares of counts (..., bins) that were checked before, unsmoothed."""
    return np.asarray(rows / rows.sum(axis=-1, keepdims=True))


def with_epsilon(counts: ArrayLike, epsilon: float) -> Array:
    """Add `epsilon` to every raw share of counts (..., bins), then rescale them to sum to 1.

    Only for those who must reproduce another tool: where a bin is empty on one side, epsilon alone
    decides the KL divergence, by ln 10 times the other side's share for every factor of ten.

    >>> with_epsilon([3, 1, 0], epsilon=0.01).round(4).tolist()
    [0.7379, 0.2524, 0.0097]
    """
    if not 0 < epsilon < np.inf:
        raise BadCounts(f"epsilon is {epsilon}; choose a positive number")
    raised = probabilities(counts, pseudocount=0) + epsilon
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def as_counts(counts: ArrayLike, name: str = "counts") -> Array:
    """Check that `counts` (..., bins) are whole numbers of rows, at least one bin of them."""
    rows = np.asarray(counts, dtype=np.float64)
    if rows.ndim == 0 or rows.shape[-1] == 0:
        raise BadCounts(f"{name} has no bins; give one count a bin")
    sound = np.isfinite(rows) & (rows >= 0) & (rows == np.floor(rows))
    if not sound.all():
        wrong = rows[~sound][0]
        raise BadCounts(f"{name} holds {wrong:g}; counts are whole rows, 0 or more, not weights")
    return rows


def as_pair(reference: ArrayLike, live: ArrayLike) -> tuple[Array, Array]:
    """Check counts (..., bins) of both sides: the same bins, and a row at least on each side."""
    before, after = as_counts(reference, "reference"), as_counts(live, "live")
    if before.shape[-1] != after.shape[-1]:
        raise BadCounts(
            f"reference has {before.shape[-1]} bins and live has {after.shape[-1]}; "
            "count both with the same edges"
        )
    for name, rows in (("reference", before), ("live", after)):
        if not rows.any(axis=-1).all():
            raise BadCounts(f"{name} has no rows; without rows on both sides nothing can be judged")
    return before, after
