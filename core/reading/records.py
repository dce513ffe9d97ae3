"""JSON lines: one record a line. A key that a record lacks is missing there."""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
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
# A key with a null: what ends like the start of a text may be one, and is looked at more closely.
_WRITTEN_NULL = re.compile(rb'[^\\:,{\[\s]":\s*null')
_BLANK = re.compile(r"\s*")

Record = dict[str, object]


@dataclass(slots=True)
class _Account:
    odd: Odd = field(default_factory=Odd)
    dropped: int = 0
    line: int = 0
    first: str = ""
    mixed: set[str] = field(default_factory=set)
    late: dict[str, int] = field(default_factory=dict)  # the first line of its block
    absent: dict[str, int] = field(default_factory=dict)  # records without the key
    absent_line: dict[str, int] = field(default_factory=dict)  # the first of them


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
            _compare_keys(first.column_names, part, block.lines_before + 1, account)
            yield from part.to_batches()
            table.done = opened.done
        table.digest = opened.digest.hexdigest()
        table.rows_dropped = account.dropped
        table.rows_read += account.dropped
        table.notes += _notes(account)

    table.rows = batches()
    return table


def _lines_of_array(head: bytes, read: Callable[[int], bytes], name: str) -> bytes:
    text = [head]
    while piece := read(1 << 25):
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
        part = arrow_json.read_json(
            pa.BufferReader(text),
            read_options=arrow_json.ReadOptions(block_size=max(len(text) + 1, 1 << 16)),
        )
    except pa.ArrowException:
        return _slowly(text, block.lines_before, account)
    _count_absent(part, text, block.lines_before, account)
    return part


def _compare_keys(known: list[str], part: pa.Table, line: int, account: _Account) -> None:
    """Note the keys that appear late, and those that a whole block lacks."""
    for name in part.column_names:
        if name not in known:
            account.late.setdefault(name, line)
            account.absent.pop(name, None)  # told with the late keys
    for name in known:
        if name not in part.column_names:
            _add_absent(account, name, part.num_rows, line)


def _add_absent(account: _Account, name: str, records: int, line: int) -> None:
    account.absent[name] = account.absent.get(name, 0) + records
    account.absent_line.setdefault(name, line)


def _count_absent(part: pa.Table, text: bytes, lines_before: int, account: _Account) -> None:
    """Count the records that lack a key; a null that is written is no absent key."""
    sparse = [name for name in part.column_names if part[name].null_count]
    if not sparse:
        return
    is_flat = not any(pa.types.is_nested(part[name].type) for name in part.column_names)
    written = len(_WRITTEN_NULL.findall(text))
    if is_flat and written == sum(part[name].null_count for name in sparse):
        return
    _count_lacking(_records(text.decode(), lines_before + 1), sparse, account)


def _records(text: str, line: int) -> Iterator[tuple[int, Record]]:
    """Give each record with the line where it begins: one line may hold several, or a part."""
    decoder, end = json.JSONDecoder(), 0
    while gap := _BLANK.match(text, end):
        line += text.count("\n", end, gap.end())
        if gap.end() == len(text):
            return
        record, end = decoder.raw_decode(text, gap.end())
        yield line, record
        line += text.count("\n", gap.end(), end)


def _count_lacking(
    records: Iterable[tuple[int, Record]], names: list[str], account: _Account
) -> None:
    for number, record in records:
        for name in names:
            if name not in record:
                _add_absent(account, name, 1, number)


def _slowly(text: bytes, lines_before: int, account: _Account) -> pa.Table:
    """Parse line by line: some line is no record, or a key has values of several types."""
    records: list[Record] = []
    numbers = []
    for number, line in enumerate(io.BytesIO(text), lines_before + 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append(record)
            numbers.append(number)
            continue
        account.dropped += 1
        account.line = account.line or number
        account.first = account.first or shown(line.decode(errors="replace"))
    names = list(dict.fromkeys(name for record in records for name in record))
    _count_lacking(zip(numbers, records, strict=True), names, account)
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
    for name, count in account.absent.items():
        line = account.absent_line[name]
        lack = f"{some(count, 'record')} {'lacks' if count == 1 else 'lack'} the key {shown(name)}"
        message = f"{lack}: missing there (the first is in line {line})."
        yield Note("absent_keys", message, column=name, count=count, first=f"line {line}")
    if account.late:
        message = f"Keys that first appear late are not compared: {listed(account.late)}."
        place = f"after line {min(account.late.values()) - 1}"
        yield Note("late_keys", message, count=len(account.late), first=place)
