"""What must not fill the memory, each in a process of its own: growth over a small comparison."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .cases import clean, reference

ROOT = Path(__file__).parents[2]

_MEASURED = """
import json, sys
from pathlib import Path
from core.pipeline import PROBLEMS, check
from core.settings import Settings
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before, after, limit = sys.argv[1:]
check("small.csv", "small.csv")
start = peak()
settings = Settings.from_toml(f"[reading]\\nmax_mb = {limit}")
try:
    found = [f.model_dump(mode="json") for f in check(before, after, settings).features]
except PROBLEMS as problem:
    found = problem.code
print(json.dumps([found, peak() - start]))
"""


def measured(folder, before, after, limit=10_000):
    """Give the features or the code of a problem, and the growth of the peak in MB."""
    (folder / "small.csv").write_bytes(clean())
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, before, after, str(limit)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a21_a_gzip_bomb_is_refused_in_bounded_memory(tmp_path):
    member = gzip.compress(b"1.5,Oslo,3\n" * 1_000_000, compresslevel=9)
    bomb = gzip.compress(b"age,town,visits\n") + member * (10_000_000 // len(member))
    assert gzip.decompress(member).__sizeof__() * (10_000_000 // len(member)) > 2_000_000_000
    (tmp_path / "bomb.csv").write_bytes(bomb)
    (tmp_path / "reference.csv").write_bytes(reference())
    found, growth = measured(tmp_path, "reference.csv", "bomb.csv", limit=300)
    assert found == "too_big"
    assert growth < 300  # MB of the 2 GB it inflates to; how far reading runs ahead varies


def distinct(path, count, rows):
    """Write `rows` rows with `count` distinct labels."""
    with path.open("w") as file:
        file.write("a,x\n")
        for start in range(0, rows, 100_000):
            places = range(start, start + 100_000)
            file.write("".join(f"1.5,label {i % count}\n" for i in places))


@pytest.mark.slow
def test_b40_a_million_categories_are_pooled_in_bounded_memory(tmp_path):
    distinct(tmp_path / "live.csv", 1_000_000, 2_000_000)
    found, growth = measured(tmp_path, "live.csv", "live.csv")
    pooled = {feature["name"]: feature for feature in found}["x"]
    assert pooled["jsd_bits"] == 0
    assert any(each["role"] == "other" for each in pooled["bins"])
    assert growth < 300


@pytest.mark.slow
def test_b40_a_million_distinct_labels_are_an_identifier_in_bounded_memory(tmp_path):
    distinct(tmp_path / "live.csv", 1_000_000, 1_000_000)
    found, growth = measured(tmp_path, "live.csv", "live.csv")
    assert {feature["name"]: feature["code"] for feature in found} == {"a": None, "x": "identifier"}
    assert growth < 300


@pytest.mark.slow
def test_b40_ten_million_distinct_texts_are_an_identifier_in_bounded_memory(tmp_path):
    distinct(tmp_path / "live.csv", 10_000_000, 10_000_000)
    found, growth = measured(tmp_path, "live.csv", "live.csv")
    assert {feature["name"]: feature["code"] for feature in found} == {"a": None, "x": "identifier"}
    assert growth < 300
