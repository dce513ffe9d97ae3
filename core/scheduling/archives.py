"""What a scheduled run has kept, as two counted tables: to be looked at with any settings."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..cutting import Counted
from ..profiling.kinds import Kind
from ..profiling.profiles import Profile, Source
from ..reading.windows import Window
from ..schedules import Schedule
from ..storing.problems import HistoryProblem
from .arrivals import chunking, reference_of
from .checks import history_of
from .judgements import alike

Progress = Callable[[float], None]


def kept_live(
    schedule: Schedule,
    *,
    kinds: Mapping[str, Kind] | None = None,  # noqa: ARG001 (what is kept has its kinds)
    progress: Progress | None = None,
) -> Counted:
    """Give all windows that are kept, and their sum; raises HistoryProblem where there are none."""
    if progress:
        progress(0.0)
    profiles = history_of(schedule).profiles(schedule.dataset)
    every = chunking(schedule)
    if not profiles:
        sentence = (
            f"The history of '{schedule.dataset}' has no window yet. Run: drift check --settings "
            f"{schedule.path.name}"
        )
        raise HistoryProblem("no_windows", sentence)
    found = dict(zip(profiles, alike(list(profiles.values())), strict=True))
    windows = {place: each for place, each in found.items() if _is_one(place, every.every or "")}
    return _summed(windows or found, schedule.dataset)


def kept_reference(schedule: Schedule, *, progress: Progress | None = None) -> Counted:
    """Count the reference of a schedule; where a rule makes it, all that is kept stands for it."""
    reference = reference_of(schedule)
    return reference if isinstance(reference, Counted) else kept_live(schedule, progress=progress)


def length(schedule: Schedule) -> str:
    """Tell how long the windows are that are kept."""
    return chunking(schedule).every or ""


def _is_one(window: Window, every: str) -> bool:
    """Tell whether a window is as long as those that are counted now: a schedule may change."""
    days = (window.end - window.start).total_seconds() / 86_400
    return (days < 1) if every.endswith("h") else (days >= 1)


def _summed(windows: Mapping[Window, Profile], name: str) -> Counted:
    whole = Profile.total(list(windows.values()))
    source = Source(f"history of {name}", None, whole.rows)
    return Counted(replace(whole, source=source), {place: windows[place] for place in windows})
