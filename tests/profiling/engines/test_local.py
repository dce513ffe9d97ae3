import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling.engines import local
from core.profiling.engines.local import profile
from core.profiling.profiles import Profile
from core.reading.sources import load
from tests.strategies import frames, splits

TABLE = pa.table(
    {
        "age": pa.array([30.5, None, -1.0, float("nan"), float("inf")]),
        "town": pa.array(["Oslo", "Rome", None, "Oslo", ""]),
        "member": pa.array([True, None, False, True, True]),
        "seen": pa.array([0, 1, None, 3, 4], pa.timestamp("s")),
        "tags": pa.array([[1], None, [], [2], [3]]),
    }
)
KINDS = {
    "age": "numeric",
    "town": "categorical",
    "member": "boolean",
    "seen": "datetime",
    "tags": "unsupported",
}


class Batches:
    """Gives its batches once, as a table of the reading room does."""

    def __init__(self, *batches):
        self.schema = batches[0].schema
        self._batches = batches

    def batches(self):
        yield from self._batches


def batch(**columns):
    return pa.record_batch({name: pa.array(values) for name, values in columns.items()})


def test_kinds_are_told_from_the_schema_and_rows_are_counted():
    counted = profile(TABLE)
    assert counted.kinds == KINDS
    assert counted.rows == 5
    assert [counted.features[name].missing for name in KINDS] == [2, 1, 1, 1, 1]
    assert {counts.rows for counts in counted.features.values()} == {5}
    assert counted.features["age"].positive_infinity == 1
    assert counted.features["town"].as_dict() == {"": 1, "Oslo": 2, "Rome": 1}


@pytest.mark.parametrize(
    "give",
    [
        lambda table: table,
        lambda table: table.to_batches(),
        lambda table: table.combine_chunks().to_batches()[0],
        lambda table: iter(table.to_batches(max_chunksize=2)),
        lambda table: table.to_reader(max_chunksize=1),
        lambda table: Batches(*table.to_batches()),
        load,
    ],
    ids=["table", "list", "batch", "generator", "reader", "batched", "our reading table"],
)
def test_every_way_to_give_rows_counts_the_same(give):
    assert profile(give(TABLE)) == profile(TABLE)


@given(st.data(), frames(), st.sampled_from([3, 4096]), st.sampled_from([3, 65_536]))
def test_batches_of_any_size_count_as_the_whole(data, table, budget, limit):
    pieces = data.draw(splits(table.num_rows))
    batches = [
        part for start, end in pieces for part in table.slice(start, end - start).to_batches()
    ]
    counted = profile(batches or table, budget=budget, limit=limit)
    assert counted == profile(table, budget=budget, limit=limit)


def test_large_and_small_batches_are_cut_and_gathered_without_a_difference(monkeypatch):
    rng = np.random.default_rng(6)
    table = pa.table({"x": rng.normal(size=500), "y": rng.integers(0, 9, 500).astype(str)})
    whole = profile(table)
    for rows, size in ((64, 1 << 26), (300, 1 << 26), (500, 3_000), (500, 1)):
        monkeypatch.setattr(local, "_BLOCK", rows)
        monkeypatch.setattr(local, "_JOINED", size)
        for chunk in (1, 63, 65, 500):
            assert profile(table.to_batches(max_chunksize=chunk)) == whole


def test_a_column_that_turns_to_text_midway_is_read_against_its_kind():
    batches = Batches(
        batch(x=[1, 2, None], c=[7, 8, 8]),
        batch(x=["2.0", "n/a", "12a"], c=["7", "x", "8.0"]),
        batch(x=[2.5, float("nan"), 1.0], c=[7.0, 8.0, float("nan")]),
        batch(x=pa.nulls(1), c=pa.array(["x"]).dictionary_encode()),
    )
    counted = profile(batches, {"c": "categorical"})
    x = counted.features["x"]
    assert (x.rows, x.missing, x.unreadable, x.finite) == (10, 5, 1, 5)
    assert (x.minimum, x.maximum, x.distinct) == (1, 2.5, 3)
    assert counted.features["c"].as_dict() == {"7": 3, "8": 4, "x": 2}
    assert counted.features["c"].missing == 1


def test_columns_are_found_by_name_and_absent_ones_are_missing():
    batches = [batch(a=[1.0, 2.0], b=["x", "y"]), batch(b=["x"], a=[3.0]), batch(a=[4.0], z=[0])]
    counted = profile(batches)
    assert list(counted.kinds) == ["a", "b"]
    assert counted.features["a"].maximum == 4
    assert counted.features["b"].as_dict() == {"x": 2, "y": 1}
    assert (counted.rows, counted.features["b"].missing) == (4, 1)


def test_batches_with_dictionaries_of_their_own_are_counted_by_label():
    words = [
        [f"word {number}" for number in range(start, start + 100)] for start in range(0, 500, 50)
    ]
    batches = [
        pa.record_batch(
            {"w": pa.DictionaryArray.from_arrays(pa.array(range(100), pa.int8()), pa.array(some))}
        )
        for some in words
    ]
    counts = profile(batches).features["w"].as_dict()
    assert len(counts) == 550
    assert counts["word 0"] == 1
    assert counts["word 60"] == 2


def test_given_kinds_go_before_those_of_the_schema_and_foreign_ones_are_left_out():
    counted = profile(
        batch(a=[1, 0], b=["1.5", "x"]), {"a": "categorical", "b": "numeric", "z": "numeric"}
    )
    assert counted.kinds == {"a": "categorical", "b": "numeric"}
    assert counted.features["a"].as_dict() == {"0": 1, "1": 1}
    assert (counted.features["b"].maximum, counted.features["b"].unreadable) == (1.5, 1)


def test_a_live_column_of_another_type_is_unreadable_and_never_an_error():
    live = pa.table({name: TABLE[other] for name, other in zip(KINDS, [*KINDS][::-1], strict=True)})
    counted = profile(live, KINDS)
    assert counted.kinds == KINDS
    assert counted.features["age"].unreadable == 4
    assert counted.features["town"].rows == 5


@pytest.mark.parametrize(
    "nothing",
    [TABLE[:0], TABLE[:0].to_reader(), Batches(*TABLE.to_batches())],
    ids=["table", "reader", "batched"],
)
def test_no_rows_give_the_empty_profile_of_the_kinds(nothing):
    if isinstance(nothing, Batches):
        nothing.batches = lambda: iter(())
    counted = profile(nothing)
    assert counted == Profile.empty(KINDS)
    assert counted + profile(TABLE) == profile(TABLE)


def test_no_batches_and_no_schema_give_the_empty_profile_of_the_kinds_given():
    assert profile([]) == Profile.empty({})
    assert profile(iter(()), KINDS) == Profile.empty(KINDS)


def test_a_table_without_columns_keeps_its_rows():
    rows = pa.table({"a": [1, 2]}).select([])
    assert profile(rows) == Profile(rows.num_rows, {}, {})


def test_two_columns_of_one_name_are_refused_by_name():
    table = pa.Table.from_arrays([pa.array([1]), pa.array(["x"])], ["age", "age"])
    with pytest.raises(ValueError, match="age"):
        profile(table)


def test_what_breaks_while_reading_is_raised_and_no_thread_stays():
    threads = threading.active_count()

    def broken():
        yield from TABLE.to_batches()
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        profile(broken())
    assert threading.active_count() == threads


def test_an_error_in_counting_one_column_leaves_the_others(monkeypatch, caplog):
    sound = profile(TABLE)
    monkeypatch.setattr(local, "numbers", lambda *_: 1 / 0)
    counted = profile(TABLE)
    age = counted.features["age"]
    assert (age.rows, age.missing, age.present) == (TABLE.num_rows, TABLE.num_rows, 0)
    assert counted.features["town"] == sound.features["town"]
    (note,) = [note for note in counted.source.notes if note.column == "age"]
    assert note.code == "internal_error"
    assert note.first in caplog.text


def test_frames_of_pandas_and_arrow_count_the_same():
    frame = pd.DataFrame(
        {
            "age": pd.array([30, None, 7], "Int64"),
            "town": pd.Categorical(["Rome", None, "Oslo"], categories=["x", "Rome", "Oslo"]),
            "member": pd.array([True, None, False], "boolean"),
            "seen": pd.to_datetime(["2026-01-01", None, "2026-01-03"], utc=True),
        }
    )
    plain = pa.table(
        {
            "age": [30.0, None, 7.0],
            "town": ["Rome", None, "Oslo"],
            "member": [True, None, False],
            "seen": pa.array([1767225600, None, 1767398400], pa.timestamp("s")),
        }
    )
    assert profile(load(frame)) == profile(plain)


def test_the_first_value_that_cannot_be_read_is_noted_once_a_column():
    blocks = [
        pa.record_batch({"a": ["1"] * 200_000, "b": ["1"] * 200_000}),
        pa.record_batch({"a": ["2", "12a"], "b": ["3", None]}),
        pa.record_batch({"a": ["late", "3"], "b": ["NA", "4"]}),
    ]
    counted = local.profile(blocks, {"a": "numeric", "b": "numeric"})
    told = [(note.column, note.first) for note in counted.source.notes]
    assert told == [("a", "12a")]
    assert counted.features["a"].unreadable == 2
