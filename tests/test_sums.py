import logging

import pyarrow as pa
import pytest

from core.pipeline import Chunking, check, count, profile
from core.profiling.vectors import MOST, VectorCounts
from core.reading.problems import Unreadable
from core.settings import BadSettings, Settings

NAMED = Settings.of({"vectors": {"v": ["a", "b"]}})
CSV = b"a,b,c\n1,2,x\n3,4,y\n,5,y\n7,8,x\n"


def test_vectors_are_summed_in_the_pass_that_counts():
    counts = profile(CSV, NAMED).vectors["v"]
    assert (counts.rows, counts.missing) == (4, 1)
    assert counts.mean == pytest.approx([11 / 3, 14 / 3])


def test_without_vectors_nothing_is_summed():
    assert profile(CSV).vectors == {}


def test_windows_leave_the_sums_of_the_whole_as_they_are():
    whole = count(CSV, NAMED, chunking=Chunking(None, "2 rows")).whole
    assert whole.vectors == profile(CSV, NAMED).vectors


def test_a_column_that_no_table_has_is_refused_with_the_nearest_one():
    with pytest.raises(BadSettings, match="Did you mean 'a'"):
        check(CSV, CSV, Settings.of({"vectors": {"v": ["aa", "b"]}}))


def test_too_many_components_are_one_sentence():
    wide = pa.table({"e": [[0.0] * (MOST + 1)]})
    with pytest.raises(Unreadable, match="The vector v has 2049 components"):
        profile(wide, Settings.of({"vectors": {"v": ["e"]}}))


def test_an_error_of_ours_in_one_vector_leaves_the_rest(monkeypatch, caplog):
    def fail(*_):
        raise KeyError("inside")

    monkeypatch.setattr(VectorCounts, "extended", fail)
    with caplog.at_level(logging.CRITICAL):
        found = profile(CSV, NAMED)
    assert found.vectors == {}
    assert [note.code for note in found.source.notes if note.column == "v"] == ["internal_error"]
    assert found.features["a"].rows == 4
