"""A table or a query of a database, by an address that SQLAlchemy knows; rows are streamed.

Table names are quoted by SQLAlchemy, values are never pasted into SQL. Secrets stand in the
environment (`${NAME}` in the address) and are shown nowhere.
"""

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from .frames import text_of
from .options import Wishes
from .problems import Note, Unreadable, shown, without_secret
from .tables import Table

_ROWS = 20_000  # rows fetched at once
_QUERY = re.compile(r"\s*(select|with)\s", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def read_database(address: str, wishes: Wishes) -> Table:
    """Open `address`: an SQLAlchemy URL, perhaps with #table or #select ... behind it."""
    url, _, fragment = address.partition("#")
    name = without_secret(url)
    sqlalchemy = _sqlalchemy()
    try:
        engine = sqlalchemy.create_engine(_with_secrets(url))
    except (sqlalchemy.exc.ArgumentError, ImportError) as error:
        reason = without_secret(str(error).splitlines()[0].rstrip("."))
        sentence = f"{shown(name)} is no address that can be read: {reason}."
        raise Unreadable("unknown_address", sentence) from None
    if engine.dialect.name == "sqlite":
        _require_file(engine.url.database)
    statement = _statement(sqlalchemy, wishes, fragment, name)
    rows = _batches(engine, statement, mixed := set[str]())
    with _answered(sqlalchemy, name):
        first = next(rows)
    table = Table(wishes.options.table or fragment or name, first.schema, iter(()), form="database")

    def batches() -> Iterator[pa.RecordBatch]:
        with _answered(sqlalchemy, name):
            yield first
            if not wishes.head_only:
                yield from rows
        rows.close()
        table.notes += [
            Note(
                "mixed_types",
                f"{shown(column)} holds values of several types; they are compared by their text.",
                column,
            )
            for column in sorted(mixed)
        ]

    table.rows = batches()
    return table


def _sqlalchemy() -> Any:
    import sqlalchemy  # noqa: PLC0415 (heavy, and few need it)
    import sqlalchemy.exc  # noqa: PLC0415

    return sqlalchemy


def _require_file(path: str | None) -> None:
    # SQLite makes a file where there is none.
    if path and not path.startswith((":", "file:")) and not Path(path).is_file():
        raise Unreadable("not_found", f"{shown(path)} does not exist. Check the address.")


def _with_secrets(url: str) -> str:
    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in os.environ:
            sentence = f"The environment variable {name}, which the address names, is not set."
            raise Unreadable("no_secret", sentence)
        return os.environ[name]

    return _VARIABLE.sub(value, url)


def _statement(sqlalchemy: Any, wishes: Wishes, fragment: str, name: str) -> Any:
    query, table = wishes.options.query, wishes.options.table
    if not query and not table:
        query, table = (fragment, None) if _QUERY.match(fragment) else (None, fragment)
    if query:
        return sqlalchemy.text(query.replace(":", r"\:"))
    if not table:
        sentence = f"{shown(name)} is a database: say which table, as {shown(name)}#table."
        raise Unreadable("no_query", sentence)
    schema, _, plain = table.rpartition(".")
    named = sqlalchemy.table(plain, schema=schema or None)
    return sqlalchemy.select(sqlalchemy.literal_column("*")).select_from(named)


def _batches(engine: Any, statement: Any, mixed: set[str]) -> Generator[pa.RecordBatch]:
    streaming = {"stream_results": True, "yield_per": _ROWS}
    try:
        with engine.connect().execution_options(**streaming) as connection:
            found = connection.execute(statement)
            names = [str(key) for key in found.keys()]  # noqa: SIM118 (a result, no dictionary)
            empty = [pa.array([], pa.null())] * len(names)
            is_first = True
            for rows in found.partitions(_ROWS):
                yield pa.RecordBatch.from_arrays(_columns(rows, names, mixed), names=names)
                is_first = False
            if is_first:
                yield pa.RecordBatch.from_arrays(empty, names=names)
    finally:
        engine.dispose()


def _columns(rows: Sequence[Any], names: list[str], mixed: set[str]) -> list[pa.Array]:
    columns = []
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        column, is_mixed = text_of(list(values))
        columns.append(column)
        if is_mixed:
            mixed.add(name)
    return columns


@contextmanager
def _answered(sqlalchemy: Any, name: str) -> Iterator[None]:
    try:
        yield
    except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError) as error:
        reason = without_secret(str(error.orig).splitlines()[0].rstrip("."))
        is_away = error.connection_invalidated or error.statement is None or "locked" in reason
        code = "database_away" if is_away else "bad_query"
        raise Unreadable(
            code, f"{shown(name)} did not answer: {reason}. Check it and try again."
        ) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        lines = str(getattr(error, "orig", None) or error).splitlines()
        reason = without_secret(lines[0].rstrip("."))
        raise Unreadable("bad_query", f"{shown(name)} refused the query: {reason}.") from None
