"""`drift check`: a run under a lock, its reports written, its state kept, its news told."""

import errno
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..counting import Progress
from ..reporting.exports import require_suffix, write
from ..reporting.exports.prometheus import SUFFIX, Job, render
from ..reporting.sentences import verdict
from ..schedules import Schedule
from ..storing.files import sweep, write_atomically
from ..storing.history import History, HistoryProblem, LastRun
from ..storing.outbox import Notice
from . import alerts
from .locks import only_one
from .runs import Run, judge_live, unheld

_NO_SUCCESS: Final = 2
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def check(
    schedule: Schedule,
    *,
    dry: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Run:
    """Do a scheduled run; whatever it raises was stored and told first.

    A `dry` run reads and judges, and neither stores nor writes nor tells. `now` is the time of the
    run, for tests. Raises one of PROBLEMS, HistoryProblem, AddressRefused or AlreadyRunning.
    """
    run = Run(schedule, history_of(schedule), now or datetime.now(UTC), dry)
    for path in schedule.report.out:
        require_suffix(path)
    with only_one(schedule.path):
        if dry:
            judge_live(run, progress)
            return run
        alerts.require_addresses(schedule.notify)
        try:
            judge_live(run, progress)
            _write(run)
            _forget(run)
        except Exception as error:
            _tell(run, "failed", f"The job failed: {error}")
            raise
        _tell(run, _state(run), sentence(run))
        _ping(run)
    return run


def history_of(schedule: Schedule) -> History:
    """Give the history of a scheduled run."""
    return History(schedule.resolved(schedule.history.url))


def sentence(run: Run) -> str:
    """Say in one sentence what the run found."""
    if run.report is None or run.window is None:
        if run.unheld:
            return unheld(run.unheld)
        return "No window is over and has a reference yet: nothing to judge."
    return f"{run.window.name}: {verdict(run.report)}"


def _state(run: Run) -> str | None:
    if run.report is None or (run.report.verdict == "not_enough_data" and not run.drifted):
        return None
    return "drift" if run.drifted else "quiet"


def outputs(run: Run) -> list[str]:
    """List the files that the run writes, the name of its window put in."""
    name = run.window.name.replace(" ", "T").replace(":", "") if run.window else ""
    named = [path.replace("{window}", name) for path in run.schedule.report.out]
    return [run.schedule.resolved(path) for path in named]


def _write(run: Run) -> None:
    """Write each report; one that cannot be written leaves the others their chance."""
    if run.report is None:
        return
    for path in map(Path, outputs(run)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.parent)  # of a run that was killed, whose window had another name
            if path.suffix == SUFFIX:
                job = Job(run.schedule.dataset, run.seconds, run.started.timestamp())
                write_atomically(path, render(run.report, job))
            else:
                write(run.report, path)
        except OSError as error:
            code = "disk_full" if error.errno in _FULL else "not_written"
            run.problems.append((code, f"{path} could not be written: {error.strerror}."))


def _forget(run: Run) -> None:
    """Delete what the settings do not keep, once all that was new is stored and written."""
    since = run.since
    if since is not None:
        run.store(lambda: run.history.forget(run.schedule.dataset, since))


def _tell(run: Run, state: str | None, words: str) -> None:
    """Keep how the run ended, together with what is told of it; then send what waits."""
    failed = state == "failed"
    told, due = _due(run, state, words)
    verdict = run.report.verdict if run.report else "waiting"
    last = LastRun(
        started=run.started,
        succeeded=None if failed else run.started,
        seconds=run.seconds,
        code=_NO_SUCCESS if failed else run.code,
        verdict="failed" if failed else verdict,
        sentence=words,
        told=told,
    )
    run.store(lambda: run.history.record(run.schedule.dataset, last, due))
    failures = alerts.send_at_once(run.schedule, due) if not run.keeps else []
    try:
        if run.keeps:
            failures = alerts.send(run.schedule, run.history, run.now)
    except HistoryProblem as problem:
        run.note(problem)
    run.problems += [("not_delivered", failure) for failure in failures]


def _ping(run: Run) -> None:
    if run.code != _NO_SUCCESS and (failure := alerts.ping(run.schedule.notify)):
        run.problems.append(("ping_failed", f"The ping did not arrive: {failure}"))


def _due(run: Run, state: str | None, words: str) -> tuple[str, tuple[Notice, ...]]:
    """Tell what is to be told, and what counts as told then.

    Without a history nobody knows what was told before, so that it fails is told by each run.
    """
    schedule, now = run.schedule, run.now
    try:
        last = run.history.last_run(schedule.dataset)
        full = alerts.is_quota_used(schedule, run.history, now)
    except HistoryProblem as problem:
        run.note(problem)
    if not run.keeps:
        words = f"The job failed: {run.problems[0][1]}"
        return "", alerts.notices(schedule, "job_failed", now, report=None, sentence=words)
    told = last.told if last else ""
    event, after = alerts.change(told, state)
    report = None if state == "failed" else run.report
    due = alerts.notices(schedule, event, now, report=report, sentence=words)
    return (told, ()) if due and full else (after, due)  # told later, if it still holds then
