"""The benchmark itself works; how fast anything is, no test asserts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def bench(script, *words):
    return subprocess.run(
        [sys.executable, ROOT / "bench" / script, *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_benchmark_measures_each_number_of_rows_in_each_form(tmp_path):
    words = ("--rows", "300", "600", "--only", "tideline", "--rounds", "1")
    run = bench("run.py", *words, "--folder", tmp_path)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "results.md").read_text()
    assert page == run.stdout
    for rows in ("300", "600"):
        for form in ("CSV", "Parquet"):
            assert f"Two tables of {rows} rows x 20 columns, {form}, 1 rounds:" in page
    assert page.count("| Tideline | ") == 4
    assert "| peak memory, 600 rows against 300 | " in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["300x20", "results.md"]


def test_who_cannot_take_part_is_named_with_the_reason(tmp_path):
    place = tmp_path / "environments" / "readers"
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to(shutil.which("false"))
    pins = "import sys; sys.path.insert(0, 'bench'); from speed.environments import PINS; "
    told = subprocess.run(
        [sys.executable, "-c", f"{pins}print('\\n'.join(PINS['readers']), end='')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (place / "ready").write_text(told.stdout)
    words = ("--rows", "200", "--forms", "csv", "--only", "duckdb", "--rounds", "1")
    run = bench("run.py", *words, "--folder", tmp_path)
    assert run.returncode == 0, run.stderr
    assert "| DuckDB, only reading | not run: ended with exit code 1 |" in run.stdout


def test_the_kernel_is_measured_over_nine_distributions():
    run = bench("kernel.py", "3000")
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 2 + 9 + 1


@pytest.mark.slow
def test_spark_and_this_machine_are_compared_column_by_column(tmp_path):
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'tideline[spark]'")
    if shutil.which("java") is None:
        pytest.skip("needs Java: apt-get install default-jre-headless")
    words = ("--rows", "3000", "--tables", "reference", "--master", "local[2]")
    run = bench("spark.py", *words, "--folder", tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("| the same |") == 20
    assert run.stdout.endswith("All counts are the same.\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_memory_beyond_a_frame_is_measured_for_each_kind_of_frame():
    pytest.importorskip("polars", reason="needs the extra: pip install 'tideline[dev]'")
    run = bench("frames.py", "2000")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()[2:]
    kinds = [line.split(" | ")[0] for line in lines]
    assert kinds == ["| Arrow", "| pandas", "| Polars", "| pandas, texts as objects"]
