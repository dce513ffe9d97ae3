"""One trial: two tables of one kind, compared and judged as the product does it."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from scipy.special import kolmogorov

from core.deciding.binnings import Options
from core.deciding.comparisons import Comparison, compare
from core.deciding.decisions import POLICIES, Limits
from core.deciding.records import Finding
from core.deciding.reports import State
from core.profiling.profiles import Counts, Profile
from core.profiling.quantities import NumericCounts

SEED = 20_260_701
TOGETHER = 20  # features of one table
ALPHA, STRICT = 0.05, 0.01
WARN, ALERT = Limits().thresholds
WARN_NATS = WARN**2 * np.log(2)
FLAGGED = {State.ALERT, State.WARN}


def generator(*key: object) -> np.random.Generator:
    """Give the random numbers of one cell, the same whatever was drawn before."""
    return np.random.default_rng([SEED, crc32(repr(key).encode())])


def compared(pairs: Sequence[tuple[Counts, Counts]]) -> tuple[Comparison, ...]:
    """Compare pairs of counts, reference first, as the features of two tables."""
    names = [f"feature {position}" for position in range(len(pairs))]
    kinds = {
        name: "numeric" if isinstance(before, NumericCounts) else "categorical"
        for name, (before, _) in zip(names, pairs, strict=True)
    }
    sides = [dict(zip(names, side, strict=True)) for side in zip(*pairs, strict=True)]
    reference, live = (Profile(side[names[0]].rows, side, kinds) for side in sides)
    return compare(reference, live, options=Options(identifiers=True))


def judged(comparisons: Sequence[Comparison], policy: str = "calibrated") -> list[Finding]:
    """Judge the features of one table under the default limits."""
    return POLICIES[policy](comparisons, Limits())


def ks_alarm(comparison: Comparison) -> bool:
    """Apply the rule of other tools: the Kolmogorov-Smirnov test of one feature at 5 %."""
    distance = comparison.scores.kolmogorov_smirnov if comparison.scores else None
    if distance is None:
        return False
    n, m = (getattr(side, "finite", 0) for side in (comparison.reference, comparison.live))
    return bool(kolmogorov(np.sqrt(n * m / (n + m)) * distance) <= ALPHA)
