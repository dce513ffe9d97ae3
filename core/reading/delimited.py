"""Delimited text (CSV and its family) as record batches, with bounded memory.

The file is cut into blocks at line ends outside quotes; each block is parsed on all cores. Types
are told from the first block. A later block that refutes them is parsed again by itself, with
types of its own and bad rows counted: whoever counts reads each batch against the kind it wants.
"""

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from .dialects import Dialect, Unreadable, detect

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 25  # 32 MB: large enough for all cores, small enough to forget
_CODES_BYTES = 1 << 20  # where codes such as 007 are looked for

# A text column is one of numbers if nearly all its values are, words for "missing" put aside.
_NUMBERS = 0.99
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_NOTHING = r"^\W*$|^\W*(?i:na|n/a|nan|null|none|nil|missing)\W*$"
_TIME = r"^\s*\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?\s*$"
_CODE = r"^\s*[+-]?0\d+\s*$"

Read = Callable[[int], bytes]


@dataclass(slots=True)
class Rejects:
    """Rows that do not have the header's number of fields; they are left out and counted."""

    rows: int = 0
    first: str | None = None

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        """Count `row` and tell Arrow to leave it out."""
        self.rows += 1
        self.first = self.first or row.text
        return "skip"


@dataclass(frozen=True, slots=True)
class Delimited:
    """An opened text file. `types` are wished for each block; a block may answer with others."""

    dialect: Dialect
    names: list[str]
    types: Mapping[str, pa.DataType] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=Rejects)

    def parse(self, block: bytes, header_lines: int = 0) -> list[pa.RecordBatch]:
        """Cut one block of whole lines into record batches."""
        try:
            return self._parse(block, header_lines, self.types)
        except pa.ArrowInvalid:
            return self._parse(block, header_lines, {}, handler=self.rejects)

    def _parse(
        self,
        block: bytes,
        header_lines: int,
        types: Mapping[str, pa.DataType],
        *,
        handler: Rejects | None = None,
    ) -> list[pa.RecordBatch]:
        texts = {name: kind for name, kind in self.types.items() if pa.types.is_string(kind)}
        table = arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(column_names=self.names, skip_rows=header_lines),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                newlines_in_values=b'"' in block,
                ignore_empty_lines=len(self.names) > 1,  # in one column they are missing values
                invalid_row_handler=handler,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=texts | dict(types),
                decimal_point=self.dialect.decimal,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        batches: list[pa.RecordBatch] = table.to_batches()
        return batches


def open_text(
    read: Read, columns: Mapping[str, pa.DataType]
) -> tuple[Delimited, pa.Schema, Iterator[pa.RecordBatch]]:
    """Open delimited text: what it is, its columns as declared, and its rows (once).

    `columns` gives wished types by name, for instance text for codes; the others are told from the
    first block. A column of numbers with a few odd tokens is declared as numbers although its
    batches come as text. Raises Unreadable.
    """
    head = read(HEAD_BYTES)
    dialect = detect(head)
    if b"\0" in head and not dialect.encoding.startswith(("utf-16", "utf-32")):
        raise Unreadable("not_a_table", "It holds bytes that no text has. Check the file.")
    blocks = _blocks(_utf8(head, read, dialect.encoding))
    first = next(blocks, b"")
    first += b"" if first.endswith(b"\n") else b"\n"
    names, header_lines = _header(first, dialect)
    text = Delimited(dialect, names, {name: columns[name] for name in names if name in columns})
    text = Delimited(dialect, names, {**_codes(text, first, header_lines), **text.types})
    told = pa.Table.from_batches(
        Delimited(dialect, names, text.types).parse(first, header_lines) or [_no_rows(names)]
    )
    types = {column: told[column].type for column in names if told[column].null_count < len(told)}
    text = Delimited(dialect, names, {**types, **text.types})
    comma = dialect.decimal == ","
    schema = pa.schema(
        [
            (name, told[name].type if name in columns else _declared(told[name], comma=comma))
            for name in names
        ]
    )
    rows = itertools.chain(
        text.parse(first, header_lines), (b for block in blocks for b in text.parse(block))
    )
    return text, schema, (_decimal_points(b, schema) for b in rows) if comma else rows


def _no_rows(names: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0) for _ in names], names=names)


def _codes(text: Delimited, block: bytes, header_lines: int) -> dict[str, pa.DataType]:
    """Find columns of codes with leading zeros among the first rows: 007 is not 7."""
    head = block[:_CODES_BYTES]
    head = head[: _last_line_end(head) or len(head)]
    as_text = Delimited(text.dialect, text.names, dict.fromkeys(text.names, pa.string()))
    table = pa.Table.from_batches(as_text.parse(head, header_lines) or [_no_rows(text.names)])
    return {
        name: pa.string()
        for name in text.names
        if len(table) and pc.any(pc.match_substring_regex(table[name], _CODE)).as_py()
    }


def _declared(column: pa.ChunkedArray, *, comma: bool) -> pa.DataType:
    """Tell the type meant: numbers or times with a few odd tokens, though they come as text."""
    if not pa.types.is_string(column.type):
        return column.type
    values = column.drop_null()
    values = values.filter(pc.invert(pc.match_substring_regex(values, _NOTHING)))
    number = _NUMBER.replace(r"\.", ",") if comma else _NUMBER
    if pc.any(pc.match_substring_regex(values, _CODE)).as_py():
        return column.type
    for pattern, meant in ((number, pa.float64()), (_TIME, pa.timestamp("us"))):
        matching = pc.sum(pc.match_substring_regex(values, pattern)).as_py() or 0
        if matching and matching >= _NUMBERS * len(values):
            return meant
    return column.type


def _decimal_points(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Write text that is declared as numbers with decimal points."""
    for place, declared in enumerate(schema):
        column = batch.column(place)
        if pa.types.is_floating(declared.type) and pa.types.is_string(column.type):
            points = pc.replace_substring(column, ",", ".")
            batch = batch.set_column(place, declared.name, points)
    return batch


def _utf8(head: bytes, read: Read, encoding: str) -> Iterator[bytes]:
    """Yield the text as UTF-8 without a byte order mark."""
    decode = codecs.getincrementaldecoder(encoding)("replace").decode
    while head:
        yield head if encoding == "utf-8" else decode(head).encode()
        head = read(BLOCK_BYTES)


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the text at line ends outside quotes, so that each block is whole lines."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        end = _last_line_end(rest)
        if not end and len(rest) > BLOCK_BYTES:
            raise Unreadable(
                "line_too_long",
                f"It has a line of more than {BLOCK_BYTES >> 20} MB, or a quote that is never "
                "closed. Mend the file.",
            )
        if end and len(rest) >= BLOCK_BYTES:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def _last_line_end(text: bytes) -> int:
    inside = text.count(b'"') % 2
    end = len(text)
    while (at := text.rfind(b"\n", 0, end)) >= 0:
        inside ^= text.count(b'"', at, end) % 2
        if not inside:
            return at + 1
        end = at
    return 0


def _header(block: bytes, dialect: Dialect) -> tuple[list[str], int]:
    """Tell the columns' names and how many lines they take."""
    head = io.StringIO(block[:_CODES_BYTES].decode(errors="replace"), newline=None)
    rows = csv.reader(head, delimiter=dialect.delimiter)
    names = [name.strip() for name in next((row for row in rows if any(row)), [])]
    if not names:
        raise Unreadable("no_header", "It has no header. The first line must name the columns.")
    require_unique("The header", [name for name in names if name])
    return [name or f"column_{place}" for place, name in enumerate(names, 1)], rows.line_num


def require_unique(where: str, names: list[str]) -> None:
    """Refuse columns of one name: nobody could tell which of them was meant."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        sentence = f"names several columns alike ({', '.join(repeated)}). Rename them."
        raise Unreadable("duplicate_columns", f"{where} {sentence}")
