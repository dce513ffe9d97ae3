"""What a report says beside its own numbers: segments, pairs, outcomes, other tools' rules."""

from collections.abc import Sequence

from .deciding.comparisons import Comparison
from .deciding.conventions import add_convention
from .deciding.dependences import compare_pairs
from .deciding.outcomes import Named, tell_outcomes
from .deciding.pair_reports import PairsReport
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
    report = tell_outcomes(report, sides, _named(settings), settings.alpha, settings.adjust)
    cautions: list[Caution] = []
    added: dict[str, object] = {}
    if settings.segments is not None:
        cautions += _not_counted(sides, settings.segments)
        states = {feature.name: feature.state for feature in report.features}
        if not cautions:
            added["segments"] = split_by_segments(sides, comparisons, states, _sizes(settings))
    if settings.pairs != "none":
        unlike = _not_alike(*sides)
        cautions += unlike
        if not unlike:
            added["pairs"] = _pairs(sides, settings)
    if not (cautions or added):
        return report
    return report.model_copy(update={**added, "warnings": (*report.warnings, *cautions)})


def _named(settings: Settings) -> Named:
    return Named(settings.label, tuple(settings.predictions), tuple(settings.logits))


def _pairs(sides: tuple[Profile, Profile], settings: Settings) -> PairsReport | None:
    before, after = (side.pairs for side in sides)
    if before is None or after is None:
        return None
    if isinstance(settings.pairs, list):  # those with the label may be there, too
        before, after = (side.of(settings.pairs) for side in (before, after))
    extra = _sizes(settings).pseudocount
    return compare_pairs(
        before, after, alpha=settings.alpha, method=settings.adjust, pseudocount=extra
    )


def _not_alike(reference: Profile, live: Profile) -> list[Caution]:
    """Tell why the tables of pairs of both sides cannot be compared; nothing where they can."""
    roles: tuple[tuple[Role, Profile], ...] = (("reference", reference), ("live", live))
    found = [
        Caution(
            code="no_pairs",
            role=role,
            message=f"The {role} was not counted by pairs: their dependence is not compared. Give "
            'its whole table, or a profile made with pairs = "all".',
        )
        for role, side in roles
        if side.pairs is None
    ]
    if found or (reference.pairs and live.pairs and reference.pairs.fits(live.pairs)):
        return found
    message = (
        "The pairs of live were counted in levels of its own: their dependence is not compared. "
        "Give its table, which is then counted in the levels of the reference."
    )
    return [Caution(code="no_pairs", role="live", message=message)]


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
