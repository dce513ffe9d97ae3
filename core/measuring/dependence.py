"""How much one feature tells about another."""

import numpy as np
from numpy.typing import ArrayLike

from .divergences import kl_excess
from .smoothing import Array, as_counts


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
