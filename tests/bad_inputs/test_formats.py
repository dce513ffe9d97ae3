"""Table C: other formats and profiles, on the library and the command line."""

import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from core.cli import main
from core.pipeline import PROBLEMS, check, profile
from core.profiling.archives import pack
from core.profiling.profiles import Incompatible

from .cases import clean, reference

TABLE = pa.table({"age": np.arange(300) / 8, "town": ["Rome", "Oslo", "Köln"] * 100})


def as_parquet():
    content = io.BytesIO()
    parquet.write_table(TABLE, content)
    return content.getvalue()


def workbook(sheets=("May",), fill=None):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["age", "town"])
        for age, town in zip(TABLE["age"].to_pylist(), TABLE["town"].to_pylist(), strict=True):
            sheet.append([age, fill or town])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_member(content, name, change):
    """Rewrite one member of an archive."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return changed.getvalue()


def entities(xml):
    return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + xml.partition(b"?>")[2]


def encrypted():
    # The container that a workbook with a password is stored in, as far as it is looked at.
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


def locked_zip():
    content = bytearray(as_zip({"a.csv": clean()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def as_zip(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def counts(**fields):
    """A saved profile of one number whose counts were tampered with."""
    whole = profile(pd.DataFrame({"age": [1.5, 2.5, 2.5]}))
    tampered = {"age": whole.features["age"]}
    for name, value in fields.items():
        object.__setattr__(tampered["age"], name, value)
    header = {"version": "0", "rows": 3, "kinds": {"age": "numeric"}, "source": {"name": "x", "digest": None, "rows_read": 3, "rows_dropped": 0, "notes": []}}
    return pack(header, tampered)


REFUSED = {
    "C01": ("corrupt_file", lambda: as_parquet()[:-30] + b"\0" * 26 + b"PAR1"),
    "C01-cut": ("corrupt_file", lambda: as_parquet()[:-30]),
    "C02": ("encrypted_file", encrypted),
    "C02-zip": ("encrypted_file", locked_zip),
    "C03": ("not_safe", lambda: with_member(workbook(), "xl/worksheets/sheet1.xml", entities)),
    "C03-bomb": ("too_big", lambda: with_member(workbook(), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 300_000_000)),
    "C03-cut": ("corrupt_file", lambda: workbook()[:-40]),
    "C03-several": ("several_tables", lambda: as_zip({"a.csv": clean(), "b.csv": clean()})),
    "C06": ("corrupt_profile", lambda: profile(reference()).to_bytes()[:-100]),
    "C07-nan": ("corrupt_profile", lambda: counts(mean=float("nan"))),
    "C07-negative": ("corrupt_profile", lambda: counts(counts=np.array([-1, 4]))),
    "C07-fewer": ("corrupt_profile", lambda: counts(counts=np.array([3]))),
    "C07-order": ("corrupt_profile", lambda: counts(cells=profile(pd.DataFrame({"a": [1.5, 2.5]})).features["a"].cells[::-1].copy())),
    "gzip-cut": ("corrupt_file", lambda: __import__("gzip").compress(clean())[:-20]),
    "zstd-cut": ("corrupt_file", lambda: pa.compress(clean(), "zstd", asbytes=True)[:-20]),
    "json-array": ("corrupt_file", lambda: b'[{"a": 1}, {"a": '),
    "sqlite": ("wrong_type", lambda: b"SQLite format 3\0" + bytes(100)),
    "pickle": ("not_a_table", lambda: __import__("pickle").dumps({"a": np.arange(100)})),
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


def test_c05_a_key_with_values_of_several_types_and_a_line_that_is_no_record_are_told():
    lines = [json.dumps({"a": i, "b": i if i % 2 else "x"}) for i in range(300)]
    found = profile("\n".join([*lines, "no record"]).encode())
    assert {note.code for note in found.source.notes} == {"mixed_types", "bad_rows"}
    assert (found.source.rows_read, found.rows, found.source.rows_dropped) == (301, 300, 1)


def test_c08_profiles_of_different_kinds_do_not_merge():
    sides = [profile(pd.DataFrame({"age": values})) for values in ([1.5, 2.5], ["a", "b"])]
    with pytest.raises(Incompatible, match="'age' is numeric .* and categorical") as caught:
        sides[0] + sides[1]
    assert caught.value.code == "incompatible"


def test_c09_a_feature_of_a_saved_profile_that_live_lacks_is_missing():
    saved = profile(TABLE).to_bytes()
    report = check(saved, TABLE.select(["age"]))
    assert {f.name: f.code for f in report.features}["town"] == "missing_column"
    assert report.verdict == "incomplete"


def in_folder(path):
    path.mkdir()
    for part, name in ((TABLE.slice(0, 100), "a"), (TABLE.slice(100), "b")):
        parquet.write_table(part, path / f"{name}.parquet")
    (path / "_SUCCESS").write_bytes(b"")
    return path


def in_database(path):
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"sqlite:///{path}.db")
    TABLE.to_pandas().to_sql('my "table"; drop', engine, index=False)
    engine.dispose()
    return f'sqlite:///{path}.db#my "table"; drop'


def saved(path, content):
    path.write_bytes(content)
    return path


def in_feather(path, compression):
    feather.write_feather(TABLE, path, compression=compression)
    return path


def in_stream(path):
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return path


def csv_text():
    return TABLE.to_pandas().to_csv(index=False).encode()


def records():
    return TABLE.to_pandas().to_json(orient="records", lines=True, force_ascii=False, double_precision=15).encode()


FORMATS = {
    "csv": lambda path: saved(path, csv_text()),
    "bytes": lambda _: csv_text(),
    "upload": lambda _: ("../../live.csv", csv_text()),
    "several": lambda path: [saved(path, csv_text()[: csv_text().index(b"\n", 2000) + 1]), ("rest", b"age,town\n" + csv_text()[csv_text().index(b"\n", 2000) + 1 :])],
    "bz2": lambda path: saved(path, __import__("bz2").compress(csv_text())),
    "xz": lambda path: saved(path, __import__("lzma").compress(csv_text())),
    "zstd": lambda path: saved(path, pa.compress(csv_text(), "zstd", asbytes=True)),
    "zip": lambda path: saved(path, as_zip({"x/live.csv": csv_text(), "__MACOSX/._live.csv": b"x"})),
    "parquet": lambda path: saved(path, as_parquet()),
    "folder": in_folder,
    "pattern": lambda path: in_folder(path) / "*.parquet",
    "address": lambda path: f"file://{in_folder(path)}",
    "address-pattern": lambda path: f"file://{in_folder(path)}/*.parquet",
    "feather": lambda path: in_feather(path, "uncompressed"),
    "feather-packed": lambda path: in_feather(path, "zstd"),
    "stream": in_stream,
    "json-lines": lambda path: saved(path, records()),
    "json-array": lambda path: saved(path, b"[" + records().strip().replace(b"\n", b",\n") + b"]"),
    "workbook": lambda path: saved(path, workbook()),
    "database": in_database,
    "query": lambda path: in_database(path).partition("#")[0] + '#select town, age from "my ""table""; drop" order by age',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_counts(name, tmp_path):
    found = profile(FORMATS[name](tmp_path / "live.data"))
    assert found == profile(TABLE)
    assert found.source.rows_read == 300


def test_folders_named_key_value_are_columns(tmp_path):
    for year, town in ((2025, "Rome"), (2026, "S%C3%A3o")):
        folder = tmp_path / f"year={year}" / f"town={town}"
        folder.mkdir(parents=True)
        parquet.write_table(TABLE.select(["age"]), folder / "part.parquet")
    found = profile(tmp_path)
    assert dict(found.kinds) == {"age": "numeric", "year": "numeric", "town": "categorical"}
    assert found.features["town"].labels.to_pylist() == ["Rome", "São"]
    assert found.rows == 600


def test_files_of_one_table_need_the_same_columns():
    with pytest.raises(PROBLEMS, match=r"b\.csv .* lacks town and has also city") as caught:
        check(TABLE, [("a.csv", b"age,town\n1,x\n"), ("b.csv", b"city,age\nx,1\n")])
    assert caught.value.code == "columns_differ"


def test_a_sheet_is_chosen_by_name_or_number():
    content = workbook(("May", "June"))
    from core.settings import Settings

    for wish in ('"June"', "2"):
        found = profile(content, Settings.from_toml(f"[reading]\nsheet = {wish}\n"))
        assert found.rows == 300
    with pytest.raises(PROBLEMS, match="May, June") as caught:
        profile(content, Settings.from_toml('[reading]\nsheet = "July"\n'))
    assert caught.value.code == "no_sheet"


def test_a_workbook_without_the_extra_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(PROBLEMS, match=r"Excel.*tideline\[excel\]") as caught:
        profile(workbook())
    assert caught.value.code == "wrong_type"


def test_secrets_of_an_address_come_from_the_environment_and_are_never_shown(monkeypatch, capsys):
    monkeypatch.setenv("DRIFT_SECRET", "hunter2")
    for address in ("sqlite://me:${DRIFT_SECRET}@host/x.db#t", "nothing://me:hunter2@host/x#t"):
        assert main(["compare", address, address]) == 2
        assert "hunter2" not in capsys.readouterr().err
    monkeypatch.delenv("DRIFT_SECRET")
    assert main(["compare", "sqlite:///${DRIFT_SECRET}.db#t", "x.csv"]) == 2
    assert "DRIFT_SECRET" in capsys.readouterr().err


def test_a_database_that_goes_away_is_asked_once_more(tmp_path, monkeypatch):
    from core.reading import databases
    from core.reading.problems import Unreadable

    address, calls = in_database(tmp_path / "live"), []
    real = databases._columns

    def away(*words):
        calls.append(1)
        if len(calls) == 1:
            raise Unreadable("database_away", "It went away.")
        return real(*words)

    monkeypatch.setattr(databases, "_columns", away)
    assert profile(address) == profile(TABLE)
    monkeypatch.setattr(databases, "_columns", lambda *_: away() if not calls.clear() else None)
    with pytest.raises(Unreadable, match="went away"):
        profile(address)


def test_the_command_line_reads_what_lies_in_a_folder(tmp_path):
    folder = in_folder(tmp_path / "tables")
    run = subprocess.run(
        [sys.executable, "-m", "core", "compare", str(folder), str(folder / "*.parquet")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "300 rows" in run.stdout
