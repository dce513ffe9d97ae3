"""When did it begin, and did it go back? The change points of one feature over its windows.

Windows from `first` up to `end` have a distribution of their own, r; the reference and all other
windows have q. With r and q known, the log-likelihood ratio of a window is the sum over its rows of
ln(r/q), and the most likely span is the one over which its cumulative sum rises most (Page 1954;
with a return: Levin and Kline 1985). r and q are estimated from the windows that the verdicts
flagged, then from the span found, until it stays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..measuring.smoothing import Array, probabilities

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ROUNDS = 10  # of estimating r and q; most spans stay after two


@dataclass(frozen=True, slots=True)
class Span:
    """Windows from `first` up to `end`, exclusive, and their log-likelihood ratio in nats.

    None where it was not measured.
    """

    first: int
    end: int
    evidence: float | None


def find_changes(reference: Integers, windows: Integers, flagged: Mask) -> list[Span]:
    """Find the spans of windows (windows, bins) that left the reference (bins,), in order.

    Only around windows that are `flagged` is anything sought. Windows without rows belong to the
    span around them, and never begin or end one.

    >>> counts = np.array([[50, 50]] * 5 + [[80, 20]] * 4 + [[50, 50]] * 3)
    >>> flagged = np.arange(12) == 6
    >>> [(span.first, span.end) for span in find_changes(np.array([500, 500]), counts, flagged)]
    [(5, 9)]
    """
    known = np.flatnonzero(windows.any(axis=1))
    found = _search(reference, windows[known], flagged[known], (0, len(known)))
    spans: list[Span] = []
    for span in sorted(found, key=lambda span: span.first):
        joins = spans and spans[-1].end == span.first  # one span after all, with a milder part
        before = spans.pop() if joins else Span(span.first, span.first, 0.0)
        evidence = (before.evidence or 0.0) + (span.evidence or 0.0)
        spans.append(Span(before.first, span.end, evidence))
    return [Span(int(known[s.first]), int(known[s.end - 1]) + 1, s.evidence) for s in spans]


def _search(
    reference: Integers, windows: Integers, flagged: Mask, within: tuple[int, int]
) -> list[Span]:
    low, high = within
    if not flagged[low:high].any():
        return []
    inside = np.zeros(len(windows), bool)
    inside[low:high] = flagged[low:high]
    first, end, evidence = low, high, 0.0
    for _ in range(_ROUNDS):
        away = windows[inside].sum(axis=0)
        at_home = reference + windows[~(inside | flagged)].sum(axis=0)
        ratios = np.log(probabilities(away)) - np.log(probabilities(at_home))
        first, end, evidence = _steepest(windows[low:high] @ ratios)
        first, end = low + first, low + end
        settled = np.zeros(len(windows), bool)
        settled[first:end] = True
        if np.array_equal(settled, inside):
            break
        inside = settled
    if evidence <= 0 or not flagged[first:end].any():
        return []
    left = _search(reference, windows, flagged, (low, first))
    right = _search(reference, windows, flagged, (end, high))
    return [*left, Span(first, end, evidence), *right]


def _steepest(steps: Array) -> tuple[int, int, float]:
    """Find the span over which the cumulative sum rises most; one step at least."""
    sums = np.append(0.0, np.cumsum(steps))
    lowest = np.minimum.accumulate(sums[:-1])
    rises = sums[1:] - lowest
    end = int(rises.argmax()) + 1
    first = int(sums[:end].argmin())
    return first, end, float(rises[end - 1])
