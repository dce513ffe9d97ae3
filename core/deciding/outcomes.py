"""Inputs, predictions and label side by side: what drifted, and what keeps a label from being told.

A column of scores or labels is a feature like any other; here are the roles, and logits read as
probabilities.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit

from ..profiling.cells import values
from ..profiling.profiles import Profile
from ..profiling.quantities import NumericCounts
from .decisions import judged_anew
from .information import inform
from .label_obstacles import label_fault, late_label, without_late
from .outcome_reports import (
    Chances,
    FeatureRole,
    Information,
    LabelReport,
    OutcomesReport,
    RoleReport,
)
from .reports import Caution, FeatureReport, Report
from .states import Sides, State

_ASIDE = {"time_column", "ignored", "group_column", "vector"}  # features that are not compared


@dataclass(frozen=True, slots=True)
class Named:
    """What the settings name: the label, the columns of predictions, and those of logits."""

    label: str | None = None
    predictions: tuple[str, ...] = ()
    logits: tuple[str, ...] = ()

    def role(self, feature: FeatureReport) -> FeatureRole | None:
        """Tell the role of a feature; None where it is set aside."""
        if feature.name == self.label:
            return "label"
        if feature.name in (*self.predictions, *self.logits):
            return "prediction"
        return None if feature.code in _ASIDE else "input"


def tell_outcomes(
    report: Report,
    sides: tuple[Profile, Profile],
    named: Named,
    *,
    alpha: float,
    method: Literal["bh", "by"],
    windows: bool = False,
) -> Report:
    """Add roles, logits as probabilities, and what each feature tells about the label.

    `sides` are reference and live. Nothing is added where nothing is named; what keeps the label
    from being told about is a warning of the report; a label that is not there yet is no change.
    `windows` tells that a side is a sum of windows, which are not counted by a label.
    """
    if named == Named():
        return report
    if late_label(sides, named.label):
        report = judged_anew(report, without_late(report.features, named.label))
    features = tuple(each.model_copy(update={"role": named.role(each)}) for each in report.features)
    cautions = list(_odd_logits(features, named))
    label: LabelReport | None = None
    informed: tuple[Information, ...] = ()
    if named.label is not None:
        fault = label_fault(sides, features, named.label, windows=windows)
        cautions += [fault] if fault else []
        if not fault:
            label, informed = inform(sides, features, named.label, alpha=alpha, method=method)
    found = OutcomesReport(
        roles=tuple(_roles(features)),
        label=label,
        features=informed,
        logits=tuple(_chances(sides, features, named.logits)),
    )
    warnings = (*report.warnings, *cautions)
    return report.model_copy(update={"features": features, "outcomes": found, "warnings": warnings})


def _roles(features: Sequence[FeatureReport]) -> Iterator[RoleReport]:
    roles: tuple[FeatureRole, ...] = ("input", "prediction", "label")
    for role in roles:
        own = [feature for feature in features if feature.role == role]
        counts = Counter(feature.state for feature in own)
        names = tuple(feature.name for feature in own)
        if own:
            yield RoleReport(role=role, counts={s: counts[s] for s in State}, names=names)


def _odd_logits(features: Sequence[FeatureReport], named: Named) -> Iterator[Caution]:
    for feature in features:
        if feature.name in named.logits and feature.kind != "numeric":
            message = (
                f"{feature.name} is declared as logits and holds no numbers: it is compared as it "
                "is. Take it from logits, or mend the data."
            )
            yield Caution(code="no_logits", column=feature.name, message=message)


def _chances(
    sides: tuple[Profile, Profile], features: Sequence[FeatureReport], logits: Sequence[str]
) -> Iterator[Chances]:
    """Read logits through the logistic function, which keeps their order and so their bins."""
    for feature in (each for each in features if each.name in logits):
        before, after = (side.features.get(feature.name) for side in sides)
        if not isinstance(before, NumericCounts) or not isinstance(after, NumericCounts):
            continue
        moved = [(q.reference, q.live) for q in feature.summary.quantiles]
        if not moved or not before.finite or not after.finite:
            continue
        both = np.array(moved, np.float64).T
        yield Chances(
            name=feature.name,
            mean=Sides(reference=_mean_chance(before), live=_mean_chance(after)),
            over_half=Sides(reference=_over_half(before), live=_over_half(after)),
            quantiles=Sides(
                reference=tuple(expit(both[0]).tolist()), live=tuple(expit(both[1]).tolist())
            ),
        )


def _mean_chance(counts: NumericCounts) -> float:
    """Average the probabilities, each cell's at its middle; infinite logits are sure."""
    lower, upper = (expit(values(keys)) for keys in counts.boundaries())
    total = float(((lower + upper) / 2 * counts.counts).sum()) + counts.positive_infinity
    return total / counts.present


def _over_half(counts: NumericCounts) -> float:
    positive = counts.finite - counts.negatives - counts.zeros + counts.positive_infinity
    return positive / counts.present
