"""What another tool's rule gives, in words: beside our own number and verdict."""

from collections.abc import Iterator

from ..deciding.reports import FeatureReport, ForeignFigure, Report
from .certainty import size
from .sentences import STATES
from .words import cut, score, visible

HEADER = ("Feature", "Ours", "JS distance", "Measure", "Value", "Unit", "Threshold", "Says")


def title(report: Report) -> str:
    """Say whose rule it is; "" where none was asked for."""
    told = report.compared_as
    return f"As {told.name} computes it" if told else ""


def rule(report: Report) -> str:
    """Say the rule in words; "" where none was asked for."""
    return report.compared_as.rule if report.compared_as else ""


def rows(report: Report) -> list[tuple[str, ...]]:
    """List the figures of all features, as cells of `HEADER`; a note where there is none."""
    return [row for feature in report.features for row in _rows(feature)]


def of_feature(feature: FeatureReport) -> list[tuple[str, ...]]:
    """List the figures of one feature: measure, value, unit, threshold, what it says."""
    return [_figure(each) for each in feature.compared_as.figures] if feature.compared_as else []


def note(feature: FeatureReport) -> str:
    """Say what must be known of the figures of a feature."""
    return feature.compared_as.note if feature.compared_as else ""


def _rows(feature: FeatureReport) -> Iterator[tuple[str, ...]]:
    if feature.compared_as is None:
        return
    ours = cut(feature.name), str(STATES[feature.state]), score(size(feature))
    figures = of_feature(feature) or [("–", "–", "", "–", "")]
    for place, figure in enumerate(figures):
        said = " ".join(filter(None, (figure[-1], note(feature) if not place else "")))
        yield (*ours, *figure[:-1], visible(said))


def _figure(figure: ForeignFigure) -> tuple[str, ...]:
    says = {None: "no threshold", True: "drift", False: "no drift"}[figure.flagged]
    threshold = "–" if figure.threshold is None else f"{figure.threshold:g}"
    value = figure.value if isinstance(figure.value, str) else f"{figure.value:.4g}"
    return figure.measure, value, figure.unit, threshold, says
