"""Judge two profiles under settings: from counts alone, so that any choice may be tried."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from .beyond import beyond
from .choosing import NotComparable, choices, not_counted, require_common, require_known
from .cutting import Counted
from .deciding.cautions import find_cautions
from .deciding.chunks import Chunked, add_chunks
from .deciding.comparisons import Comparison, compare, failed, fault_number
from .deciding.decisions import decide
from .deciding.evidence import weighed
from .deciding.isolation import isolated
from .deciding.reports import Caution, FeatureReport, Report, State, TableReport
from .deciding.reports import Window as WindowReport
from .deciding.summaries import summarised
from .profiling.profiles import Profile
from .relations import related
from .settings import FeatureSettings, Settings
from .spans import in_chunks, within

_LOG = logging.getLogger(__name__)


def measure(
    reference: Profile,
    live: Profile,
    settings: Settings,
    *,
    chunked: Chunked | None = None,
    known: Sequence[Comparison] = (),
) -> tuple[Comparison, ...]:
    """Compare two profiles, feature by feature, and judge nothing; raises one of PROBLEMS.

    `chunked` are those of `judge`. `known` comparisons of the same profiles, under other settings,
    make it quicker.
    """
    require_common(reference, live)
    require_known(settings, reference, live)
    chosen, _ = choices(settings, reference)
    compared = compare(
        reference,
        live,
        options=chosen.options,
        overrides=chosen.overrides,
        set_aside={**chosen.set_aside, **not_counted(reference, live)},
        known=known,
    )
    found = [summarised(each) for each in compared]
    if chunked:
        found = [_in_chunks(each, chunked) for each in found]
    return tuple(map(weighed, found) if settings.policy == "calibrated" else found)


def _in_chunks(comparison: Comparison, chunked: Chunked) -> Comparison:
    try:
        return add_chunks(comparison, chunked)
    except Exception as fault:  # noqa: BLE001 (no fault in one feature may end the others)
        return failed(comparison, fault)


def judge(
    reference: Profile,
    live: Profile,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    chunked: Chunked | None = None,
    comparisons: Sequence[Comparison] | None = None,
    windows: bool = False,
) -> Report:
    """Judge two profiles under `settings`: from counts alone, so any choice may be tried.

    `chunked` are both sides in chunks, where rows of one chunk resemble each other. `comparisons`
    are those of `measure` in these chunks, where they are known: other thresholds need no others.
    `windows` tells that a side is a sum of windows: what is counted over whole tables alone is then
    said so.
    """
    if comparisons is None:
        comparisons = measure(reference, live, settings, chunked=chunked)
    chosen, warnings = choices(settings, reference)
    if chunked and not chunked.enough:
        message = _assumption(settings, chunked)
        warnings.append(Caution(code="too_few_chunks", role="reference", message=message))

    def decided(some: Sequence[Comparison]) -> Report:
        return decide(
            some,
            (_table(reference), _table(live)),
            limits=chosen.limits,
            policy=settings.policy,
            weights={name: own.weight for name, own in settings.features.items()},
            warnings=(*warnings, *find_cautions(reference, live)),
        )

    report, judged = isolated(comparisons, decided)
    _log_faults(judged)
    if not reference.vectors and all(feature.state is State.SKIPPED for feature in report.features):
        reasons = " ".join(feature.reason for feature in report.features[:3])
        raise NotComparable("nothing_compared", f"No feature could be compared. {reasons}")
    sides = (reference, live)
    report = related(report, sides, judged, settings, windows=windows)
    report = report.model_copy(update=_stamp(settings, chunked))
    return beyond(report, sides, settings, chosen.limits, windows=windows)


def _stamp(settings: Settings, chunked: Chunked | None) -> dict[str, object]:
    """Give what a report was made with: assumption, settings, moment and version."""
    return {
        "assumption": _assumption(settings, chunked),
        "settings": settings.model_dump(mode="json"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("tideline"),
    }


def measure_between(
    before: Counted, after: Counted, settings: Settings, *, known: Sequence[Comparison] = ()
) -> tuple[Comparison, ...]:
    """Compare, as `measure` does, the rows of both tables that `settings.between` chooses."""
    chunked = in_chunks(before, after, settings)
    return measure(*_sides(before, after, settings), settings, chunked=chunked, known=known)


def _sides(before: Counted, after: Counted, settings: Settings) -> tuple[Profile, Profile]:
    chosen = settings.between
    return within(before, after, chosen) if chosen else (before.whole, after.whole)


def judge_between(
    before: Counted,
    after: Counted,
    settings: Settings,
    *,
    comparisons: Sequence[Comparison] | None = None,
) -> Report:
    """Judge the rows of both tables that `settings.between` chooses, from their windows alone.

    The parts of the tables tell how much the data differ by nature, where the settings or windows
    ask for it (`spans.in_chunks`). `comparisons` are those of `measure_between`.
    """
    chosen = settings.between
    sides = _sides(before, after, settings)
    spans = {role: chosen.span(role) for role in ("reference", "live")} if chosen else {}
    cut = bool(chosen and (chosen.same_hours or any(spans.values())))
    chunked = in_chunks(before, after, settings)
    report = judge(*sides, settings, chunked=chunked, comparisons=comparisons, windows=cut)
    return report.model_copy(
        update={
            role: getattr(report, role).model_copy(update={"window": _window(*span)})
            for role, span in spans.items()
            if span
        }
    )


def _window(start: datetime, end: datetime) -> WindowReport:
    return WindowReport(start=start.isoformat(), end=end.isoformat())


def rebin(reference: Profile, live: Profile, feature: str, edges: Sequence[float]) -> FeatureReport:
    """Count one feature in bins of other `edges`, for the eye: verdicts have their own bins.

    Edges fall to the cells of the profiles; what lies outside of them is in two open bins.
    """
    sides = [
        Profile(side.rows, {feature: side.features[feature]}, {feature: side.kinds[feature]})
        for side in (reference, live)
    ]
    own = FeatureSettings.model_validate({"bins": list(edges), "kind": reference.kinds[feature]})
    wished = Settings(policy="fixed", time_column="none", features={feature: own})
    return judge(sides[0], sides[1], wished).features[0]


def _log_faults(comparisons: Sequence[Comparison]) -> None:
    for each in comparisons:
        if each.fault:
            number = fault_number(each.feature, each.fault)
            _LOG.error("Feature %r failed, number %s", each.feature, number, exc_info=each.fault)


def _assumption(settings: Settings, chunked: Chunked | None) -> str:
    """Say what is taken for granted about the rows."""
    if settings.policy == "fixed":
        return "Fixed thresholds: no test of chance."
    if chunked is None:
        return "Rows are taken as independent."
    known = f"the reference has {len(chunked.reference)} {chunked.words}"
    if not chunked.enough:
        return f"Rows are taken as independent: {known}, too few to tell how much they differ."
    return f"Rows may resemble each other: {known}, and live is judged by how much these differ."


def _table(profile: Profile) -> TableReport:
    source = profile.source
    return TableReport(
        name=source.name,
        rows_read=source.rows_read,
        rows_used=profile.rows,
        rows_dropped=source.rows_dropped,
        digest=source.digest,
        form=source.form,
    )
