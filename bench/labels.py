# ruff: noqa: INP001 (a script: its folder is no package)
"""How often is a feature that lost its say found, and one that did not called out? Seeded.

    python bench/labels.py [SEEDS]

Twenty features of normal columns hang on what the label is made from, by correlations from 0 to
0.6, so that every strength is there. 5,000 rows a side where nothing else is said.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core import check
from core.deciding.outcome_reports import Information
from core.settings import Settings

Array = NDArray[np.float64]
FEATURES, ROWS = 20, 5000
STRENGTHS = np.repeat([0.3, 0.0, 0.1, 0.6], FEATURES // 4)
LABELLED = Settings(label="label")


def half(latent: Array) -> object:
    """Make a label of two classes, as frequent as each other."""
    return np.where(latent > 0, "yes", "no")


def rare(latent: Array) -> object:
    """Make a label of two classes, one of them in 3 rows of 100."""
    return latent > 1.88  # noqa: PLR2004 (the 97 % quantile of the normal law)


def ten(latent: Array) -> object:
    """Make a label of ten classes, given as numbers."""
    return np.clip(np.round(2 * latent) + 5, 0, 9)


def number(latent: Array) -> object:
    """Make a label of numbers."""
    return latent


def moved(columns: Array) -> Array:
    """Drift every column by itself, order kept: half a deviation up, and wider."""
    return np.exp((1.2 * columns + 0.5) / 4)


def plain(columns: Array) -> Array:
    """Take columns as they are, on the scale of `moved`."""
    return np.exp(columns / 4)


Label = Callable[[Array], object]
# the label, the first feature's correlation in live (0.3 in the reference), rows of live, its shape
CASES: dict[str, tuple[Label, float, int, Callable[[Array], Array]]] = {
    "no change, two classes": (half, 0.3, ROWS, plain),
    "no change, 3 % of one class": (rare, 0.3, ROWS, plain),
    "no change, ten classes": (ten, 0.3, ROWS, plain),
    "no change, numbers": (number, 0.3, ROWS, plain),
    "no change, numbers, 500 live rows": (number, 0.3, 500, plain),
    "no change, every feature drifted": (half, 0.3, ROWS, moved),
    "lost: 0.3 to 0, two classes": (half, 0.0, ROWS, plain),
    "lost: 0.3 to 0, every feature drifted": (half, 0.0, ROWS, moved),
    "lost: 0.3 to 0, 3 % of one class": (rare, 0.0, ROWS, plain),
    "lost: 0.3 to 0, 500 live rows": (half, 0.0, 500, plain),
    "less: 0.3 to 0.2, numbers": (number, 0.2, ROWS, plain),
}


def table(rng: np.random.Generator, first: float, label: Label, rows: int) -> dict[str, object]:
    """Draw a label and its features; the first one has the correlation `first` with its source."""
    latent, noise = rng.normal(size=rows), rng.normal(size=(FEATURES, rows))
    strengths = STRENGTHS.copy()
    strengths[0] = first
    columns = strengths[:, None] * latent + np.sqrt(1 - strengths[:, None] ** 2) * noise
    return {"label": label(latent)} | {f"x{i}": column for i, column in enumerate(columns)}


def trial(case: str, seed: int) -> tuple[Information, ...]:
    """Tell what is said of the features, in the order of their names."""
    label, after, rows, shape = CASES[case]
    rng = np.random.default_rng(seed)
    sides = [table(rng, 0.3, label, ROWS), table(rng, after, label, rows)]
    for side, drifted in zip(sides, (plain, shape), strict=True):
        side.update({name: drifted(side[name]) for name in side if name != "label"})
    outcomes = check(*(pa.table(side) for side in sides), LABELLED).outcomes
    if outcomes is None:
        raise ValueError("the label was not told about")
    return tuple(sorted(outcomes.features, key=lambda each: int(each.name[1:])))


def main(seeds: int) -> None:
    """Print a line for each case."""
    sys.stdout.write(
        "| case | found | p ≤ 5 % where nothing changed, by correlation 0, 0.1, 0.3, 0.6 "
        "| runs with a false one, q ≤ 5 % | CPU s |\n| --- | ---: | ---: | ---: | ---: |\n"
    )
    for case, (_, after, _, _) in CASES.items():
        start = time.process_time()
        runs = [trial(case, seed) for seed in range(seeds)]
        changed = after != 0.3  # noqa: PLR2004 (as in the reference)
        p = np.array([[each.p for each in run] for run in runs], float)
        flagged = np.array([[(each.q or 0.0) <= 0.05 for each in run] for run in runs])  # noqa: PLR2004
        found = f"{np.mean([run[0].say in ('lost', 'less') for run in runs]):.0%}"
        same = np.arange(FEATURES) >= int(changed)
        sizes = ", ".join(
            f"{np.mean(p[:, same & (strength == STRENGTHS)] <= 0.05):.1%}"  # noqa: PLR2004
            for strength in (0, 0.1, 0.3, 0.6)
        )
        spent = (time.process_time() - start) / seeds
        line = f"| {case} | {found if changed else '–'} | {sizes} "
        sys.stdout.write(f"{line}| {flagged[:, same].any(axis=1).mean():.0%} | {spent:.2f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
