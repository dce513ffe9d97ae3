import numpy as np
import pyarrow as pa
import pytest

from core.profiling import buffers

NUMBERS = (pa.int8(), pa.uint16(), pa.int32(), pa.int64(), pa.uint64(), pa.float32(), pa.float64())


@pytest.mark.parametrize("kind", NUMBERS, ids=str)
@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 20), slice(3, 17), slice(19, 20)], ids=str)
def test_numbers_are_those_of_arrow_wherever_the_array_begins(kind, cut):
    array = pa.array(range(20), kind)[cut]
    numbers = buffers.numbers(array)
    assert numbers.dtype == array.to_numpy().dtype
    assert numbers.tolist() == array.to_pylist()


def test_numbers_are_not_copied():
    array = pa.array([1.5, 2.5])
    assert buffers.numbers(array).ctypes.data == array.buffers()[1].address


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["a", None, "b"] * 9),
        pa.array([None, 1, None] * 9)[5:22],
        pa.array(range(30))[9:],
        pa.nulls(11),
        pa.array([], pa.string()),
        pa.array([[1], None, []]),
    ],
    ids=str,
)
def test_valid_tells_what_is_not_null(array):
    assert buffers.valid(array).tolist() == [value is not None for value in array.to_pylist()]


def test_truths_are_read_from_any_bit_on():
    values = [number % 3 == 0 for number in range(40)]
    for start in range(18):
        assert buffers.truths(pa.array(values)[start:33]).tolist() == values[start:33]


def test_places_take_the_rows_they_name():
    rows = np.arange(10)[::-3]
    assert pa.array(list("abcdefghij")).take(buffers.places(rows)).to_pylist() == list("jgda")


@pytest.mark.parametrize("texts", [[], [""], ["Łódź", "", "a\0b"]], ids=str)
def test_strings_are_those_of_arrow(texts):
    assert buffers.strings(texts).equals(pa.array(texts, pa.string()))
