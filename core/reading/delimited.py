"""Delimited text (CSV and its family) as record batches, with bounded memory.

The file is cut into blocks at line ends outside quotes; each block is parsed on all cores. Types
are told from the first block. A later block that refutes them is parsed again by itself, with
types of its own and bad rows counted: whoever counts reads each batch against the kind it wants.
"""

import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from . import texts
from .dialects import Dialect, detect, numbered
from .headers import Header, find_header
from .options import Wishes
from .problems import Note, shown, some
from .quotes import last_row_end, turns
from .texts import Block, Odd, Read, ahead, blocks, mended
from .values import meant

_SAMPLE_BYTES = 1 << 20  # where codes such as 007 are looked for
_CODE = r"^\s*[+-]?0\d+\s*$"
_LINES_TOLD = 5


@dataclass(slots=True)
class Account:
    """Rows that do not have the header's number of fields, and how the text was odd."""

    odd: Odd = field(default_factory=Odd)
    dropped: int = 0
    lines: list[int] = field(default_factory=list)
    first: str | None = None
    truncated: int = 0  # the line of a last row that was cut off, which is dropped, too
    is_open_ended: bool = False
    ignored_values: int = 0

    def notes(self, fields: int) -> Iterator[Note]:
        """Say what was left out or mended, once all rows have come."""
        odd = self.odd
        if odd.lines:
            message = (
                f"{some(odd.lines, 'line')} not in UTF-8 (first: {odd.first_line}): read as cp1252."
            )
            yield Note("encoding_guessed", message, count=odd.lines, first=str(odd.first_line))
        if odd.replaced:
            message = f"{some(odd.replaced, 'letter')} unreadable in this encoding: replaced."
            yield Note("letters_replaced", message, count=odd.replaced)
        if self.dropped:
            lines = ", ".join(map(str, self.lines))
            message = (
                f"{some(self.dropped, 'row')} without {fields} fields: left out (lines {lines})."
            )
            yield Note("bad_rows", message, count=self.dropped, first=self.first)
        if self.truncated:
            message = f"The last row (line {self.truncated}) is cut off and was left out."
            yield Note("truncated_row", message, count=1, first=str(self.truncated))
        if self.is_open_ended:
            message = "The last line has no line end: the file may have been cut off there."
            yield Note("no_final_newline", message, count=1)
        if self.ignored_values:
            message = f"{some(self.ignored_values, 'value')} in columns without a name: ignored."
            yield Note("unnamed_column", message, count=self.ignored_values)


@dataclass(frozen=True, slots=True)
class Delimited:
    """An opened text file. `types` are wished for each block; a block may answer with others."""

    dialect: Dialect
    header: Header
    missing: tuple[str, ...] = ()
    types: Mapping[str, pa.DataType] = field(default_factory=dict)
    account: Account = field(default_factory=Account)

    @property
    def names(self) -> list[str]:
        """The columns that are read."""
        return self.header.names[: len(self.header.names) - self.header.ignored]

    def parse(self, block: Block) -> list[pa.RecordBatch]:
        """Cut one block of rows into record batches."""
        return _whole(self.table(block))

    def table(self, block: Block) -> pa.Table:
        """Parse one block of rows; the last one of a file may lack its line end."""
        if not block.text.endswith(b"\n"):
            block = self._ended(block)
        if not block.text:
            return pa.table([pa.nulls(0, pa.string())] * len(self.names), names=self.names)
        try:
            table = self._parse(block.text, self.types)
        except pa.ArrowInvalid:
            table = None
        if table is None or any(map(pa.types.is_binary, table.schema.types)):
            table = self._salvaged(Block(mended(block, self.account.odd), block.lines_before))
        if self.header.ignored:
            beyond = table.column_names[len(self.names) :]
            self.account.ignored_values += sum(len(table) - table[n].null_count for n in beyond)
            table = table.select(self.names)
        return table

    def _ended(self, block: Block) -> Block:
        """Judge a last row without a line end: with too few fields it was cut off."""
        start = last_row_end(block.text, self.dialect, block.lines_before)
        tail = io.StringIO(block.text[start:].decode(errors="replace"), newline="\n")
        fields = sum(len(row) for _, row in numbered(tail, self.dialect))
        if not fields:
            return block
        inside = len(turns(block.text[start:], self.dialect, 0)) % 2
        if inside or fields < len(self.header.names):
            self.account.truncated = block.lines_before + block.text.count(b"\n") + 1
            return Block(block.text[:start], block.lines_before)
        self.account.is_open_ended = True
        return Block(block.text + b"\n", block.lines_before)

    def _salvaged(self, block: Block) -> pa.Table:
        """Parse a block with types of its own; rows of another width are left out and counted."""
        bad: list[str] = []

        def leave_out(row: arrow_csv.InvalidRow) -> str:
            bad.append(row.text if len(bad) < _LINES_TOLD else "")
            return "skip"

        table = self._parse(block.text, {}, handler=leave_out)
        account = self.account
        if bad:
            account.dropped += len(bad)
            account.first = account.first or shown(bad[0])
            account.lines += self._bad_lines(block, _LINES_TOLD - len(account.lines))
        return table

    def _bad_lines(self, block: Block, most: int) -> list[int]:
        """Find the lines of the first rows that have another number of fields."""
        found: list[int] = []
        lines = io.StringIO(block.text.decode(errors="replace"), newline="\n")
        for number, row in numbered(lines, self.dialect):
            if len(found) >= most:
                break
            if row and len(row) != len(self.header.names):
                found.append(block.lines_before + number)
        return found

    def _parse(
        self, text: bytes, types: Mapping[str, pa.DataType], *, handler: object = None
    ) -> pa.Table:
        as_text = {name: kind for name, kind in self.types.items() if pa.types.is_string(kind)}
        quote = self.dialect.quote
        return arrow_csv.read_csv(
            pa.BufferReader(text),
            read_options=arrow_csv.ReadOptions(column_names=self.header.names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=quote or False,
                escape_char=self.dialect.escape or False,
                double_quote=not self.dialect.escape,
                newlines_in_values=bool(quote) and quote.encode() in text,
                ignore_empty_lines=len(self.header.names) > 1,  # in one column they are missing
                invalid_row_handler=handler,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=as_text | dict(types),
                decimal_point=self.dialect.decimal,
                strings_can_be_null=True,
                null_values=["", *self.missing],
            ),
        )


def open_text(read: Read, wishes: Wishes) -> tuple[Delimited, pa.Schema, Iterator[pa.RecordBatch]]:
    """Open delimited text: what it is, its columns as declared, and its rows (once).

    A column of numbers with a few odd tokens is declared as numbers although its batches come as
    text. Raises Unreadable.
    """
    head = read(texts.HEAD_BYTES)
    dialect = detect(head, wishes.options, wishes.expected)
    is_part = wishes.head_only and len(head) >= texts.HEAD_BYTES
    account = Account(Odd(is_fixed=wishes.options.encoding is not None))
    rest = blocks(head, read, dialect, account.odd, head_only=is_part)
    first = next(rest, Block(b"", 0))
    first = Block(mended(first, account.odd), 0)
    header = find_header(_lines(first.text[: texts.HEAD_BYTES]), dialect, wishes)
    text = Delimited(dialect, header, wishes.options.missing, account=account)
    first = _after(first, header.lines)
    text = replace(text, types={**_codes(text, first), **_wished_texts(text, wishes)})
    table = text.table(first)
    filled = {name: table[name].type for name in text.names if table[name].null_count < len(table)}
    text = replace(text, types={**filled, **text.types})
    rows = itertools.chain(_whole(table), (b for block in ahead(rest) for b in text.parse(block)))
    return text, _declared(text, table, wishes), rows


def _whole(table: pa.Table) -> list[pa.RecordBatch]:
    """Give the rows as one batch: every batch costs its reader some calls for each column."""
    batches: list[pa.RecordBatch] = table.combine_chunks().to_batches()
    return batches


def _lines(text: bytes) -> list[str]:
    """Give the whole lines of a text that may be cut anywhere."""
    lines = io.StringIO(text.decode(errors="replace"), newline="\n").readlines()
    return lines[:-1] if len(lines) > 1 and not lines[-1].endswith("\n") else lines


def _after(block: Block, lines: int) -> Block:
    place = 0
    for _ in range(lines):
        place = block.text.find(b"\n", place) + 1 or len(block.text)
    return Block(block.text[place:], lines)


def _wished_texts(text: Delimited, wishes: Wishes) -> dict[str, pa.DataType]:
    wished = wishes.columns
    return {n: wished[n] for n in text.names if n in wished and pa.types.is_string(wished[n])}


def _codes(text: Delimited, block: Block) -> dict[str, pa.DataType]:
    """Find columns of codes with leading zeros among the first rows: 007 is not 7."""
    head = block.text[:_SAMPLE_BYTES]
    if len(head) < len(block.text):
        head = head[: last_row_end(head, text.dialect, block.lines_before)]
    as_text = replace(text, types=dict.fromkeys(text.header.names, pa.string()), account=Account())
    table = as_text.table(Block(head, block.lines_before))
    return {
        name: pa.string()
        for name in text.names
        if len(table) and pc.any(pc.match_substring_regex(table[name], _CODE)).as_py()
    }


def _declared(text: Delimited, table: pa.Table, wishes: Wishes) -> pa.Schema:
    """Tell the type that each column is meant to be; a wish decides what its texts mean."""
    comma, tokens = text.dialect.decimal, wishes.options.missing
    kinds = {
        name: wishes.columns.get(name) or meant(table[name], comma, tokens)
        if pa.types.is_string(table[name].type)
        else table[name].type
        for name in text.names
    }
    return pa.schema(list(kinds.items()))
