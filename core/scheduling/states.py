"""`drift status`: is the job alive, and what did it last say?"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ..reporting.sentences import VERDICTS
from ..schedules import Schedule, span
from ..storing import outbox
from ..storing.history import LastRun
from .checks import history_of

_LATE: Final = 0.25  # of the span: a job takes its time, and a timer waits for its turn
_AHEAD: Final = timedelta(minutes=5)  # clocks of two machines may differ by that
_UNITS: Final = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a scheduled run: the last one, whether another is overdue, and what waits.

    `newest` is the end of the newest window that is kept.
    """

    dataset: str
    last: LastRun | None
    expected: timedelta
    overdue: bool
    since: timedelta | None
    waiting: tuple[outbox.Waiting, ...]
    windows: int
    newest: datetime | None

    @property
    def lines(self) -> tuple[str, ...]:
        """Say it for a terminal."""
        return (*self._last(), self._expected(), self._outbox(), self._history())

    def _last(self) -> tuple[str, ...]:
        if self.last is None:
            return (f"{self.dataset}: the job never ran.",)
        when = self.last.started.strftime("%Y-%m-%d %H:%M UTC")
        badge = VERDICTS.get(self.last.verdict, self.last.verdict)
        how = f"exit code {self.last.code}, {self.last.seconds:.1f} s"
        return f"{self.dataset}: {badge}. Last run {when}, {how}.", self.last.sentence

    def _expected(self) -> str:
        every = f"expected every {words(self.expected)}"
        if self.since is None:
            return f"OVERDUE: no run ever succeeded, {every}."
        if self.since < -_AHEAD:
            return "OVERDUE? The last success lies in the future: the clock was set back."
        late = "OVERDUE: last" if self.overdue else "Last"
        return f"{late} success {words(self.since)} ago, {every}."

    def _outbox(self) -> str:
        if not self.waiting:
            return "Outbox: empty."
        errors = dict.fromkeys(each.error for each in self.waiting if each.error)
        return " ".join((f"Outbox: {len(self.waiting)} waiting.", *errors))

    def _history(self) -> str:
        if self.newest is None:
            return "History: no window is kept."
        until = self.newest.strftime("%Y-%m-%d %H:%M UTC")
        return f"History: {self.windows} windows are kept, up to {until}."


def status(schedule: Schedule, now: datetime | None = None) -> Status:
    """Read the state of a scheduled run; raises HistoryProblem. `now` is for tests."""
    now = now or datetime.now(UTC)
    history = history_of(schedule)
    last = history.last_run(schedule.dataset)
    expected = span(schedule.notify.expect_every or schedule.windows.every)
    kept = history.windows(schedule.dataset)
    since = now - last.succeeded if last and last.succeeded else None
    return Status(
        schedule.dataset,
        last,
        expected,
        since is None or since > expected * (1 + _LATE) or since < -_AHEAD,
        since,
        outbox.waiting(history.database, schedule.dataset),
        len(kept),
        max((window.end for window in kept), default=None),
    )


def words(length: timedelta) -> str:
    """Say a length of time by its greatest unit.

    >>> words(timedelta(hours=30)), words(timedelta(seconds=61))
    ('1 day', '1 minute')
    """
    seconds = int(length.total_seconds())
    name, size = next((unit for unit in _UNITS if seconds >= unit[1]), _UNITS[-1])
    number = seconds // size
    return f"{number} {name}{'' if number == 1 else 's'}"
