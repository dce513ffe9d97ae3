"""Vectors: rows, mean, and centred sums of products and powers. They add, and hold no rows.

A vector is one column of lists of one length, or several columns side by side. Sums are taken about
the mean of each block and merged by the formulas of Chan, Golub and LeVeque (1979) and of Pébay
(2008): no digits are lost where a mean is large beside its spread.
"""

import base64
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .cells import Array
from .kinds import numbers_by_row

MOST: Final = 2048  # components: their products fill 32 MB

_HUGE: Final = 1e60  # beyond it fourth powers may overflow
_BLOCK: Final = 1 << 22  # numbers that are summed at once
_EMPTY: Final = np.zeros(0)


class BadVector(ValueError):
    """Vectors that do not add, or cannot be counted."""


@dataclass(frozen=True, slots=True, eq=False)
class VectorCounts:
    """What is kept of vectors of d components: `+` merges, in any order but for the last digits.

    `columns` and `widths` say where the components come from; `missing` are the rows of which a
    component is missing, infinite or beyond 1e60, or no number of the list at all. `misfits` are
    those of them, by column, that have something else there: a list of another length, or text.
    `mean` is (d,), `products` (d, d) the sum of products of deviations from it, `cubes` and
    `fourths` (d,) those of their powers. `==` leaves the sums out: their last digits follow the
    order of merging.
    """

    columns: tuple[str, ...]
    widths: tuple[int, ...] = ()  # the reference's; or () until a complete row has come
    rows: int = 0
    missing: int = 0
    misfits: tuple[int, ...] = ()  # () for none
    mean: Array = field(default_factory=lambda: _EMPTY)
    products: Array = field(default_factory=lambda: _EMPTY.reshape(0, 0))
    cubes: Array = field(default_factory=lambda: _EMPTY)
    fourths: Array = field(default_factory=lambda: _EMPTY)

    @property
    def complete(self) -> int:
        """Rows with all components."""
        return self.rows - self.missing

    @property
    def odd(self) -> tuple[int, ...]:
        """`misfits` of each column, 0 for none."""
        return self.misfits or (0,) * len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The components' names: the column, and the place in its list."""
        return tuple(
            name if width == 1 else f"{name}[{place}]"
            for name, width in zip(self.columns, self.widths, strict=False)
            for place in range(width)
        )

    def extended(self, batch: pa.RecordBatch) -> "VectorCounts":
        """Count the rows of a batch. Raises BadVector for more than `MOST` components.

        >>> batch = pa.record_batch({"x": [1.0, 3.0], "y": [[0.0, 4.0], None]})
        >>> counts = VectorCounts(("x", "y")).extended(batch)
        >>> counts.names, counts.complete, counts.mean.tolist()
        (('x', 'y[0]', 'y[1]'), 1, [1.0, 0.0, 4.0])
        """
        columns = [_column(batch, name) for name in self.columns]
        widths = self.widths or tuple(map(_width, columns))
        if not all(widths):  # a column of lists without a list: no row is complete
            return self + VectorCounts(self.columns, (), batch.num_rows, batch.num_rows)
        if sum(widths) > MOST:
            raise BadVector(f"{sum(widths)} components; at most {MOST} are counted")
        total, step = self, max(_BLOCK // sum(widths), 1)
        for start in range(0, batch.num_rows, step):
            parts = [
                _matrix(column.slice(start, step), width)
                for column, width in zip(columns, widths, strict=True)
            ]
            matrix = np.concatenate([part for part, _ in parts], axis=1)
            misfits = tuple(odd for _, odd in parts)
            total = total + replace(_summed(self.columns, widths, matrix), misfits=misfits)
        return total

    def __add__(self, other: "VectorCounts") -> "VectorCounts":
        if not isinstance(other, VectorCounts):
            return NotImplemented
        if self.columns != other.columns or (
            self.widths and other.widths and self.widths != other.widths
        ):
            raise BadVector("vectors of different columns or lengths do not add")
        both = itertools.zip_longest(self.misfits, other.misfits, fillvalue=0)
        rows = (self.rows + other.rows, self.missing + other.missing, tuple(map(sum, both)))
        if not self.complete or not other.complete:
            kept = self if self.complete else other
            widths = kept.widths or self.widths or other.widths
            sums = (kept.mean, kept.products, kept.cubes, kept.fourths)
            return VectorCounts(self.columns, widths, *rows, *sums)
        return VectorCounts(self.columns, self.widths, *rows, *_merged(self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VectorCounts):
            return NotImplemented
        return _exact(self) == _exact(other)


def _exact(counts: VectorCounts) -> tuple[object, ...]:
    return counts.columns, counts.widths, counts.rows, counts.missing, counts.odd


def _merged(left: VectorCounts, right: VectorCounts) -> tuple[Array, Array, Array, Array]:
    """Merge mean, products, cubes and fourths (Pébay 2008, equations 2.1 and 3.1)."""
    n, m = left.complete, right.complete
    a, b = n / (n + m), m / (n + m)  # as shares: products of row numbers would overflow floats late
    apart = right.mean - left.mean
    before, after = left.products.diagonal(), right.products.diagonal()
    products = left.products + right.products + np.outer(apart, apart) * (n * b)
    cubes = left.cubes + right.cubes + apart**3 * (n * b * (a - b))
    cubes = cubes + 3 * apart * (a * after - b * before)
    fourths = left.fourths + right.fourths + apart**4 * (n * b * (a * a - a * b + b * b))
    fourths = fourths + 6 * apart**2 * (a * a * after + b * b * before)
    fourths = fourths + 4 * apart * (a * right.cubes - b * left.cubes)
    return left.mean + apart * b, products, cubes, fourths


def _summed(columns: tuple[str, ...], widths: tuple[int, ...], matrix: Array) -> VectorCounts:
    rows = matrix.shape[0]
    whole = matrix[(np.abs(matrix) < _HUGE).all(axis=1)]  # NaN is not below
    if not whole.size:
        return VectorCounts(columns, widths, rows, rows)
    mean = whole.mean(axis=0)
    mean = mean + (whole - mean).mean(axis=0)  # a long sum of one constant rounds one way
    apart = whole - mean
    squares = apart * apart
    return VectorCounts(
        columns,
        widths,
        rows,
        rows - len(whole),
        (),
        mean,
        apart.T @ apart,
        np.einsum("ij,ij->j", squares, apart),
        np.einsum("ij,ij->j", squares, squares),
    )


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows)
    column = batch.column(name)
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_fixed_size_list(kind) or types.is_list(kind) or types.is_large_list(kind))


def _width(column: pa.Array) -> int:
    """Tell how many components most rows have; 0 for lists of which none has come."""
    if not _is_list(column.type):
        return 1
    if pa.types.is_fixed_size_list(column.type):
        return int(column.type.list_size)
    lengths = pc.list_value_length(column).drop_null().to_numpy(zero_copy_only=False)
    known, times = np.unique(lengths[lengths > 0], return_counts=True)
    return int(known[times.argmax()]) if len(known) else 0


def _matrix(column: pa.Array, width: int) -> tuple[Array, int]:
    """Give a column as (rows, width), NaN where it has no number, and how many rows do not fit."""
    matrix = np.full((len(column), width), np.nan)
    if not _is_list(column.type):
        values, unread = numbers_by_row(column, "numeric")
        if width != 1:  # of a column of lists
            return matrix, len(column) - column.null_count
        return values.reshape(-1, 1), int(unread.sum())
    fits = pc.fill_null(pc.equal(pc.list_value_length(column), width), fill_value=False)
    values, unread = numbers_by_row(column.filter(fits).flatten(), "numeric")
    matrix[np.asarray(fits)] = values.reshape(-1, width)
    others = len(column) - column.null_count - (pc.sum(fits).as_py() or 0)
    return matrix, others + int(unread.reshape(-1, width).any(axis=1).sum())


def packed(counts: VectorCounts) -> dict[str, Any]:
    """Write what is kept as plain data; of the products one triangle."""
    triangle = counts.products[np.triu_indices(len(counts.mean))]
    sums = {"mean": counts.mean, "products": triangle, "cubes": counts.cubes}
    return {
        "columns": list(counts.columns),
        "widths": list(counts.widths),
        "rows": counts.rows,
        "missing": counts.missing,
        "misfits": list(counts.odd),
        **{name: _text(values) for name, values in {**sums, "fourths": counts.fourths}.items()},
    }


def restored(stored: Mapping[str, Any], rows: int) -> VectorCounts:
    """Read what `packed` wrote; raise BadVector for what a table of `rows` rows cannot have."""
    columns, widths = tuple(stored["columns"]), tuple(stored["widths"])
    misfits = tuple(stored.get("misfits", ()))
    numbers = [*widths, *misfits, stored["missing"], stored["rows"]]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise BadVector("numbers of rows that are not whole")
    size = sum(widths)
    most = max(stored["missing"], *misfits, 0)
    if not most <= stored["rows"] == rows or len(misfits) > len(columns) or size > MOST:
        raise BadVector(f"numbers of rows that do not fit a table of {rows}")
    size = size if stored["missing"] < rows else 0  # without a complete row there are no sums
    mean, triangle, cubes, fourths = (
        _numbers(stored[name], length)
        for name, length in (
            ("mean", size),
            ("products", size * (size + 1) // 2),
            ("cubes", size),
            ("fourths", size),
        )
    )
    products = np.zeros((size, size))
    products[np.triu_indices(size)] = triangle
    products = products + np.triu(products, 1).T
    if (products.diagonal() < 0).any() or (fourths < 0).any():
        raise BadVector("squares below zero")
    sums = (mean, products, cubes, fourths)
    return VectorCounts(columns, widths, rows, stored["missing"], misfits, *sums)


def _text(values: NDArray[np.float64]) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode()


def _numbers(text: str, size: int) -> Array:
    values = np.frombuffer(base64.b64decode(text, validate=True), "<f8").astype(np.float64)
    if values.size != size or not np.isfinite(values).all():
        raise BadVector("sums that are no numbers, or not as many as its components")
    return values


def add_vectors(
    left: Mapping[str, VectorCounts], right: Mapping[str, VectorCounts], rows: Sequence[int]
) -> dict[str, VectorCounts]:
    """Sum the vectors of two tables of `rows` rows: those that both counted.

    A table without rows is no obstacle. Raises BadVector where lengths differ.
    """
    if not rows[1]:
        return dict(left) if rows[0] or left else dict(right)
    if not rows[0]:
        return dict(right)
    return {name: counts + right[name] for name, counts in left.items() if name in right}
