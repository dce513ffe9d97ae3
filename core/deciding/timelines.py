"""Windows judged become one record: what each feature did over time, and since when.

A hole between two windows is a gap of its own: no figure, no zero, no verdict.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .changes import Span
from .decisions import GRAVITY, verdict
from .grids import Array
from .reports import (
    FLAGGED,
    Change,
    Extended,
    FeatureTimeline,
    Figures,
    State,
    Timeline,
    TimelineWindow,
)
from .tracks import Track
from .vigils import first_alarm


@dataclass(frozen=True, slots=True)
class Slot:
    """A window's place in the line: its bounds and name; `reference` names what it is held to.

    `until` is where the rows of a last window end that may not be full.
    """

    start: str
    end: str
    name: str
    rows: int
    reference: str | None = None
    until: str | None = None


def compose(
    slots: Sequence[Slot],
    tracks: Sequence[Track],
    *,
    thresholds: Mapping[str, tuple[float, float]],
    changes: Mapping[str, Sequence[Span]],
    watched: Mapping[str, Array],
) -> Timeline:
    """Write the record of tracks over all slots; slots without rows or reference are gaps.

    `changes` are the spans that drifted, `watched` the logs of the e-process (slots,), by feature.
    """
    none = np.full(len(slots), np.nan)
    features = [
        _feature(
            track,
            slots,
            thresholds[track.feature],
            changes.get(track.feature, ()),
            watched.get(track.feature, none),
        )
        for track in tracks
    ]
    return Timeline(
        windows=tuple(_window(slot, i, tracks) for i, slot in enumerate(slots)),
        features=tuple(sorted(features, key=_rank)),
    )


class _Cell(NamedTuple):
    state: State
    code: str | None


def _window(slot: Slot, place: int, tracks: Sequence[Track]) -> TimelineWindow:
    cells = [_Cell(track.states[place], track.codes[place]) for track in tracks]
    judged = slot.rows > 0 and slot.reference is not None
    return TimelineWindow(
        start=slot.start,
        end=slot.end,
        name=slot.name,
        rows=slot.rows,
        verdict=verdict(cells) if judged else None,
        reference=slot.reference,
        until=slot.until,
    )


def _feature(
    track: Track,
    slots: Sequence[Slot],
    thresholds: tuple[float, float],
    spans: Sequence[Span],
    logs: Array,
) -> FeatureTimeline:
    judged = [state for state in track.states if state is not State.NO_DATA]
    worst = min(judged, key=GRAVITY.index, default=State.NO_DATA)
    changes = tuple(_change(track, slots, span) for span in spans)
    rung = first_alarm(logs)
    alarm = None if rung is None else slots[rung].name
    return FeatureTimeline(
        name=track.feature,
        kind=track.kind,
        code=next((code for code in track.codes if code), None) if worst in _SILENT else None,
        worst=worst,
        states=tuple(track.states),
        n=tuple(track.n.astype(int).tolist()),
        m=tuple(track.m.astype(int).tolist()),
        measure=track.measure,
        value=_extended(track.value),
        low=_defined(track.low),
        high=_defined(track.high),
        noise=_defined(track.noise),
        p=_defined(track.p),
        q=_defined(track.q),
        warn=thresholds[0],
        alert=thresholds[1],
        changes=changes,
        watch=_defined(logs / np.log(10)),
        alarm=alarm,
        sentence=_sentence(track, slots, worst, changes) + _together(changes, rung, alarm),
    )


_TOLD = {State.ALERT: "drifted", State.WARN: "to watch", State.INSUFFICIENT: "unsure"}
_SILENT = {State.SKIPPED, State.NO_DATA}


def _change(track: Track, slots: Sequence[Slot], span: Span) -> Change:
    """Name the span; it lasts if no window with a verdict follows it."""
    after = [i for i in range(span.end, len(slots)) if track.states[i] is not State.NO_DATA]
    return Change(
        first=span.first,
        end=after[0] if after else None,
        began=slots[span.first].name,
        ended=slots[after[0]].name if after else None,
        evidence=span.evidence,
    )


def _extended(values: Array) -> tuple[Extended | None, ...]:
    infinite = np.isinf(values)
    if not infinite.any():
        return _defined(values)
    known = _defined(values)
    return tuple("infinite" if inf else v for v, inf in zip(known, infinite, strict=True))


def _defined(values: Array) -> Figures:
    known = np.isfinite(values).tolist()
    return tuple(v if k else None for v, k in zip(values.tolist(), known, strict=True))


def _sentence(track: Track, slots: Sequence[Slot], worst: State, changes: Sequence[Change]) -> str:
    if worst in _SILENT:
        return track.reason or "No window has rows to compare."
    counts = Counter(track.states)
    judged = len(track.states) - counts[State.NO_DATA] - counts[State.SKIPPED]
    flagged = counts[State.ALERT] + counts[State.WARN]
    if not flagged:
        unsure = counts[State.INSUFFICIENT]
        known = f"No drift in {judged} windows"
        return f"{known}; {unsure} can neither show nor exclude it." if unsure else f"{known}."
    strongest = max(
        (i for i, state in enumerate(track.states) if state in FLAGGED),
        key=lambda i: (-GRAVITY.index(track.states[i]), track.value[i]),
    )
    parts = [f"{counts[state]} {words}" for state, words in _TOLD.items() if counts[state]]
    size = f"strongest {slots[strongest].name} ({track.value[strongest]:.2f})"
    told = _told(track, changes)
    many = f"{'of' if told else 'Of'} {judged} {'window' if judged == 1 else 'windows'}"
    return f"{told}{many} {', '.join(parts)}; {size}."


def _together(changes: Sequence[Change], rung: int | None, alarm: str | None) -> str:
    """Tell what all windows show together, unless the change that is told lasts since before."""
    told = max(changes, key=_weight, default=None)
    if rung is None or (told is not None and told.end is None and told.first <= rung):
        return ""
    return f" The windows up to {alarm} together are more than chance."


def _told(track: Track, changes: Sequence[Change]) -> str:
    """Tell the change that weighs most, and how many more there are."""
    if not changes:
        return ""
    most = max(changes, key=_weight)
    more = len(changes) - 1
    others = f" (and {more} more {'times' if more > 1 else 'time'})" * bool(more)
    what = "Drift" if State.ALERT in track.states[most.first : most.end] else "Change"
    if most.ended is None:
        return f"{what} since {most.began}{others}: "
    return f"{what} from {most.began}, {_end(track, changes, most)} {most.ended}{others}: "


def _weight(change: Change) -> float:
    return change.evidence or 0.0


def _end(track: Track, changes: Sequence[Change], change: Change) -> str:
    """Say how a change ended: only a window that is stable tells that it went back."""
    following = [each.first for each in changes if each.first > change.first]
    after = track.states[change.end : min(following, default=None)]
    return "back from" if {State.STABLE, State.NEGLIGIBLE} & set(after) else "unsure from"


def _rank(feature: FeatureTimeline) -> tuple[int, int, float]:
    counts = Counter(feature.states)
    sizes = [v for v in feature.value if isinstance(v, float)]
    largest = np.inf if "infinite" in feature.value else max(sizes, default=0.0)
    return GRAVITY.index(feature.worst), -counts[feature.worst], -largest
