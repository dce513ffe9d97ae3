# ruff: noqa: INP001 (a script: its folder is no package)
"""How often is a changed pair found, and an unchanged one called changed? Simulated, seeded.

    python bench/pairs.py [SEEDS]

Then: how often is a pair called stable, without a change and at one that is worth watching?

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
from core.deciding.pair_figures import INFORMATION, PART
from core.deciding.states import State
from core.measuring.dependence import GROUPS, mutual_information
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


def narrowed(columns: Array) -> Array:
    """Drift every column by itself, order kept: a deviation down, and half as wide."""
    return np.exp((0.5 * columns - 1) / 4)


def plain(columns: Array) -> Array:
    """Take columns as they are, on the scale of `moved`."""
    return np.exp(columns / 4)


def coded(columns: Array) -> Array:
    """Round to whole numbers, a quarter of them zero: heavy values and ties."""
    return np.maximum(np.round(2 * columns + 1), 0)


def recoded(columns: Array) -> Array:
    """Drift on the scale of `coded`: half a deviation up, and wider."""
    return coded(1.2 * columns + 0.5)


HARD = "none, whole numbers drifted, chained 0.7"  # what lies inside a heavy value is not known
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
    "none, margins drifted, chained 0.9": (chained, 0.9, 0.9, moved),
    "none, margins narrowed, chained 0.7": (chained, 0.7, 0.7, narrowed),
    HARD: (chained, 0.7, 0.7, recoded),
}


def table(columns: Array) -> pa.Table:
    """Name the columns."""
    return pa.table({f"x{i}": column for i, column in enumerate(columns)})


def trial(case: str, seed: int) -> tuple[bool, int, int]:
    """Tell whether the first pair is called changed, how many others are, and how many in all."""
    draw, before, after, shape = CASES[case]
    rng = np.random.default_rng(seed)
    scale = coded if shape in (coded, recoded) else plain
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


def edge(r: float) -> float:
    """Find the larger correlation of which fifths tell by just so much more that it is watched."""
    x, noise = np.random.default_rng(0).normal(size=(2, 1_000_000))

    def nats(other: float) -> float:
        columns = (x, other * x + np.sqrt(1 - other * other) * noise)
        fifths = [np.argsort(np.argsort(each)) * GROUPS // each.size for each in columns]
        table = np.bincount(fifths[0] * GROUPS + fifths[1]).reshape(GROUPS, GROUPS)
        return float(mutual_information(table))

    low, high, before = r, 1.0, nats(r)
    for _ in range(16):
        middle = (low + high) / 2
        is_less = nats(middle) - before < max(INFORMATION, PART * nats(middle))
        low, high = (middle, high) if is_less else (low, middle)
    return low


def stable(rows: int, before: float, after: float, seeds: int) -> float:
    """Tell how many of independent pairs are called stable when the correlation becomes `after`."""
    listed = Settings(pairs=[(f"x{i}", f"x{i + 1}") for i in range(0, FEATURES, 2)])
    number = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        sides = []
        for r in (before, after):
            columns = rng.normal(size=(FEATURES, rows))
            columns[1::2] = r * columns[::2] + np.sqrt(1 - r * r) * columns[1::2]
            like = sides[0] if sides else None
            sides.append(profile(table(columns), listed, kinds=like))
        found = [side.pairs for side in sides]
        if found[0] is None or found[1] is None:
            raise ValueError("pairs were not counted")
        number += compare_pairs(found[0], found[1]).counts[State.STABLE]
    return number / (seeds * FEATURES / 2)


def certify(seeds: int) -> None:
    """Print how often `stable` is said: without a change, and at a change worth watching."""
    sys.stdout.write("| correlation | no change: 2,000, 5,000, 20,000 rows | at the edge |\n")
    for r in (0.0, 0.3, 0.5, 0.7, 0.9):
        least = edge(r)
        shares = [
            ", ".join(f"{stable(rows, r, after, seeds):.0%}" for rows in (2000, 5000, 20_000))
            for after in (r, least)
        ]
        sys.stdout.write(f"| {r} | {shares[0]} | to {least:.3f}: {shares[1]} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    main(number)
    certify(max(number // 5, 1))
