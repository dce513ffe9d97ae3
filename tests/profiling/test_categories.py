from collections import Counter
from functools import reduce
from operator import add

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling.categories import CategoryCounts, align
from tests.strategies import labels, splits

rows = st.lists(labels | st.none(), max_size=60)
limits = st.sampled_from([2, 8, 65_536])


def count(values, *, limit=65_536):
    found = Counter(value for value in values if value is not None)
    return CategoryCounts(limit=limit).extended(
        pa.array(found.keys(), pa.string()),
        np.array(list(found.values()), np.int64),
        missing=len(values) - found.total(),
    )


@given(st.data(), rows, limits)
def test_parts_in_any_order_sum_to_the_whole_pooled_or_not(data, values, limit):
    parts = [count(values[start:end], limit=limit) for start, end in data.draw(splits(len(values)))]
    assert reduce(add, parts) == count(values, limit=limit)


@given(rows, rows, rows, st.tuples(limits, limits, limits))
def test_sums_commute_and_associate_and_nothing_is_neutral(a, b, c, most):
    a, b, c = (count(v, limit=limit) for v, limit in zip((a, b, c), most, strict=True))
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + CategoryCounts() == a


@given(rows)
def test_few_labels_are_counted_exactly(values):
    counts = count(values)
    expected = Counter(value for value in values if value is not None)
    assert counts.as_dict() == dict(sorted(expected.items()))
    assert counts.distinct == len(expected)
    assert counts.rows == len(values) == counts.present + counts.missing
    assert counts.pool is None


@given(rows)
def test_pooling_starts_beyond_the_limit_and_keeps_every_row(values):
    counts = count(values, limit=8)
    distinct = len({value for value in values if value is not None})
    assert (counts.pool is not None) == (distinct > 8)
    pool = counts.pooled()
    assert pool.cells.size <= 8
    assert pool.counts.sum() == counts.present
    assert counts.distinct == distinct


def test_many_labels_are_pooled_alike_in_any_parts_and_estimated():
    texts = [f"user-{number}" for number in range(20_000)]
    whole = count(texts, limit=500)
    parts = [count(texts[start::7], limit=500) for start in range(7)]
    assert reduce(add, parts) == whole
    assert abs(whole.distinct / 20_000 - 1) < 0.1
    assert 250 <= whole.pooled().cells.size <= 500


def test_the_heaviest_labels_keep_their_text_when_pooled():
    values = ["common"] * 500 + [f"rare-{number}" for number in range(5_000)]
    counts = reduce(add, (count(values[start::5], limit=64) for start in range(5)))
    assert counts.as_dict()["common"] == 500
    assert len(counts.labels) <= 1024


def test_equal_labels_are_summed_and_put_in_order():
    counts = CategoryCounts().extended(pa.array(["b", "a", "b"]), np.array([1, 2, 4]))
    assert list(counts.as_dict().items()) == [("a", 2), ("b", 5)]


@given(rows, rows)
def test_aligning_gives_both_counts_of_every_label(left, right):
    names, before, after = align(count(left), count(right))
    assert names == sorted(names)
    for side, counted in ((left, before), (right, after)):
        expected = Counter(value for value in side if value is not None)
        assert dict(zip(names, counted.tolist(), strict=True)) == {
            name: expected[name] for name in names
        }


@given(rows, rows, st.sampled_from([(8, 65_536), (65_536, 8), (2, 8)]))
def test_aligning_pooled_labels_loses_no_row_and_equals_itself(left, right, most):
    a, b = count(left, limit=most[0]), count(right, limit=most[1])
    names, before, after = align(a, b)
    assert (before.sum(), after.sum()) == (a.present, b.present)
    assert len(names) == before.size == after.size
    assert (before + after > 0).all()
    _, same, again = align(a, a)
    assert same.tolist() == again.tolist()


def test_a_cell_bears_the_name_of_its_heaviest_label():
    values = ["common"] * 500 + [f"rare-{number}" for number in range(5_000)]
    names, before, _ = align(count(values, limit=64), count(values[::2], limit=64))
    assert names[int(np.argmax(before))] == "common"


def test_counts_of_labels_and_of_numbers_do_not_add():
    with pytest.raises(TypeError):
        count(["a"]) + 1
    assert count(["a"]) != count(["b"])
    assert count(["a"]) != count(["a", None])
    assert count(["a"]) != "a"
