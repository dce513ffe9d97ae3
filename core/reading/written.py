"""A file of delimited text as a table: how it is written, its rows, and what was noticed."""

from collections.abc import Iterator

import pyarrow as pa

from .delimited import Delimited, open_text
from .dialects import Dialect, described
from .opened import Opened
from .problems import Note, Unreadable
from .tables import Table


def read_delimited(opened: Opened, form: str = "") -> Table:
    """Open delimited text; `form` says what it truly is where that is not text."""
    table = Table(opened.name, pa.schema([]), iter(()), is_text=True)
    try:
        text, table.schema, rows = open_text(opened.reading(), opened.wishes)
    except Unreadable as problem:
        raise _named(problem, opened.name) from None
    table.form = form or " ".join(filter(None, (opened.packed, described(text.dialect))))
    table.dialect = {} if form else _as_settings(text.dialect)
    table.notes += text.header.notes
    if text.dialect.guessed:
        encoding = text.dialect.encoding
        message = f"It is not UTF-8; read as {encoding}."
        table.notes.append(Note("encoding_guessed", message, count=1, first=encoding))
    table.rows = _batches(opened, table, text, rows)
    return table


def _as_settings(dialect: Dialect) -> dict[str, str]:
    return {
        "encoding": dialect.encoding,
        "delimiter": dialect.delimiter,
        "decimal": dialect.decimal,
        "quote": dialect.quote or "none",
    }


def _batches(
    opened: Opened, table: Table, text: Delimited, rows: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    try:
        for batch in rows:
            table.done = opened.done
            yield batch
    except Unreadable as problem:
        raise _named(problem, opened.name) from None
    account = text.account
    table.digest = opened.digest.hexdigest()
    table.rows_dropped = account.dropped + bool(account.truncated)
    table.rows_read += table.rows_dropped
    if not table.rows_read:
        sentence = f"{opened.name} has a header and no rows. Check its export."
        raise Unreadable("no_rows", sentence)
    table.notes += account.notes(len(text.names))


def _named(problem: Unreadable, name: str) -> Unreadable:
    if str(problem).startswith(name):
        return problem
    return Unreadable(problem.code, f"{name}: {problem}")
