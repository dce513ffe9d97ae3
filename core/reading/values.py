"""What texts of a column mean, where numbers, times or truths are meant: told, rewritten, counted.

The meaning of a column is its declared type: that of the reference for live. Texts are rewritten
so that whoever counts reads them without a guess; what cannot be read stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import moments, numerals
from .options import Options, Types
from .problems import Note, listed, shown, some

_NEARLY_ALL = 0.99  # the share of a column's values that must be of one meaning
_CODE = r"^\s*[+-]?0\d+\s*$"
_TRUTH = r"^(?i:true|false)$"


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type is text, plain or as a dictionary."""
    types = pa.types
    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def meant(column: pa.ChunkedArray, decimal: str, tokens: tuple[str, ...] = ()) -> pa.DataType:
    """Tell the type that a column of text is meant to be: numbers, times, truths, or text.

    >>> meant(pa.chunked_array([["1,234.5", "n/a", "2"]]), ".")
    DataType(double)
    """
    if not is_text(column.type):
        return column.type
    found = column.drop_null().value_counts()
    texts = pc.utf8_trim_whitespace(found.field("values").cast(pa.string()))
    nothing = pc.or_(numerals.is_missing(texts), pc.is_in(texts, numerals.listed(["", *tokens])))
    kept = pc.invert(nothing)
    texts, rows = texts.filter(kept), found.field("counts").filter(kept)
    if not len(texts) or pc.any(pc.match_substring_regex(texts, _CODE)).as_py():
        return column.type

    least = _NEARLY_ALL * pc.sum(rows).as_py()

    def holds(matching: pa.Array) -> bool:
        return bool((pc.sum(rows.filter(matching)).as_py() or 0) >= least)

    plain = numerals.plain(texts, numerals.decimal_of(texts, decimal))
    if holds(numerals.are_numbers(plain)) or holds(_clock(texts)):
        return pa.float64()
    if holds(pc.match_substring_regex(texts, moments.ISO)):
        return moments.MOMENT if pc.any(_zoned(texts)).as_py() else pa.timestamp("us")
    order = moments.order_of(texts)
    if order and order.certain and holds(pc.is_valid(moments.instants(texts, order))):
        return pa.timestamp("us")
    return pa.bool_() if holds(pc.match_substring_regex(texts, _TRUTH)) else column.type


def _clock(texts: pa.Array) -> pa.Array:
    return pc.match_substring_regex(texts, numerals.CLOCK)


def _zoned(texts: pa.Array) -> pa.Array:
    return pc.match_substring_regex(texts, r":.*(Z|UTC|[+-]\d\d(:?\d\d)?)\s*$")


@dataclass(slots=True)
class _Seen:
    """What was met in one column."""

    tokens: Counter[str] = field(default_factory=Counter)
    rewritten: int = 0
    first: str | None = None
    order: moments.Order | None = None
    decimal: str | None = None
    trimmed: int = 0


@dataclass(slots=True)
class Cleaner:
    """Rewrites the text columns of a table, batch by batch, and keeps account of it.

    `types` are the declared types by column. `is_written` tells that all of the source is text, so
    that numbers in text are no surprise and blanks around a text are not part of it.
    """

    types: Types
    options: Options
    decimal: str = "."
    is_written: bool = True
    seen: dict[str, _Seen] = field(default_factory=dict)
    _schema: pa.Schema | None = None  # of the last batch, and the columns in it to look at
    _places: list[int] = field(default_factory=list)

    def clean(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rewrite one batch."""
        if self._schema is None or not batch.schema.equals(self._schema):
            self._schema = batch.schema
            self._places = [
                place for place, each in enumerate(batch.schema) if self._concerns(each)
            ]
        columns = batch.columns
        changed = False
        for place in self._places:
            before = columns[place]
            columns[place] = self._cleaned(batch.schema.names[place], before)
            changed = changed or columns[place] is not before
        if not changed:
            return batch
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _concerns(self, column: pa.Field) -> bool:
        if self.options.missing:
            return not pa.types.is_nested(column.type)
        meaning = self.types.get(column.name)
        return meaning is not None and (is_text(column.type) or _may_be_dates(column.type, meaning))

    def _cleaned(self, name: str, column: pa.Array) -> pa.Array:
        if self.options.missing and not pa.types.is_nested(column.type):
            column = _without(column, self.options.missing)
        meaning = self.types.get(name)
        if meaning is not None and _may_be_dates(column.type, meaning):
            column = column.cast(pa.string())
        if not is_text(column.type) or meaning is None:
            return column
        seen = self.seen.setdefault(name, _Seen())
        if pa.types.is_floating(meaning) or pa.types.is_integer(meaning):
            return self._numbers(column, seen)
        if pa.types.is_timestamp(meaning) or pa.types.is_date(meaning):
            return self._times(column, seen)
        if pa.types.is_boolean(meaning):
            return _distinct(column, lambda texts, rows: _tokens_out(texts, rows, seen))
        return self._trimmed(column, seen) if self.is_written else column

    def _trimmed(self, column: pa.Array, seen: _Seen) -> pa.Array:
        if pa.types.is_dictionary(column.type):
            return column
        blanks = pc.or_(pc.starts_with(column, " "), pc.ends_with(column, " "))
        if not pc.any(blanks).as_py():
            return column
        seen.trimmed += numerals.count(blanks)
        seen.first = seen.first or column.filter(blanks)[0].as_py()
        trimmed = pc.utf8_trim_whitespace(column)
        return pc.if_else(pc.equal(trimmed, ""), None, trimmed)

    def _numbers(self, column: pa.Array, seen: _Seen) -> pa.Array:
        def rewritten(texts: pa.Array, rows: np.ndarray) -> pa.Array:
            texts = _tokens_out(texts, rows, seen)
            odd = pc.invert(pc.fill_null(numerals.are_numbers(texts), True))  # noqa: FBT003
            if pc.any(odd).as_py() and seen.decimal is None:
                likely = self.options.decimal or self.decimal
                seen.decimal = self.options.decimal or numerals.decimal_of(
                    texts.filter(odd), likely
                )
            if seen.decimal is None and self.is_written:
                return texts
            plain = numerals.plain(
                numerals.seconds(texts), seen.decimal or self.decimal, self.options.thousands
            )
            is_number = pc.fill_null(numerals.are_numbers(plain), False)  # noqa: FBT003
            usual = pc.replace_substring(texts, ",", ".") if self.decimal == "," else texts
            changed = (
                is_number if not self.is_written else pc.and_(is_number, pc.not_equal(plain, usual))
            )
            _account(seen, texts, rows, changed)
            return pc.if_else(is_number, plain, texts)

        return _distinct(column, rewritten)

    def _times(self, column: pa.Array, seen: _Seen) -> pa.Array:
        def rewritten(texts: pa.Array, rows: np.ndarray) -> pa.Array:
            texts = _tokens_out(texts, rows, seen)
            odd = pc.invert(pc.fill_null(pc.match_substring_regex(texts, moments.ISO), True))  # noqa: FBT003
            if not pc.any(odd).as_py():
                return texts
            seen.order = seen.order or moments.order_of(texts.filter(odd))
            if seen.order is None:
                return texts
            read = moments.instants(texts, seen.order)
            is_read = pc.and_(odd, pc.is_valid(read))
            _account(seen, texts, rows, is_read)
            written = pc.strftime(read, "%Y-%m-%dT%H:%M:%S")
            return pc.if_else(is_read, written, texts)

        return _distinct(column, rewritten)

    def notes(self) -> Iterator[Note]:
        """Say what was met."""
        for name, seen in self.seen.items():
            yield from _notes(name, seen)


def _may_be_dates(kind: pa.DataType, meaning: pa.DataType) -> bool:
    """Tell whether whole numbers stand where times are meant: 20261231."""
    return bool(pa.types.is_integer(kind) and pa.types.is_timestamp(meaning))


def _distinct(column: pa.Array, rewrite: Callable[[pa.Array, np.ndarray], pa.Array]) -> pa.Array:
    """Rewrite each distinct text once; `rewrite` takes the trimmed texts and the rows of each."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = pc.utf8_trim_whitespace(encoded.dictionary.cast(pa.string()))
    filled = encoded.indices.drop_null()
    rows = np.bincount(np.asarray(filled), minlength=len(texts))
    new = rewrite(texts, rows)
    return new.take(encoded.indices)


def _without(column: pa.Array, tokens: tuple[str, ...]) -> pa.Array:
    plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    try:
        texts = plain.cast(pa.string())
    except pa.ArrowException:
        return column
    found = pc.is_in(texts, pa.array(tokens))
    if pa.types.is_floating(plain.type) or pa.types.is_integer(plain.type):
        for token in tokens:
            try:
                found = pc.or_(found, pc.equal(plain, pa.scalar(float(token))))
            except ValueError:
                continue
    return pc.if_else(pc.fill_null(found, False), None, plain)  # noqa: FBT003


def _tokens_out(texts: pa.Array, rows: np.ndarray, seen: _Seen) -> pa.Array:
    tokens = pc.fill_null(numerals.is_missing(texts), False)  # noqa: FBT003
    if pc.any(tokens).as_py():
        places = np.flatnonzero(np.asarray(tokens))
        for text, number in zip(
            texts.take(pa.array(places)).to_pylist(), rows[places], strict=True
        ):
            seen.tokens[text] += int(number)
    return pc.if_else(pc.or_(tokens, pc.equal(texts, "")), None, texts)


def _account(seen: _Seen, texts: pa.Array, rows: np.ndarray, changed: pa.Array) -> None:
    places = np.flatnonzero(np.asarray(pc.fill_null(changed, False)))  # noqa: FBT003
    if places.size:
        seen.rewritten += int(rows[places].sum())
        seen.first = seen.first or texts[int(places[0])].as_py()


def _notes(name: str, seen: _Seen) -> Iterator[Note]:
    if total := sum(seen.tokens.values()):
        pairs = [f"{text} ({number})" for text, number in seen.tokens.most_common()]
        message = f"{some(total, 'word')} for missing in {name}: {listed(pairs)}."
        first = seen.tokens.most_common(1)[0][0]
        yield Note("missing_tokens", message, column=name, count=total, first=first)
    first = shown(seen.first or "")
    if seen.rewritten and seen.order:
        code = "dates_reformatted" if seen.order.certain else "date_order_guessed"
        message = f"{some(seen.rewritten, 'date')} of {name} read as {seen.order.words}: {first}."
        yield Note(code, message, column=name, count=seen.rewritten, first=first)
    elif seen.rewritten:
        message = f"{some(seen.rewritten, 'number')} of {name} in another form: {first}."
        yield Note("numbers_reformatted", message, column=name, count=seen.rewritten, first=first)
    if seen.trimmed:
        message = f"Blanks around {some(seen.trimmed, 'value')} of {name} were left out."
        yield Note("names_trimmed", message, column=name, count=seen.trimmed, first=first)
