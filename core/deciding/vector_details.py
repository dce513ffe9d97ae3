"""What a reader wants to know of a vector beside its divergence: where it moved, and N(0, I)."""

from collections.abc import Sequence

import numpy as np

from ..measuring.directions import Direction as Way
from ..measuring.directions import correlations, directions
from ..measuring.divergences import js_distance
from ..measuring.normals import Fit, Pair, Sample, from_standard
from .grids import Array
from .states import Sides
from .vector_reports import Component, Direction, Standard, Weight

_DIRECTIONS, _WEIGHTS, _COMPONENTS = 3, 4, 10  # that are told


def details(
    names: Sequence[str], samples: tuple[Sample, Sample], found: Pair, fit: Fit
) -> dict[str, object]:
    """Give directions, components that moved most, and each side against N(0, I).

    `names` are those of the components, `samples` the reference and live.
    """
    fits = [
        each and Standard(kl=each.kl_live_ref, js_distance=float(js_distance(each.jsd)))
        for each in map(from_standard, samples)
    ]
    return {
        "standard": Sides(reference=fits[0], live=fits[1]),
        "directions": tuple(
            _direction(names, each, correlations(each, samples[0]))
            for each in directions(found, fit)[:_DIRECTIONS]
        ),
        "components": tuple(_components(names, *samples)),
    }


def _direction(names: Sequence[str], way: Way, found: Array) -> Direction:
    """Name the components that correlate most with a direction."""
    # A spread has no sign: its strongest component is taken as its way.
    sign = np.sign(found[np.abs(found).argmax()]) or 1.0 if way.kind == "spread" else 1.0
    weights = tuple(
        Weight(name=names[place], correlation=float(sign * found[place]))
        for place in np.argsort(-np.abs(found), kind="stable")[:_WEIGHTS].tolist()
    )
    return Direction(kind=way.kind, share=way.share, size=way.size, components=weights)


def _components(names: Sequence[str], before: Sample, after: Sample) -> list[Component]:
    """List the components that moved most: by KL(live‖ref) of their own normal laws."""
    spreads = [
        np.sqrt(side.products.diagonal() / max(side.rows - 1, 1)) for side in (before, after)
    ]
    least = np.maximum(*spreads) * 1e-9 + np.abs(before.mean) * 1e-12 + np.finfo(float).tiny
    was, now = (np.maximum(spread, least) for spread in spreads)
    moved = np.log(was / now) + ((now / was) ** 2 + ((after.mean - before.mean) / was) ** 2 - 1) / 2
    return [
        Component(
            name=names[i],
            mean=Sides(reference=float(before.mean[i]), live=float(after.mean[i])),
            deviation=Sides(reference=float(spreads[0][i]), live=float(spreads[1][i])),
        )
        for i in np.argsort(-moved, kind="stable")[:_COMPONENTS].tolist()
    ]
