"""The one line of the product, as code: load, profile, compare, decide."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from .counting import Data, Progress, count, profile
from .deciding.binnings import Options
from .deciding.cautions import find_cautions
from .deciding.chunks import Chunked, add_chunks
from .deciding.comparisons import compare
from .deciding.decisions import Limits, decide
from .deciding.reports import Caution, FeatureReport, Report, Role, State, TableReport
from .previews import Preview, preview
from .profiling.profiles import CorruptProfile, Incompatible, Profile
from .reading.problems import Unreadable
from .reading.windows import Chunking
from .settings import BadSettings, Epsilon, FeatureSettings, Settings

__all__ = [
    "PROBLEMS",
    "NotComparable",
    "Preview",
    "Profile",
    "Report",
    "check",
    "judge",
    "preview",
    "profile",
    "rebin",
]


class NotComparable(ValueError):
    """Both tables can be read, and no feature of theirs can be compared."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


PROBLEMS = (Unreadable, CorruptProfile, Incompatible, NotComparable, BadSettings)


def check(
    reference: Data,
    live: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    progress: Progress | None = None,
) -> Report:
    """Judge whether `live` has drifted away from `reference`.

    Each side is a path, the bytes of a file, a data frame, or a profile. `progress` is called with
    the share that is done, 0 to 1. Raises one of PROBLEMS.

    >>> import pandas
    >>> same = pandas.DataFrame({"a": [1.0, 2.0, 2.5] * 100})
    >>> check(same, same).verdict
    'stable'
    """
    by, every = settings.chunk_by or settings.group_by, settings.chunk_by and settings.every
    chunking = Chunking(by, every) if by else None
    with _as("reference"):
        before = count(reference, settings, chunking=chunking, progress=_half(progress, 0.0))
    with _as("live"):
        after = count(
            live,
            settings,
            kinds=before.whole.kinds,
            chunking=chunking,
            progress=_half(progress, 0.5),
        )
    chunked = None
    if chunking:
        words = f"windows of {every} along {by}" if every else f"groups of {by}"
        chunked = Chunked(before.chunks, after.chunks or (after.whole,), words, grows=bool(every))
    return judge(before.whole, after.whole, settings, chunked=chunked)


def _half(progress: Progress | None, start: float) -> Progress | None:
    return (lambda share: progress(start + share / 2)) if progress else None


def judge(
    reference: Profile,
    live: Profile,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    chunked: Chunked | None = None,
) -> Report:
    """Judge two profiles under `settings`: from counts alone, so any choice may be tried.

    `chunked` are both sides in chunks, where rows of one chunk resemble each other.
    """
    _require_common(reference, live)
    _require_known(settings, reference, live)
    set_aside, warnings = _set_aside(reference, settings)
    comparisons = compare(
        reference,
        live,
        options=_options(settings),
        overrides={name: _options(settings, own) for name, own in settings.features.items()},
        set_aside=set_aside,
    )
    if chunked and not chunked.enough:
        message = _assumption(settings, chunked)
        warnings.append(Caution(code="too_few_chunks", role="reference", message=message))
    if chunked:
        comparisons = tuple(add_chunks(comparison, chunked) for comparison in comparisons)
    limits = Limits(
        measure=settings.measure,
        thresholds=(settings.warn, settings.alert),
        by_feature={name: settings.thresholds(own) for name, own in settings.features.items()},
        alpha=settings.alpha,
        adjust=settings.adjust,
    )
    report = decide(
        comparisons,
        (_table(reference), _table(live)),
        limits=limits,
        policy=settings.policy,
        weights={name: own.weight for name, own in settings.features.items()},
        warnings=(*warnings, *find_cautions(reference, live)),
    )
    if all(feature.state is State.SKIPPED for feature in report.features):
        reasons = " ".join(feature.reason for feature in report.features[:3])
        raise NotComparable("nothing_compared", f"No feature could be compared. {reasons}")
    stamp = {
        "assumption": _assumption(settings, chunked),
        "settings": settings.model_dump(mode="json"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("tideline"),
    }
    return report.model_copy(update=stamp)


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


def _options(settings: Settings, own: FeatureSettings | None = None) -> Options:
    bins = (own and own.bins) or settings.bins
    epsilon = settings.smoothing.epsilon if isinstance(settings.smoothing, Epsilon) else None
    return Options(
        rule=bins if isinstance(bins, str) else "fixed",
        bin_count=settings.bin_count,
        edges=() if isinstance(bins, str) else tuple(bins),
        categories=None if settings.categories == "all" else settings.categories,
        missing=settings.missing == "bin",
        pseudocount=0.0 if isinstance(settings.smoothing, Epsilon) else settings.smoothing,
        epsilon=epsilon,
        identifiers=bool(own and own.kind),
    )


def _set_aside(reference: Profile, settings: Settings) -> tuple[dict[str, str], list[Caution]]:
    """Tell which features are not compared by wish, and say so where nobody wished it aloud."""
    aside = {name: "ignored" for name, own in settings.features.items() if own.ignore}
    if settings.group_by is not None:
        aside[settings.group_by] = "group_column"
    if settings.time_column == "none":
        return aside, []
    if (wished := settings.time_column or settings.chunk_by) is not None:
        return {**aside, wished: "time_column"}, []
    times = [name for name, kind in reference.kinds.items() if kind == "datetime"]
    if len(times) != 1 or times[0] in settings.features:
        return aside, []
    message = f'{times[0]} is taken as the time column; time_column = "none" compares it too.'
    warning = Caution(code="time_column", role="reference", column=times[0], message=message)
    return {**aside, times[0]: "time_column"}, [warning]


def _require_common(reference: Profile, live: Profile) -> None:
    if not reference.features.keys() & live.features.keys():
        starts = [", ".join(list(side.features)[:3]) for side in (reference, live)]
        raise NotComparable(
            "no_common_columns",
            "No column name is in both tables. "
            f"Reference starts with: {starts[0]}. Live starts with: {starts[1]}. "
            "Check that the right files were given and that both have a header.",
        )


def _require_known(settings: Settings, reference: Profile, live: Profile) -> None:
    known = list(dict.fromkeys([*reference.features, *live.features]))
    columns = (settings.time_column, settings.chunk_by, settings.group_by)
    named = [*settings.features, *filter(None, columns)]
    faults = []
    for name in named:
        if name in known or name == "none":
            continue
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"The columns are: {', '.join(known[:9])}."
        faults.append(("unknown_feature", f"The settings name '{name}', in neither table. {hint}"))
    if faults:
        raise BadSettings(faults)


def _table(profile: Profile) -> TableReport:
    source = profile.source
    return TableReport(
        name=source.name,
        rows_read=source.rows_read,
        rows_used=profile.rows,
        rows_dropped=source.rows_dropped,
        digest=source.digest,
    )


@contextmanager
def _as(role: Role) -> Iterator[None]:
    """Name the table that a problem is about."""
    try:
        yield
    except (Unreadable, CorruptProfile) as problem:
        problem.args = (f"{role.capitalize()}: {problem}",)
        raise
