import errno
import gzip
import hashlib
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.profiling.engines import local
from core.reading.dialects import Unreadable
from core.reading.sources import load

COLUMNS = {"n": [1.5, 2.5, None], "t": ["a", None, "c"]}


def columns(source):
    return pa.Table.from_batches(list(load(source).batches())).to_pydict()


def in_parquet(tmp_path):
    parquet.write_table(pa.table(COLUMNS), tmp_path / "table.csv")  # the name is no matter
    return tmp_path / "table.csv"


def in_polars(_tmp_path):
    return pytest.importorskip("polars").DataFrame(COLUMNS)


SOURCES = {
    "csv": lambda _: b"n,t\n1.5,a\n2.5,\n,c\n",
    "gzip": lambda _: gzip.compress(b"n,t\n1.5,a\n2.5,\n,c\n"),
    "parquet": in_parquet,
    "arrow": lambda _: pa.table(COLUMNS),
    "pandas": lambda _: pd.DataFrame(COLUMNS, index=[7, 7, 1]),
    "polars": in_polars,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_same_rows(kind, tmp_path):
    assert columns(SOURCES[kind](tmp_path)) == COLUMNS


def test_a_table_tells_its_rows_its_digest_and_how_far_it_is(tmp_path):
    path = tmp_path / "live.csv"
    path.write_bytes(b"a\n1\n2\n")
    table = load(path)
    assert [batch.num_rows for batch in table.batches()] == [2]
    assert (table.name, table.rows_read, table.rows_dropped, table.done) == ("live.csv", 2, 0, 1)
    assert table.digest == hashlib.sha256(b"a\n1\n2\n").hexdigest()


def test_parquet_tells_the_digest_of_its_bytes(tmp_path):
    path = in_parquet(tmp_path)
    table = load(path)
    list(table.batches())
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()


BAD = {
    "empty_file": b"",
    "empty_file ": b" \n\n",
    "no_rows": b"a,b\n",
    "not_a_table": b"<!DOCTYPE html><html></html>",
    "not_a_table ": b"\x89PNG\r\n\x1a\n",
    "corrupt_file  ": b"PK\x03\x04workbook",
    "duplicate_columns": b"a,b,a\n1,2,3\n",
    "corrupt_file": b"PAR1 and nothing behind",
    "corrupt_file ": gzip.compress(b"a,b\n1,2\n" * 100)[:20],
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_no_table_is_refused_with_a_code_and_a_sentence(code):
    with pytest.raises(Unreadable) as caught:
        list(load(BAD[code], name="live.csv").batches())
    assert caught.value.code == code.strip()
    assert "live.csv" in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_path_that_is_no_file_is_refused(tmp_path):
    for path, code in ((tmp_path / "nothing.csv", "not_found"), (tmp_path, "empty_folder")):
        with pytest.raises(Unreadable) as caught:
            load(path)
        assert caught.value.code == code


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "secret.csv"
    path.write_bytes(b"a\n1\n")

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(path), "open", denied)  # root may read everything
    with pytest.raises(Unreadable, match="Permission denied") as caught:
        load(path)
    assert caught.value.code == "not_readable"


def test_a_header_that_begins_like_a_signature_is_still_text():
    assert columns(b"par1ty,pk\n1,2\n") == {"par1ty": [1], "pk": [2]}


def test_bytes_that_no_text_has_are_refused():
    with pytest.raises(Unreadable) as caught:
        load(bytes(range(256)) * 20, name="random.csv")
    assert caught.value.code == "not_a_table"


def test_an_arrow_table_with_two_columns_of_one_name_is_refused():
    with pytest.raises(Unreadable) as caught:
        load(pa.table([[1], [2]], names=["a", "a"]))
    assert caught.value.code == "duplicate_columns"


def test_what_is_no_source_is_refused():
    with pytest.raises(Unreadable, match="A int is not a table"):
        load(3)


def test_pandas_columns_of_any_dtype_come_through():
    frame = pd.DataFrame(
        {
            1: [1, 2],
            "mixed": ["a", 3],
            "fraction": [Fraction(1, 2), 2],
            "complex": [1j, 2],
            "category": pd.Categorical(["x", None], categories=["y", "x"]),
            "nullable": pd.array([1, None], "Int64"),
            "half": np.array([0.5, 1.5], np.float16),
        }
    )
    table = load(frame)
    assert table.schema.names == [str(name) for name in frame.columns]
    (batch,) = table.batches()
    found = batch.to_pydict()
    assert found["mixed"] == ["a", "3"]
    assert found["fraction"] == [0.5, 2.0]
    assert found["category"] == ["x", None]
    assert found["nullable"] == [1, None]
    assert found["half"] == [0.5, 1.5]


def test_two_pandas_columns_that_read_the_same_are_refused():
    with pytest.raises(Unreadable) as caught:
        load(pd.DataFrame([[1, 2]], columns=[1, "1"]))
    assert caught.value.code == "duplicate_columns"


@pytest.mark.parametrize("rows", [0, 3, 300_000])
def test_a_frame_comes_in_batches_with_the_types_of_the_whole(rows):
    numbers = np.arange(rows)
    texts = pd.Series([None if each % 3 == 0 else f"t{each}" for each in numbers], dtype=object)
    frame = pd.DataFrame({"number": numbers, "text": texts})
    frame = pd.concat([frame, frame])  # Arrow's texts are in chunks now
    table = load(frame)
    batches = list(table.batches())
    assert all(batch.schema == table.schema for batch in batches)
    assert all(batch.num_rows <= 1 << 17 for batch in batches)
    found = pa.Table.from_batches(batches, table.schema)
    assert found["number"].to_pylist() == frame["number"].tolist()
    assert found["text"].to_pylist() == [each if each == each else None for each in frame["text"]]  # noqa: PLR0124
    assert table.done == 1


def test_texts_that_are_not_unicode_are_read_with_marks():
    texts = pd.Series(["a", "\ud800b", None], dtype=object)
    (batch,) = load(pd.DataFrame({"text": texts})).batches()
    assert batch.column("text").to_pylist() == ["a", "?b", None]


@pytest.mark.parametrize("rows", [0, 3, 300_000])
def test_a_polars_frame_of_several_chunks_is_read_slice_by_slice(rows):
    polars = pytest.importorskip("polars", reason="needs the extra: pip install 'tideline[dev]'")
    frame = polars.DataFrame({"a": range(rows), "s": [str(each) for each in range(rows)]})
    frame = polars.concat([frame, frame], rechunk=False)
    table = load(frame)
    assert table.schema.names == ["a", "s"]
    batches = list(table.batches())
    assert all(batch.num_rows <= 1 << 17 for batch in batches)
    assert [v for batch in batches for v in batch.column("a").to_pylist()] == [*range(rows)] * 2


def test_texts_of_parquet_come_as_dictionaries_and_count_as_texts(tmp_path):
    texts = ["a", "3.0", None, "3"] * 50_000 + [f"t{each}" for each in range(200_000)]
    table = pa.table({"s": texts, "l": pa.array(texts, pa.large_string()), "n": range(len(texts))})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=150_000)
    found = load(tmp_path / "t.parquet")
    assert found.schema == table.schema
    batches = list(found.batches())
    assert pa.types.is_dictionary(batches[0].schema.field("s").type)
    assert [v for batch in batches for v in batch.column("s").to_pylist()] == texts
    assert local.profile(load(tmp_path / "t.parquet")) == local.profile(table)


@pytest.mark.parametrize("form", ["csv", "parquet", "frame"])
def test_the_share_that_is_read_rises_to_one(tmp_path, form):
    frame = pd.DataFrame({"x": np.arange(300_000) / 7, "s": ["a long text"] * 300_000})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    table = load(frame if form == "frame" else tmp_path / f"t.{form}")
    shares = [table.done for _ in table.batches()]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    assert shares[-1] == 1
