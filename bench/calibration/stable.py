"""No drift: how often is a stable feature called significant, flagged, or stable?"""

from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from core.deciding.reports import State

from .populations import POPULATIONS, Family, Population
from .tables import Table, percent, rows, span
from .trials import (
    ALERT,
    ALPHA,
    FLAGGED,
    STRICT,
    TOGETHER,
    WARN,
    WARN_NATS,
    compared,
    generator,
    judged,
    ks_alarm,
)

SIZES = (
    (30, 30),
    (1000, 30),
    (100, 100),
    (1000, 100),
    (100, 1000),
    (200, 200),
    (1000, 200),
    (1000, 1000),
    (10_000, 1000),
    (1000, 10_000),
    (10_000, 10_000),
    (100_000, 1000),
    (1000, 100_000),
    (1_000_000, 1_000_000),
)
FAMILIES: tuple[Family, ...] = ("continuous", "discrete", "categorical")
LEAST, MOST = 0.035, 0.065  # what the test may alarm in at a nominal 5 %
FEATURES: dict[Family, int] = {"continuous": 1500, "discrete": 600, "categorical": 600}
MOST_FLAGGED = 0.01
SIZE_ROWS, FLAG_ROWS = 100, 200  # rows a side from which these hold
_MARGIN = 0.005  # a size this near to a bound is drawn more often
_MORE = 3  # times as many features again


@dataclass(frozen=True, slots=True)
class Cell:
    """Shares of stable features of one population and size, out of `features`."""

    features: int
    five: float  # p <= 5 %
    one: float  # p <= 1 %
    flagged: float  # alert or warn, 20 features together
    alone: float  # alert or warn, were it the only feature
    stable: float
    fixed_warn: float
    fixed_alert: float
    ks: float

    def __add__(self, other: "Cell") -> "Cell":
        features = self.features + other.features
        shares = {
            field.name: (
                getattr(self, field.name) * self.features
                + getattr(other, field.name) * other.features
            )
            / features
            for field in fields(self)[1:]
        }
        return Cell(features, **shares)


def simulate(population: Population, sizes: tuple[int, int], features: int, part: int = 0) -> Cell:
    """Draw and judge stable features, 20 in a table."""
    rng = generator(population.name, sizes, part)
    outcomes: list[tuple[bool, ...]] = []
    for _ in range(-(-features // TOGETHER)):
        comparisons = compared(
            [
                (population.draw(rng, sizes[0]), population.draw(rng, sizes[1]))
                for _ in range(TOGETHER)
            ]
        )
        findings, fixed = judged(comparisons), judged(comparisons, "fixed")
        for comparison, finding, simple in zip(comparisons, findings, fixed, strict=True):
            evidence, distance = finding.evidence, simple.value
            if evidence is None or distance is None:
                raise RuntimeError(f"{population.name} was not compared")
            outcomes.append(
                (
                    evidence.p <= ALPHA,
                    evidence.p <= STRICT,
                    finding.state in FLAGGED,
                    evidence.p <= ALPHA and evidence.corrected >= WARN_NATS,
                    finding.state is State.STABLE,
                    distance > WARN,
                    distance > ALERT,
                    ks_alarm(comparison),
                )
            )
    return Cell(len(outcomes), *np.mean(outcomes, axis=0).tolist())


def cell(name: str, sizes: tuple[int, int], features: int) -> Cell:
    """Simulate one cell; where its size is too near a bound to tell, four times as long."""
    population = POPULATIONS[name]
    first = simulate(population, sizes, features)
    least = LEAST + _MARGIN if population.family == "continuous" else 0.0
    if min(sizes) < SIZE_ROWS or least <= first.five <= MOST - _MARGIN:
        return first
    return first + simulate(population, sizes, _MORE * features, part=1)


def tasks(*, quick: bool) -> dict[object, partial[Cell]]:
    """Give the cells of the grid, by population and sizes."""
    tasks: dict[object, partial[Cell]] = {}
    for sizes in reversed(SIZES):  # the longest first
        for name, population in POPULATIONS.items():
            features = FEATURES[population.family] // (10 if quick else 1)
            tasks[name, sizes] = partial(cell, name, sizes, features)
    return tasks


def broken(cells: dict[tuple[str, tuple[int, int]], Cell]) -> list[str]:
    """Tell which cells do not hold what is promised, in words."""
    wrong = []
    for (name, sizes), found in cells.items():
        least = LEAST if POPULATIONS[name].family == "continuous" else 0.0
        if min(sizes) >= SIZE_ROWS and not least <= found.five <= MOST:
            wrong.append(f"{name}, {rows(sizes)}: size {percent(found.five)} at 5 %")
        if min(sizes) >= FLAG_ROWS and found.flagged > MOST_FLAGGED:
            wrong.append(f"{name}, {rows(sizes)}: {percent(found.flagged)} flagged")
    return wrong


def summary(cells: dict[tuple[str, tuple[int, int]], Cell]) -> Table:
    """Give the extremes over the populations, by size."""
    lines = []
    for sizes in SIZES:
        here = {name: found for (name, at), found in cells.items() if at == sizes}
        lines.append(
            [
                rows(sizes),
                *(_span(here, "five", family) for family in FAMILIES),
                *(_span(here, field, *FAMILIES) for field in ("one", "flagged", "alone")),
                *(
                    _span(here, field, "continuous")
                    for field in ("stable", "fixed_warn", "fixed_alert", "ks")
                ),
            ]
        )
    shares = ("1 %", "flagged, of 20", "flagged, alone", "stable", "JS > 0.1", "JS > 0.2", "KS")
    return Table(["rows", *(f"{family}: 5 %" for family in FAMILIES), *shares], lines)


def _span(here: dict[str, Cell], field: str, *families: Family) -> str:
    return span(
        [getattr(found, field) for name, found in here.items() if _family(name) in families]
    )


def details(cells: dict[tuple[str, tuple[int, int]], Cell]) -> Table:
    """Give every cell."""
    head = [
        "population",
        "rows",
        "drawn",
        "5 %",
        "1 %",
        "flagged, of 20",
        "flagged, alone",
        "stable",
        "JS > 0.1",
        "JS > 0.2",
        "KS 5 %",
    ]
    lines = []
    for name in POPULATIONS:
        for sizes in SIZES:
            found = cells[name, sizes]
            shares = [percent(getattr(found, field.name)) for field in fields(found)[1:]]
            if _family(name) == "categorical":
                shares[-1] = "–"
            lines.append([name, rows(sizes), str(found.features), *shares])
    return Table(head, lines)


def _family(name: str) -> Family:
    return POPULATIONS[name].family
