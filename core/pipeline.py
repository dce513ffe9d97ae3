"""The one line of the product, as code: load, profile, compare, decide."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from .beyond import beyond
from .choosing import NotComparable, choices, not_counted, require_common, require_known
from .counting import Data, Progress, count, profile
from .cutting import Counted, time_column
from .deciding.cautions import find_cautions
from .deciding.chunks import Chunked, add_chunks
from .deciding.comparisons import Comparison, compare, fault_number
from .deciding.decisions import decide
from .deciding.evidence import weighed
from .deciding.isolation import isolated
from .deciding.reports import (
    Caution,
    FeatureReport,
    Report,
    Role,
    State,
    TableReport,
    Timeline,
)
from .deciding.reports import Window as WindowReport
from .previews import Preview, preview
from .profiling.kinds import Kind
from .profiling.profiles import CorruptProfile, Incompatible, Profile
from .reading.problems import Unreadable
from .reading.references import between, previous, same_season, trailing
from .reading.windows import Calendar, Chunking, Window, finer, sensible_span
from .relations import related
from .settings import BadSettings, FeatureSettings, Settings
from .spans import chunked as cut_into_chunks
from .spans import chunking as cut_by
from .spans import coarser, finest, in_chunks, summed, within
from .timelines import sum_windows, timeline

__all__ = [
    "PROBLEMS",
    "Calendar",
    "Chunking",
    "Comparison",
    "Counted",
    "Data",
    "Kind",
    "NotComparable",
    "Preview",
    "Profile",
    "Report",
    "Timeline",
    "Window",
    "between",
    "check",
    "coarser",
    "count",
    "cut_by",
    "cut_into_chunks",
    "finer",
    "finest",
    "in_chunks",
    "judge",
    "judge_between",
    "measure",
    "preview",
    "previous",
    "profile",
    "rebin",
    "same_season",
    "sensible_span",
    "sum_windows",
    "summed",
    "timeline",
    "trailing",
    "within",
]


_LOG = logging.getLogger(__name__)

PROBLEMS = (Unreadable, CorruptProfile, Incompatible, NotComparable, BadSettings)


def check(
    reference: Data,
    live: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    windows: Chunking | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge whether `live` has drifted away from `reference`.

    Each side is a path, the bytes of a file, a data frame, or a profile. With `windows` the report
    has a timeline of live too. `progress` is called with the share that is done, 0 to 1. Raises
    one of PROBLEMS.

    >>> import pandas
    >>> same = pandas.DataFrame({"a": [1.0, 2.0, 2.5] * 100})
    >>> check(same, same).verdict
    'stable'
    """
    chunking = cut_by(settings)
    if windows:
        chunking = finer(windows)
    elif settings.between:
        chunking = Chunking(settings.time_column, settings.between.every)
    with as_role("reference"):
        before = count(reference, settings, chunking=chunking, progress=_half(progress, 0.0))
    with as_role("live"):
        after = count(
            live,
            settings,
            kinds=before.whole,
            chunking=chunking,
            progress=_half(progress, 0.5),
        )
    if windows:
        return _with_timeline(before, after, settings, windows)
    chunked = in_chunks(before.chunks, after.chunks or (after.whole,), settings)
    return judge_between(before, after, settings, chunked=chunked)


def _with_timeline(
    before: Counted, after: Counted, settings: Settings, windows: Chunking
) -> Report:
    """Judge live as a whole and window by window."""
    if not after.windows:
        sentence = "Live has no rows with a time: there is nothing to make windows of."
        raise NotComparable("no_windows", sentence)
    column = windows.column or time_column(before.whole.kinds, windows)
    settings = settings.with_choices({"time_column": column}) if column else settings
    fine = finer(windows)
    words = f"windows of {fine.every} along {column}" if column else f"windows of {fine.every}"
    chunked = Chunked(before.chunks, after.chunks, words, grows=True)
    report = judge(before.whole, after.whole, settings, chunked=chunked if chunked.enough else None)
    calendar = None if fine == windows else Calendar(windows.every or "", windows.zone)
    line = timeline(after.windows, before, settings, calendar=calendar)
    known = {"every": windows.every, "zone": windows.zone}
    if after.rest is None:
        return report.model_copy(update={"timeline": line.model_copy(update=known)})
    message = f"{after.rest.rows} rows have no time: they are in no window of the timeline."
    told = Caution(code="no_time", role="live", message=message, count=after.rest.rows)
    line = line.model_copy(update={**known, "without_time": after.rest.rows})
    return report.model_copy(update={"timeline": line, "warnings": (*report.warnings, told)})


def _half(progress: Progress | None, start: float) -> Progress | None:
    return (lambda share: progress(start + share / 2)) if progress else None


def measure(reference: Profile, live: Profile, settings: Settings) -> tuple[Comparison, ...]:
    """Compare two profiles, feature by feature, and judge nothing; raises one of PROBLEMS."""
    require_common(reference, live)
    require_known(settings, reference, live)
    chosen, _ = choices(settings, reference)
    compared = compare(
        reference,
        live,
        options=chosen.options,
        overrides=chosen.overrides,
        set_aside={**chosen.set_aside, **not_counted(reference, live)},
    )
    return tuple(map(weighed, compared)) if settings.policy == "calibrated" else compared


def judge(
    reference: Profile,
    live: Profile,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    chunked: Chunked | None = None,
    comparisons: Sequence[Comparison] | None = None,
) -> Report:
    """Judge two profiles under `settings`: from counts alone, so any choice may be tried.

    `chunked` are both sides in chunks, where rows of one chunk resemble each other. `comparisons`
    are those of `measure`, where they are known: other thresholds need no others.
    """
    if comparisons is None:
        comparisons = measure(reference, live, settings)
    chosen, warnings = choices(settings, reference)
    if chunked and not chunked.enough:
        message = _assumption(settings, chunked)
        warnings.append(Caution(code="too_few_chunks", role="reference", message=message))

    def decided(some: Sequence[Comparison]) -> Report:
        return decide(
            [add_chunks(each, chunked) for each in some] if chunked else some,
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
    stamp = {
        "assumption": _assumption(settings, chunked),
        "settings": settings.model_dump(mode="json"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("tideline"),
    }
    report = related(report, (reference, live), judged, settings)
    return beyond(report.model_copy(update=stamp), (reference, live), settings, chosen.limits)


def judge_between(
    before: Counted,
    after: Counted,
    settings: Settings,
    *,
    chunked: Chunked | None = None,
    comparisons: Sequence[Comparison] | None = None,
) -> Report:
    """Judge the rows of both tables that `settings.between` chooses, from their windows alone.

    `chunked` and `comparisons` are those of `judge`, for the same rows.
    """
    chosen = settings.between
    sides = within(before, after, chosen) if chosen else (before.whole, after.whole)
    report = judge(*sides, settings, chunked=chunked, comparisons=comparisons)
    if chosen is None:
        return report
    spans = {role: chosen.span(role) for role in ("reference", "live")}
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


@contextmanager
def as_role(role: Role) -> Iterator[None]:
    """Name the table that a problem is about."""
    try:
        yield
    except (Unreadable, CorruptProfile) as problem:
        problem.args = (f"{role.capitalize()}: {problem}",)
        raise
