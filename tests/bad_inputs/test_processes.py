"""The command line as a process on bad inputs, and what else may go wrong while it runs."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import cutting
from core.cli import main
from core.deciding import decisions
from core.pipeline import check
from core.profiling.engines import local
from core.reading.problems import Unreadable
from core.reading.sources import load

from .cases import clean, reference, strictly
from .text_files import CASES

ROOT = Path(__file__).parents[2]
COMPARE = ("compare", "reference.csv", "live.csv", "--out", "r.json")
CHOSEN = {"A01", "A05", "A10", "A11", "A16", "A23", "A31-crlf"}


def drift(*words, cwd, **kept):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **kept,
    )


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "reference.csv").write_bytes(reference())
    (tmp_path / "live.csv").write_bytes(clean())
    return tmp_path


@pytest.mark.parametrize("case", [c for c in CASES if c.id in CHOSEN], ids=lambda case: case.id)
def test_a_bad_text_file_ends_with_its_code(case, tables):
    (tables / "reference.csv").write_bytes((case.reference or reference)())
    (tables / "live.csv").write_bytes(case.live())
    run = drift("compare", "reference.csv", "live.csv", "--out", "r.json", cwd=tables)
    assert run.stdout.count("\n") == (case.answer != "E")  # the verdict
    assert "Traceback" not in run.stderr
    assert run.stderr.count("\n") == (case.answer != "OK")
    assert (case.code == "") == (f"[{case.code}]" not in run.stderr)
    assert (run.returncode == 2) == (case.answer == "E")
    left = {path.name for path in tables.iterdir()} - {"reference.csv", "live.csv"}
    assert left == (set() if case.answer == "E" else {"r.json"})


def test_the_same_input_gives_the_same_bytes_in_two_processes(tables):
    found = []
    for name in ("a.json", "b.json"):
        drift("compare", "reference.csv", "live.csv", "--out", name, cwd=tables)
        found.append({**strictly((tables / name).read_text()), "created": None})
    assert json.dumps(found[0]) == json.dumps(found[1])


def test_f02_a_full_disk_is_told_and_what_was_there_stays(tables):
    (tables / "r.json").write_text("old")
    (tables / "p.profile").write_text("old")

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    words = ("compare", "reference.csv", "live.csv", "--out", "r.json", "--out", "r.prom")
    run = drift(*words, cwd=tables, preexec_fn=small)
    assert run.returncode == 3
    assert run.stderr.count("[disk_full]") == 2
    assert (tables / "r.json").read_text() == "old"
    run = drift("profile", "live.csv", "--out", "p.profile", cwd=tables, preexec_fn=small)
    assert run.returncode == 2
    assert "[disk_full]" in run.stderr
    assert (tables / "p.profile").read_text() == "old"
    assert not list(tables.glob(".*"))


def test_f12_a_file_that_grows_while_it_is_read_is_noticed(tmp_path):
    path = tmp_path / "live.csv"
    path.write_bytes(clean())
    table = load(path)
    with path.open("ab") as file:
        file.write(b"1.5,Oslo,3\n")
    os.utime(path, ns=(1, 1))
    with pytest.raises(Unreadable, match="changed while") as caught:
        list(table.batches())
    assert caught.value.code == "changed_while_read"


def test_f12_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(tmp_path):
    path = tmp_path / "live.csv"
    path.write_bytes(clean())
    table = load(path)
    (tmp_path / "new.csv").write_bytes(reference() * 2)
    (tmp_path / "new.csv").replace(path)
    assert sum(batch.num_rows for batch in table.batches()) == 400


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_f14_a_signal_in_the_middle_ends_cleanly(tables, sent, code):
    rows = clean().partition(b"\n")[2]
    with (tables / "live.csv").open("ab") as file:
        for _ in range(6000):
            file.write(rows)
    words = [
        sys.executable,
        "-m",
        "core",
        "compare",
        "reference.csv",
        "live.csv",
        "--out",
        "r.json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=tables, env=environment, stderr=subprocess.PIPE) as run:
        status = Path(f"/proc/{run.pid}/io")
        while run.poll() is None and _read(status) < 20_000_000:
            time.sleep(0.005)
        run.send_signal(sent)
        _, err = run.communicate(timeout=20)
    assert run.returncode == code
    assert b"Traceback" not in err
    assert {path.name for path in tables.iterdir()} == {"reference.csv", "live.csv"}


def _read(status):
    lines = status.read_text().splitlines()
    return int(lines[0].split()[1])


@pytest.mark.slow
def test_f15_two_gigabytes_are_counted_under_a_limit_of_one(tmp_path):
    wide = clean().replace(b"Oslo", b"O" * 250).replace(b"Rome", b"R" * 250)
    header, _, rows = wide.replace(b"the", b"t" * 250).partition(b"\n")
    block = rows * (32_000_000 // len(rows))
    path = tmp_path / "live.csv"
    with path.open("wb") as file:
        file.write(header + b"\n")
        while file.tell() < 2_000_000_000:
            file.write(block)
    (tmp_path / "reference.csv").write_bytes(reference())

    def short():
        resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))

    run = drift(
        "compare", "reference.csv", "live.csv", "--out", "r.json", cwd=tmp_path, preexec_fn=short
    )
    path.unlink()
    assert run.returncode in {0, 1}, run.stderr
    found = strictly((tmp_path / "r.json").read_text())["live"]
    assert found["rows_read"] == found["rows_used"] > 5_000_000


def test_a_memory_that_is_too_small_is_code_2_without_a_traceback(tables):
    def tiny():
        resource.setrlimit(resource.RLIMIT_DATA, (90_000_000, 90_000_000))

    run = drift("compare", "reference.csv", "live.csv", cwd=tables, preexec_fn=tiny)
    assert run.returncode not in {1, 3}
    assert "Traceback" not in run.stderr or run.returncode < 0


def test_f18_an_error_inside_one_feature_leaves_the_others(tables):
    run = subprocess.run(
        [sys.executable, "-c", _BROKEN],
        capture_output=True,
        text=True,
        check=False,
        cwd=tables,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    found = strictly((tables / "r.json").read_text())
    features = {each["name"]: each for each in found["features"]}
    assert features["town"]["code"] == "internal_error"
    assert "skipped" not in {features["age"]["state"], features["visits"]["state"]}
    assert found["verdict"] == "incomplete"
    number = features["town"]["reason"].partition("number ")[2][:8]
    assert number in run.stderr


_BROKEN = """
import sys
from core.deciding import comparisons
from core.cli import main
def broken(*_, **__):
    raise ZeroDivisionError("inside")
comparisons.bin_categories = broken
sys.exit(main(["compare", "reference.csv", "live.csv", "--out", "r.json"]))
"""


@pytest.mark.parametrize("place", ["weigh", "record"])
def test_f18_an_error_in_judging_one_feature_leaves_the_others(place, monkeypatch, caplog):
    real = getattr(decisions, place)

    def broken(comparison, *rest):
        if comparison.feature == "town" and comparison.code != "internal_error":
            raise KeyError("inside")
        return real(comparison, *rest)

    monkeypatch.setattr(decisions, place, broken)
    report = check(reference(), clean())
    assert {f.name: f.code for f in report.features} == {
        "age": None,
        "visits": None,
        "town": "internal_error",
    }
    assert "town" in caplog.text


def test_f18_an_error_in_counting_one_column_leaves_the_others(monkeypatch, caplog):
    real = local.labels
    monkeypatch.setattr(local, "labels", lambda *words: real(*words[:1]))
    report = check(reference(), clean())
    assert {f.name: f.code for f in report.features} == {
        "age": None,
        "visits": None,
        "town": "internal_error",
    }
    assert "internal_error" in {warning.code for warning in report.warnings}
    assert "town" in caplog.text


def test_f18_an_error_in_counting_a_group_ends_with_code_2(tables, monkeypatch, capsys):
    real = cutting.count_parts
    monkeypatch.setattr(
        cutting, "count_parts", lambda *words: real(*words) if words[3] != "age" else 1 / 0
    )
    (tables / "s.toml").write_text('group_by = "town"')
    words = ("reference.csv", "live.csv", "s.toml", "r.json")
    before, after, settings, out = (str(tables / name) for name in words)
    assert main(["compare", before, after, "--settings", settings, "--out", out]) == 2
    found = {each["name"]: each for each in strictly(Path(out).read_text())["features"]}
    assert found["age"]["code"] == "internal_error"
    assert found["visits"]["state"] != "skipped"
    assert "[internal_error]" in capsys.readouterr().err
