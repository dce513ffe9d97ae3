"""Drift of known size: how often it is found, called stable, or left open."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np

from core.deciding.comparisons import Comparison
from core.deciding.records import Finding
from core.deciding.reports import State

from .laws import DRIFTS, numeric_at_warn, trebled
from .populations import POPULATIONS, Generator, Population
from .tables import Table, percent, rows
from .trials import (
    ALPHA,
    FLAGGED,
    TOGETHER,
    WARN_NATS,
    Shares,
    Sizes,
    compared,
    generator,
    judged,
    shares,
)

_NORMAL = POPULATIONS["normal"]
TREBLED = 200

# The design's figures (statistics.md 6), in the order of `together` and `windows`.
TOGETHER_DESIGN: Mapping[Sizes, Sequence[float]] = MappingProxyType(
    {
        (1000, 200): (0.001, 0.02, 0.02, 0.36, 0.99, 0.57, 1.00, 0.71),
        (1000, 1000): (0.002, 0.04, 0.01, 0.69, 1.00, 0.94, 1.00, 1.00),
        (10_000, 1000): (0.000, 0.00, 0.00, 0.69, 1.00, 0.98, 1.00, 1.00),
        (100_000, 10_000): (0.000, 0.00, 0.00, 0.88, 1.00, 1.00, 1.00, 1.00),
    }
)
WINDOWS_DESIGN: Mapping[Sizes, Sequence[float]] = MappingProxyType(
    {
        (10_000, 125): (0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
        (1000, 200): (0.00, 0.03, 0.01, 0.01, 0.00, 0.00),
        (10_000, 200): (0.00, 0.62, 0.04, 0.07, 0.14, 0.24),
        (10_000, 300): (0.44, 0.81, 0.03, 0.07, 0.13, 0.20),
        (1000, 500): (0.53, 0.71, 0.04, 0.02, 0.09, 0.13),
        (10_000, 500): (0.78, 0.92, 0.01, 0.01, 0.04, 0.02),
    }
)
TREBLED_ROWS = (1000, 4000, 7000)
POWER_SIZES = ((200, 200), (1000, 200), (1000, 1000), (10_000, 1000), (10_000, 10_000))


def _pairs(rng: Generator, live: Population, sizes: Sizes, number: int) -> tuple[Comparison, ...]:
    return compared(
        [(_NORMAL.draw(rng, sizes[0]), live.draw(rng, sizes[1])) for _ in range(number)]
    )


def _flags(comparisons: Sequence[Comparison]) -> list[bool]:
    return [finding.state in FLAGGED for finding in judged(comparisons)]


def together(sizes: Sizes, tables: int) -> list[float]:
    """Flag features of tables of 20, two drifted: stable ones, any of 20 stable, each drift."""
    rng = generator("together", sizes)
    stable, anything = [], []
    found: dict[str, list[bool]] = {name: [] for name in DRIFTS}
    for _ in range(tables):
        comparisons = _pairs(rng, _NORMAL, sizes, TOGETHER)
        flags = _flags(comparisons)
        anything.append(any(flags))
        for name, population in DRIFTS.items():
            flags = _flags((*_pairs(rng, population, sizes, 2), *comparisons[2:]))
            found[name] += flags[:2]
            stable += flags[2:]
    return [float(np.mean(each)) for each in (stable, anything, *found.values())]


def windows(sizes: Sizes, features: int) -> list[float]:
    """Call features stable: without drift by U and by the rule, and with a drift of `warn`."""
    rng = generator("windows", sizes)
    stable = []
    for live in (_NORMAL, *numeric_at_warn().values()):
        findings = [judged([each])[0] for each in _pairs(rng, live, sizes, features)]
        if live is _NORMAL:
            stable.append(float(np.mean([_excluded(each) for each in findings])))
        stable.append(float(np.mean([each.state is State.STABLE for each in findings])))
    return stable


def _excluded(finding: Finding) -> bool:
    """Tell whether U on all bins would have granted `stable`."""
    evidence = finding.evidence
    return evidence is not None and evidence.p > ALPHA and evidence.interval[1] <= WARN_NATS


def power(name: str, sizes: Sizes, features: int) -> Shares:
    """Judge features that all drifted; `alone` is what the policy says of each."""
    rng = generator("power", name, sizes)
    before, after = trebled(TREBLED)[:2] if name == "trebled" else (_NORMAL, DRIFTS[name])
    return shares(
        compared([(before.draw(rng, sizes[0]), after.draw(rng, sizes[1])) for _ in range(features)])
    )


def together_tasks(*, quick: bool) -> dict[object, partial[list[float]]]:
    """Give the rows of the table of 20 features."""
    return {sizes: partial(together, sizes, 10 if quick else 100) for sizes in TOGETHER_DESIGN}


def window_tasks(*, quick: bool) -> dict[object, partial[list[float]]]:
    """Give the rows of the table of small windows."""
    return {sizes: partial(windows, sizes, 40 if quick else 400) for sizes in WINDOWS_DESIGN}


def power_tasks(*, quick: bool) -> dict[object, partial[Shares]]:
    """Give the cells of the table of power."""
    features = 40 if quick else 400
    tasks: dict[object, partial[Shares]] = {
        (name, sizes): partial(power, name, sizes, features)
        for name in DRIFTS
        for sizes in POWER_SIZES
    }
    for each in TREBLED_ROWS:
        tasks["trebled", (each, each)] = partial(power, "trebled", (each, each), 5 * features)
    return tasks


def together_table(results: Mapping[Sizes, Sequence[float]]) -> Table:
    """Put the design's figures before those found here."""
    head = ["stable feature flagged", "any flag, 20 stable", *DRIFTS]
    return _side_by_side(results, TOGETHER_DESIGN, head)


def windows_table(results: Mapping[Sizes, Sequence[float]]) -> Table:
    """Put the design's figures before those found here."""
    head = ["no drift, U", "no drift", *numeric_at_warn()]
    return _side_by_side(results, WINDOWS_DESIGN, head)


def _side_by_side(
    results: Mapping[Sizes, Sequence[float]],
    design: Mapping[Sizes, Sequence[float]],
    head: Sequence[str],
) -> Table:
    lines = [
        [
            rows(sizes),
            *(
                f"{100 * said:g} / {percent(found)}"
                for said, found in zip(expected, results[sizes], strict=True)
            ),
        ]
        for sizes, expected in design.items()
    ]
    return Table(["rows", *head], lines)


def power_table(results: Mapping[tuple[str, Sizes], Shares]) -> Table:
    """Give every drift and size."""
    head = ("flagged", "negligible", "5 %", "1 %", "JS > 0.1", "JS > 0.2", "KS")
    lines = []
    for (name, sizes), found in results.items():
        labels = name == "trebled"
        line = (found.alone, found.five - found.alone, found.five, found.one, found.fixed_warn)
        lines.append(
            [
                f"one of {TREBLED} labels trebled" if labels else name,
                rows(sizes),
                *map(percent, (*line, found.fixed_alert)),
                "–" if labels else percent(found.ks),
            ]
        )
    return Table(["drift", "rows", *head], lines)
