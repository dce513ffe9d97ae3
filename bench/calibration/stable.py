"""No drift: how often is a stable feature called significant, flagged, or stable?"""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial

from .populations import POPULATIONS, Family, Population
from .tables import Table, percent, rows, span
from .trials import TOGETHER, Shares, Sizes, compared, generator, shares

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

Cells = Mapping[tuple[str, Sizes], Shares]

_MARGIN = 0.005  # a size this near to a bound is drawn more often
_SHARES = ("1 %", "flagged, of 20", "flagged, alone", "stable", "JS > 0.1", "JS > 0.2", "KS")
_TABLE = range(TOGETHER)
_MORE = 3  # times as many features again


def simulate(population: Population, sizes: Sizes, features: int, part: int = 0) -> Shares:
    """Draw and judge stable features, 20 in a table."""
    rng = generator(population.name, sizes, part)
    tables = [
        shares(compared([(population.draw(rng, n), population.draw(rng, m)) for _ in _TABLE]))
        for n, m in [sizes] * -(-features // TOGETHER)
    ]
    return sum(tables[1:], tables[0])


def cell(name: str, sizes: Sizes, features: int) -> Shares:
    """Simulate one cell; where its size is too near a bound to tell, four times as long."""
    population = POPULATIONS[name]
    first = simulate(population, sizes, features)
    least = LEAST + _MARGIN if population.family == "continuous" else 0.0
    if min(sizes) < SIZE_ROWS or least <= first.five <= MOST - _MARGIN:
        return first
    return first + simulate(population, sizes, _MORE * features, part=1)


def tasks(*, quick: bool) -> dict[object, partial[Shares]]:
    """Give the cells of the grid, by population and sizes."""
    tasks: dict[object, partial[Shares]] = {}
    for sizes in reversed(SIZES):  # the longest first
        for name, population in POPULATIONS.items():
            features = FEATURES[population.family] // (10 if quick else 1)
            tasks[name, sizes] = partial(cell, name, sizes, features)
    return tasks


def broken(cells: Cells) -> list[str]:
    """Tell which cells do not hold what is promised, in words."""
    wrong = []
    for (name, sizes), found in cells.items():
        least = LEAST if POPULATIONS[name].family == "continuous" else 0.0
        if min(sizes) >= SIZE_ROWS and not least <= found.five <= MOST:
            wrong.append(f"{name}, {rows(sizes)}: size {percent(found.five)} at 5 %")
        if min(sizes) >= FLAG_ROWS and found.flagged > MOST_FLAGGED:
            wrong.append(f"{name}, {rows(sizes)}: {percent(found.flagged)} flagged")
    return wrong


def summary(cells: Cells) -> Table:
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
    return Table(["rows", *(f"{family}: 5 %" for family in FAMILIES), *_SHARES], lines)


def _span(here: dict[str, Shares], field: str, *families: Family) -> str:
    return span(
        [getattr(found, field) for name, found in here.items() if _family(name) in families]
    )


def details(cells: Cells) -> Table:
    """Give every cell."""
    head = ["population", "rows", "drawn", "5 %", *_SHARES]
    lines = []
    for name in POPULATIONS:
        for sizes in SIZES:
            found = cells[name, sizes]
            line = [percent(getattr(found, field.name)) for field in fields(found)[1:]]
            if _family(name) == "categorical":
                line[-1] = "–"
            lines.append([name, rows(sizes), str(found.features), *line])
    return Table(head, lines)


def _family(name: str) -> Family:
    return POPULATIONS[name].family
