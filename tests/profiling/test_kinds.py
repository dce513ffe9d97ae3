from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import kinds, texts
from core.profiling.kinds import labels, numbers, tell

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
STAMP = NOON.timestamp()

# A column of each Arrow type with one null: its kind, and its values as numbers.
COLUMNS = {
    **{
        str(of): (pa.array([3, None, 0, 3], of), "numeric", [3, 0, 3])
        for of in (
            *(pa.int8(), pa.int16(), pa.int32(), pa.int64()),
            *(pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
            *(pa.float16(), pa.float32(), pa.float64()),
        )
    },
    **{
        str(of): (
            pa.array([Decimal("1.5"), None, Decimal("-2.25")], of),
            "numeric",
            [1.5, -2.25],
        )
        for of in (
            *(pa.decimal32(5, 2), pa.decimal64(9, 3)),
            *(pa.decimal128(30, 4), pa.decimal256(60, 5)),
        )
    },
    **{
        str(of): (pa.array([NOON, None, NOON], of), "datetime", [STAMP, STAMP])
        for of in (
            *(pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns")),
            *(pa.timestamp("us", "UTC"), pa.timestamp("ns", "Europe/Oslo")),
            pa.timestamp("ms", "-07:00"),
        )
    },
    "timestamp[s]": (pa.array([-5, None, 7], pa.timestamp("s")), "datetime", [-5, 7]),
    **{
        str(of): (pa.array([date(1970, 1, 3), None], of), "datetime", [172_800])
        for of in (pa.date32(), pa.date64())
    },
    "time32[s]": (pa.array([time(0, 1), None], pa.time32("s")), "numeric", [60]),
    **{
        str(of): (pa.array([time(0, 1, 0, 500_000), None], of), "numeric", [60.5])
        for of in (pa.time32("ms"), pa.time64("us"), pa.time64("ns"))
    },
    "duration[s]": (pa.array([-90, None], pa.duration("s")), "numeric", [-90]),
    **{
        f"duration[{unit}]": (
            pa.array([timedelta(minutes=-1.5, milliseconds=1), None], pa.duration(unit)),
            "numeric",
            [-89.999],
        )
        for unit in ("ms", "us", "ns")
    },
    "bool": (pa.array([True, None, False]), "boolean", [1, 0]),
    **{
        str(of): (pa.array(["3", None, " 2.5 "], of), "categorical", [3, 2.5])
        for of in (pa.string(), pa.large_string(), pa.string_view())
    },
    "null": (pa.nulls(3), "numeric", []),
}
# What Arrow itself cannot encode.
WITHOUT_DICTIONARY = {
    *(pa.null(), pa.string_view(), pa.float16(), pa.decimal32(5, 2), pa.decimal64(9, 3)),
}
WITHOUT_RUNS = {pa.null(), pa.string_view()}
UNSUPPORTED = {
    "list": pa.array([[1], None]),
    "large list": pa.array([[1], None], pa.large_list(pa.int8())),
    "fixed list": pa.array([[1, 2], None], pa.list_(pa.int8(), 2)),
    "struct": pa.array([{"a": 1}, None]),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    "binary": pa.array([b"1", None]),
    "large binary": pa.array([b"1", None], pa.large_binary()),
    "binary view": pa.array([b"1", None], pa.binary_view()),
    "fixed binary": pa.array([b"1", None], pa.binary(1)),
    "interval": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    "dictionary of bytes": pa.array([b"1", None]).dictionary_encode(),
    "pandas intervals": pa.array(pd.Series([pd.Interval(0, 1), None], dtype="interval")),
}


def kind_of_numbers(kind):
    return kind if kind == "datetime" else "numeric"


def read(array, kind="numeric"):
    values, missing, unreadable = numbers(array, kind)
    return values.tolist(), missing, unreadable


def as_dict(array, kind="categorical"):
    found = labels(array, kind)
    assert found.counts.sum() + found.missing == len(array)
    counted = {}
    for label, count in zip(found.labels.to_pylist(), found.counts.tolist(), strict=True):
        counted[label] = counted.get(label, 0) + count
    return counted


def as_runs(array):
    """The same column, run by run."""
    return pa.RunEndEncodedArray.from_arrays(range(1, len(array) + 1), array)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_type_has_its_kind_and_reads_as_numbers(name):
    array, kind, expected = COLUMNS[name]
    assert tell(array.type) == kind
    assert numbers(array, kind_of_numbers(kind)).values.dtype == np.float64  # noqa: PD011
    assert read(array, kind_of_numbers(kind)) == (expected, array.null_count, 0)


@pytest.mark.parametrize("name", COLUMNS)
def test_slices_dictionaries_and_runs_read_as_what_they_hold(name):
    array, kind, expected = COLUMNS[name]
    forms = [pa.concat_arrays([array, array]).slice(len(array))]
    if array.type not in WITHOUT_DICTIONARY:
        forms.append(array.dictionary_encode())
    if array.type not in WITHOUT_RUNS:
        forms.append(as_runs(array))
    for form in forms:
        assert tell(form.type) == kind
        assert read(form, kind_of_numbers(kind)) == (expected, array.null_count, 0)
        assert as_dict(form) == as_dict(array)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_type_reads_as_labels_and_empty_as_nothing(name):
    array, kind, expected = COLUMNS[name]
    for of in ("categorical", "boolean"):
        assert sum(as_dict(array, of).values()) == len(expected)
        assert as_dict(array[:0], of) == {}
    assert read(array[:0], kind_of_numbers(kind)) == ([], 0, 0)


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_has_no_order_and_no_label_is_unreadable_not_an_error(name):
    array = UNSUPPORTED[name]
    assert tell(array.type) == "unsupported"
    filled = len(array) - (pa.compute.count(array, "only_null").as_py())
    for kind in ("numeric", "datetime"):
        assert read(array, kind) == ([], len(array), filled)
    for kind in ("categorical", "boolean"):
        found = labels(array, kind)
        assert (len(found.labels), found.missing, found.unreadable) == (0, len(array), filled)


def test_numbers_are_no_times_and_times_are_no_numbers():
    array = pa.array([1, None, 2])
    assert read(array, "datetime") == ([], 3, 2)
    assert read(array.cast(pa.timestamp("s"))) == ([], 3, 2)


# What pandas 3 makes of the same six numbers, by dtype: read back, they are the same.
FRAMES = {
    **{
        of: pd.Series([1, 2, 3, 2], dtype=of)
        for of in ("int8", "uint64", "float32", "float64", "Int64", "Float32", "UInt8")
    },
    "float16": pd.Series([1, 2, 3, 2], dtype="float16"),
    "int64[pyarrow]": pd.Series([1, 2, 3, 2], dtype="int64[pyarrow]"),
    "double[pyarrow]": pd.Series([1, 2, 3, 2], dtype="double[pyarrow]"),
    "decimal": pd.Series([Decimal(1), Decimal(2), Decimal(3), Decimal(2)]),
    "category": pd.Series([1, 2, 3, 2], dtype="category"),
    "text": pd.Series(["1", "2", "3.0", "2"]),
    "string": pd.Series(["1", "2", "3.0", "2"], dtype="string"),
    "category of text": pd.Series(["1", "2", "3.0", "2"], dtype="category"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_numbers_and_labels_are_the_same_in_every_dtype_of_pandas(name):
    array = pa.Array.from_pandas(FRAMES[name])
    assert read(array) == ([1, 2, 3, 2], 0, 0)
    assert as_dict(array) == {"1": 1, "2": 2, "3": 1}


def test_missing_values_of_pandas_are_missing():
    for of in ("Int64", "Float64", "double[pyarrow]", "boolean", "string"):
        text = of == "string"
        array = pa.Array.from_pandas(pd.Series(["1" if text else 1, None], dtype=of))
        assert read(array) == ([1], 1, 0)
        assert labels(array, "categorical").missing == 1


def test_categories_in_another_order_or_unused_count_as_plain_text():
    plain = pd.Series(["b", "a", None, "b"])
    shuffled = plain.astype(pd.CategoricalDtype(["z", "b", "a"], ordered=True))
    assert as_dict(pa.Array.from_pandas(shuffled)) == as_dict(pa.array(plain)) == {"b": 2, "a": 1}


@pytest.mark.parametrize("index", [pa.int8(), pa.uint8(), pa.int64(), pa.uint64()])
@pytest.mark.parametrize("of", [pa.string(), pa.large_string(), pa.string_view()])
def test_dictionaries_are_counted_by_their_indices_nulls_and_repeats_among_them(index, of):
    words = pa.array(["1", None, "2", "1", "unused"]).cast(of)
    codes = pa.array([9, 0, 1, 2, 3, None, 0], index).slice(1)
    array = pa.DictionaryArray.from_arrays(codes, words)
    assert as_dict(array) == {"1": 3, "2": 1}
    assert read(array) == ([1, 2, 1, 1], 2, 0)


def test_periods_are_numbers_and_intervals_are_not():
    periods = pd.Series(pd.period_range("2026-01", periods=3, freq="M"))
    assert read(pa.array(periods)) == ([672, 673, 674], 0, 0)


def test_reading_numbers_without_nulls_copies_nothing():
    array = pa.array(np.arange(1_000.0))
    values, _, _ = numbers(array.slice(10), "numeric")
    assert np.shares_memory(values, array.to_numpy())


@pytest.mark.parametrize("of", [pa.decimal128(9, 2), pa.decimal128(38, 2), pa.decimal256(60, 2)])
def test_decimals_are_the_floats_that_their_text_is(of):
    texts = [f"{cents / 100:.2f}" for cents in range(-3_000, 3_000)]
    array = pa.array([Decimal(text) for text in texts], of)
    assert read(array) == read(pa.array(texts))


def test_whole_numbers_beyond_64_bits_signed_do_not_overflow():
    array = pa.array([2**63, 2**64 - 1], pa.uint64())
    assert read(array) == ([2.0**63, 2.0**64], 0, 0)
    assert as_dict(array) == {"9223372036854775808": 1, "18446744073709551615": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("7", 7), ("-7.50", -7.5), ("+7", 7), (".5", 0.5), ("5.", 5), (" 1\t", 1), ("007", 7)),
        *(("1e3", 1000), ("-1.5E-3", -0.0015), ("1e999", np.inf), ("1e-999", 0)),
        *(("inf", np.inf), ("-Infinity", -np.inf), ("+INF", np.inf)),
    ],
)
def test_number_texts_are_read(text, value):
    assert read(pa.array([text])) == ([value], 0, 0)


@pytest.mark.parametrize(
    "text",
    ["12a", "1,5", "1 000", "1_000", "0x10", "--1", "e5", ".", "+", "١", "yes", "1e", "1\n2"],
)
def test_other_text_among_numbers_is_unreadable_and_missing(text):
    assert read(pa.array([text, "1"])) == ([1], 1, 1)


@pytest.mark.parametrize("token", [*sorted(texts.MISSING), "NaN", "N/A", "NULL", " none ", "  "])
@pytest.mark.parametrize("kind", ["numeric", "datetime"])
def test_tokens_among_numbers_and_times_are_missing_yet_readable(token, kind):
    assert read(pa.array([token]), kind) == ([], 1, 0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01 12:00", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01T12:00:00.25", "2026-03-01T12:00:00.250000+00:00"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00+00:00"),
        ("2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00+00:00"),
        ("20260301", "2026-03-01T00:00:00+00:00"),
        ("0001-01-01", "0001-01-01T00:00:00+00:00"),
        ("2026-03-01T12:00:00.123456789", "2026-03-01T12:00:00.123456+00:00"),
    ],
)
def test_time_texts_are_read_alike_alone_and_beside_others(text, moment):
    expected = datetime.fromisoformat(moment).timestamp()
    for others in ([], ["2026-01-01"], ["2026-01-01T00:00Z"], ["20260101", "never"]):
        assert read(pa.array([text, *others]), "datetime")[0][0] == expected


@pytest.mark.parametrize(
    "text", ["2026-02-30", "0000-01-01", "yesterday", "12:00", "1.5", "2026-3-1"]
)
def test_text_that_is_no_time_is_unreadable_alone_and_beside_others(text):
    for others in ([], ["2026-01-01"], ["20260101"]):
        values, missing, unreadable = read(pa.array([*others, text]), "datetime")
        assert (len(values), missing, unreadable) == (len(others), 1, 1)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=5))
def test_times_are_the_same_as_text_and_in_every_unit(moments):
    stamps = [moment.timestamp() for moment in moments]
    for array in (pa.array([moment.isoformat() for moment in moments]), pa.array(moments)):
        assert read(array, "datetime") == (stamps, 0, 0)


def test_whole_numbers_are_one_label_in_every_type_and_codes_keep_their_zeros():
    for array in (
        pa.array([3, 0, -12]),
        pa.array([3.0, -0.0, -12.0], pa.float32()),
        pa.array([Decimal("3.00"), Decimal("0.00"), Decimal("-12.00")]),
        pa.array(["3", "0.0", "-12.0"]),
    ):
        assert as_dict(array) == {"3": 1, "0": 1, "-12": 1}
    codes = ["007", "007.0", "7", "1.50", "3.0.0", "v1.0", "-007", ""]
    assert as_dict(pa.array(codes)) == dict.fromkeys(codes, 1)


def test_numbers_of_any_size_have_a_label_of_their_own():
    values = np.array([np.inf, -np.inf, 1e300, 2.0**63, -(2.0**63), 1e15, 0.1, np.nan])
    found = as_dict(pa.array(values))
    assert len(found) == 7
    assert [float(label) for label in found] == values[:-1].tolist()
    assert found["1000000000000000"] == 1


def test_nothing_but_null_and_nan_is_a_missing_label():
    assert labels(pa.array([None, "", "NA", "None", "nan"]), "categorical").missing == 1
    assert labels(pa.array([None, float("nan"), 0.0]), "categorical").missing == 2


def test_long_labels_are_cut_and_stay_apart():
    texts = ["x" * kinds.LONGEST, "y" * 10_000, "y" * 10_001, "é" * kinds.LONGEST]
    found = as_dict(pa.array([*texts, texts[1]]))
    assert list(found.values()) == [1, 2, 1, 1]
    assert {texts[0], texts[3]} < found.keys()
    assert max(map(len, found)) <= kinds.LONGEST


def test_truth_has_two_labels_however_it_is_written():
    for array in (
        pa.array([True, False, True, None]),
        pa.array([1, 0, 1, None]),
        pa.array([1.0, 0.0, 1.0, None]),
        pa.array(["TRUE", " false", "1.0", None]),
        pa.array(["True", "False", "True", None]).dictionary_encode(),
    ):
        assert as_dict(array, "boolean") == {"true": 2, "false": 1}
    assert as_dict(pa.array(["yes", "true"]), "boolean") == {"yes": 1, "true": 1}
