"""How much one feature tells about another, and whether that has changed between two tables.

Tables of counts are (..., first, second), the levels of two columns. Nothing here asks whether the
columns themselves have drifted: ranks are taken on each side by itself, and the test of the tables
leaves both columns free on both sides.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtri

from .divergences import kl_excess
from .significance import combine
from .smoothing import Array, as_counts

Mask = NDArray[np.bool_]

GROUPS = 5  # of the levels of a column, in the tables that are tested
_ROUNDS = 40  # of proportional fitting: 5 x 5 tables are matched to 1e-6 of a row in half of them
_LEAST_EXPECTED = 1.0  # rows; cells that expect fewer are summed
_LEAST_VARIANCE = 0.25  # of atanh r, times the rows: that of tables so sharp is not known better
_FEWEST = 10  # rows of a side
_SHARPEST = 1 - 1e-9


def recut(tables: Array, like: Array, ordered: Mask) -> Array:
    """Cut counts (..., first, second) at the ranks at which those of another side are cut.

    `like` are the other side's counts; `ordered` (..., 2) tells of which columns levels have an
    order, the others stay as they are, and so do columns without rows on a side. Then both sides'
    levels hold the same shares of rows, and what can differ is how ranks hang together (the copula;
    Sklar 1959): a column that drifted has moved over the levels, and its ranks have not.

    >>> table = np.array([[30.0, 10.0], [10.0, 30.0]])
    >>> recut(table, np.array([[15.0, 5.0], [30.0, 30.0]]), np.array([True, False])).tolist()
    [[16.25, 3.75], [23.75, 36.25]]
    """
    first = _dealt(tables.sum(axis=-1), like.sum(axis=-1), ordered[..., 0])
    second = _dealt(tables.sum(axis=-2), like.sum(axis=-2), ordered[..., 1])
    return np.maximum(first @ tables @ second.swapaxes(-1, -2), 0.0)


def _dealt(own: Array, other: Array, ordered: Mask) -> Array:
    """Give the part of each own level (..., other, own) that lies in each of the other's ranks.

    A cubic between the ends of levels says how much lies below a rank (Hermite's; its slopes are
    those of the parabola through three ends). Linear ones blur a dependence: in levels of tenths 40
    times as much at a correlation of 0.7.
    """
    width, theirs = (
        side / np.maximum(side.sum(axis=-1, keepdims=True), 1.0) for side in (own, other)
    )
    start, ends = np.cumsum(width, axis=-1) - width, np.cumsum(theirs, axis=-1)
    across = width[..., None, :]
    some = np.where(across > 0, across, 1.0)
    t = np.clip((ends[..., :, None] - start[..., None, :]) / some, 0.0, 1.0)
    weight = _of_level_before(width)
    left, right = weight[..., None, :-1], weight[..., None, 1:]
    rise, fall = t * (1 - t) ** 2 * across, t * t * (t - 1) * across
    bent = rise * (1 - left) + fall * right
    bent[..., :-1] += rise[..., 1:] * left[..., 1:]
    bent[..., 1:] += fall[..., :-1] * (1 - right[..., :-1])
    below = np.where(across > 0, t * t * (3 - 2 * t) + bent / some, 0.0)
    known = ordered & (own.sum(axis=-1) > 0) & (other.sum(axis=-1) > 0)
    part = np.diff(below, axis=-2, prepend=0.0)
    return np.where(known[..., None, None], part, np.eye(own.shape[-1]))


def _of_level_before(width: Array) -> Array:
    """Weigh at each end (..., levels + 1) the level before against that behind, for the slope."""
    none = np.zeros_like(width[..., :1])
    before, behind = np.concatenate([none, width], axis=-1), np.concatenate([width, none], axis=-1)
    both = (before > 0) & (behind > 0)
    return np.where(both, behind / np.where(both, before + behind, 1.0), before > 0)


def mutual_information(table: ArrayLike) -> Array:
    """Measure the dependence in joint counts (..., rows, columns), in nats.

    It is the KL divergence of the joint shares from the product of their margins: 0 when the two
    features are independent, and for a table without rows. Source: Kullback and Leibler 1951.

    >>> mutual_information([[40, 10], [10, 40]]).round(4).item()
    0.1927
    """
    joint = as_counts(table, "the joint table")
    rows = joint.sum(axis=(-2, -1), keepdims=True)
    product = joint.sum(axis=-1, keepdims=True) * (joint.sum(axis=-2, keepdims=True))
    expected = np.divide(product, rows, out=np.zeros_like(joint), where=rows > 0)
    excess = kl_excess(joint, expected).sum(axis=(-2, -1))
    return np.asarray(excess / np.maximum(rows[..., 0, 0], 1))


class Correlation(NamedTuple):
    """Rank correlations (...) and the variances of their hyperbolic arc tangents; NaN if none."""

    r: Array
    variance: Array


def rank_correlation(tables: Array) -> Correlation:
    """Correlate the normal scores of the mid-ranks of both columns of counts (..., first, second).

    The variance of atanh r is that of its influence function over the table itself: right for any
    dependence, 1/n for normal columns (Fisher 1915). Levels are coarse, which makes r some 3 %
    smaller than that of single values.

    >>> found = rank_correlation(np.array([[40.0, 10.0], [10.0, 40.0]]))
    >>> found.r.round(3).item()
    0.6
    """
    rows = tables.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = tables / rows[..., None, None]
        x = _scores(shares.sum(axis=-1))[..., :, None]
        y = _scores(shares.sum(axis=-2))[..., None, :]
        r = (shares * x * y).sum(axis=(-2, -1))
        clipped = np.clip(r, -_SHARPEST, _SHARPEST)
        influence = x * y - clipped[..., None, None] * (x**2 + y**2) / 2
        spread = (shares * influence**2).sum(axis=(-2, -1)) / (1 - clipped**2) ** 2
    exists = (rows >= _FEWEST) & np.isfinite(r)
    variance = np.maximum(spread, _LEAST_VARIANCE) / np.maximum(rows - 3, 1)
    return Correlation(np.where(exists, r, np.nan), np.where(exists, variance, np.nan))


def _scores(margin: Array) -> Array:
    """Give levels (..., levels) the normal scores of their mid-ranks, mean 0 and variance 1."""
    middle = np.cumsum(margin, axis=-1) - margin / 2
    scores = np.where(margin > 0, ndtri(np.clip(middle, 1e-12, 1 - 1e-12)), 0.0)
    centred = np.where(margin > 0, scores - (margin * scores).sum(axis=-1, keepdims=True), 0.0)
    spread = np.sqrt((margin * centred**2).sum(axis=-1, keepdims=True))
    return np.asarray(np.where(spread > 1e-9, centred / spread, np.nan))  # noqa: PLR2004 (rounding)


def correlation_changed(reference: Correlation, live: Correlation) -> Array:
    """Test whether rank correlations differ: two-sided p (...), NaN where one is not defined."""
    ends = [np.arctanh(np.clip(side.r, -_SHARPEST, _SHARPEST)) for side in (reference, live)]
    square = (ends[1] - ends[0]) ** 2 / (reference.variance + live.variance)
    return np.asarray(np.where(np.isnan(square), np.nan, chdtrc(1, np.nan_to_num(square))))


class Association(NamedTuple):
    """How far odds ratios of two tables (...) lie apart: Pearson's X², its freedom, and rows.

    `rows` are n m / (n + m) of both sides, 0 without rows on one.
    """

    square: Array
    freedom: Array
    rows: Array

    @property
    def p(self) -> Array:
        """How likely so much is without a change; NaN where nothing can differ."""
        p = chdtrc(np.maximum(self.freedom, 1), self.square)
        return np.asarray(np.where(self.freedom > 0, p, np.nan))

    @property
    def size(self) -> Array:
        """By how much both differ, at least 0: X² less what noise makes of it, for each 2 `rows`.

        Near 0 it is the KL divergence of tables with the same margins (nats), and where one side
        has no dependence the mutual information of the other. NaN where nothing can differ.
        """
        size = np.maximum(self.square - self.freedom, 0.0) / (2 * np.maximum(self.rows, 1.0))
        return np.asarray(np.where(self.freedom > 0, size, np.nan))

    @property
    def error(self) -> Array:
        """The standard error of `size`, that of the noncentral chi-square law."""
        more = np.maximum(self.square - self.freedom, 0.0)
        error = np.sqrt(2 * self.freedom + 4 * more) / (2 * np.maximum(self.rows, 1.0))
        return np.asarray(np.where(self.freedom > 0, error, np.nan))


def compare_association(reference: Array, live: Array) -> Association:
    """Measure whether both sides' tables (..., first, second) have the same odds ratios.

    Expected counts have no interaction of both columns and the side (Bartlett 1935), by iterative
    proportional fitting (Deming and Stephan 1940): either column may have drifted. Pearson's X²;
    cells that expect under one row are summed.

    >>> table = np.array([[40.0, 10.0], [10.0, 40.0]])
    >>> compare_association(table, table * [[3.0], [1.0]]).p.round(3).item()  # a margin alone
    1.0
    >>> compare_association(table, table[::-1]).size.round(2).item()  # turned round
    0.71
    """
    seen = np.stack([reference, live], axis=-3)  # (..., side, first, second)
    fitted = _without_interaction(seen)
    rare = fitted < _LEAST_EXPECTED
    square = np.where(rare, 0.0, (seen - fitted) ** 2 / np.maximum(fitted, _LEAST_EXPECTED))
    rest = [(side * rare).sum(axis=(-2, -1)) for side in (seen, fitted)]
    summed = (rest[0] - rest[1]) ** 2 / np.maximum(rest[1], _LEAST_EXPECTED)
    both = [(seen.sum(axis=axis) > 0).all(axis=-2).sum(axis=-1) for axis in (-1, -2)]
    rows = seen.sum(axis=(-2, -1))
    return Association(
        square=np.asarray(square.sum(axis=(-3, -2, -1)) + summed.sum(axis=-1)),
        freedom=np.asarray((both[0] - 1) * (both[1] - 1)),
        rows=np.asarray(rows.prod(axis=-1) / np.maximum(rows.sum(axis=-1), 1.0)),
    )


def _without_interaction(seen: Array) -> Array:
    """Fit counts (..., side, first, second) that have the sums of every two axes, no more."""
    fitted = np.ones_like(seen)
    for _ in range(_ROUNDS):
        for axis in (-3, -2, -1):
            total = fitted.sum(axis=axis, keepdims=True)
            wanted = seen.sum(axis=axis, keepdims=True)
            fitted = fitted * np.divide(wanted, total, out=np.zeros_like(total), where=total > 0)
    return fitted


def dependence_changed(p_correlation: Array, p_association: Array) -> Array:
    """Combine both looks at a pair into one p-value (pairs,), NaN where neither exists."""
    both = np.stack([p_correlation, p_association], axis=-1)
    return np.where(np.isnan(both).all(axis=-1), np.nan, combine(np.maximum(both, 1e-300)))
