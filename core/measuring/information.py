"""How much a feature tells about a label, in nats, how sure that is, and whether it has changed.

Tables of counts are (..., feature, label), the groups of a feature by the classes of a label.
Groups may be others on both sides: mutual information knows only how rows are dealt to them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, entr, ndtri

from .dependence import mutual_information
from .smoothing import Array, as_counts


class Told(NamedTuple):
    """What tables tell (...): nats without bias, which noise may put under 0.

    `p` is how often chance gives a table at least as uneven where nothing is told. `rows`,
    `freedom` and `spread`, the variance of a row's part for each nat, give the variance.
    """

    nats: Array
    p: Array
    rows: Array
    freedom: Array
    spread: Array

    def variance(self, nats: ArrayLike) -> Array:
        """Give the variance of the estimate where so much is told.

        That of the mean of ln p_ij / (p_i p_j) over the rows (delta method; Moddemeijer 1989), in
        proportion to what is told, and what the chi-square law without dependence has.
        """
        own = self.spread * np.maximum(nats, 0.0) / self.rows
        return np.asarray(own + self.freedom / (2 * self.rows**2))


def told(table: ArrayLike) -> Told:
    """Measure the mutual information of joint counts (..., feature, label) without its bias.

    Noise adds (r - 1)(c - 1) / 2n to it (Miller 1955), over the rows and columns that are used. p:
    Pearson's X². A table of one row or column tells nothing, for certain.

    >>> found = told([[40, 10], [10, 40]])
    >>> found.nats.round(4).item(), found.variance(found.nats).round(5).item()
    (0.1877, 0.00305)
    """
    joint = as_counts(table, "the joint table")
    rows = np.maximum(joint.sum(axis=(-2, -1)), 1.0)
    used = [np.count_nonzero(joint.sum(axis=axis), axis=-1) - 1 for axis in (-1, -2)]
    freedom = np.maximum(used[0], 0) * np.maximum(used[1], 0)
    whole = rows[..., None, None]
    expected = joint.sum(axis=-1, keepdims=True) * joint.sum(axis=-2, keepdims=True) / whole
    plain = np.where(freedom > 0, mutual_information(joint), 0.0)
    some = joint > 0
    ratio = np.log(np.where(some, joint, 1.0) / np.where(some, expected, 1.0))
    varied = (joint / whole * (ratio - plain[..., None, None]) ** 2).sum(axis=(-2, -1))
    # Noise raises both alike; without dependence the variance is twice the information.
    spread = np.divide(varied, plain, out=np.full(np.shape(plain), 2.0), where=plain > 0)
    square = ((joint - expected) ** 2 / np.where(expected > 0, expected, 1.0)).sum(axis=(-2, -1))
    p = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), square), 1.0)
    nats = plain - freedom / (2 * rows)
    return Told(nats, np.asarray(p), rows, np.asarray(freedom), np.asarray(spread))


def information_changed(reference: Told, live: Told) -> Array:
    """Test whether both sides tell as much: p (...), two-sided.

    A z-test of the difference, its variance at what both would tell in common, and both must agree:
    that one side tells something at all (the smaller p of the two, doubled). Where nothing is told
    on either side the difference of two chi-square laws has longer tails than a normal one, and
    the second alone holds.

    >>> before, after = told([[400, 100], [100, 400]]), told([[260, 240], [240, 260]])
    >>> bool(information_changed(before, after) < 1e-9)
    True
    """
    sides = (reference, live)
    rows = reference.rows + live.rows
    common = sum(side.rows * side.nats for side in sides) / rows
    variance = np.asarray(sum(side.variance(common) for side in sides))
    square = np.divide(
        (live.nats - reference.nats) ** 2,
        variance,
        out=np.zeros(variance.shape),
        where=variance > 0,
    )
    something = np.minimum(2 * np.minimum(reference.p, live.p), 1.0)
    return np.asarray(np.maximum(chdtrc(1, square), something))


def information_interval(found: Told, level: float = 0.9) -> tuple[Array, Array]:
    """Bound what is told from both sides, with `level` between the bounds; never under 0.

    The bounds are those values from which the estimate is just so many standard errors away as they
    would have (Wilson 1927).

    >>> low, high = information_interval(told([[40, 10], [10, 40]]))
    >>> low.round(3).item(), high.round(3).item()
    (0.116, 0.303)
    """
    z = float(ndtri((1 + level) / 2))
    middle = found.nats + z**2 * found.spread / (2 * found.rows)
    reach = np.sqrt(
        np.maximum(middle**2 - found.nats**2 + z**2 * found.freedom / (2 * found.rows**2), 0.0)
    )
    return np.asarray(np.maximum(middle - reach, 0.0)), np.asarray(np.maximum(middle + reach, 0.0))


def entropy(counts: ArrayLike) -> Array:
    """Measure the entropy of counts (..., classes) in nats: all that can be told of a label.

    What noise takes from it, (classes - 1) / 2n, is added (Miller 1955).

    >>> entropy([500, 500]).round(4).item()
    0.6936
    """
    rows = as_counts(counts)
    total = np.maximum(rows.sum(axis=-1, keepdims=True), 1.0)
    missed = np.maximum(np.count_nonzero(rows, axis=-1) - 1, 0) / (2 * total[..., 0])
    return np.asarray(entr(rows / total).sum(axis=-1) + missed)
