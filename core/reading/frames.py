"""Frames of other libraries as record batches: pandas, and all that speak Arrow's protocol."""

import json
import math
from collections.abc import Sequence
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
        table, notes = _pandas(source)
        rows = iter(table.to_batches(max_chunksize=BATCH_ROWS))
        return Table(name, table.schema, rows, notes=notes, form="frame")
    if not isinstance(source, ArrowStream):
        what = type(source).__name__
        raise Unreadable(
            "wrong_type", f"A {what} is not a table. Give a path, a data frame or an Arrow table."
        )
    try:
        reader = pa.RecordBatchReader.from_stream(source)
    except (pa.ArrowException, TypeError, ValueError) as error:  # a lone column, for instance
        reason = (str(error).splitlines() or ["it has no columns"])[0].rstrip(".")
        raise Unreadable("wrong_type", f"{name} is not a table: {reason}.") from None
    return Table(name, reader.schema, iter(reader), form="frame")


def _pandas(frame: Any) -> tuple[pa.Table, list[Note]]:
    """Turn a pandas frame into Arrow; columns of mixed types become their text form, noted."""
    names = [_name(name) for name in frame.columns]
    notes, columns = [], []
    for place, name in enumerate(names):
        column = _column(frame.iloc[:, place])
        if column is None:
            column, is_mixed = text_of(_plain(frame.iloc[:, place]))
            if is_mixed:
                message = (
                    f"{shown(name)} holds values of several types; they are compared by their text."
                )
                notes.append(Note("mixed_types", message, column=name))
        columns.append(column)
    return pa.Table.from_arrays(columns, names=names), notes


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
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
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
        return float(value)  # type: ignore[arg-type]
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
