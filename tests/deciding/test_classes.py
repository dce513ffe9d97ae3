"""The classes of a label: the same levels on both sides, each with its rows and its name."""

import numpy as np
import pyarrow as pa

from core.deciding.classes import classes_of
from core.profiling.categories import CategoryCounts
from core.profiling.pairs import LEVELS, label_axis
from core.profiling.quantities import NumericCounts


def numbers(*values):
    return NumericCounts().extended(np.array(values, float))


def labels(**rows):
    names, counts = pa.array(list(rows)), np.array(list(rows.values()))
    return CategoryCounts().extended(names, counts)


def test_labels_are_classes_and_those_new_in_live_are_one():
    before, after = labels(a=5, b=3), labels(a=4, c=2, d=1)
    found = classes_of([before, after], label_axis(before, "categorical"))
    assert found.names == ("a", "b", "other")
    assert found.rows.tolist() == [[5, 3, 0], [4, 0, 3]]
    assert not found.ranges


def test_a_few_numbers_are_classes_and_what_lies_between_is_another():
    before, after = numbers(0, 0, 1, 2), numbers(0, 1.5, 2, 7)
    found = classes_of([before, after], label_axis(before, "numeric"))
    assert found.names == ("0", "1", "over 1 to 2", "2", "over 2")
    assert found.rows.tolist() == [[2, 1, 0, 1, 0], [1, 0, 1, 1, 1]]


def test_many_numbers_are_fifths_of_the_reference():
    before, after = numbers(*range(100)), numbers(*range(80, 180))
    found = classes_of([before, after], label_axis(before, "numeric"))
    assert found.ranges
    assert found.rows.tolist() == [[19, 20, 20, 20, 21], [0, 0, 0, 0, 100]]
    assert found.names[0] == "below 19"
    assert found.of_level.shape == (LEVELS,)


def test_what_has_one_value_has_no_axis():
    assert label_axis(numbers(3, 3, 3), "numeric") is None
    assert label_axis(labels(a=9), "categorical") is None
    assert label_axis(numbers(1, 2), "datetime") is None
