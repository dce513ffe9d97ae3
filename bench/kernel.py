# ruff: noqa: INP001 (a script: its folder is no package)
"""The counting kernel beside `numpy.searchsorted` into 20 edges: `python bench/kernel.py [VALUES]`.

Nine distributions of four million values, in batches of 131,072, nanoseconds of CPU a value, one
thread; both are measured in turn within a run, the median of five. `extended` is all that is kept
of a number: cells, extremes, moments, zeros.
"""

import sys
import time
from collections.abc import Callable
from statistics import fmean, median

import numpy as np

from core.profiling.quantities import NumericCounts

_BATCH, _TIMES, _SEED, _EDGES = 131_072, 5, 20261127, 20
_MONTH = 30 * 86_400
_ZEROS = 0.9

Values = np.ndarray
DISTRIBUTIONS: dict[str, Callable[[np.random.Generator, int], Values]] = {
    "normal(0, 1)": lambda rng, n: rng.normal(size=n),
    "normal(290, 5)": lambda rng, n: rng.normal(290, 5, n),
    "log-normal(0, 2)": lambda rng, n: rng.lognormal(0, 2, n),
    "uniform(0, 1)": lambda rng, n: rng.random(n),
    "Unix seconds, a month": lambda rng, n: np.floor(1.76e9 + rng.random(n) * _MONTH),
    "Cauchy": lambda rng, n: rng.standard_cauchy(n),
    "whole years": lambda rng, n: rng.integers(1950, 2025, n).astype(float),
    "rounded to 0.1": lambda rng, n: np.round(rng.normal(20, 10, n), 1),
    "90 % zeros, log-normal tail": lambda rng, n: np.where(
        rng.random(n) < _ZEROS, 0.0, rng.lognormal(size=n)
    ),
}


def counted(batches: list[Values]) -> NumericCounts:
    """Count the batches."""
    counts = NumericCounts()
    for batch in batches:
        counts = counts.extended(batch)
    return counts


def binned(batches: list[Values], edges: Values) -> Values:
    """Count the batches in bins whose edges are known."""
    return sum(
        np.bincount(np.searchsorted(edges, batch), minlength=edges.size + 1) for batch in batches
    )


def nanoseconds(act: Callable[[], object], values: int) -> float:
    """Give the CPU time a value."""
    start = time.thread_time()
    act()
    return (time.thread_time() - start) / values * 1e9


def main(size: int = 4_000_000) -> None:
    """Print a table."""
    rng = np.random.default_rng(_SEED)
    sys.stdout.write("| values | cells | ns a value | `searchsorted` | ratio |\n")
    sys.stdout.write("| --- | ---: | ---: | ---: | ---: |\n")
    means: list[tuple[float, float]] = []
    for name, make in DISTRIBUTIONS.items():
        values = make(rng, size)
        batches = [values[at : at + _BATCH] for at in range(0, size, _BATCH)]
        edges = np.unique(np.quantile(values, np.linspace(0, 1, _EDGES)))
        rounds = [
            (
                nanoseconds(lambda b=batches: counted(b), size),
                nanoseconds(lambda b=batches, e=edges: binned(b, e), size),
            )
            for _ in range(_TIMES)
        ]
        ours, theirs = (median(side) for side in zip(*rounds, strict=True))
        ratio = median(mine / its for mine, its in rounds)
        means.append((ours, theirs))
        cells = counted(batches).cells.size
        sys.stdout.write(f"| {name} | {cells:,} | {ours:.1f} | {theirs:.1f} | {ratio:.2f} |\n")
    ours, theirs = (fmean(side) for side in zip(*means, strict=True))
    sys.stdout.write(f"| mean | | {ours:.1f} | {theirs:.1f} | {ours / theirs:.2f} |\n")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
