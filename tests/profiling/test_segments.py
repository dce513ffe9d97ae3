"""Counts by segment: they merge, add up to the whole, and are kept in the file."""

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.counting import profile
from core.profiling.archives import MARK
from core.profiling.profiles import CorruptProfile, Incompatible, Profile
from core.settings import Settings
from tests.strategies import frames, splits

BY_CATEGORY = Settings(segments="categorical")
KINDS = {kind: kind for kind in ("numeric", "datetime", "categorical", "boolean", "unsupported")}


def counted(table):
    return profile(table, BY_CATEGORY, kinds=KINDS)


@given(st.data())
def test_segments_of_parts_add_up_to_those_of_the_whole(data):
    table = data.draw(frames())
    parts = [table.slice(a, b - a) for a, b in data.draw(splits(table.num_rows))]
    assert Profile.total([counted(part) for part in parts]).segments == counted(table).segments


@given(frames())
def test_all_segments_together_are_the_whole(table):
    whole = counted(table)
    parts = [
        Profile(whole.segments.rows(value), part, whole.kinds)
        for value, part in whole.segments.parts.items()
    ]
    assert Profile.total([Profile.empty(whole.kinds), *parts]).features == whole.features


@given(frames())
def test_a_saved_profile_has_its_segments(table):
    whole = counted(table)
    assert Profile.from_bytes(whole.to_bytes()) == whole


def test_without_segments_the_file_is_what_older_programs_read():
    table = pa.table({"a": [1.0, 2.0], "b": ["x", "y"]})
    assert profile(table).to_bytes()[len(MARK)] == 2
    assert profile(table, Settings(segments="b")).to_bytes()[len(MARK)] == 3


def test_an_empty_profile_changes_no_segments():
    whole = profile(pa.table({"a": [1.0, 2.0], "b": ["x", None]}), Settings(segments="b"))
    empty = Profile.empty(whole.kinds)
    assert empty + whole == whole == whole + empty
    assert list(whole.segments.parts) == ["x", None]


def test_a_sum_has_segments_where_both_sides_have():
    table = pa.table({"a": [1.0, 2.0], "b": ["x", "y"]})
    assert (profile(table) + profile(table, Settings(segments="b"))).segments is None


def test_segments_by_two_columns_do_not_add():
    table = pa.table({"a": ["u", "v"], "b": ["x", "y"]})
    sides = [profile(table, Settings(segments=name)) for name in "ab"]
    with pytest.raises(Incompatible, match="'a' and 'b'"):
        sides[0] + sides[1]


def test_a_rare_segment_is_not_named_in_a_file_that_hides_rare_labels():
    table = pa.table({"town": ["Oslo"] * 9 + ["Thule"], "a": np.arange(10.0)})
    hidden = profile(table, Settings(segments="town")).without_rare_labels(5)
    assert list(hidden.segments.parts) == ["Oslo", "(other)"]
    assert "Thule" not in str(hidden.segments.parts["(other)"]["town"].labels)
    assert hidden.segments.rows("(other)") == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda header: header.pop("parts"),
        lambda header: header["segments"].pop("column"),
        lambda header: header["parts"][0]["a"].update(rows=7),
        lambda header: header["parts"][0].pop("a"),
        lambda header: header["segments"]["values"].append("z"),
    ],
)
def test_impossible_segments_are_refused_in_a_sentence(monkeypatch, damage):
    saved = profile(pa.table({"a": [1.0, 2.0], "b": ["x", "y"]}), Settings(segments="b"))
    dumps = json.dumps

    def damaged(header, **how):
        damage(header)
        return dumps(header, **how)

    monkeypatch.setattr(json, "dumps", damaged)
    content = saved.to_bytes()
    monkeypatch.undo()
    with pytest.raises(CorruptProfile, match="ave the profile again"):
        Profile.from_bytes(content)
