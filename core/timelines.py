"""Windows over time: each held against its reference, from profiles alone."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from statistics import median
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .choosing import choices, not_counted
from .cutting import Counted
from .deciding.changes import Span
from .deciding.chunks import MINIMUM_CHUNKS
from .deciding.comparisons import fault_number
from .deciding.reports import Timeline
from .deciding.timelines import Slot, compose
from .deciding.tracks import Choices, Parted, Track, find_runs, find_spans, join, judge_windows
from .deciding.vigils import keep_watch
from .profiling.profiles import Profile
from .profiling.quantities import NumericCounts
from .reading.references import Rule
from .reading.windows import Calendar, Rows, Window
from .settings import Settings

_LOG = logging.getLogger(__name__)

Array = NDArray[np.float64]

_DAYS_A_YEAR = 365.25
_PART = 1 / 20  # of a window, without rows at its end, is worth a word
_RARELY = 1 / 20  # of the windows before may end as early as one that is not full

Place = TypeVar("Place", bound=Window | Rows)


def sum_windows(windows: Mapping[Place, Profile], chosen: Iterable[Place] | None = None) -> Profile:
    """Sum the profiles of the chosen windows, of all where none are named.

    With `reading.references` any window stands against any other: `between` chooses a range, the
    rules choose the windows before, or those of the same weekday and hour. Raises ValueError
    where nothing is chosen, KeyError for a window that is not known.
    """
    profiles = [windows[each] for each in (windows if chosen is None else chosen)]
    if not profiles:
        raise ValueError("no window was chosen; choose one at least")
    return Profile.total(profiles)


def timeline(
    windows: Mapping[Place, Profile],
    reference: Profile | Counted | Rule,
    settings: Settings = Settings(),  # noqa: B008 (frozen)
    *,
    calendar: Calendar | None = None,
) -> Timeline:
    """Judge each window, and tell since when each feature drifted.

    `windows` come from `count` or from a history. `reference` is a profile; a table counted by the
    same windows, which then tell how much these differ by nature; or a rule of
    `reading.references`: each window finds its reference among those before it, and without one it
    is a gap. With a `calendar` windows are summed to its longer ones (days to weeks) first, and
    their parts tell how much they differ: a week of days that resemble their neighbours is not
    taken for as many independent rows. A last window that may not be full says so (`until`).
    """
    held = _held(_gathered(windows, calendar), reference)
    tracks, chosen = _judged(held, settings)
    _log_faults(tracks)
    spans = _spans(held, tracks, chosen, moving=callable(reference))
    places, slots = _slots(held)
    if slots:
        slots[-1] = replace(slots[-1], until=_until(held, chosen))
    laid = join([(places, tracks)], len(slots))
    thresholds = {track.feature: chosen.limits.of(track.feature) for track in tracks}
    watched = {} if callable(reference) else _watched(held, chosen, len(slots), places)
    line = compose(
        slots, laid, thresholds=thresholds, changes=_moved(spans, places), watched=watched
    )
    return line.model_copy(update=_stamp(held, settings))


def _stamp(held: Sequence["_Held"], settings: Settings) -> dict[str, object]:
    return {
        "unit": "rows" if any(isinstance(each.place, Rows) for each in held) else "time",
        "assumption": _assumption(held, settings),
        "settings": settings.model_dump(mode="json"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": version("tideline"),
    }


def _log_faults(tracks: Sequence[Track]) -> None:
    for track in tracks:
        if track.fault:
            number = fault_number(track.feature, track.fault)
            _LOG.error("Feature %r failed, number %s", track.feature, number, exc_info=track.fault)


@dataclass(frozen=True, slots=True)
class _Held:
    """A window, the parts it was summed from, and what it is held against: a gap without."""

    place: Window | Rows
    parts: Sequence[Profile]
    profile: Profile
    reference: Profile | None
    words: str | None
    chunks: Sequence[Profile] = ()


def _gathered(
    windows: Mapping[Place, Profile], calendar: Calendar | None
) -> dict[Window | Rows, list[Profile]]:
    """Give each window the profiles it is the sum of, in order."""
    gathered: dict[Window | Rows, list[Profile]] = {}
    for place in sorted(windows, key=_order):
        whole: Window | Rows = place
        if calendar and isinstance(place, Window):
            whole = calendar.around(place)
        gathered.setdefault(whole, []).append(windows[place])
    return gathered


def _order(place: Window | Rows) -> float:
    return place.start.timestamp() if isinstance(place, Window) else float(place.start)


def _held(
    windows: Mapping[Window | Rows, Sequence[Profile]], reference: Profile | Counted | Rule
) -> list[_Held]:
    sums = {place: Profile.total(windows[place]) for place in windows}
    if isinstance(reference, Profile):
        reference = Counted(reference)
    if isinstance(reference, Counted):
        whole, chunks = reference.whole, tuple(reference.windows.values())
        name = whole.source.name or "the reference"
        return [_Held(each, windows[each], sums[each], whole, name, chunks) for each in windows]
    held = []
    known: list[Window] = []  # that have rows: the reference of the next is made of them
    for place in windows:
        chosen = reference(place, known) if isinstance(place, Window) else []
        chunks = tuple(part for each in chosen for part in windows[each])
        total = Profile.total([sums[each] for each in chosen]) if chosen else None
        words = _names(chosen) if chosen else None
        held.append(_Held(place, windows[place], sums[place], total, words, chunks))
        if isinstance(place, Window) and sums[place].rows:
            known.append(place)
    return held


def _names(chosen: Sequence[Window]) -> str:
    if len(chosen) == 1:
        return chosen[0].name
    return f"{len(chosen)} windows, {chosen[0].name} to {chosen[-1].name}"


def _judged(held: Sequence[_Held], settings: Settings) -> tuple[list[Track], Choices]:
    """Judge the windows that share a reference together."""
    groups: dict[int, list[int]] = {}
    for i, each in enumerate(held):
        if each.reference is not None and each.profile.rows:
            groups.setdefault(id(each.reference), []).append(i)
    chosen = Choices()
    judged = []
    for places in groups.values():
        first = held[places[0]]
        if first.reference is None:
            continue
        chosen = _chosen(settings, first.reference, [held[i].profile for i in places])
        chunks = first.chunks if len(first.chunks) >= MINIMUM_CHUNKS else ()
        inside = [Parted(held[i].profile, held[i].parts) for i in places]
        judged.append((places, judge_windows(first.reference, inside, chosen, chunks)))
    return join(judged, len(held)), chosen


def _chosen(settings: Settings, reference: Profile, windows: Sequence[Profile]) -> Choices:
    """Give what windows are judged by: a feature that any left uncounted is set aside in all."""
    chosen, _ = choices(settings, reference)
    faults = {name: why for each in windows for name, why in not_counted(reference, each).items()}
    return replace(chosen, set_aside={**chosen.set_aside, **faults})


def _spans(
    held: Sequence[_Held], tracks: Sequence[Track], chosen: Choices, *, moving: bool
) -> dict[str, list[Span]]:
    """Find since when each feature drifted; a reference that moves along tells runs alone."""
    if moving or not held or held[0].reference is None:
        return {track.feature: find_runs(track) for track in tracks}
    return find_spans(held[0].reference, [each.profile for each in held], tracks, chosen)


def _watched(
    held: Sequence[_Held], chosen: Choices, size: int, places: Sequence[int]
) -> dict[str, Array]:
    """Watch over all windows against the one reference; gaps have no evidence of their own."""
    if not held or held[0].reference is None:
        return {}
    windows = [Parted(each.profile, each.parts) for each in held]
    logs = keep_watch(held[0].reference, windows, chosen, held[0].chunks, _parts_a_year(held))
    watched = {}
    for name, found in logs.items():
        watched[name] = np.full(size, np.nan)
        watched[name][places] = found
    return watched


def _parts_a_year(held: Sequence[_Held]) -> float:
    """Tell how many parts of windows a year has; rows have no time: as many as days."""
    spans = [each.place for each in held if isinstance(each.place, Window)]
    if not spans:
        return _DAYS_A_YEAR
    span = median((each.end - each.start) / timedelta(days=1) for each in spans)
    return max(_DAYS_A_YEAR / span * median(len(each.parts) for each in held), 1.0)


def _slots(held: Sequence[_Held]) -> tuple[list[int], list[Slot]]:
    """Put a gap where two windows do not touch; answer the places of the windows too."""
    places: list[int] = []
    slots: list[Slot] = []
    for i, each in enumerate(held):
        if i and (hole := _hole(held[i - 1].place, each.place)):
            slots.append(Slot(_written(hole.start), _written(hole.end), hole.name, 0))
        places.append(len(slots))
        start, end = _written(each.place.start), _written(each.place.end)
        slots.append(Slot(start, end, each.place.name, each.profile.rows, each.words))
    return places, slots


def _until(held: Sequence[_Held], chosen: Choices) -> str | None:
    """Tell where the rows of the last window end, if it is likely not full.

    A table does not say whether its last window is over: what tells is that a good part of it has
    no rows, and its rows end earlier than those of nearly all windows before.
    """
    last = held[-1].place
    if isinstance(last, Rows):
        until = last.start + held[-1].profile.rows
        return str(until) if until < last.end else None
    column = next((c for c, why in chosen.set_aside.items() if why == "time_column"), None)
    ends = [_last_row(each.profile, column) for each in held]
    known = [
        each.place.end - end
        for each, end in zip(held, ends, strict=True)
        if isinstance(each.place, Window) and end
    ]
    if ends[-1] is None or len(known) == 1:
        return None
    *before, left = known
    if left < _PART * (last.end - last.start):
        return None
    as_early = sum(other >= left for other in before)
    return ends[-1].isoformat() if as_early <= _RARELY * len(before) else None


def _last_row(profile: Profile, column: str | None) -> datetime | None:
    counts = profile.features.get(column) if column else None
    if not isinstance(counts, NumericCounts) or counts.maximum is None:
        return None
    return datetime.fromtimestamp(counts.maximum, UTC)


def _hole(before: Window | Rows, after: Window | Rows) -> Window | Rows | None:
    if isinstance(before, Window) and isinstance(after, Window) and before.end < after.start:
        return Window(before.end, after.start)
    return None


def _written(moment: datetime | int) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else str(moment)


def _moved(spans: Mapping[str, Sequence[Span]], places: Sequence[int]) -> dict[str, list[Span]]:
    return {
        feature: [Span(places[s.first], places[s.end - 1] + 1, s.evidence) for s in found]
        for feature, found in spans.items()
    }


def _assumption(held: Sequence[_Held], settings: Settings) -> str:
    if settings.policy == "fixed":
        return "Fixed thresholds: no test of chance."
    chunks = max((len(each.chunks) for each in held), default=0)
    if chunks >= MINIMUM_CHUNKS:
        return f"Windows may differ by nature, as the {chunks} windows of the reference do."
    return "Rows are taken as independent."
