"""The rules that were changed, side by side with those of the design (statistics.md 6 and 8)."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from core.deciding.comparisons import Comparison
from core.deciding.reports import State
from core.measuring.intervals import interval
from core.measuring.significance import test_counts

from .laws import DRIFTS, labels_at_warn
from .populations import POPULATIONS, Generator, Population
from .tables import Table, percent, rows
from .trials import ALPHA, STRICT, WARN_NATS, Sizes, compared, generator, judged

EDGE_SIZES = (
    (100, 100), (1000, 100), (1000, 200), (100, 1000), (1000, 1000), (1000, 10_000), (1000, 100_000)
)  # fmt: skip
_EDGE_DRIFTS = ("+0.25 sd", "5 % at 5 sd")
LABELS = ((50, False), (200, True), (200, False), (1000, True), (1000, False))
LABEL_SIZES = ((10_000, 300), (1000, 500), (1000, 1000), (10_000, 1000), (10_000, 10_000))
_NORMAL = POPULATIONS["normal"]
_FEWER = 5  # times fewer features with drift
_SMALL_WINDOW, _MOSTLY = 500, 0.25


def edges(sizes: Sizes, features: int) -> list[tuple[float, float]]:
    """Test with the reference's edges, then with those of both sides: size, 1 %, power at 1 %."""
    rng = generator("edges", sizes)
    before, after = _both_rules(rng, _NORMAL, sizes, features)
    shares = [(_share(before, level), _share(after, level)) for level in (ALPHA, STRICT)]
    for drift in _EDGE_DRIFTS:
        before, after = _both_rules(rng, DRIFTS[drift], sizes, features // _FEWER)
        shares.append((_share(before, STRICT), _share(after, STRICT)))
    return shares


def _both_rules(
    rng: Generator, live: Population, sizes: Sizes, features: int
) -> tuple[list[float], list[float]]:
    comparisons = compared(
        [(_NORMAL.draw(rng, sizes[0]), live.draw(rng, sizes[1])) for _ in range(features)]
    )
    return [_by_reference_edges(each) for each in comparisons], [_p(each) for each in comparisons]


def _share(p_values: list[float], level: float) -> float:
    return float(np.mean(np.array(p_values) <= level))


def _p(comparison: Comparison) -> float:
    (finding,) = judged([comparison])
    return finding.evidence.p if finding.evidence else 1.0


def _by_reference_edges(comparison: Comparison) -> float:
    """Test the bins that are shown, `below` and `above` added to their neighbours."""
    if comparison.bins is None:
        return 1.0
    counts, roles = comparison.bins.counts, comparison.bins.roles
    first, last = int(roles[0] == "below"), counts.shape[1] - int(roles[-1] == "above")
    folded = counts[:, first:last].copy()
    folded[:, 0] += counts[:, :first].sum(axis=1)
    folded[:, -1] += counts[:, last:].sum(axis=1)
    return test_counts(*folded, ordered=True).p


def labels(size: int, sizes: Sizes, features: int, *, equal: bool) -> list[tuple[float, float]]:
    """Call label drifts of exactly `warn`, none first, stable: by the design, then by the rule."""
    rng = generator("labels", size, equal, sizes)
    shares = []
    for before, after in labels_at_warn(size, equal=equal).values():
        comparisons = compared(
            [(before.draw(rng, sizes[0]), after.draw(rng, sizes[1])) for _ in range(features)]
        )
        states = [judged([comparison])[0].state for comparison in comparisons]
        shares.append(
            (
                float(np.mean([_stable_by_design(comparison) for comparison in comparisons])),
                float(np.mean([state is State.STABLE for state in states])),
            )
        )
    return shares


def _stable_by_design(comparison: Comparison) -> bool:
    """Grant `stable` on the bins shown, unless a small window's `other` holds over a quarter."""
    if comparison.bins is None:
        return False
    counts, roles = comparison.bins.counts, comparison.bins.roles
    n, m = counts.sum(axis=1)
    other = counts[0, roles.index("other")] if "other" in roles else 0
    blind = min(n, m) < _SMALL_WINDOW and other > _MOSTLY * n
    return _p(comparison) > ALPHA and not blind and float(interval(*counts)[1]) <= WARN_NATS


def edge_tasks(*, quick: bool) -> dict[object, partial[list[tuple[float, float]]]]:
    """Give the rows of the table of edges."""
    return {sizes: partial(edges, sizes, 200 if quick else 2000) for sizes in EDGE_SIZES}


def label_tasks(*, quick: bool) -> dict[object, partial[list[tuple[float, float]]]]:
    """Give the rows of the table of categories."""
    features = 10 if quick else 100
    return {
        (size, equal, sizes): partial(labels, size, sizes, features, equal=equal)
        for size, equal in LABELS
        for sizes in LABEL_SIZES
    }


def edge_table(results: Mapping[Sizes, list[tuple[float, float]]]) -> Table:
    """Put both rules side by side."""
    head = ["rows", "5 %", "1 %", *(f"{drift}, at 1 %" for drift in _EDGE_DRIFTS)]
    return Table(head, [[rows(sizes), *_pairs(results[sizes])] for sizes in EDGE_SIZES])


def label_table(results: Mapping[tuple[int, bool, Sizes], list[tuple[float, float]]]) -> Table:
    """Put both rules side by side."""
    size, equal = LABELS[0]
    head = ["labels", "rows", *labels_at_warn(size, equal=equal)]
    lines = [
        [
            f"{size} {'equal' if equal else 'Zipf'}",
            rows(sizes),
            *_pairs(results[size, equal, sizes]),
        ]
        for size, equal in LABELS
        for sizes in LABEL_SIZES
    ]
    return Table(head, lines)


def _pairs(shares: list[tuple[float, float]]) -> list[str]:
    return [f"{percent(before)} / {percent(after)}" for before, after in shares]
