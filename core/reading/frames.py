"""Frames of other libraries as record batches: pandas, and all that speak Arrow's protocol."""

import json
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from .problems import Note, Unreadable, shown
from .tables import BATCH_ROWS, Table


@runtime_checkable
class ArrowStream(Protocol):
    """Any frame that speaks Arrow's PyCapsule protocol: Polars, pandas, DuckDB, Arrow itself."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over the rows as an Arrow stream."""


def read_frame(source: object, name: str) -> Table:
    """Open a frame. Raises Unreadable for what is no table."""
    if type(source).__module__.partition(".")[0] == "pandas" and hasattr(source, "columns"):
        return _pandas(source, name)
    if not isinstance(source, ArrowStream):
        what = type(source).__name__
        raise Unreadable(
            "wrong_type", f"A {what} is not a table. Give a path, a data frame or an Arrow table."
        )
    try:
        reader, rows = _streamed(source)
    except (pa.ArrowException, TypeError, ValueError) as error:  # a lone column, for instance
        reason = (str(error).splitlines() or ["it has no columns"])[0].rstrip(".")
        raise Unreadable("wrong_type", f"{name} is not a table: {reason}.") from None
    return Table(name, reader.schema, rows, form="frame")


def _streamed(source: Any) -> tuple[pa.RecordBatchReader, Iterator[pa.RecordBatch]]:
    """Stream a frame; Polars would copy the whole of one that has several chunks."""
    read = pa.RecordBatchReader.from_stream
    if not hasattr(source, "iter_slices"):
        reader = read(source)
        return reader, iter(reader)
    slices = source.iter_slices(BATCH_ROWS)
    return read(source.head(0)), (batch for each in slices for batch in read(each))


def _pandas(frame: Any, name: str) -> Table:
    """Open a pandas frame; columns of mixed types become their text form, noted.

    Columns of Python texts, which Arrow must copy, are copied batch by batch.
    """
    names = [_name(each) for each in frame.columns]
    columns, notes = [], []
    for place, column in enumerate(names):
        series = frame.iloc[:, place]
        found, is_mixed = (series, False) if _is_texts(series) else _whole(series)
        columns.append(found)
        if is_mixed:
            message = (
                f"{shown(column)} holds values of several types; they are compared by their text."
            )
            notes.append(Note("mixed_types", message, column=column))
    types = [each.type if hasattr(each, "type") else pa.string() for each in columns]
    table = Table(name, pa.schema(list(zip(names, types, strict=True))), iter(()), notes=notes)
    table.form, table.rows = "frame", _batches(table, columns, len(frame))
    return table


def _batches(table: Table, columns: Sequence[Any], rows: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, rows, BATCH_ROWS):
        parts = [_part(column, start) for column in columns]
        table.done = min((start + BATCH_ROWS) / rows, 1.0)
        yield pa.RecordBatch.from_arrays(parts, schema=table.schema)


def _part(column: Any, start: int) -> pa.Array:
    if hasattr(column, "type"):
        part = column.slice(start, BATCH_ROWS)
        return part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part
    texts = column.iloc[start : start + BATCH_ROWS]
    try:
        return pa.array(texts, pa.string(), from_pandas=True)
    except ValueError:  # half a letter: no UTF-8
        return pa.array([_text(each) for each in _plain(texts)], pa.string())


def _is_texts(series: Any) -> bool:
    """Tell whether a column holds Python texts and nothing else, beside missing values."""
    from pandas.api.types import infer_dtype  # noqa: PLC0415 (whoever has a frame has it loaded)

    return series.dtype == object and infer_dtype(series, skipna=True) == "string"


def _whole(series: Any) -> tuple[Any, bool]:
    column = _column(series)
    return text_of(_plain(series)) if column is None else (column, False)


def _name(name: object) -> str:
    """Write a column's name as text; a name of several levels as its parts."""
    return ".".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _column(series: Any) -> pa.Array | None:
    """Turn one pandas column into Arrow; None for what Arrow does not know."""
    kind = series.dtype
    if kind.kind == "c":
        parts = [pa.array(series.to_numpy().real), pa.array(series.to_numpy().imag)]
        return pa.StructArray.from_arrays(parts, names=["real", "imaginary"])
    if type(kind).__name__ == "SparseDtype":
        series = series.sparse.to_dense()
    if type(kind).__name__ == "PeriodDtype":
        series = series.dt.to_timestamp()
    if type(kind).__name__ == "IntervalDtype":
        series = series.astype("str").where(series.notna(), None)
    try:
        column = pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    return None if pa.types.is_dictionary(column.type) and not _is_plain(column.type) else column


def _is_plain(kind: pa.DataType) -> bool:
    return not pa.types.is_nested(kind.value_type)


def _plain(series: Any) -> list[object]:
    missing = series.isna()
    return [None if gone else value for value, gone in zip(series.tolist(), missing, strict=True)]


def text_of(values: Sequence[object]) -> tuple[pa.Array, bool]:
    """Build a column of any Python values; True where they are of several types, given as text.

    Numbers of any kind become floats; lists and records keep their nature where they are alone.
    """
    try:
        return pa.array(values, from_pandas=True), False
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        pass
    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, (Number, Decimal)) for value in filled):
        numbers = [_float(value) for value in values]
        if None not in {n for n, v in zip(numbers, values, strict=True) if v is not None}:
            return pa.array(numbers, pa.float64()), False
    if filled and all(isinstance(value, (list, tuple, dict, set, bytes)) for value in filled):
        return pa.array([None if v is None else [""] for v in values], pa.list_(pa.string())), False
    return pa.array([_text(value) for value in values], pa.string()), True


def _float(value: object) -> float | None:
    if value is None or isinstance(value, complex):
        return None
    try:
        return float(value)  # type: ignore[arg-type]  # any object may know how
    except OverflowError:
        is_positive = isinstance(value, (int, Fraction, Decimal)) and value > 0
        return math.inf if is_positive else -math.inf
    except (TypeError, ValueError):
        return None


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = json.dumps(value, default=str) if isinstance(value, (dict, list)) else _safely(value)
    return text.encode("utf-8", "replace").decode()


def _safely(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 (a class of the user's may raise anything)
        return f"<{type(value).__name__}>"
