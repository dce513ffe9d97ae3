"""What is simulated: populations of numbers and labels, drawn as the product's own counts.

A population draws the counts of one feature in `rows` independent rows. Up to 50,000 rows every
value is drawn and counted; above, the counts are a multinomial draw over the fine cells of four
million rows drawn once, which is the same law on a fixed grid and needs no million of values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.profiling.categories import CategoryCounts
from core.profiling.cells import values
from core.profiling.profiles import Counts
from core.profiling.quantities import NumericCounts

Array = NDArray[np.float64]
Generator = np.random.Generator
Family = Literal["continuous", "discrete", "categorical"]

_DRAWN_SINGLY = 50_000
_POOL_ROWS = 4_000_000
_POOL_SEED = 2027
_MISSING, _ZEROS = 0.2, 0.6  # shares


@dataclass(frozen=True, slots=True)
class Population:
    """Where the rows of a feature come from; `draw` gives the counts of so many rows."""

    name: str
    family: Family
    draw: Callable[[Generator, int], Counts]


def numbers(name: str, family: Family, law: Callable[[Generator, int], Array]) -> Population:
    """Draw values from `law`, in which NaN is missing."""

    @cache
    def pool() -> NumericCounts:
        return NumericCounts().extended(law(np.random.default_rng(_POOL_SEED), _POOL_ROWS))

    def draw(rng: Generator, rows: int) -> NumericCounts:
        if rows <= _DRAWN_SINGLY:
            return NumericCounts().extended(law(rng, rows))
        return _resampled(pool(), rng, rows)

    return Population(name, family, draw)


def labels(name: str, shares: Array, *, missing: float = 0.0) -> Population:
    """Draw labels of these shares."""
    whole = np.append(shares / shares.sum() * (1 - missing), missing)
    texts = pa.array([f"label {position:04}" for position in range(shares.size)])

    def draw(rng: Generator, rows: int) -> CategoryCounts:
        drawn = rng.multinomial(rows, whole)
        seen = np.flatnonzero(drawn[:-1])
        return CategoryCounts().extended(texts.take(seen), drawn[seen], missing=int(drawn[-1]))

    return Population(name, "categorical", draw)


def _resampled(pool: NumericCounts, rng: Generator, rows: int) -> NumericCounts:
    weights = np.append(pool.counts, pool.missing)
    drawn = rng.multinomial(rows, weights / weights.sum())
    seen = np.flatnonzero(drawn[:-1])
    cells = pool.cells[seen]
    ends = values(cells[[0, -1]] << pool.level)
    return replace(
        pool,
        cells=cells,
        counts=drawn[seen],
        rows=rows,
        missing=int(drawn[-1]),
        minimum=float(ends[0]),
        maximum=float(ends[1]),
        hashes=None,
    )


def zipf(size: int) -> Array:
    """Give shares that fall with the rank."""
    return 1 / np.arange(1, size + 1)


def _with_missing(rng: Generator, rows: int) -> Array:
    return np.where(rng.random(rows) < _MISSING, np.nan, rng.normal(size=rows))


def _zero_inflated(rng: Generator, rows: int) -> Array:
    return np.where(rng.random(rows) < _ZEROS, 0.0, rng.lognormal(size=rows))


def _delays(rng: Generator, rows: int) -> Array:
    return np.floor(rng.exponential(25.0, rows)) - 10


_SKEWED = np.array([0.6, 0.2, 0.1, 0.05, 0.02, 0.01, 0.01, 0.005, 0.003, 0.002])


NUMERIC = (
    numbers("normal", "continuous", lambda rng, rows: rng.normal(size=rows)),
    numbers("log-normal", "continuous", lambda rng, rows: rng.lognormal(size=rows)),
    numbers("Cauchy", "continuous", lambda rng, rows: rng.standard_cauchy(rows)),
    numbers("normal, 20 % missing", "continuous", _with_missing),
    numbers("60 % zeros, then log-normal", "continuous", _zero_inflated),
    numbers("normal in tenths", "discrete", lambda rng, rows: rng.normal(size=rows).round(1)),
    numbers("delays in minutes", "discrete", _delays),
    numbers("Poisson (3)", "discrete", lambda rng, rows: rng.poisson(3.0, rows).astype(float)),
    numbers(
        "ten skewed values",
        "discrete",
        lambda rng, rows: rng.choice(10, rows, p=_SKEWED / _SKEWED.sum()).astype(float),
    ),
)
CATEGORICAL = (
    labels("2 equal", np.ones(2)),
    labels("2, one of 1 %", np.array([99.0, 1.0])),
    labels("10 equal, 10 % missing", np.ones(10), missing=0.1),
    labels("50 Zipf", zipf(50)),
    labels("200 equal", np.ones(200)),
    labels("200 Zipf", zipf(200)),
    labels("1000 equal", np.ones(1000)),
    labels("1000 Zipf", zipf(1000)),
)
POPULATIONS: Mapping[str, Population] = MappingProxyType(
    {population.name: population for population in chain(NUMERIC, CATEGORICAL)}
)
