"""Table C: what is damaged, unsafe or nowhere, on the library and the command line."""

import gzip
import json
import os
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.cli import main
from core.pipeline import PROBLEMS, check, profile
from core.profiling.archives import pack
from core.profiling.profiles import Incompatible
from core.reading import texts

from .cases import clean, reference
from .format_makers import TABLE, as_parquet, as_zip, with_member, workbook


def entities(xml):
    return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + xml.partition(b"?>")[2]


def encrypted():
    # The container that a workbook with a password is stored in, as far as it is looked at.
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(500)
    )


def locked_zip():
    content = bytearray(as_zip({"a.csv": clean()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def counts(**fields):
    """A saved profile of one number whose counts were tampered with."""
    whole = profile(pd.DataFrame({"age": [1.5, 2.5, 2.5]}))
    tampered = {"age": whole.features["age"]}
    for name, value in fields.items():
        object.__setattr__(tampered["age"], name, value)
    header = {
        "version": "0",
        "rows": 3,
        "kinds": {"age": "numeric"},
        "source": {"name": "x", "digest": None, "rows_read": 3, "rows_dropped": 0, "notes": []},
    }
    return pack(header, tampered)


REFUSED = {
    "C01": ("corrupt_file", lambda: as_parquet()[:-30] + b"\0" * 26 + b"PAR1"),
    "C01-cut": ("corrupt_file", lambda: as_parquet()[:-30]),
    "C02": ("encrypted_file", encrypted),
    "C02-zip": ("encrypted_file", locked_zip),
    "C03": ("not_safe", lambda: with_member(workbook(), "xl/worksheets/sheet1.xml", entities)),
    "C03-bomb": (
        "too_big",
        lambda: with_member(
            workbook(), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 300_000_000
        ),
    ),
    "C03-cut": ("corrupt_file", lambda: workbook()[:-40]),
    "C03-several": ("several_tables", lambda: as_zip({"a.csv": clean(), "b.csv": clean()})),
    "C06": ("corrupt_profile", lambda: profile(reference()).to_bytes()[:-100]),
    "C07-nan": ("corrupt_profile", lambda: counts(mean=float("nan"))),
    "C07-negative": ("corrupt_profile", lambda: counts(counts=np.array([-1, 4]))),
    "C07-fewer": ("corrupt_profile", lambda: counts(counts=np.array([3]))),
    "C07-order": (
        "corrupt_profile",
        lambda: counts(
            cells=profile(pd.DataFrame({"a": [1.5, 2.5]})).features["a"].cells[::-1].copy()
        ),
    ),
    "gzip-cut": ("corrupt_file", lambda: gzip.compress(clean())[:-20]),
    "zstd-cut": ("corrupt_file", lambda: pa.compress(clean(), "zstd", asbytes=True)[:-20]),
    "json-array": ("corrupt_file", lambda: b'[{"a": 1}, {"a": '),
    "sqlite": ("wrong_type", lambda: b"SQLite format 3\0" + bytes(100)),
    "pickle": ("not_a_table", lambda: pickle.dumps({"a": np.arange(100)})),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_damaged_or_unsafe_is_refused_by_library_and_command_line(name, tmp_path, capsys):
    code, make = REFUSED[name]
    content = make()
    with pytest.raises(PROBLEMS) as caught:
        check(TABLE, content)
    assert caught.value.code == code
    if name.startswith("C07"):
        assert "'age'" in str(caught.value)
    path = tmp_path / "live.xlsx"
    path.write_bytes(content)
    (tmp_path / "reference.csv").write_bytes(clean())
    assert main(["compare", str(tmp_path / "reference.csv"), str(path)]) == 2
    err = capsys.readouterr().err
    assert "live.xlsx" in err
    assert f"[{code}]" in err
    assert "Traceback" not in err


def places(folder):
    folder.mkdir()
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    return {
        "empty_folder": folder / "empty",
        "not_a_file": folder / "pipe",
        "not_a_file ": "/dev/null",
        "not_found": folder / "nothing.csv",
        "no_match": folder / "*.csv",
        "not_readable": "x" * 5000,
        "unknown_address": "https://localhost/table.csv",
        "unknown_address ": "nothing://localhost/table",
        "not_found ": f"file://{folder}/nothing.csv",
        "no_match ": f"file://{folder}/*.csv",
        "not_found  ": f"sqlite:///{folder}/nothing.db#t",
    }


def test_c04_every_place_without_a_table_has_its_code_and_nothing_waits(tmp_path, capsys):
    for code, path in places(tmp_path / "here").items():
        with pytest.raises(PROBLEMS) as caught:
            check(TABLE, path)
        assert caught.value.code == code.strip()
        (tmp_path / "reference.csv").write_bytes(clean())
        assert main(["compare", str(tmp_path / "reference.csv"), str(path)]) == 2
        assert f"[{code.strip()}]" in capsys.readouterr().err


def test_c05_keys_that_come_and_go_are_missing_there():
    lines = [json.dumps({"age": i / 7, **({"town": "Rome"} if i % 2 else {})}) for i in range(300)]
    found = profile("\n".join(lines).encode())
    assert (found.features["town"].rows, found.features["town"].missing) == (300, 150)
    (note,) = found.source.notes
    assert (note.code, note.column, note.count, note.first) == (
        "absent_keys",
        "town",
        150,
        "line 1",
    )
    assert "150 records lack the key town" in note.message
    report = check(clean(), "\n".join(lines).encode())
    assert "absent_keys" in {warning.code for warning in report.warnings}


@pytest.mark.parametrize(
    ("text", "absent", "first"),
    [
        ('{"a": 1, "b": null}\n{"a": 2, "b": 1.5}', None, None),
        ('{"a": 1, "b": null}\n\n{"a": 2}\n{"a": 2, "b": 2}', 1, "line 3"),
        ('{"a": "\\":null", "b": null}\n{"a": ":null"}', 1, "line 2"),
        ('{"a": 1, "b": 2} {"a": 1}\n{"a": 3}', 2, "line 1"),
        ('{"a": 1, "b":\n2}\n{"a": 3}', 1, "line 3"),
        ('{"a": {"b": null}, "b": 2}\n{"a": {"b": 1}}', 1, "line 2"),
        ('{"a": 1, "b": "x"}\n{"a": "y"}', 1, "line 2"),
        ('[{"a": 1, "b": 2}, {"a": 3}]', 1, "line 2"),
    ],
)
def test_c05_a_key_that_is_absent_is_told_from_a_null(text, absent, first):
    found = {note.column: note for note in profile(text.encode()).source.notes}
    note = found.get("b")
    assert (note and note.count, note and note.first) == (absent, first)


def test_c05_keys_of_later_blocks_are_told(monkeypatch):
    monkeypatch.setattr(texts, "BLOCK_BYTES", 1 << 12)
    wide = "x" * 1000
    lines = [json.dumps({"a": wide, ("b" if i < 200 else "c"): i}) for i in range(400)]
    notes = {note.code: note for note in profile("\n".join(lines).encode()).source.notes}
    assert notes["late_keys"].message == "Keys that first appear late are not compared: c."
    assert (notes["absent_keys"].column, notes["absent_keys"].count) == ("b", 200)
    assert notes["absent_keys"].first == "line 201"


def test_c05_a_key_with_values_of_several_types_and_a_line_that_is_no_record_are_told():
    lines = [json.dumps({"a": i, "b": i if i % 2 else "x"}) for i in range(300)]
    found = profile("\n".join([*lines, "no record"]).encode())
    assert {note.code for note in found.source.notes} == {"mixed_types", "bad_rows"}
    assert (found.source.rows_read, found.rows, found.source.rows_dropped) == (301, 300, 1)


def test_c08_profiles_of_different_kinds_do_not_merge():
    sides = [profile(pd.DataFrame({"age": values})) for values in ([1.5, 2.5], ["a", "b"])]
    with pytest.raises(Incompatible, match=r"'age' is numeric .* and categorical") as caught:
        sides[0] + sides[1]
    assert caught.value.code == "incompatible"


def test_c09_a_feature_of_a_saved_profile_that_live_lacks_is_missing():
    saved = profile(TABLE).to_bytes()
    report = check(saved, TABLE.select(["age"]))
    assert {f.name: f.code for f in report.features}["town"] == "missing_column"
    assert report.verdict == "incomplete"
