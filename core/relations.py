"""What a report says beside its own numbers: segments, and other tools' rules."""

from collections.abc import Sequence

from .deciding.comparisons import Comparison
from .deciding.conventions import add_convention
from .deciding.reports import Caution, Report, Role
from .deciding.segmented import Sizes, split_by_segments
from .profiling.profiles import Profile
from .settings import Epsilon, Settings

_JS = "js_distance"


def related(
    report: Report,
    sides: tuple[Profile, Profile],
    comparisons: Sequence[Comparison],
    settings: Settings,
) -> Report:
    """Add to a report what the settings ask for beside single features; `sides`: reference, live.

    What was not counted cannot be told: the report says so.
    """
    report = add_convention(report, *sides, settings.compare_as)
    if settings.segments is None:
        return report
    cautions = tuple(_not_counted(sides, settings.segments))
    if cautions:
        return report.model_copy(update={"warnings": (*report.warnings, *cautions)})
    states = {feature.name: feature.state for feature in report.features}
    found = split_by_segments(sides, comparisons, states, _sizes(settings))
    return report.model_copy(update={"segments": found})


def _not_counted(sides: tuple[Profile, Profile], column: str) -> list[Caution]:
    roles: tuple[Role, Role] = ("reference", "live")
    return [
        Caution(
            code="no_segments",
            role=role,
            column=column,
            message=f"The {role} was not counted by segments of {column}: mix and behaviour are "
            f'not told apart. Give its whole table, or a profile made with segments = "{column}".',
        )
        for role, side in zip(roles, sides, strict=True)
        if side.segments is None or side.segments.column != column
    ]


def _sizes(settings: Settings) -> Sizes:
    """Thresholds of another measure than the JS distance say nothing here."""
    fits = settings.policy == "calibrated" or settings.measure == _JS
    smoothing = settings.smoothing
    return Sizes(
        warn=settings.warn if fits else Sizes().warn,
        alpha=settings.alpha,
        pseudocount=Sizes().pseudocount if isinstance(smoothing, Epsilon) else smoothing,
    )
