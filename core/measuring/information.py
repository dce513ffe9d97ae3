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

_SHARPEST = 0.01  # of `spread`: that of tables so sharp is not known better
_STEPS = 128  # of the search for what both sides would tell in common


class Told(NamedTuple):
    """What tables tell (...): nats without bias, which noise may put under 0.

    `p` is how often chance gives a table at least as uneven where nothing is told. `rows`,
    `freedom` and `spread`, the variance of a row's part for each nat, give the variance: spread
    nats / n (delta method; Moddemeijer 1989) and freedom / 2n², that of the chi-square law.
    """

    nats: Array
    p: Array
    rows: Array
    freedom: Array
    spread: Array

    def variance(self, nats: ArrayLike) -> Array:
        """Give the variance of the estimate where so much is told."""
        own = self.spread * np.maximum(nats, 0.0) / self.rows
        return np.asarray(own + self.freedom / (2 * self.rows**2))

    def scaled(self, nats: ArrayLike) -> Array:
        """Put nats on the scale of roots, where estimates are all but normal, of variance 1."""
        least = self.freedom / (2 * self.rows * self.spread)
        return np.asarray(
            2 * np.sqrt(self.rows / self.spread * np.maximum(np.add(nats, least), 0.0))
        )

    def unscaled(self, root: ArrayLike) -> Array:
        """Turn `scaled` round, at least 0."""
        square = np.maximum(root, 0.0) ** 2 * self.spread / (4 * self.rows)
        return np.asarray(np.maximum(square - self.freedom / (2 * self.rows * self.spread), 0.0))


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
    spread = np.maximum(spread, _SHARPEST)
    square = ((joint - expected) ** 2 / np.where(expected > 0, expected, 1.0)).sum(axis=(-2, -1))
    p = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), square), 1.0)
    nats = plain - freedom / (2 * rows)
    return Told(nats, np.asarray(p), rows, np.asarray(freedom), np.asarray(spread))


def information_changed(reference: Told, live: Told) -> Array:
    """Test whether both sides tell as much: p (...), two-sided.

    Squares of the distances, on the scale of roots, from the one value that suits both best are
    chi-square with one degree of freedom. And both must agree: that one side tells something at all
    (the smaller p of the two, doubled). Where nothing is told on either side the first has longer
    tails than that, and the second alone holds.

    >>> before, after = told([[400, 100], [100, 400]]), told([[260, 240], [240, 260]])
    >>> bool(information_changed(before, after) < 1e-9)
    True
    """
    sides = (reference, live)
    low, high = (each(reference.nats, live.nats) for each in (np.minimum, np.maximum))
    steps = np.linspace(0.0, 1.0, _STEPS + 1).reshape(-1, *[1] * np.ndim(low))
    common = low + steps * (high - low)
    away = [(side.scaled(side.nats) - side.scaled(common)) ** 2 for side in sides]
    something = np.minimum(2 * np.minimum(reference.p, live.p), 1.0)
    return np.asarray(np.maximum(chdtrc(1, (away[0] + away[1]).min(axis=0)), something))


def information_interval(found: Told, level: float = 0.9) -> tuple[Array, Array]:
    """Bound what is told from both sides, with `level` between the bounds; never under 0.

    The interval is normal on the scale of roots.

    >>> low, high = information_interval(told([[40, 10], [10, 40]]))
    >>> low.round(3).item(), high.round(3).item()
    (0.108, 0.289)
    """
    z = float(ndtri((1 + level) / 2))
    root = found.scaled(found.nats)
    return found.unscaled(root - z), found.unscaled(root + z)


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
