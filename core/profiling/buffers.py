"""Arrow's buffers as NumPy arrays, and back, in place.

Arrow's own ways (`to_numpy`, `numpy.asarray`, `pa.array`) import pandas, which takes a third of a
second of a run that needs none; with nulls they are slower, too.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]


def numbers(array: pa.Array) -> NDArray[Any]:
    """Give the numbers of an array of integers or floats; what stands at a null is not defined.

    >>> numbers(pa.array([1, 2, 3], pa.int8())[1:])
    array([2, 3], dtype=int8)
    """
    kind = np.dtype(array.type.to_pandas_dtype())
    data = array.buffers()[1]
    if not len(array) or data is None:
        return np.zeros(len(array), kind)
    return np.frombuffer(data, kind, len(array), array.offset * kind.itemsize)


def valid(array: pa.Array) -> Mask:
    """Tell which rows of an array of any type are not null.

    >>> valid(pa.array(["a", None]))
    array([ True, False])
    """
    return truths(pc.is_valid(array))


def truths(array: pa.Array) -> Mask:
    """Give an array of booleans; what stands at a null is not defined."""
    if not len(array):
        return np.zeros(0, np.bool_)
    first, end = array.offset // 8, (array.offset + len(array) + 7) // 8
    bits = np.frombuffer(array.buffers()[1], np.uint8, end - first, first)
    start = array.offset - 8 * first
    return np.unpackbits(bits, bitorder="little")[start : start + len(array)].view(np.bool_)


def places(rows: NDArray[np.int64]) -> pa.Array:
    """Give numbers of rows as Arrow has them, for `take`."""
    data = pa.py_buffer(np.ascontiguousarray(rows, np.int64))
    return pa.Array.from_buffers(pa.int64(), rows.size, [None, data])


def strings(texts: Sequence[str]) -> pa.Array:
    """Give texts as a string array.

    >>> strings(["Oslo", "", "Łódź"]).to_pylist()
    ['Oslo', '', 'Łódź']
    """
    letters = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, letters)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(letters))]
    return pa.Array.from_buffers(pa.string(), len(letters), buffers)
