"""The tables of a history, alike in SQLite and PostgreSQL, and the steps from older versions.

Times are whole microseconds since 1970 in UTC; nothing of the secrets in the settings is kept.
"""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sql

VERSION: Final = 1

# STEPS[n] turns a history of version n into one of version n + 1, inside the caller's transaction.
# A released step is never changed: the histories of users have gone through it.
STEPS: Final[dict[int, Callable[[sql.Connection], None]]] = {}

metadata = sql.MetaData()
_NUMBER = sql.BigInteger().with_variant(sql.Integer(), "sqlite")  # SQLite numbers rows so alone

version = sql.Table("tideline_version", metadata, sql.Column("version", sql.Integer))

# The counts of each window, the newest ones; `digest` is that of the counts.
profiles = sql.Table(
    "tideline_profiles",
    metadata,
    sql.Column("dataset", sql.Text, primary_key=True),
    sql.Column("start", sql.BigInteger, primary_key=True),
    sql.Column("end", sql.BigInteger, primary_key=True),
    sql.Column("rows", sql.BigInteger, nullable=False),
    sql.Column("digest", sql.Text, nullable=False),
    sql.Column("data", sql.LargeBinary, nullable=False),
)

# Every judgement, in the order they were stored, whatever the clocks said.
runs = sql.Table(
    "tideline_runs",
    metadata,
    sql.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sql.Column("key", sql.Text, nullable=False, unique=True),
    sql.Column("dataset", sql.Text, nullable=False),
    sql.Column("start", sql.BigInteger, nullable=False),
    sql.Column("end", sql.BigInteger, nullable=False),
    sql.Column("verdict", sql.Text, nullable=False),
    sql.Column("report", sql.LargeBinary, nullable=False),
    sql.Index("tideline_runs_place", "dataset", "start"),
    sqlite_autoincrement=True,
)

# The last scheduled run of each data set.
jobs = sql.Table(
    "tideline_jobs",
    metadata,
    sql.Column("dataset", sql.Text, primary_key=True),
    sql.Column("started", sql.BigInteger, nullable=False),
    sql.Column("succeeded", sql.BigInteger),
    sql.Column("seconds", sql.Double, nullable=False),
    sql.Column("code", sql.Integer, nullable=False),
    sql.Column("verdict", sql.Text, nullable=False),
    sql.Column("sentence", sql.Text, nullable=False),
    sql.Column("told", sql.Text, nullable=False),
)

# Notices to send and lately sent; `address` is a digest, the address itself stays in the settings.
notices = sql.Table(
    "tideline_notices",
    metadata,
    sql.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sql.Column("dataset", sql.Text, nullable=False),
    sql.Column("address", sql.Text, nullable=False),
    sql.Column("body", sql.Text, nullable=False),
    sql.Column("created", sql.BigInteger, nullable=False),
    sql.Column("taken", sql.BigInteger, nullable=False, server_default="0"),
    sql.Column("tries", sql.Integer, nullable=False, server_default="0"),
    sql.Column("sent", sql.BigInteger),
    sql.Column("error", sql.Text),
    sqlite_autoincrement=True,
)
