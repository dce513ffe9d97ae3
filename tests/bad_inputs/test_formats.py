"""Table C: every format gives the same counts."""

import bz2
import lzma
import subprocess
import sys

import pyarrow as pa
import pytest
import sqlalchemy
from pyarrow import feather, parquet

from core.cli import main
from core.pipeline import PROBLEMS, check, profile
from core.reading import databases
from core.reading.problems import Unreadable
from core.settings import Settings

from .format_makers import TABLE, as_parquet, as_zip, workbook


def in_folder(path):
    path.mkdir()
    for part, name in ((TABLE.slice(0, 100), "a"), (TABLE.slice(100), "b")):
        parquet.write_table(part, path / f"{name}.parquet")
    (path / "_SUCCESS").write_bytes(b"")
    return path


def in_database(path):
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
    return (
        TABLE.to_pandas()
        .to_json(orient="records", lines=True, force_ascii=False, double_precision=15)
        .encode()
    )


QUERY = '#select town, age from "my ""table""; drop" order by age'

FORMATS = {
    "csv": lambda path: saved(path, csv_text()),
    "bytes": lambda _: csv_text(),
    "upload": lambda _: ("../../live.csv", csv_text()),
    "several": lambda path: [
        saved(path, csv_text()[: csv_text().index(b"\n", 2000) + 1]),
        ("rest", b"age,town\n" + csv_text()[csv_text().index(b"\n", 2000) + 1 :]),
    ],
    "bz2": lambda path: saved(path, bz2.compress(csv_text())),
    "xz": lambda path: saved(path, lzma.compress(csv_text())),
    "zstd": lambda path: saved(path, pa.compress(csv_text(), "zstd", asbytes=True)),
    "zip": lambda path: saved(
        path, as_zip({"x/live.csv": csv_text(), "__MACOSX/._live.csv": b"x"})
    ),
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
    "query": lambda path: in_database(path).partition("#")[0] + QUERY,
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
    address, calls = in_database(tmp_path / "live"), []
    real = databases._columns  # noqa: SLF001 (the middle of a read)

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
