"""A database that holds a history: SQLite in a file, or PostgreSQL; its transactions and version.

A transaction is a function of a connection: it happens as a whole or not at all. Where the
connection was lost it is tried once more.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import sqlalchemy as sql

from . import tables
from .problems import HistoryProblem, newer, on_network, read_only, translated

Answer = TypeVar("Answer")

_NAME: Final = "tideline"  # of our pools in the log
_BUSY_SECONDS: Final = 30  # a write waits so long for the writers before it
_CONNECT_SECONDS: Final = 10
_AWAY_SECONDS: Final = 1  # until a server that was away is tried once more
_MIGRATING: Final = 7_165_020  # the number of PostgreSQL's lock: any, but always the same
_NETWORKS: Final = ("nfs", "cifs", "smb", "afs", "ceph", "gluster", "fuse.sshfs")
_MOUNTS: Final = Path("/proc/mounts")

# A signal in the middle of closing a connection ends the program; it is no news for the log.
logging.getLogger(f"sqlalchemy.pool.impl.NullPool.{_NAME}").setLevel(logging.CRITICAL)


class Database:
    """One database, opened anew for each transaction. Reading never creates anything."""

    def __init__(self, url: str) -> None:
        """Take a URL of SQLAlchemy, or the path of a file for SQLite."""
        self.url = url
        self._url = _url(url)
        self._ready = False
        self.path = None
        if self._url.get_backend_name() == "sqlite":
            self.path = Path(self._url.database or "").absolute()
        self.where = str(self.path or self._url.render_as_string(hide_password=True))
        self._engine = self._made()

    def read(self, question: Callable[[sql.Connection], Answer]) -> Answer | None:
        """Answer a question; None where there is no history yet. Raises HistoryProblem."""
        if self.path and not self.path.exists():
            return None
        return self._tried(lambda: self._asked(question))

    def write(self, change: Callable[[sql.Connection], Answer]) -> Answer:
        """Make a change and wait until it is on the disk. Raises HistoryProblem."""
        self._require_writable()
        return self._tried(lambda: self._changed(change))

    def _tried(self, act: Callable[[], Answer]) -> Answer:
        try:
            try:
                return act()
            except (sql.exc.OperationalError, sql.exc.InterfaceError):
                if self.path:
                    raise
                time.sleep(_AWAY_SECONDS)  # the server may be back
                return act()
        except sql.exc.SQLAlchemyError as error:
            raise translated(error, self.where) from None

    def _asked(self, question: Callable[[sql.Connection], Answer]) -> Answer | None:
        with self._engine.connect() as connection:
            found = _version(connection)
            if found == tables.VERSION:
                return question(connection)
        if found is None:
            return None
        self._require_version(found)
        self._require_writable()
        return self._changed(question)  # an older one is brought up to date first

    def _changed(self, change: Callable[[sql.Connection], Answer]) -> Answer:
        writing = self._engine.execution_options(tideline_writes=True)
        with writing.begin() as connection:
            if not self._ready:
                self._bring_up_to_date(connection)
            answer = change(connection)
        self._ready = True
        return answer

    def _bring_up_to_date(self, connection: sql.Connection) -> None:
        if not self.path:
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(_MIGRATING)))
        found = _version(connection)
        if found == tables.VERSION:
            return
        if found is None:
            tables.metadata.create_all(connection)
            connection.execute(tables.version.insert().values(version=tables.VERSION))
            return
        self._require_version(found)
        if self.path:
            _copy(self.path, Path(f"{self.path}.version-{found}"))
        for number in range(found, tables.VERSION):
            tables.STEPS[number](connection)
        connection.execute(tables.version.update().values(version=tables.VERSION))

    def _require_version(self, found: int) -> None:
        if found > tables.VERSION:
            raise newer(self.where)

    def _require_writable(self) -> None:
        if self.path is None:
            return
        if kind := network(self.path):
            raise on_network(self.where, kind)
        if not _is_writable(self.path):
            raise read_only(self.where)

    def _made(self) -> sql.Engine:
        if self.path is None:
            return _server(self._url)
        engine = sql.create_engine(
            "sqlite://",
            creator=self._connected,
            poolclass=sql.NullPool,
            pool_logging_name=_NAME,
        )
        sql.event.listen(engine, "begin", _begun)
        return engine

    def _connected(self) -> sqlite3.Connection:
        path = self.path or Path()
        if _is_writable(path) and not network(path):
            return _with_log(_sqlite(path, "mode=rwc"))
        connection = _sqlite(path, "mode=ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError:  # perhaps no place for the shared memory of its readers
            connection.close()
            return _sqlite(path, "immutable=1")
        return connection


def network(path: Path) -> str | None:
    """Tell the kind of network file system that holds `path`, None for a local one."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    real = Path(os.path.realpath(path))
    mounts = [line.split()[1:3] for line in lines if len(line.split()) > 2]  # noqa: PLR2004
    over = [(len(at), kind) for at, kind in mounts if real.is_relative_to(at.replace("\\040", " "))]
    kind = max(over, default=(0, ""))[1]
    return kind if kind.startswith(_NETWORKS) else None


def _url(url: str) -> sql.URL:
    if "://" not in url:
        return sql.URL.create("sqlite", database=url)
    try:
        parsed = sql.make_url(url)
    except sql.exc.ArgumentError:
        raise HistoryProblem("bad_history_url", "The url in [history] is not a URL.") from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        shown = parsed.render_as_string(hide_password=True)
        sentence = f"A history cannot be kept in '{shown}'. Give the path of a file (for SQLite) or postgresql+psycopg://user@host/name."
        raise HistoryProblem("bad_history_url", sentence)
    return parsed


def _server(url: sql.URL) -> sql.Engine:
    try:
        return sql.create_engine(
            url,
            poolclass=sql.NullPool,
            pool_logging_name=_NAME,
            connect_args={"connect_timeout": _CONNECT_SECONDS},
            hide_parameters=True,
        )
    except ImportError:
        sentence = "A history in PostgreSQL needs the extra: pip install 'tideline[postgres]'."
        raise HistoryProblem("extra_missing", sentence) from None


def _sqlite(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?{how}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,  # SQLAlchemy's begin is ours, see _begun
        check_same_thread=False,
    )


def _with_log(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Let readers and a writer work at once; only the first of all needs the file for itself."""
    last = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:  # SQLite does not wait for this by itself
            if "locked" not in str(error) or time.monotonic() > last:
                connection.close()
                raise
            time.sleep(0.02)
        else:
            return connection


def _begun(connection: sql.Connection) -> None:
    writes = connection.get_execution_options().get("tideline_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(connection: sql.Connection) -> int | None:
    if not sql.inspect(connection).has_table(tables.version.name):
        return None
    found: int | None = connection.scalar(sql.select(tables.version.c.version))
    return found


def _is_writable(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _copy(path: Path, copy: Path) -> None:
    """Keep the history as it was, whole: the copy has its name only when it is complete."""
    partial = Path(f"{copy}.partial")
    with closing(_sqlite(path, "mode=ro")) as old, closing(sqlite3.connect(partial)) as new:
        old.backup(new)
    partial.replace(copy)
