"""Numbers as the Learn page writes them: what they are called, their unit, and which way they run.

p is the first argument, KL(p‖q); `core` computes in nats, a bit is ln 2 of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.measuring.divergences import JSD, KL, LN2, PSI, REVERSE_KL, js_distance
from core.measuring.smoothing import Array

ONE_WAY = "divergence, one way"
BOTH_WAYS = "divergence, the same both ways"
DISTANCE = "distance, 0 to 1"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with all that must be said beside it; `digits` stand after the point."""

    name: str
    value: float
    unit: str
    digits: int = 4

    @property
    def text(self) -> str:
        """Write the value: "infinite" is a word, and nothing but 0 is written as 0."""
        if np.isinf(self.value):
            return "infinite"
        written = f"{self.value:.{self.digits}f}"
        if self.value and not float(written):
            return f"{self.value:.1e}"
        return written if self.value else "0"


def kl(p: ArrayLike, q: ArrayLike) -> float:
    """Compute KL(p‖q) of two lists of shares, in nats.

    >>> round(kl([0.5, 0.5], [0.99, 0.01]), 7)
    1.6144631
    """
    return float(KL(np.asarray(p, np.float64), np.asarray(q, np.float64)))


def jsd(p: ArrayLike, q: ArrayLike) -> float:
    """Compute the Jensen-Shannon divergence of two lists of shares, in nats."""
    return float(JSD(np.asarray(p, np.float64), np.asarray(q, np.float64)))


def cross_entropy(p: ArrayLike, q: ArrayLike) -> float:
    """Average over p how much each outcome surprises who believes q, in nats.

    The surprise of an outcome is KL(the outcome for sure‖q); the entropy of p is that of p and p.

    >>> round(cross_entropy([0.5, 0.5], [0.5, 0.5]), 7)
    0.6931472
    """
    shares = np.asarray(p, np.float64)
    surprises = KL(np.eye(shares.size), np.asarray(q, np.float64))
    return float(sum(share * s for share, s in zip(shares, surprises, strict=True) if share))


def measured(p: Array, q: Array, names: Sequence[str] = ("live", "reference")) -> list[Number]:
    """Measure shares p against shares q by all that the report shows, directions named."""
    first, second = names
    js = float(JSD(p, q))
    return [
        Number(f"KL({first}‖{second})", float(KL(p, q)), f"nats; {ONE_WAY}"),
        Number(f"KL({second}‖{first})", float(REVERSE_KL(p, q)), f"nats; {ONE_WAY}"),
        Number("PSI", float(PSI(p, q)), "nats; the sum of both KL"),
        Number("JSD", js / LN2, f"bits; {BOTH_WAYS}"),
        Number("JS distance", float(js_distance(js)), f"{DISTANCE}; root of the JSD"),
    ]
