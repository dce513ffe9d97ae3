"""JSON lines: one record a line. A key that a record lacks is missing there."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import json as arrow_json

from .dialects import Dialect
from .frames import text_of
from .headers import require_unique
from .opened import Opened
from .problems import Note, Unreadable, listed, shown, some
from .tables import Table
from .texts import HEAD_BYTES, Block, Odd, blocks, mended

_MOST_ARRAY = 1 << 28  # bytes of a JSON array, which cannot be read in parts


@dataclass(slots=True)
class _Account:
    odd: Odd = field(default_factory=Odd)
    dropped: int = 0
    line: int = 0
    first: str = ""
    mixed: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    lacking: int = 0


def read_records(opened: Opened) -> Table:
    """Open JSON lines, or an array of records."""
    read, account = opened.reading(), _Account()
    head = read(HEAD_BYTES)
    is_part = opened.wishes.head_only and len(head) >= HEAD_BYTES
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        parts = iter([Block(_lines_of_array(head, read, opened.name), 0)])
    else:
        plain = Dialect(quote="")  # a line end inside a JSON text is written as \n
        parts = blocks(head, read, plain, account.odd, head_only=is_part)
    first = _parsed(next(parts, Block(b"", 0)), account)
    if not first.column_names:
        raise Unreadable("not_a_table", f"{opened.name} holds no JSON records, one a line.")
    require_unique(opened.name, first.column_names)
    table = Table(opened.name, first.schema, iter(()), form="JSON lines", is_text=True)

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first.to_batches()
        for block in parts:
            part = _parsed(block, account)
            account.late |= set(part.column_names) - set(first.column_names)
            yield from part.to_batches()
            table.done = opened.done
        table.digest = opened.digest.hexdigest()
        table.rows_dropped = account.dropped
        table.rows_read += account.dropped
        table.notes += _notes(account)

    table.rows = batches()
    return table


def _lines_of_array(head: bytes, read: object, name: str) -> bytes:
    text = [head]
    while piece := read(1 << 25):  # type: ignore[operator]
        text.append(piece)
        if sum(map(len, text)) > _MOST_ARRAY:
            sentence = f"{name} is a large JSON array. Save it as JSON lines: one record a line."
            raise Unreadable("too_big", sentence)
    try:
        records = json.loads(b"".join(text).decode("utf-8-sig"))
    except ValueError as error:
        raise Unreadable(
            "corrupt_file", f"{name} is no valid JSON: {error}. Export it again."
        ) from None
    return "\n".join(json.dumps(record) for record in records).encode()


def _parsed(block: Block, account: _Account) -> pa.Table:
    text = mended(block, account.odd)
    try:
        return arrow_json.read_json(
            pa.BufferReader(text),
            read_options=arrow_json.ReadOptions(block_size=max(len(text) + 1, 1 << 16)),
        )
    except pa.ArrowException:
        return _slowly(text, block.lines_before, account)


def _slowly(text: bytes, lines_before: int, account: _Account) -> pa.Table:
    """Parse line by line: some line is no record, or a key has values of several types."""
    records = []
    for number, line in enumerate(io.BytesIO(text), lines_before + 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append(record)
            continue
        account.dropped += 1
        account.line = account.line or number
        account.first = account.first or shown(line.decode(errors="replace"))
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = []
    for name in names:
        column, is_mixed = text_of([record.get(name) for record in records])
        columns.append(column)
        if is_mixed:
            account.mixed.add(name)
    return pa.table(columns, names=names)


def _notes(account: _Account) -> Iterator[Note]:
    if account.odd.lines:
        message = f"{account.odd.lines} lines are not UTF-8; read as cp1252."
        yield Note("encoding_guessed", message, count=account.odd.lines)
    if account.dropped:
        message = f"{some(account.dropped, 'line')} not in JSON: left out (line {account.line})."
        yield Note("bad_rows", message, count=account.dropped, first=account.first)
    for name in sorted(account.mixed):
        message = f"{shown(name)} holds values of several types; they are compared by their text."
        yield Note("mixed_types", message, column=name)
    if account.late:
        message = f"Keys that first appear late are not compared: {listed(sorted(account.late))}."
        yield Note("late_keys", message, count=len(account.late), first=min(account.late))
