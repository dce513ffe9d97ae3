"""Along which directions two normal laws differ: a shift of the mean, changes of the spread."""

from typing import Literal, NamedTuple

import numpy as np

from .normals import Fit, Pair, Sample
from .smoothing import Array


class Direction(NamedTuple):
    """A direction in which the laws differ: a shift of the mean, or a change of the spread.

    `share` is its part of KL(live‖ref), `size` the shift in deviations of the reference, or live's
    deviation over the reference's; `weights` (d,) make its coordinate from the components.
    """

    kind: Literal["shift", "spread"]
    share: float
    size: float
    weights: Array


def directions(found: Pair, fit: Fit) -> list[Direction]:
    """Split KL(live‖ref) into the shift of the mean and r independent changes of spread, exactly.

    ½ gapᵀQ⁻¹gap for the shift, ½(λ - 1 - ln λ) for each generalised eigenvalue λ of live's
    covariance against the reference's, Q. The largest first; the shares sum to 1.
    """
    root = np.linalg.cholesky(fit.covariances[0])
    way = np.linalg.solve(root, fit.gap)
    inner = np.linalg.solve(root, np.linalg.solve(root, fit.covariances[1]).T)
    ratios, turns = np.linalg.eigh((inner + inner.T) / 2)
    terms = np.append(ratios - 1 - np.log(ratios), way @ way) / 2
    total = terms.sum()
    shares = terms / total if total > 0 else np.zeros_like(terms)
    weights = found.basis @ np.linalg.solve(root.T, np.column_stack([turns, way]))
    sizes = np.sqrt(np.append(ratios, way @ way))
    made = [
        Direction(
            "shift" if i == len(ratios) else "spread",
            float(shares[i]),
            float(sizes[i]),
            weights[:, i],
        )
        for i in np.argsort(-terms, kind="stable")
    ]
    return [each for each in made if each.share > 0]


def correlations(direction: Direction, reference: Sample) -> Array:
    """Correlate a direction's coordinate with each component (d,) in the reference, 0 for none."""
    along = reference.products @ direction.weights
    spread = np.sqrt(reference.products.diagonal() * (direction.weights @ along))
    return np.divide(along, spread, out=np.zeros_like(along), where=spread > 0)
