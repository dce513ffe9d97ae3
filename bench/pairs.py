# ruff: noqa: INP001 (a script: its folder is no package)
"""How often is a changed pair found, and an unchanged one called changed? Simulated, seeded.

    python bench/pairs.py [SEEDS]

Twenty features, 190 pairs, 5,000 rows a side. `margins` drift in some rows: a changed column is no
changed dependence.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import profile
from core.deciding.dependences import compare_pairs
from core.settings import Settings

Array = NDArray[np.float64]
FEATURES, ROWS = 20, 5000
ALL = Settings(pairs="all")


def normal(rng: np.random.Generator, r: float) -> Array:
    """Draw normal columns of which the first two have the correlation `r`."""
    columns = rng.normal(size=(FEATURES, ROWS))
    columns[1] = r * columns[0] + np.sqrt(1 - r * r) * columns[1]
    return columns


def parabola(rng: np.random.Generator, r: float) -> Array:
    """Let the second column depend on the first, but not by ranks: its square, and noise."""
    columns = rng.normal(size=(FEATURES, ROWS))
    columns[1] = np.sqrt(1 - r * r) * columns[1] + r * (columns[0] ** 2 - 1) / np.sqrt(2)
    return columns


def chained(rng: np.random.Generator, r: float) -> Array:
    """Let every column depend on the one before."""
    columns = normal(rng, r)
    for i in range(2, FEATURES):
        columns[i] = r * columns[i - 1] + np.sqrt(1 - r * r) * columns[i]
    return columns


def moved(columns: Array) -> Array:
    """Drift every column by itself, order kept: half a deviation up, and wider."""
    return np.exp((1.2 * columns + 0.5) / 4)


def plain(columns: Array) -> Array:
    """Take columns as they are, on the scale of `moved`."""
    return np.exp(columns / 4)


def coded(columns: Array) -> Array:
    """Round to whole numbers, a quarter of them zero: heavy values and ties."""
    return np.maximum(np.round(2 * columns + 1), 0)


Draw = Callable[[np.random.Generator, float], Array]
CASES: dict[str, tuple[Draw, float, float, Callable[[Array], Array]]] = {
    "0.5 to 0.4": (normal, 0.5, 0.4, plain),
    "0.5 to 0.4, every margin drifted": (normal, 0.5, 0.4, moved),
    "0 to 0.1": (normal, 0.0, 0.1, plain),
    "parabola 0 to 0.5": (parabola, 0.0, 0.5, plain),
    "none, one pair 0.5": (normal, 0.5, 0.5, plain),
    "none, all chained 0.7": (chained, 0.7, 0.7, plain),
    "none, parabola 0.7": (parabola, 0.7, 0.7, plain),
    "none, whole numbers, chained 0.7": (chained, 0.7, 0.7, coded),
    "none, margins drifted, chained 0.7": (chained, 0.7, 0.7, moved),
}


def table(columns: Array) -> pa.Table:
    """Name the columns."""
    return pa.table({f"x{i}": column for i, column in enumerate(columns)})


def trial(case: str, seed: int) -> tuple[bool, int, int]:
    """Tell whether the first pair is called changed, how many others are, and how many in all."""
    draw, before, after, shape = CASES[case]
    rng = np.random.default_rng(seed)
    scale = coded if shape is coded else plain
    reference = profile(table(scale(draw(rng, before))), ALL)
    live = profile(table(shape(draw(rng, after))), ALL, kinds=reference)
    if reference.pairs is None or live.pairs is None:
        raise ValueError("pairs were not counted")
    found = compare_pairs(reference.pairs, live.pairs)
    names = [pair.features for pair in found.pairs]
    first = ("x0", "x1") in names
    return first, len(names) - first, len(names)


def main(seeds: int) -> None:
    """Print a line for each case."""
    sys.stdout.write(
        "| case | the pair is found | false pairs of all found | any false pair | CPU s |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
    )
    for case, (_, before, after, _) in CASES.items():
        start = time.process_time()
        trials = [trial(case, seed) for seed in range(seeds)]
        hits = sum(first for first, _, _ in trials) if before != after else 0
        false = [other if before != after else all_ for _, other, all_ in trials]
        rate = np.mean([f / max(a, 1) for f, (_, _, a) in zip(false, trials, strict=True)])
        any_false = np.mean(np.array(false) > 0)
        found = f"{hits / seeds:.0%}" if before != after else "–"
        spent = (time.process_time() - start) / seeds
        line = f"| {case} | {found} | {rate:.1%} | {any_false:.0%} | {spent:.2f} |\n"
        sys.stdout.write(line)
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
