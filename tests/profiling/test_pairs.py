"""Joint counts of pairs: they merge, each row is in one cell, and the file keeps them."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.counting import profile
from core.profiling.archives import MARK
from core.profiling.pairs import LEVELS, Pairs, all_pairs, choose_axes
from core.profiling.profiles import CorruptProfile, Incompatible, Profile
from core.settings import Settings
from tests.strategies import frames, splits

ALL = Settings(pairs="all")
KINDS = {kind: kind for kind in ("numeric", "datetime", "categorical", "boolean", "unsupported")}
COUNTED = ("numeric", "categorical", "boolean")


def levels():
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "numeric": rng.normal(0, 9, 500),
            "categorical": rng.choice(list("abcde"), 500),
            "boolean": rng.random(500) < 0.5,
        }
    )
    return profile(table, ALL, kinds=KINDS)


LIKE = levels()


def counted(table):
    empty = Pairs.over(LIKE.pairs.axes, LIKE.pairs.names)
    return empty.extended(table.to_batches(), KINDS)


@given(st.data())
def test_tables_of_parts_add_up_to_those_of_the_whole(data):
    table = data.draw(frames())
    parts = [counted(table.slice(a, b - a)) for a, b in data.draw(splits(table.num_rows))]
    total = parts[0]
    for part in parts[1:]:
        total += part
    assert total == counted(table)


@given(frames())
def test_each_row_with_both_values_is_in_one_cell(table):
    pairs = counted(table)
    for (first, second), cells in zip(pairs.names, pairs.tables, strict=True):
        both = [
            a is not None and b is not None and a == a and b == b  # noqa: PLR0124 (NaN)
            for a, b in zip(table[first].to_pylist(), table[second].to_pylist(), strict=True)
        ]
        assert cells.sum() == sum(both)


def test_levels_are_tenths_of_the_reference_and_steps_beyond():
    rows = np.arange(1000.0)
    axis = choose_axes(profile(pa.table({"a": rows})).features, {"a": "numeric"})["a"]
    inside = np.bincount(axis.codes(pa.array(rows), "numeric"), minlength=LEVELS)
    assert sorted(inside[inside > 0].tolist()) == [9, 11, 30, 30, 60, 60, *[100] * 8]
    assert len(set(axis.codes(pa.array([-1e9, -150.0, 1200.0, 1e9]), "numeric"))) == 4


def test_a_heavy_value_has_a_level_of_its_own():
    rows = np.concatenate((np.zeros(900), np.linspace(0.5, 9, 100)))
    axis = choose_axes(profile(pa.table({"a": rows})).features, {"a": "numeric"})["a"]
    codes = axis.codes(pa.array([0.0, 0.4, 5.0]), "numeric")
    assert codes[0] != codes[1]


@pytest.mark.parametrize("seed", range(20))
def test_no_column_has_more_levels_than_there_are(seed):
    rng = np.random.default_rng(seed)
    rows = rng.choice(rng.normal(size=seed + 2), 3000)
    axes = choose_axes(profile(pa.table({"a": rows})).features, {"a": "numeric"})
    assert all(len(axis.edges) < LEVELS for axis in axes.values())


def test_times_and_constants_have_no_pairs():
    table = pa.table(
        {"a": [1.0] * 9, "b": ["x"] * 9, "when": pa.array(range(9), pa.timestamp("s"))}
    )
    assert profile(table, ALL).pairs.names == ()


def test_pairs_may_be_listed_and_columns_ignored():
    listed = Settings(pairs=[("numeric", "boolean")])
    table = pa.table({"numeric": range(9), "boolean": [True, False, True] * 3, "c": range(9)})
    assert profile(table, listed).pairs.names == (("numeric", "boolean"),)
    ignoring = Settings(pairs="all", features={"c": {"ignore": True}})
    assert profile(table, ignoring).pairs.names == (("numeric", "boolean"),)


def test_listed_pairs_come_once_and_are_found_in_either_order():
    table = pa.table({"a": range(9), "b": range(9), "c": range(9)})
    listed = [("b", "a"), ("a", "b"), ("a", "c"), ("b", "a")]
    pairs = profile(table, Settings(pairs=listed)).pairs
    assert pairs.names == (("b", "a"), ("a", "c"))
    assert pairs.of([("a", "b"), ("b", "a")]).names == (("b", "a"),)


def test_all_pairs_come_once():
    assert all_pairs({"a": None, "b": None, "c": None}) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_live_is_counted_in_the_levels_of_the_reference():
    labels = ["a", "b", "z"] * 100
    numbers, booleans = np.linspace(50, 90, 300), [True, False, True] * 100
    table = pa.table({"numeric": numbers, "categorical": labels, "boolean": booleans})
    live = profile(table, ALL, kinds=LIKE)
    assert live.pairs.axes == LIKE.pairs.axes


def test_profiles_with_other_levels_do_not_add_and_without_are_none():
    table = pa.table({"a": np.arange(50.0), "b": np.arange(50.0)})
    other = pa.table({"a": np.arange(90.0), "b": np.arange(90.0)})
    with pytest.raises(Incompatible, match="other levels"):
        profile(table, ALL) + profile(other, ALL)
    assert (profile(table, ALL) + profile(table)).pairs is None
    doubled = profile(table, ALL) + profile(table, ALL)
    assert (doubled.pairs.tables == 2 * profile(table, ALL).pairs.tables).all()


def test_a_saved_profile_has_its_pairs():
    assert Profile.from_bytes(LIKE.to_bytes()) == LIKE
    assert LIKE.to_bytes()[len(MARK)] == 3


def test_levels_of_rare_labels_are_not_saved():
    assert LIKE.without_rare_labels(5).pairs is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda header: header["pairs"].pop("axes"),
        lambda header: header["pairs"]["names"].append(["numeric", "nobody"]),
        lambda header: header["pairs"]["axes"]["numeric"]["edges"].reverse(),
        lambda header: header["pairs"]["axes"]["numeric"].update(edges=list(range(40))),
        lambda header: header["pairs"]["axes"]["categorical"]["labels"].extend(map(str, range(40))),
        lambda header: header.update(tables=header["tables"] - 1),
        lambda header: header.update(rows=3),
    ],
)
def test_impossible_pairs_are_refused_in_a_sentence(monkeypatch, damage):
    dumps = json.dumps

    def damaged(header, **how):
        damage(header)
        return dumps(header, **how)

    monkeypatch.setattr(json, "dumps", damaged)
    content = LIKE.to_bytes()
    monkeypatch.undo()
    with pytest.raises(CorruptProfile, match="ave the profile again"):
        Profile.from_bytes(content)
