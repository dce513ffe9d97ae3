"""What stands beside a picture: counts, quantiles and one-sided values of both sides, as words."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from ..deciding.reports import Category, FeatureReport, Sides
from . import words
from .bars import Bar

MOST_OF_IT = 0.8  # of the divergence: so many bins are named together
ARROWS = {"more": "▲ more", "fewer": "▼ fewer", "same": ""}


def facts(feature: FeatureReport) -> list[tuple[str, str, str]]:
    """List counts of both sides: rows, missing, extremes, zeros, distinct and one-sided values."""
    summary, kind = feature.summary, feature.kind

    def quantity(value: float) -> str:
        return words.quantity(value, kind)

    rows = [
        ("Rows in the bins", words.grouped(feature.n), words.grouped(feature.m)),
        *_some("Missing", feature.missing, words.percent),
        *_known("Minimum", summary.minimum, quantity),
        *_known("Maximum", summary.maximum, quantity),
        *_known("Mean", summary.mean, quantity),
        *_known("Standard deviation", summary.deviation, lambda value: words.length(value, kind)),
        *_some("Zeros", summary.zeros, words.grouped),
        *_some("Infinite", summary.infinite, words.grouped),
        *_some("Distinct values", summary.distinct, words.grouped),
    ]
    if summary.outside is not None:
        rows.append(("Outside the reference's range", "–", words.grouped(summary.outside)))
    if summary.new_count or summary.vanished_count:
        gone, new = words.grouped(summary.vanished_count), words.grouped(summary.new_count)
        rows.append(("Values on this side only", gone, new))
    return rows


def _known(
    name: str, sides: Sides[Any] | None, write: Callable[[Any], str]
) -> Iterator[tuple[str, str, str]]:
    """Write a figure that one side at least has, be it 0."""
    if sides is not None and (sides.reference is not None or sides.live is not None):
        reference, live = (
            "–" if side is None else write(side) for side in (sides.reference, sides.live)
        )
        yield name, reference, live


def _some(
    name: str, sides: Sides[Any] | None, write: Callable[[Any], str]
) -> Iterator[tuple[str, str, str]]:
    """Write how many there are where one side at least has any: none at all is no news."""
    if sides is not None and (sides.reference or sides.live):
        yield from _known(name, sides, write)


def one_sided(feature: FeatureReport) -> list[tuple[str, Sequence[Category], int]]:
    """List the values that one side alone has: the largest, and how many there are."""
    summary = feature.summary
    sides = [
        ("New in live", summary.new, summary.new_count),
        ("Vanished from live", summary.vanished, summary.vanished_count),
    ]
    return [side for side in sides if side[1]]


BIN_COLUMNS = (
    "Bin",
    "Reference",
    "Live",
    "Part of the divergence",
    "Surprise of a row, bit",
    "Its evidence for live, bit",
)


def bin_rows(drawn: Sequence[Bar]) -> list[tuple[str, ...]]:
    """Write bins line by line: shares with rows, part, and what one row here says, in bits."""
    return [
        (
            f"{bar.label} {bar.note}".strip(),
            f"{words.percent(bar.reference)} ({words.grouped(bar.reference_rows)})",
            f"{words.percent(bar.live)} ({words.grouped(bar.live_rows)})",
            f"{words.percent(bar.part)} {ARROWS[bar.direction]}",
            bar.surprise,
            bar.evidence,
        )
        for bar in drawn
    ]


def concentration(top: Sequence[Bar]) -> str:
    """Say how few bins make how much of the divergence.

    `top` are the bins with the largest parts, the largest first.
    """
    parts = list(accumulate(bar.part for bar in top))
    enough = next((i for i, part in enumerate(parts) if part >= MOST_OF_IT), len(parts) - 1)
    bins = "One bin makes" if enough == 0 else f"{enough + 1} bins make"
    return f"{bins} {words.percent(parts[enough])} of the divergence."


def quantiles(feature: FeatureReport) -> list[tuple[str, str, str, str]]:
    """List the quantiles of both sides and how far each moved."""
    rows = []
    for each in feature.summary.quantiles:
        if each.reference is not None and each.live is not None:
            reference, live = words.distinct([each.reference, each.live], feature.kind)
            moved = words.shift(each.reference, each.live, feature.kind)
            rows.append((words.percent(each.p), reference, live, moved))
    return rows


def smoothing(feature: FeatureReport) -> str:
    """Say what was added to the bins before KL and PSI were taken."""
    smoothing = feature.smoothing
    if smoothing is None:
        return ""
    decisive = " Without it KL(live‖ref) is infinite." if smoothing.decisive else ""
    if smoothing.epsilon:
        return f"KL and PSI with {smoothing.epsilon:g} added to every share.{decisive}"
    if smoothing.pseudocount:
        return f"KL and PSI with {smoothing.pseudocount:g} rows added to every bin.{decisive}"
    return "KL and PSI without smoothing."
