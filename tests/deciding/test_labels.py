import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.deciding.labels import name_numbers, name_spans


def named(values, kind="numeric"):
    return name_numbers(np.array(values, np.float64), kind)


def test_numbers_are_short():
    assert named([0.5, 1234.5678, 1e6, -3.0]) == ["0.5", "1235", "1000000", "-3"]


def test_neighbours_that_differ_are_named_differently():
    assert named([1.00001, 1.00002]) == ["1.00001", "1.00002"]
    assert named([1e15, 1e15 + 1]) == ["1000000000000000", "1000000000000001"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, unique=True))
def test_names_of_different_numbers_differ(values):
    distinct = set(values)  # -0.0 is 0.0
    assert len(set(named(sorted(distinct)))) == len(distinct)


def test_seconds_are_shown_as_dates_and_times():
    assert named([0, 86_400], "datetime") == ["1970-01-01", "1970-01-02"]
    assert named([0, 3600], "datetime") == ["1970-01-01 00:00", "1970-01-01 01:00"]
    assert named([1e300], "datetime") == ["1e+300 s"]


def test_a_bin_of_one_value_bears_its_name():
    assert name_spans(["0", "1", "5"], [True, False], [False] * 3) == ["0", "1 to 5"]


def test_an_edge_behind_a_value_is_named_by_the_value():
    words = name_spans(["0", "0", "5"], [True, False], [False, True, False])
    assert words == ["0", "over 0 to 5"]
