"""What a report says beside its own numbers: segments, pairs, outcomes, other tools' rules."""

from collections.abc import Mapping, Sequence

from .deciding.comparisons import Comparison
from .deciding.conventions import add_convention
from .deciding.dependences import compare_pairs
from .deciding.obstacles import in_windows
from .deciding.outcomes import Named, tell_outcomes
from .deciding.pair_obstacles import pairs_left_out
from .deciding.pair_reports import PairsReport
from .deciding.reports import Caution, Report, Role
from .deciding.segmented import Sizes, split_by_segments
from .profiling.profiles import Profile
from .settings import Epsilon, Settings

_JS = "js_distance"
_ROLES: tuple[Role, Role] = ("reference", "live")
_TABLES: Mapping[Role, str] = {"reference": "reference", "live": "live table"}


def related(
    report: Report,
    sides: tuple[Profile, Profile],
    comparisons: Sequence[Comparison],
    settings: Settings,
    *,
    windows: bool = False,
) -> Report:
    """Add to a report what the settings ask for beside single features; `sides`: reference, live.

    What was not counted cannot be told: the report says so. `windows` tells that a side is a sum of
    windows, which have nothing of it.
    """
    report = add_convention(report, *sides, settings.compare_as)
    named = _named(settings)
    report = tell_outcomes(
        report,
        sides,
        named,
        alpha=settings.alpha,
        method=settings.adjust,
        windows=windows,
    )
    cautions: list[Caution] = []
    added: dict[str, object] = {}
    if (column := settings.segments) is not None:
        cautions += _without_segments(sides, column, windows=windows)
        states = {feature.name: feature.state for feature in report.features}
        if not cautions:
            added["segments"] = split_by_segments(sides, comparisons, states, _sizes(settings))
    if settings.pairs != "none":
        unlike = _not_alike(*sides, windows=windows)
        cautions += unlike or _left_out(sides, settings)
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


def _left_out(sides: tuple[Profile, Profile], settings: Settings) -> list[Caution]:
    if not isinstance(settings.pairs, list):
        return []
    ignored = {name for name, own in settings.features.items() if own.ignore}
    return list(pairs_left_out(settings.pairs, sides, ignored))


def _not_alike(reference: Profile, live: Profile, *, windows: bool) -> list[Caution]:
    """Tell why the tables of pairs of both sides cannot be compared; nothing where they can."""
    lacks = [role for role, side in zip(_ROLES, (reference, live), strict=True) if not side.pairs]
    if lacks and windows:
        return [Caution(code="no_pairs", message=in_windows("No dependence of pairs is compared"))]
    if lacks:
        return [_uncounted_pairs(role) for role in lacks]
    if reference.pairs and live.pairs and reference.pairs.fits(live.pairs):
        return []
    message = (
        "The pairs of live were counted in levels of its own, or others: their dependence is not "
        "compared. Give its table, which is then counted as that of the reference."
    )
    return [Caution(code="no_pairs", role="live", message=message)]


def _uncounted_pairs(role: Role) -> Caution:
    message = (
        f"The {_TABLES[role]} was not counted by pairs: their dependence is not compared. Give "
        'its whole table, or a profile made with pairs = "all".'
    )
    return Caution(code="no_pairs", role=role, message=message)


def _without_segments(
    sides: tuple[Profile, Profile], column: str, *, windows: bool
) -> list[Caution]:
    """Tell why mix and behaviour cannot be told apart; nothing where they can."""
    found = []
    for role, side in zip(_ROLES, sides, strict=True):
        table = f"The {_TABLES[role]}"
        if side.segments is None or side.segments.column != column:
            message = (
                f"{table} was not counted by segments of {column}: mix and behaviour are not told "
                f'apart. Give its whole table, or a profile made with segments = "{column}".'
            )
        elif not side.rows:
            message = (
                f"{table} has no rows: there is no segment of {column}, and mix and behaviour are "
                "not told apart. Give a table with rows."
            )
        else:
            continue
        found.append(Caution(code="no_segments", role=role, column=column, message=message))
    if found and windows:
        message = in_windows(f"Mix and behaviour by {column} are not told apart")
        return [Caution(code="no_segments", column=column, message=message)]
    return found


def _sizes(settings: Settings) -> Sizes:
    """Thresholds of another measure than the JS distance say nothing here."""
    fits = settings.policy == "calibrated" or settings.measure == _JS
    smoothing = settings.smoothing
    return Sizes(
        warn=settings.warn if fits else Sizes().warn,
        alpha=settings.alpha,
        pseudocount=Sizes().pseudocount if isinstance(smoothing, Epsilon) else smoothing,
    )
