import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.pipeline import PROBLEMS, preview, profile
from core.previews import Column
from core.settings import Settings


def test_a_preview_tells_the_dialect_the_columns_and_the_first_rows():
    found = preview("größe;ort\n1,5;Köln\n2,5;\n".encode("cp1252"))
    assert found.form == "cp1252, semicolon between fields, decimal comma"
    assert found.dialect == {"encoding": "cp1252", "delimiter": ";", "decimal": ",", "quote": '"'}
    assert found.columns[0] == Column("größe", "number", "numeric", ("1.5", "2.5"))
    assert found.rows == (("1.5", "Köln"), ("2.5", None))
    assert [note.code for note in found.notes] == ["encoding_guessed"]


def test_what_a_preview_tells_can_be_given_back_as_settings():
    text = "a;b\n1,5;x\n2,5;y\n".encode("utf-16")
    found = preview(text)
    again = Settings.of({"reading": {"live": dict(found.dialect)}})
    assert preview(text, again, role="live").columns == found.columns


def test_the_choices_for_live_hold_for_live_alone():
    settings = Settings.from_toml('[reading.live]\nrename = { A = "a" }\nmissing = ["x"]\n')
    text = b"A,b\n1,x\n2,y\n"
    assert [c.name for c in preview(text, settings).columns] == ["A", "b"]
    found = preview(text, settings, role="live")
    assert [c.name for c in found.columns] == ["a", "b"]
    assert found.rows == (("1", None), ("2", "y"))


def test_only_the_head_of_a_large_file_is_read(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"a,b\n" + b"1,x\n" * 500_000 + b'2,"never closed')
    assert len(preview(path).rows) == 5
    with pytest.raises(PROBLEMS):
        profile(path, Settings(max_dropped=0))


@pytest.mark.parametrize("kind", ["frame", "table", "parquet", "several", "one row"])
def test_every_kind_of_source_has_a_preview(kind, tmp_path):
    frame = pd.DataFrame({"a": [1.5, 2.5, None], "b": ["x", "y", "z"]})
    parquet.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet")
    sources = {
        "frame": frame,
        "table": pa.Table.from_pandas(frame),
        "parquet": tmp_path / "a.parquet",
        "several": [("a.csv", b"a,b\n1.5,x\n2.5,y\n,z\n"), ("b.csv", b"b,a\nw,9\n")],
        "one row": b"a,b\n1.5,x",
    }
    found = preview(sources[kind])
    assert [(c.name, c.type, c.kind) for c in found.columns] == [
        ("a", "number", "numeric"),
        ("b", "text", "categorical"),
    ]
    assert found.rows[0] == ("1.5", "x")


def test_a_saved_profile_has_kinds_and_a_number_of_rows():
    saved = profile(pd.DataFrame({"a": [1, 2]}))
    for source in (saved, saved.to_bytes()):
        found = preview(source)
        assert (found.form, found.rows_known) == ("saved profile", 2)
        assert found.columns == (Column("a", "counts", "numeric"),)
