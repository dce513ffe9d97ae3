"""The history of a data set: the profile and the reports of each window, and the last run.

A run has a key from data set, window and the digests of settings and source: the same run twice is
one entry. Runs are in the order of their numbers, whatever the clocks said. Reading never creates
anything; what cannot be read or written raises HistoryProblem.
"""

import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite

from ..deciding.reports import Report
from ..profiling.profiles import CorruptProfile, Profile
from ..reading.windows import Window
from . import outbox, tables
from .databases import Database
from .keys import profile_digest, run_key
from .moments import moment, number
from .problems import HistoryProblem, damaged

__all__ = ["History", "HistoryProblem", "Kept", "LastRun"]

_THREADS = 2  # that read stored counts at once


class Kept(NamedTuple):
    """What is known of a stored window without reading its counts."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last scheduled run of a data set, whether it succeeded or not.

    `succeeded` is when a run last succeeded, None if none ever did; `seconds` is how long this one
    took; `verdict` is that of the newest window or "failed"; `told` is what was last told of it.
    """

    started: datetime
    succeeded: datetime | None
    seconds: float
    code: int
    verdict: str
    sentence: str
    told: str = ""


class History:
    """Profiles and reports by data set and window, in SQLite or PostgreSQL.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     History(f"{folder}/history.db").datasets()
    ()
    """

    def __init__(self, url: str) -> None:
        """Take the path of a file (SQLite) or `postgresql+psycopg://user@host/name`."""
        self.database = Database(url)

    def add(
        self,
        dataset: str,
        window: Window,
        profile: Profile,
        report: Report | None,
        *,
        basis: str = "",
    ) -> bool:
        """Keep the counts of a window and what was judged of it; tell whether that was new.

        The profile replaces an older one of the same window. `basis` is that of `run_key`; without
        a report (nothing to judge against) the profile alone is kept.
        """
        run = None
        if report is not None:
            key = run_key(dataset, window, profile, report.settings, basis)
            data = zlib.compress(report.model_dump_json().encode())
            judged = {"key": key, "verdict": report.verdict, "report": data}
            run = {**_place(dataset, window), **judged}

        def change(connection: sql.Connection) -> bool:
            _keep(connection, dataset, window, profile)
            if run is None:
                return False
            once = _insert(connection, tables.runs).values(run)
            once = once.on_conflict_do_nothing(index_elements=["key"])
            return connection.scalar(once.returning(tables.runs.c.number)) is not None

        return self.database.write(change)

    def keep(self, dataset: str, profiles: Mapping[Window, Profile]) -> None:
        """Keep the counts of windows, all or none; each replaces an older one of its window."""

        def change(connection: sql.Connection) -> None:
            for window, profile in profiles.items():
                _keep(connection, dataset, window, profile)

        self.database.write(change)

    def forget(self, dataset: str, before: datetime) -> None:
        """Delete counts and reports of the windows that ended by then, all or none."""

        def change(connection: sql.Connection) -> None:
            for table in (tables.profiles, tables.runs):
                old = sql.and_(table.c.dataset == dataset, table.c.end <= number(before))
                connection.execute(table.delete().where(old))

        self.database.write(change)

    def datasets(self) -> tuple[str, ...]:
        """List the data sets of which a window or a run is kept."""
        names = [sql.select(t.c.dataset) for t in (tables.profiles, tables.jobs)]
        found = self.database.read(lambda c: c.scalars(sql.union(*names)).all())
        return tuple(sorted(found or ()))

    def windows(self, dataset: str) -> Mapping[Window, Kept]:
        """List the windows kept, from the first on, with rows and digest of each."""
        of = tables.profiles.c
        query = sql.select(of.start, of.end, of.rows, of.digest).where(of.dataset == dataset)
        found = self.database.read(lambda c: c.execute(query.order_by(of.start, of.end)).all())
        return {_window(start, end): Kept(*kept) for start, end, *kept in found or ()}

    def profiles(
        self, dataset: str, start: datetime | None = None, end: datetime | None = None
    ) -> Mapping[Window, Profile]:
        """Read the counts of the windows that lie within [start, end), from the first on."""
        of = tables.profiles.c
        query = sql.select(of.start, of.end, of.data).where(
            _within(tables.profiles, dataset, start, end)
        )
        found = self.database.read(lambda c: c.execute(query.order_by(of.start, of.end)).all())
        rows = found or ()  # digests and inflating need no interpreter's lock
        with ThreadPoolExecutor(_THREADS) as pool:
            counts = pool.map(self._counts, (data for _, _, data in rows))
            windows = (_window(first, last) for first, last, _ in rows)
            return dict(zip(windows, counts, strict=True))

    def profile(
        self, dataset: str, start: datetime | None = None, end: datetime | None = None
    ) -> Profile:
        """Add up the windows within [start, end): each moment once, of longer windows first.

        Raises HistoryProblem if there are none, Incompatible if their features differ.
        """
        found = self.profiles(dataset, start, end)
        if not found:
            sentence = f"The history has no window of '{dataset}' there. List them with windows()."
            raise HistoryProblem("no_windows", sentence)
        return reduce(add, (found[window] for window in _disjoint(found)))

    def reports(
        self, dataset: str, start: datetime | None = None, end: datetime | None = None
    ) -> Mapping[Window, Report]:
        """Read the newest report of each window within [start, end), from the first on."""
        of = tables.runs.c
        newest = sql.select(sql.func.max(of.number)).where(
            _within(tables.runs, dataset, start, end)
        )
        query = sql.select(of.start, of.end, of.report).where(
            of.number.in_(newest.group_by(of.start, of.end))
        )
        found = self.database.read(lambda c: c.execute(query.order_by(of.start, of.end)).all())
        return {_window(first, last): self._report(data) for first, last, data in found or ()}

    def report(self, key: str) -> Report | None:
        """Read the report of a run, by its key."""
        query = sql.select(tables.runs.c.report).where(tables.runs.c.key == key)
        data = self.database.read(lambda c: c.scalar(query))
        return None if data is None else self._report(data)

    def verdicts(self, dataset: str) -> tuple[tuple[Window, str], ...]:
        """List window and verdict of every run, in the order they were stored."""
        of = tables.runs.c
        query = sql.select(of.start, of.end, of.verdict).where(of.dataset == dataset)
        found = self.database.read(lambda c: c.execute(query.order_by(of.number)).all())
        return tuple((_window(first, last), verdict) for first, last, verdict in found or ())

    def keys(self, dataset: str) -> frozenset[str]:
        """List the keys of all runs: what need not be judged again."""
        query = sql.select(tables.runs.c.key).where(tables.runs.c.dataset == dataset)
        return frozenset(self.database.read(lambda c: c.scalars(query).all()) or ())

    def last_run(self, dataset: str) -> LastRun | None:
        """Read how the last scheduled run ended; None if there never was one."""
        query = sql.select(tables.jobs).where(tables.jobs.c.dataset == dataset)
        found = self.database.read(lambda c: c.execute(query).mappings().first())
        if found is None:
            return None
        values = {key: value for key, value in found.items() if key != "dataset"}
        for name in ("started", "succeeded"):
            values[name] = None if values[name] is None else moment(values[name])
        return LastRun(**values)

    def record(self, dataset: str, run: LastRun, notices: Iterable[outbox.Notice] = ()) -> None:
        """Keep how a scheduled run ended and what is to be told of it, both or neither.

        A failed run (`succeeded` None) leaves the time of the last success as it was.
        """
        values = {
            name: getattr(run, name) for name in ("seconds", "code", "verdict", "sentence", "told")
        }
        values["started"] = number(run.started)
        if run.succeeded is not None:
            values["succeeded"] = number(run.succeeded)

        def change(connection: sql.Connection) -> None:
            keep = _insert(connection, tables.jobs).values({"dataset": dataset, **values})
            connection.execute(keep.on_conflict_do_update(index_elements=["dataset"], set_=values))
            outbox.put(connection, dataset, notices)

        self.database.write(change)

    def _counts(self, data: bytes) -> Profile:
        try:
            return Profile.from_bytes(data, name="a stored profile")
        except CorruptProfile as problem:
            raise damaged(self.database.where, str(problem).rstrip(".")) from None

    def _report(self, data: bytes) -> Report:
        try:
            return Report.model_validate_json(zlib.decompress(data))
        except (zlib.error, ValueError):
            raise damaged(self.database.where, "a stored report cannot be read") from None


def _keep(connection: sql.Connection, dataset: str, window: Window, profile: Profile) -> None:
    place = _place(dataset, window)
    data = profile.to_bytes()
    counts = {"rows": profile.rows, "digest": profile_digest(profile), "data": data}
    insert = _insert(connection, tables.profiles).values({**place, **counts})
    connection.execute(insert.on_conflict_do_update(index_elements=[*place], set_=counts))


def _place(dataset: str, window: Window) -> dict[str, str | int]:
    return {"dataset": dataset, "start": number(window.start), "end": number(window.end)}


def _insert(connection: sql.Connection, table: sql.Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _within(
    table: sql.Table, dataset: str, start: datetime | None, end: datetime | None
) -> sql.ColumnElement[bool]:
    of = table.c
    ends = [of.dataset == dataset]
    if start is not None:
        ends.append(of.start >= number(start))
    if end is not None:
        ends.append(of.end <= number(end))
    return sql.and_(*ends)


def _disjoint(windows: Iterable[Window]) -> list[Window]:
    """Choose windows that share no moment, the longest of those that do: a day, not its hours."""
    chosen: list[Window] = []
    for window in sorted(windows, key=lambda each: (each.start, each.start - each.end)):
        if not chosen or window.start >= chosen[-1].end:
            chosen.append(window)
    return chosen


def _window(start: int, end: int) -> Window:
    return Window(moment(start), moment(end))
