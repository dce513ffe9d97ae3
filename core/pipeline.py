"""The one line of the product, as code: load, profile, compare, decide."""

import difflib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from .deciding.binnings import Options
from .deciding.comparisons import compare
from .deciding.decisions import Limits, decide
from .deciding.records import WITHOUT_ROWS
from .deciding.reports import Report, Role, TableReport, Warning
from .deciding.warnings import find_warnings
from .profiling.engines import local
from .profiling.kinds import Kind
from .profiling.profiles import (
    CorruptProfile,
    Incompatible,
    Note,
    NumericCounts,
    Profile,
    Source,
    is_profile,
)
from .reading.dialects import Unreadable
from .reading.sources import Source as Readable
from .reading.sources import Table, load
from .settings import BadSettings, Epsilon, FeatureSettings, Settings

Data = Readable | Profile
Progress = Callable[[float], None]

_REFUTED = 0.01  # the share of unreadable values from which a column is no numbers after all


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
    with _as("reference"):
        before = profile(reference, settings, progress=_half(progress, 0.0))
    with _as("live"):
        after = profile(live, settings, kinds=before.kinds, progress=_half(progress, 0.5))
    return judge(before, after, settings)


def _half(progress: Progress | None, start: float) -> Progress | None:
    return (lambda share: progress(start + share / 2)) if progress else None


def profile(
    source: Data,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    kinds: Mapping[str, Kind] | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Profile:
    """Count a table once; a saved profile is loaded, content decides.

    Live data is read against `kinds`, those of the reference. `progress` is called with the share
    that is read, 0 to 1; what it raises ends the work. Raises one of PROBLEMS.
    """
    if isinstance(source, Profile):
        return source
    if saved := _saved(source):
        return saved
    declared = {key: f.kind for key, f in settings.features.items() if f.kind is not None}
    wanted: dict[str, Kind] = {**(kinds or {}), **declared}
    table = load(source, columns=_as_text(wanted), name=name)
    counted = local.profile(_watched(table, progress), wanted)
    refuted = {} if kinds else _refuted(counted, declared)
    if refuted and isinstance(source, (str, os.PathLike, bytes)):
        table = load(source, columns=_as_text({**wanted, **refuted}), name=name)
        counted = local.profile(_watched(table, progress), {**wanted, **refuted})
    _require_few_dropped(table, settings.max_dropped)
    notes = tuple(Note(**asdict(note)) for note in table.notes)
    origin = Source(table.name, table.digest, table.rows_read, table.rows_dropped, notes)
    return replace(counted, source=origin)


def _saved(source: Readable) -> Profile | None:
    if isinstance(source, bytes):
        return Profile.from_bytes(source) if is_profile(source[:_HEAD_BYTES]) else None
    if isinstance(source, (str, os.PathLike)) and Path(source).is_file():
        with Path(source).open("rb") as file:
            head = file.read(_HEAD_BYTES)
        return Profile.load(Path(source)) if is_profile(head) else None
    return None


_HEAD_BYTES = 64


def _as_text(kinds: Mapping[str, Kind]) -> dict[str, pa.DataType]:
    # Labels are read as they are written: 007 is not 7.
    return {name: pa.string() for name, kind in kinds.items() if kind == "categorical"}


def _watched(table: Table, progress: Progress | None) -> Table:
    if progress is None:
        return table

    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        progress(0.0)
        for batch in batches:
            yield batch
            progress(table.done)

    table.rows = rows(table.rows)
    return table


def _refuted(counted: Profile, declared: Mapping[str, Kind]) -> dict[str, Kind]:
    """Find columns that looked like numbers at first and are not: they are counted again."""
    return {
        name: "categorical"
        for name, counts in counted.features.items()
        if name not in declared
        and isinstance(counts, NumericCounts)
        and counts.unreadable > _REFUTED * (counts.present + counts.unreadable)
    }


def _require_few_dropped(table: Table, most: float) -> None:
    if table.rows_dropped > most * table.rows_read:
        sentence = (
            f"{table.name}: {table.rows_dropped} of {table.rows_read} rows could not be read, more "
            f"than the {most:.0%} that max_dropped allows. Mend the file or raise max_dropped."
        )
        raise Unreadable("too_many_bad_rows", sentence)


def judge(
    reference: Profile,
    live: Profile,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
) -> Report:
    """Judge two profiles under `settings`: from counts alone, so any choice may be tried."""
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
    if not any(c.scores or c.code in WITHOUT_ROWS for c in comparisons):
        reasons = " ".join(c.reason for c in comparisons[:3])
        raise NotComparable("nothing_compared", f"No feature could be compared. {reasons}")
    limits = Limits(
        measure=settings.measure,
        thresholds=(settings.warn, settings.alert),
        by_feature={name: settings.thresholds(own) for name, own in settings.features.items()},
    )
    report = decide(
        comparisons,
        (_table(reference), _table(live)),
        limits=limits,
        policy=settings.policy,
        weights={name: own.weight for name, own in settings.features.items()},
        warnings=(*warnings, *find_warnings(reference, live)),
    )
    stamp = {
        "settings": settings.model_dump(mode="json"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("tideline"),
    }
    return report.model_copy(update=stamp)


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


def _set_aside(reference: Profile, settings: Settings) -> tuple[dict[str, str], list[Warning]]:
    """Tell which features are not compared by wish, and say so where nobody wished it aloud."""
    aside = {name: "ignored" for name, own in settings.features.items() if own.ignore}
    if settings.time_column == "none":
        return aside, []
    if settings.time_column is not None:
        return {**aside, settings.time_column: "time_column"}, []
    times = [name for name, kind in reference.kinds.items() if kind == "datetime"]
    if len(times) != 1 or times[0] in settings.features:
        return aside, []
    message = f'{times[0]} is taken as the time column; time_column = "none" compares it too.'
    warning = Warning(code="time_column", role="reference", column=times[0], message=message)
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
    known = [*reference.features, *live.features]
    named = [*settings.features, *filter(None, [settings.time_column])]
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
