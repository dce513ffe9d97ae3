"""One trial: two tables of one kind, compared and judged as the product does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from zlib import crc32

import numpy as np
from scipy.special import kolmogorov

from core.deciding.binnings import Options
from core.deciding.comparisons import Comparison, compare
from core.deciding.decisions import POLICIES, Limits
from core.deciding.records import Finding
from core.deciding.reports import State
from core.profiling.categories import CategoryCounts
from core.profiling.kinds import Kind
from core.profiling.profiles import Counts, Profile
from core.profiling.quantities import NumericCounts

Sizes = tuple[int, int]  # rows of reference and live

SEED = 20_260_701
TOGETHER = 20  # features of one table
ALPHA, STRICT = 0.05, 0.01
WARN, ALERT = Limits().thresholds
WARN_NATS = WARN**2 * np.log(2)
KINDS: Mapping[type[Counts], Kind] = MappingProxyType(
    {NumericCounts: "numeric", CategoryCounts: "categorical"}
)
FLAGGED = {State.ALERT, State.WARN}


def generator(*key: object) -> np.random.Generator:
    """Give the random numbers of one cell, the same whatever was drawn before."""
    return np.random.default_rng([SEED, crc32(repr(key).encode())])


def compared(pairs: Sequence[tuple[Counts, Counts]]) -> tuple[Comparison, ...]:
    """Compare pairs of counts, reference first, as the features of two tables."""
    names = [f"feature {position}" for position in range(len(pairs))]
    kinds = {name: KINDS[type(before)] for name, (before, _) in zip(names, pairs, strict=True)}
    sides = [dict(zip(names, side, strict=True)) for side in zip(*pairs, strict=True)]
    reference, live = (Profile(side[names[0]].rows, side, kinds) for side in sides)
    return compare(reference, live, options=Options(identifiers=True))


def judged(comparisons: Sequence[Comparison], policy: str = "calibrated") -> list[Finding]:
    """Judge the features of one table under the default limits."""
    return POLICIES[policy](comparisons, Limits())


@dataclass(frozen=True, slots=True)
class Shares:
    """What became of `features` features, as shares of them."""

    features: int
    five: float  # p <= 5 %
    one: float  # p <= 1 %
    flagged: float  # alert or warn, together with the other features of the table
    alone: float  # alert or warn, were it the only feature
    stable: float
    fixed_warn: float
    fixed_alert: float
    ks: float

    def __add__(self, other: "Shares") -> "Shares":
        features = self.features + other.features
        weights = self.features / features, other.features / features
        names = [field.name for field in fields(self)[1:]]
        sides = [(getattr(self, name), getattr(other, name)) for name in names]
        return Shares(features, *(float(np.dot(weights, side)) for side in sides))


def shares(comparisons: Sequence[Comparison]) -> Shares:
    """Judge the features of one table by the default policy and by the simple rules."""
    findings, fixed = judged(comparisons), judged(comparisons, "fixed")
    outcomes = []
    for comparison, finding, simple in zip(comparisons, findings, fixed, strict=True):
        evidence, distance = finding.evidence, simple.value
        if evidence is None or distance is None:
            raise RuntimeError(f"{comparison.feature} was not compared")
        outcomes.append(
            (
                evidence.p <= ALPHA,
                evidence.p <= STRICT,
                finding.state in FLAGGED,
                evidence.p <= ALPHA and evidence.corrected >= WARN_NATS,
                finding.state is State.STABLE,
                distance > WARN,
                distance > ALERT,
                _ks_alarm(comparison),
            )
        )
    return Shares(len(outcomes), *np.mean(outcomes, axis=0).tolist())


def _ks_alarm(comparison: Comparison) -> bool:
    """Apply the rule of other tools: the Kolmogorov-Smirnov test of one feature at 5 %."""
    distance = comparison.scores.kolmogorov_smirnov if comparison.scores else None
    if distance is None:
        return False
    n, m = (getattr(side, "finite", 0) for side in (comparison.reference, comparison.live))
    return bool(kolmogorov(np.sqrt(n * m / (n + m)) * distance) <= ALPHA)
