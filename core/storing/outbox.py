"""Notices on their way: stored before they are sent, kept until they were, and then for a while.

A notice that one process has taken is left alone by the others until it is clear that this one
died.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sql

from . import tables
from .databases import Database
from .moments import moment, number

KEPT: Final = timedelta(days=7)  # sent or not, an older notice is no news
_TAKEN: Final = timedelta(minutes=2)  # a process that sends is done by then, or dead


@dataclass(frozen=True, slots=True)
class Notice:
    """A text for one address; `address` is the digest of what stands in the settings."""

    address: str
    body: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that was not delivered yet, and what went wrong the last time."""

    number: int
    address: str
    body: str
    created: datetime
    tries: int = 0
    error: str | None = None


def put(connection: sql.Connection, dataset: str, notices: Iterable[Notice]) -> None:
    """Store notices within the caller's transaction, and forget the old ones."""
    of = tables.notices
    for notice in notices:
        values = {"address": notice.address, "body": notice.body}
        stored = of.insert().values(dataset=dataset, created=number(notice.created), **values)
        connection.execute(stored)
        oldest = number(notice.created - KEPT)
        connection.execute(of.delete().where(of.c.dataset == dataset, of.c.created < oldest))


def waiting(database: Database, dataset: str) -> tuple[Waiting, ...]:
    """List the notices that were not delivered yet, the oldest first."""
    of = tables.notices.c
    query = sql.select(*_columns()).where(of.dataset == dataset, of.sent.is_(None))
    found = database.read(lambda c: c.execute(query.order_by(of.number)).mappings().all())
    return tuple(_waiting(row) for row in found or ())


def take(database: Database, dataset: str, now: datetime) -> tuple[Waiting, ...]:
    """Take the notices that wait, so that no other process sends them at the same time."""
    if not waiting(database, dataset):
        return ()
    of = tables.notices.c
    free = sql.not_(of.taken.between(number(now - _TAKEN), number(now + _TAKEN)))
    taken = (
        tables.notices.update()
        .where(of.dataset == dataset, of.sent.is_(None), free)
        .values(taken=number(now), tries=of.tries + 1)
        .returning(*_columns())
    )
    found = database.write(lambda c: c.execute(taken).mappings().all())
    return tuple(sorted((_waiting(row) for row in found), key=lambda each: each.number))


def settle(database: Database, numbers: Iterable[tuple[int, str | None]], now: datetime) -> None:
    """Say how each notice fared: delivered (None), or the sentence of its failure."""
    of = tables.notices

    def change(connection: sql.Connection) -> None:
        for each, error in numbers:
            sent = number(now) if error is None else None
            values = {"sent": sent, "error": error, "taken": 0}
            connection.execute(of.update().where(of.c.number == each).values(values))

    database.write(change)


def count_since(database: Database, dataset: str, since: datetime) -> int:
    """Count the occasions on which something was told since then, whatever the addresses."""
    of = tables.notices.c
    query = sql.select(sql.func.count(of.created.distinct())).where(
        of.dataset == dataset, of.created >= number(since)
    )
    return database.read(lambda c: c.scalar(query)) or 0


def _columns() -> list[sql.Column[object]]:
    of = tables.notices.c
    return [of.number, of.address, of.body, of.created, of.tries, of.error]


def _waiting(row: sql.RowMapping) -> Waiting:
    values = {str(name): value for name, value in row.items()}
    return Waiting(**{**values, "created": moment(values["created"])})
