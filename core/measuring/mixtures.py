"""A divergence of the whole, split into that of the segments' shares and those inside the segments.

Joint tables are (segments, bins): p is live, q the reference. Values are in nats. The splits are
exact: chain rules of the KL divergence and of the JSD (Cover and Thomas 2006, theorem 2.5.3; the
JSD is the information that a row carries about its side, and information has the same rule).
"""

from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from .divergences import JSD, kl_excess
from .smoothing import Array


class Split(NamedTuple):
    """What the shares of the segments make, and what each segment makes by its inside (segments,).

    Their sum is the divergence of the joint tables.
    """

    mix: float
    inside: Array

    @property
    def whole(self) -> float:
        """The divergence of the joint tables."""
        return self.mix + float(self.inside.sum())


def split_kl(p: Array, q: Array) -> Split:
    """Split KL(p‖q) of joint shares (segments, bins): mix + sum of p_s KL(p_x|s‖q_x|s).

    >>> p, q = np.array([[0.3, 0.3], [0.2, 0.2]]), np.array([[0.1, 0.1], [0.4, 0.4]])
    >>> split = split_kl(p, q)
    >>> round(split.mix, 6), split.inside.tolist()  # the same in both segments, other shares
    (0.381909, [0.0, 0.0])
    """
    shares = p.sum(axis=1), q.sum(axis=1)
    inside = shares[0] * kl_excess(_within(p), _within(q)).sum(axis=1)
    return Split(float(rel_entr(*shares).sum()), np.where(shares[0] > 0, inside, 0.0))


def split_jsd(p: Array, q: Array) -> Split:
    """Split the JSD of joint shares (segments, bins); a segment of one side alone is all mix.

    >>> p, q = np.array([[0.5, 0.0], [0.25, 0.25]]), np.array([[0.0, 0.5], [0.25, 0.25]])
    >>> split = split_jsd(p, q)
    >>> split.mix, (split.inside / np.log(2)).round(3).tolist()
    (0.0, [0.5, 0.0])
    """
    shares = p.sum(axis=1), q.sum(axis=1)
    middle = _within(p + q)
    parts = [
        share * kl_excess(_within(side), middle).sum(axis=1)
        for share, side in zip(shares, (p, q), strict=True)
    ]
    return Split(float(JSD(*shares)), np.asarray(parts[0] + parts[1]) / 2)


def deal(reference: Array, live: Array, pseudocount: float) -> tuple[Array, Array]:
    """Smooth joint counts (segments, bins) into shares (q, p) that a changed mix leaves alike.

    `pseudocount` rows for each bin that anyone is in are dealt out in the proportions of both
    sides together: first to the segments, then inside each. Where the insides of both sides are
    the same they stay so, and no KL between the answers is infinite.

    >>> q, p = deal(np.array([[40.0, 10.0], [5.0, 5.0]]), np.array([[8.0, 2.0], [9.0, 9.0]]), 0.5)
    >>> split_kl(p, q).inside.round(15).tolist()
    [0.0, 0.0]
    """
    pooled = reference + live
    own = pseudocount * np.count_nonzero(pooled, axis=1)
    among = pooled.sum(axis=1) / pooled.sum()
    extra = pseudocount * np.count_nonzero(among)
    sides = []
    for counts in (reference, live):
        rows = counts.sum(axis=1)
        smooth = counts + own[:, None] * _within(pooled)
        inside = np.where((rows + own > 0)[:, None], _within(smooth), _within(pooled))
        shares = (rows + extra * among) / (rows.sum() + extra)
        sides.append(shares[:, None] * inside)
    return sides[0], sides[1]


def reweigh(p: Array, q: Array) -> Array:
    """Give the shares of bins that the reference would have with live's mix (bins,).

    Of a segment that the reference lacks, live's own inside is taken.
    """
    shares, known = p.sum(axis=1), q.sum(axis=1) > 0
    inside = np.where(known[:, None], _within(q), _within(p))
    return np.asarray((shares[:, None] * inside).sum(axis=0))


def _within(joint: Array) -> Array:
    """Give the shares inside each segment; zeros where it has no rows."""
    total = joint.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(joint, total, out=np.zeros_like(joint), where=total > 0))
