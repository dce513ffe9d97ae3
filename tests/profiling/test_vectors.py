import base64
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import vectors
from core.profiling.engines.local import profile
from core.profiling.profiles import CorruptProfile, Incompatible, Profile
from core.profiling.vectors import BadVector, VectorCounts, packed, restored

GOLDEN = Path(__file__).parents[1] / "golden"


def rows(count=400, size=3, seed=0):
    rng = np.random.default_rng(seed)
    return 1e6 + rng.exponential(size=(count, size)) @ rng.normal(size=(size, size))


def lists(matrix):
    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), matrix.shape[1])


def text(values):
    return base64.b64encode(values.tobytes()).decode()


def counted(matrix, cuts=()):
    batch = pa.record_batch({"e": lists(matrix)})
    counts, start = VectorCounts(("e",)), 0
    for end in [*cuts, len(matrix)]:
        counts, start = counts.extended(batch.slice(start, end - start)), end
    return counts


@given(st.lists(st.integers(0, 400), max_size=5).map(sorted))
def test_any_split_gives_the_sums_of_the_whole(cuts):
    matrix = rows()
    apart = matrix - matrix.mean(axis=0)
    counts = counted(matrix, cuts)
    assert counts == counted(matrix)
    assert counts.mean == pytest.approx(matrix.mean(axis=0), rel=1e-14)
    for found, power in ((counts.cubes, 3), (counts.fourths, 4)):
        assert found == pytest.approx((apart**power).sum(axis=0), rel=1e-5)
    assert counts.products == pytest.approx(apart.T @ apart, rel=1e-7)


def test_adding_goes_in_any_order():
    parts = [counted(rows(seed=seed)) for seed in range(3)]
    left, right = (parts[0] + parts[1]) + parts[2], parts[2] + (parts[1] + parts[0])
    assert left == right
    assert left.products == pytest.approx(right.products, rel=1e-9)
    assert left.fourths == pytest.approx(right.fourths, rel=1e-9)


@pytest.mark.parametrize("block", [30, 1 << 22])
def test_lists_and_columns_give_the_same_sums(block, monkeypatch):
    monkeypatch.setattr("core.profiling.vectors._BLOCK", block)
    matrix = rows()
    columns = pa.record_batch({f"z{i}": matrix[:, i] for i in range(3)})
    by_column = VectorCounts(("z0", "z1", "z2")).extended(columns)
    by_list = VectorCounts(("e",)).extended(
        pa.record_batch({"e": pa.array(matrix.tolist(), pa.list_(pa.float64()))})
    )
    assert by_column.products == pytest.approx(by_list.products, rel=1e-12)
    assert by_column.names == ("z0", "z1", "z2")
    assert by_list.names == ("e[0]", "e[1]", "e[2]")


@pytest.mark.parametrize(
    "odd", [None, [1.0], [1.0, None], [1.0, math.nan], [1.0, math.inf], [1e200, 0.0], []]
)
def test_a_row_that_is_not_complete_is_missing(odd):
    counts = VectorCounts(("e",)).extended(pa.record_batch({"e": [[1.0, 2.0], odd, [3.0, 4.0]]}))
    assert (counts.rows, counts.missing) == (3, 1)
    assert counts.mean.tolist() == [2.0, 3.0]


def test_lists_whose_first_rows_are_empty_are_counted_from_the_first_list_on():
    batches = [pa.record_batch({"e": pa.array(part, pa.list_(pa.float64()))}) for part in ODD]
    counts = VectorCounts(("e",))
    for batch in batches:
        counts = counts.extended(batch)
    assert (counts.rows, counts.missing, counts.widths) == (3, 1, (2,))


ODD = ([None], [[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("odd", [[], [1.0], [1.0, 2.0, 3.0]])
def test_one_odd_list_at_the_start_is_the_one_that_is_missing(odd):
    rows = pa.array([odd, [1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float64()))
    counts = VectorCounts(("e",)).extended(pa.record_batch({"e": rows}))
    assert (counts.widths, counts.complete) == ((2,), 2)


def test_lists_are_taken_in_the_length_that_is_known_before():
    rows = pa.array([[1.0], [2.0], None, [1.0, 2.0], [math.nan, 1.0]], pa.list_(pa.float64()))
    counts = VectorCounts(("e",), (2,)).extended(pa.record_batch({"e": rows}))
    assert (counts.widths, counts.complete, counts.missing) == ((2,), 1, 4)
    assert counts.misfits == (2,)  # what is missing is no misfit


@pytest.mark.parametrize(
    "column", [["a", "b", None], [["a", "b"], ["c", "d"], None], [1.0, 2.0, None]]
)
def test_what_is_no_list_of_numbers_does_not_fit(column):
    counts = VectorCounts(("x", "e"), (1, 2)).extended(
        pa.record_batch({"x": [1.0, 2.0, 3.0], "e": column})
    )
    assert (counts.complete, counts.odd) == (0, (0, 2))
    assert (counts + counts).odd == (0, 4)


def test_a_column_that_is_not_there_makes_every_row_incomplete():
    counts = VectorCounts(("a", "b")).extended(pa.record_batch({"a": [1.0, 2.0]}))
    assert counts.complete == 0


def test_too_many_components_are_refused():
    wide = pa.record_batch({"e": lists(np.zeros((2, vectors.MOST + 1)))})
    with pytest.raises(BadVector, match="2049 components"):
        VectorCounts(("e",)).extended(wide)


def test_vectors_of_other_lengths_or_columns_do_not_add():
    with pytest.raises(BadVector):
        counted(rows(size=3)) + counted(rows(size=2))
    with pytest.raises(BadVector):
        counted(rows()) + VectorCounts(("f",))


def with_vector(count=50, seed=0):
    matrix = rows(count, seed=seed)
    return replace(profile(pa.table({"a": matrix[:, 0]})), vectors={"v": counted(matrix)})


def test_a_profile_keeps_its_vectors_when_saved_and_when_added():
    one, other = with_vector(), with_vector(30, seed=1)
    read = Profile.from_bytes(one.to_bytes())
    assert read == one
    assert read.to_bytes() == one.to_bytes()
    np.testing.assert_array_equal(read.vectors["v"].products, one.vectors["v"].products)
    assert (one + other).vectors["v"].complete == 80
    assert Profile.empty(one.kinds) + one == one == one + Profile.empty(one.kinds)


def test_a_vector_that_one_side_did_not_count_is_left_out_of_a_sum():
    one, other = with_vector(), replace(with_vector(), vectors={})
    assert not (one + other).vectors


def test_profiles_with_vectors_of_other_lengths_do_not_add():
    one = with_vector()
    other = replace(one, vectors={"v": counted(rows(50, size=2))})
    with pytest.raises(Incompatible, match="do not add"):
        one + other


def test_a_profile_without_vectors_is_written_as_it_always_was():
    old = (GOLDEN / "profile_v2.profile").read_bytes()
    assert not Profile.from_bytes(old).vectors
    assert b"vectors" not in profile(pa.table({"a": [1.0]})).to_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 49},
        {"missing": -1},
        {"missing": 51},
        {"misfits": [-1]},
        {"misfits": [51]},
        {"misfits": [1, 1]},
        {"widths": [3.0]},
        {"widths": [4]},
        {"mean": "no base64"},
        {"products": text(np.full(6, -1.0))},
        {"fourths": text(np.array([1.0, math.nan, 1.0]))},
    ],
)
def test_sums_that_cannot_be_are_refused(change):
    stored = packed(counted(rows(50))) | change
    with pytest.raises(ValueError):  # noqa: PT011 (whichever: `from_bytes` calls all of them damage)
        restored(stored, 50)


def test_a_profile_whose_vector_was_changed_is_called_damaged():
    false = with_vector()
    false = replace(false, vectors={"v": counted(rows(49))})
    with pytest.raises(CorruptProfile):
        Profile.from_bytes(false.to_bytes())
