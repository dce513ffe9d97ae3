# ruff: noqa: INP001, T201 (a script: its folder is no package, and it prints)
"""Simulate vectors without drift: how often does the test call them out?

    python bench/vectors.py [PAIRS]

A cell is the share of p-values at or below 5 and 1 % over seeded pairs of samples (2,000 unless
said otherwise) of one law: n reference and m live rows of d components. Written as Markdown.
"""

import sys
from collections.abc import Callable, Mapping

import numpy as np

from core.measuring.normals import Sample, pair, test_pair

_SEED, _PAIRS = 20261127, 2000
_SIZES = ((1000, 200, 8), (200, 60, 8), (1000, 1000, 16), (60, 40, 32))
Law = Callable[[np.random.Generator, int, int], np.ndarray]


def _normal(rng: np.random.Generator, rows: int, size: int) -> np.ndarray:
    return rng.normal(size=(rows, size))


def _tailed(rng: np.random.Generator, rows: int, size: int) -> np.ndarray:
    return rng.normal(size=(rows, size)) / np.sqrt(rng.chisquare(8, (rows, 1)) / 8)


def _skewed(rng: np.random.Generator, rows: int, size: int) -> np.ndarray:
    return rng.exponential(size=(rows, size))


def _clusters(rng: np.random.Generator, rows: int, size: int) -> np.ndarray:
    centres = np.random.default_rng(5).normal(0, 2, (10, size))
    return centres[rng.integers(0, 10, rows)] + rng.normal(size=(rows, size))


_LAWS: Mapping[str, Law] = {
    "normal": _normal,
    "ten clusters": _clusters,
    "t with 8 degrees": _tailed,
    "exponential, independent": _skewed,
}


def _sample(rows: np.ndarray) -> Sample:
    apart = rows - rows.mean(axis=0)
    return Sample(len(rows), rows.mean(axis=0), apart.T @ apart, (apart**4).sum(axis=0))


def main() -> None:
    """Simulate every law at every size and print the table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else _PAIRS
    heads = [f"n {n}, m {m}, d {d}" for n, m, d in _SIZES]
    print(f"| law | {' | '.join(heads)} |\n|{' --- |' * (len(heads) + 1)}")
    for name, law in _LAWS.items():
        cells = []
        for n, m, d in _SIZES:
            rng = np.random.default_rng(_SEED)
            p = np.array(
                [
                    test_pair(pair(_sample(law(rng, n, d)), _sample(law(rng, m, d)))).p
                    for _ in range(pairs)
                ]
            )
            cells.append(f"{(p <= 0.05).mean():.1%}, {(p <= 0.01).mean():.1%}")  # noqa: PLR2004
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
