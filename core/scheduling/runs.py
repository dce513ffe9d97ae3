"""The scheduled run: read, count by windows, store, judge, report, tell.

Each step may be done again without harm, so a run that was killed is completed by the next one:
counts and reports have keys, files are replaced whole, and what is told is stored together with the
state that it tells of.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from ..counting import Progress
from ..cutting import Counted
from ..deciding.reports import Caution, Report
from ..pipeline import NotComparable
from ..profiling.kinds import Kind
from ..profiling.profiles import FACTS
from ..reading.windows import Window
from ..schedules import Schedule
from ..storing.history import History, HistoryProblem, Kept
from ..storing.keys import run_key
from ..timelines import timeline
from .arrivals import Arrived, calendar, chunking, read
from .judgements import Basis, alike, judged, total
from .materials import Material, current, fresh, gather, oldest, stored

DRIFT = {"alert": {"drift"}, "warn": {"drift", "watch"}, "never": set[str]()}
UNUSABLE = {"history_damaged", "history_newer"}


@dataclass(slots=True)
class Run:
    """What a run found and did, filled step by step.

    `report` is that of the newest window of live that is over. Windows before `since` are no longer
    kept; `unheld` counts new ones that are not judged because their reference is not. `problems`
    are (code, sentence) of what failed without ending the run; a history that failed once is left
    alone.
    """

    schedule: Schedule
    history: History
    started: datetime
    dry: bool = False
    report: Report | None = None
    window: Window | None = None
    judged: int = 0
    unheld: int = 0
    since: datetime | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    keeps: bool = True
    _clock: float = field(default_factory=time.monotonic)

    @property
    def code(self) -> int:
        """The exit code: 1 drift, 2 an unusable history or a fault inside, 3 not delivered."""
        features = self.report.features if self.report else ()
        if any(feature.code == "internal_error" for feature in features):
            return 2
        if any(code in UNUSABLE for code, _ in self.problems):
            return 2
        if self.drifted:
            return 1
        return 3 if self.problems else 0

    @property
    def drifted(self) -> bool:
        """Whether the newest window ends with exit code 1."""
        if self.report is None:
            return False
        levels = DRIFT[self.schedule.report.fail_on]
        return self.report.is_incomplete or self.report.verdict in levels

    @property
    def now(self) -> datetime:
        """The time, by the clock on the wall at the start and a steady one since."""
        return self.started + timedelta(seconds=self.seconds)

    @property
    def seconds(self) -> float:
        """How long it took until now, whatever the clock on the wall does."""
        return time.monotonic() - self._clock

    def store(self, change: Callable[[], object]) -> None:
        """Change the history; what goes wrong is noted and leaves the run going."""
        if self.dry or not self.keeps:
            return
        try:
            change()
        except HistoryProblem as problem:
            self.note(problem)

    def note(self, problem: HistoryProblem) -> None:
        """Note that the history failed, and leave it alone from now on."""
        if self.keeps:
            self.problems.append((problem.code, str(problem)))
        self.keeps = False


def judge_live(run: Run, progress: Progress | None = None) -> None:
    """Read live, keep its windows, judge those that were not judged yet, and keep the reports.

    Raises one of PROBLEMS, or HistoryProblem where a rule needs a history that cannot be read.
    """
    schedule = run.schedule
    basis = Basis.of(schedule)
    kept = _kept(run, basis)
    arrived = read(schedule, _kinds(run, basis, kept), run.started, progress)
    run.since = oldest(basis, {*kept, *arrived.windows}, run.started)
    if run.since is not None:
        kept = {window: kept[window] for window in kept if window.start >= run.since}
        arrived = arrived.since(run.since)
    mine = current(arrived.windows, kept)
    new = fresh(mine, kept)
    run.store(lambda: run.history.keep(schedule.dataset, new))
    try:
        found = _judge_windows(run, basis, arrived, kept)
    except HistoryProblem as problem:  # what arrived can be judged without what is kept
        if not isinstance(basis.reference, Counted):
            raise
        run.note(problem)
        found = _judge_windows(run, basis, arrived, {})
    run.unheld = sum(not new.keys().isdisjoint(found.known[each]) for each in found.unheld)
    if run.report is not None:
        run.report = _with_line(basis, run.report, found, _cautions(run, arrived))


def _kept(run: Run, basis: Basis) -> dict[Window, Kept]:
    """List what is kept; a history that cannot be read matters only to a rule that needs it."""
    try:
        return dict(stored(run.history, basis))
    except HistoryProblem as problem:
        if not isinstance(basis.reference, Counted):
            raise
        run.note(problem)
        return {}


def _judged_before(run: Run) -> frozenset[str]:
    return run.history.keys(run.schedule.dataset) if run.keeps else frozenset()


def _kinds(run: Run, basis: Basis, kept: dict[Window, Kept]) -> dict[str, Kind] | None:
    """Give the kinds that live is read with: those of the reference, or of the last window kept."""
    if isinstance(basis.reference, Counted):
        return dict(basis.reference.whole.kinds)
    if not kept:
        return None
    last = max(kept)
    found = run.history.profiles(run.schedule.dataset, last.start, last.end)
    return dict(found[last].kinds)


def _judge_windows(run: Run, basis: Basis, arrived: Arrived, kept: dict[Window, Kept]) -> Material:
    found = gather(
        basis, arrived.windows, kept, history=run.history, now=run.started, since=run.since
    )
    known = _judged_before(run)
    for window, chosen in found.wanted.items():
        _judge(run, basis, window, chosen, found, known)
    return found


def _judge(
    run: Run,
    basis: Basis,
    window: Window,
    chosen: list[Window],
    found: Material,
    known: frozenset[str],
) -> None:
    """Judge one window unless that was done before; the newest one is the run's."""
    newest = window == max(found.wanted)
    parts = [found.profiles[each] for each in found.known[window]]
    whole = total(parts)
    key = run_key(
        run.schedule.dataset, window, whole, basis.settings.model_dump(mode="json"), basis.words
    )
    report = run.history.report(key) if key in known and newest else None
    if report is None and key not in known:
        before = {part: found.profiles[part] for each in chosen for part in found.known[each]}
        try:
            report = judged(basis, window, parts, before)
        except NotComparable:
            if newest:
                raise
            return
        run.judged += report is not None
        run.store(
            lambda: run.history.add(run.schedule.dataset, window, whole, report, basis=basis.words)
        )
    if newest:
        run.report, run.window = report, window


def _with_line(
    basis: Basis, report: Report, found: Material, cautions: tuple[Caution, ...]
) -> Report:
    """Add the timeline of the last windows, and what was noticed in this run."""
    schedule = basis.schedule
    windows = [part for each in found.line for part in found.known[each]]
    profiles = alike([found.profiles[each] for each in windows])
    longer = chunking(schedule).every != schedule.windows.every
    line = timeline(
        dict(zip(windows, profiles, strict=True)),
        basis.reference,
        basis.settings,
        calendar=calendar(schedule) if longer else None,
    )
    known: dict[str, object] = {"every": schedule.windows.every, "zone": schedule.windows.zone}
    if schedule.windows.column is not None:  # by the clock they are over
        known["windows"] = tuple(e.model_copy(update={"until": None}) for e in line.windows)
    warnings = (*report.warnings, *cautions)
    return report.model_copy(
        update={"timeline": line.model_copy(update=known), "warnings": warnings}
    )


def unheld(number: int) -> str:
    """Say that windows are not judged for what is no longer kept."""
    are = "1 new window is" if number == 1 else f"{number} new windows are"
    return (
        f"{are} not judged: the reference is no longer kept. Let [history] keep be longer than the "
        "reference by as long as live may come late."
    )


def _cautions(run: Run, arrived: Arrived) -> tuple[Caution, ...]:
    """Say what was noticed while reading, which rows are in no window, what settings gave away."""
    told = [note for note in arrived.notes if note.code not in FACTS]
    notes = [Caution(role="live", **asdict(note)) for note in told]
    for code, count, words in (
        ("no_time", arrived.timeless, "have no time: they are in no window"),
        ("not_kept", arrived.old_rows, "are older than what [history] keeps: they were left out"),
        ("window_open", arrived.open_rows, "are in windows that are not over: a later run judges"),
    ):
        if count:
            message = f"{count} rows {words}."
            notes.append(Caution(code=code, role="live", message=message, count=count))
    if run.unheld:
        notes.append(
            Caution(code="reference_not_kept", message=unheld(run.unheld), count=run.unheld)
        )
    notes += [Caution(code=code, message=words) for code, words in run.schedule.warnings]
    return tuple(notes)
