"""What another tool's documented rule gives on the same counts, beside our own numbers.

The rules are in `measuring.conventions`; here is which of them fits a feature, and what must be
said beside its number: profiles hold counts, and a few rules ask for the rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..measuring import conventions as rules
from ..measuring.samples import Integers, Numbers
from ..profiling.categories import CategoryCounts, align
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from .grids import fine_grid
from .reports import ConventionReport, FeatureReport, Foreign, ForeignFigure, Report

MOST_ROWS = 10_000_000  # of both sides, that are spread out again: 80 MB


@dataclass(frozen=True, slots=True)
class Convention:
    """A tool: its rule for numbers, for labels, and both in words."""

    name: str
    numbers: Callable[[Numbers], list[rules.Figure]]
    labels: Callable[[Integers], list[rules.Figure]] | None
    words: str


CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        "evidently": Convention(
            "Evidently",
            rules.evidently,
            rules.evidently_labels,
            "Over 1000 reference rows: Wasserstein by the reference's standard deviation, labels "
            "(and up to 5 values) the JS distance, base 2; drift from 0.1. Up to 1000: KS, "
            "chi-square or z test; drift under p 0.05. JS, KL(ref‖live) and PSI in Sturges' bins "
            "of both sides; for KL and PSI an empty bin is filled with 0.0001, or a millionth of "
            "the smallest share.",
        ),
        "nannyml": Convention(
            "NannyML",
            rules.nannyml,
            rules.nannyml_labels,
            "JS distance, base 2, raw shares; Doane's bins of the reference (up to 50 values in "
            "at most a tenth as many as rows: by value) and one for what lies outside; drift over "
            "0.1.",
        ),
        "frouros": Convention(
            "Frouros",
            rules.frouros,
            None,
            "Numbers alone. JS distance, base e, and KL(live‖ref), nats, of both histograms "
            "(NumPy's auto) read at 10 points; PSI in 10 equal bins of both sides, an empty one "
            "filled with the least float. No threshold of its own: its test deals the rows anew.",
        ),
        "popmon": Convention(
            "popmon",
            rules.popmon,
            rules.popmon_labels,
            "JSD and PSI, natural logarithm, of counts that are not scaled to shares, 0.00001 "
            "added to each; 40 bins over the reference's middle 90 %, whole numbers around them. "
            "Its traffic lights need many windows of the reference: no threshold here.",
        ),
        "whylogs": Convention(
            "whylogs",
            rules.whylogs,
            rules.whylogs_labels,
            "Numbers: KS test at 100 quantiles of each side; labels: chi-square of live against "
            "the reference's shares, rounded down to rows; drift under p 0.05. Hellinger distance "
            "in 30 equal bins of both sides, drift from 0.4. Its quantiles are sketches of the "
            "rows, ours are exact.",
        ),
        "tfdv": Convention(
            "TFDV",
            rules.tfdv,
            rules.tfdv_labels,
            "Numbers: JSD in bits (the divergence, not its root) of 10 equal bins of each side, "
            "rows taken as even inside a bin; labels: L-infinity. Raw shares. The threshold is "
            "the user's. Its bins come from quantile sketches, ours from the counts.",
        ),
        "azure": Convention(
            "Azure ML",
            rules.azure,
            rules.azure_labels,
            "Numbers: Wasserstein by the reference's standard deviation (n - 1); labels: JS "
            "distance, base 2, raw shares; drift over 0.1. PSI with one row added to each bin; "
            "⌈log2 n + 1⌉ equal bins over both sides, n the rows of the smaller.",
        ),
    }
)


def add_convention(report: Report, reference: Profile, live: Profile, tool: str | None) -> Report:
    """Put beside each compared feature what the rule of `tool` gives; None: nothing."""
    if tool is None:
        return report
    convention = CONVENTIONS[tool]
    features = tuple(_beside(feature, reference, live, convention) for feature in report.features)
    told = ConventionReport(tool=tool, name=convention.name, rule=convention.words)
    return report.model_copy(update={"features": features, "compared_as": told})


def _beside(
    feature: FeatureReport, reference: Profile, live: Profile, convention: Convention
) -> FeatureReport:
    if not feature.bins:
        return feature
    sides = reference.features[feature.name], live.features[feature.name]
    return feature.model_copy(update={"compared_as": _foreign(sides, feature.kind, convention)})


def _foreign(sides: tuple[Counts, Counts], kind: str, convention: Convention) -> Foreign:
    before, after = sides
    if not before.present or not after.present:
        return Foreign(note="A side has no values: the rule says nothing.")
    if kind == "datetime":
        return Foreign(note="Times are not compared by this rule.")
    if isinstance(before, NumericCounts) and isinstance(after, NumericCounts):
        return _of_numbers(before, after, convention)
    if isinstance(before, CategoryCounts) and isinstance(after, CategoryCounts):
        return _of_labels(before, after, convention)
    return Foreign(note="The sides are of different kinds: the rule says nothing.")


def _of_numbers(before: NumericCounts, after: NumericCounts, convention: Convention) -> Foreign:
    grid = fine_grid(before, after)
    if not grid.counts.sum(axis=1).all():
        return Foreign(note="A side has no finite values: the rule says nothing.")
    if grid.counts.sum() > MOST_ROWS:
        return Foreign(note="The rule needs the raw rows, and these are too many to spread out.")
    fractional, missing = before.fractional or after.fractional, before.missing + after.missing
    whole = not fractional and not missing and not grid.level
    pair = Numbers(grid.positions, grid.counts, whole=whole)
    notes = []
    if grid.level:
        notes.append("From counts in fine cells, near what the raw rows would give.")
    beside = sum(side.negative_infinity + side.positive_infinity for side in (before, after))
    if beside:
        notes.append("Infinite values are left out.")
    try:
        with np.errstate(all="ignore"):
            found = convention.numbers(pair)
    except (ValueError, OverflowError, MemoryError):
        return Foreign(note="The rule finds no bins for these values.")
    return _figures(found, " ".join(notes))


def _of_labels(before: CategoryCounts, after: CategoryCounts, convention: Convention) -> Foreign:
    if convention.labels is None:
        return Foreign(note="Labels are not compared by this tool.")
    _, *sides = align(before, after)
    counts = np.array(sides)
    pooled = before.pool is not None or after.pool is not None
    note = "Many labels share a count: the raw rows would give slightly more." if pooled else ""
    return _figures(convention.labels(counts[:, counts.any(axis=0)]), note)


def _figures(found: list[rules.Figure], note: str) -> Foreign:
    return Foreign(
        figures=tuple(
            ForeignFigure(
                measure=each.measure,
                value="infinite" if np.isinf(each.value) else each.value,
                unit=each.unit,
                threshold=each.threshold,
                flagged=None if each.flagged is None else bool(each.flagged),
            )
            for each in found
            if not np.isnan(each.value)
        ),
        note=note,
    )
