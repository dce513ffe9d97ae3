"""A window of live, judged against its reference, from the counts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from ..cutting import Counted
from ..deciding.chunks import Chunked
from ..deciding.reports import Report
from ..deciding.reports import Window as Span
from ..pipeline import judge
from ..profiling.profiles import Profile
from ..reading.references import Rule
from ..reading.windows import Window
from ..schedules import Schedule
from ..settings import Settings
from ..storing.keys import profile_digest
from .arrivals import chunking, reference_of, settings_of


@dataclass(frozen=True, slots=True)
class Basis:
    """What windows are judged by; `words` stand for the reference in the key of a run."""

    schedule: Schedule
    reference: Counted | Rule
    settings: Settings
    words: str

    @classmethod
    def of(cls, schedule: Schedule) -> Self:
        """Read the reference of a schedule, or take its rule."""
        reference = reference_of(schedule)
        words = schedule.reference.model_dump_json(exclude={"source"})
        if isinstance(reference, Counted):
            words = profile_digest(reference.whole)
        return cls(schedule, reference, settings_of(schedule), words)


def judged(
    basis: Basis, window: Window, parts: Sequence[Profile], before: Mapping[Window, Profile]
) -> Report | None:
    """Judge the sum of `parts`; None where a rule has no window before to hold it against.

    `before` are the windows that the rule chose, empty with a fixed reference.
    """
    if isinstance(basis.reference, Counted):
        reference, chunks = basis.reference.whole, tuple(basis.reference.windows.values())
    elif before:
        chunks = tuple(alike(list(before.values())))
        reference = Profile.total(chunks)
    else:
        return None
    words = f"windows of {chunking(basis.schedule).every} along {basis.schedule.windows.column}"
    chunked = Chunked(chunks, parts, words, grows=True)
    enough = chunked if chunked.enough else None
    timed = basis.schedule.windows.column is not None
    made = judge(reference, total(parts), basis.settings, chunked=enough, windows=timed)
    live = made.live.model_copy(update={"window": _span([window])})
    known = {"window": _span(before)} if before else {}
    against = made.reference.model_copy(update=known)
    return made.model_copy(update={"live": live, "reference": against})


def total(profiles: Sequence[Profile]) -> Profile:
    """Sum profiles, of the features that all have."""
    return Profile.total(alike(profiles))


def alike(profiles: Sequence[Profile]) -> list[Profile]:
    """Leave what all profiles have with one kind: a column may come or go in the course of time."""
    kinds = dict(profiles[0].kinds)
    for profile in profiles[1:]:
        kinds = {name: kind for name, kind in kinds.items() if profile.kinds.get(name) == kind}
    return [
        Profile(each.rows, {name: each.features[name] for name in kinds}, kinds, each.source)
        for each in profiles
    ]


def _span(windows: Mapping[Window, object] | Sequence[Window]) -> Span:
    first, last = min(windows).start, max(window.end for window in windows)
    return Span(start=first.isoformat(), end=last.isoformat())
