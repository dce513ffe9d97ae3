"""The command line as a process: exit codes, stdout, stderr, files left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from core.cli import main
from core.pipeline import profile

DATA = Path(__file__).parents[1] / "data"
REFERENCE, LIVE, CONTROL = (
    str(DATA / f"flights_{name}.csv") for name in ("reference", "live", "control")
)
SEASON = {"temperature_f", "wind_gust_mph", "pressure_mb", "humidity_pct"}


def drift(*words, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(DATA.parent)},
    )


def table(path, text=None):
    path.write_text(text or "a,b\n" + "".join(f"{i % 7},{i % 3}\n" for i in range(200)))
    return str(path)


def result(path):
    report = json.loads(Path(path).read_text())
    del report["created"]
    return report


def test_a_label_and_predictions_are_named_by_options_or_settings_alike(tmp_path):
    named = ("--label", "arrival_delay_min", "--predictions", "departure_delay_min")
    named += ("--predictions", "departure_hour", "--logits", "wind_speed_mph")
    chosen = tmp_path / "drift.toml"
    chosen.write_text(
        'label = "arrival_delay_min"\npredictions = ["departure_delay_min", "departure_hour"]\n'
        'logits = ["wind_speed_mph"]\n'
    )
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for words, path in zip((named, ("--settings", chosen)), paths, strict=True):
        assert drift("compare", REFERENCE, LIVE, *words, "--out", path).returncode == 1
    assert result(paths[0]) == result(paths[1])
    roles = {each["role"]: each["names"] for each in result(paths[0])["outcomes"]["roles"]}
    assert set(roles["prediction"]) == {"departure_delay_min", "departure_hour", "wind_speed_mph"}
    assert roles["label"] == ["arrival_delay_min"]


def test_july_drifted_from_january_in_every_format(tmp_path):
    outputs = [tmp_path / f"r{suffix}" for suffix in (".json", ".html", ".md", ".csv")]
    run = drift("compare", REFERENCE, LIVE, *(w for path in outputs for w in ("--out", path)))
    assert run.returncode == 1
    assert run.stdout.startswith("▲ Drift: 7 of 21 features drifted")
    assert run.stdout.count("\n") == 1
    report = result(outputs[0])
    drifted = {f["name"] for f in report["features"] if f["state"] == "alert"}
    assert report["verdict"] == "drift"
    assert drifted >= SEASON
    assert outputs[1].stat().st_size < 500_000
    for path in outputs[1:]:
        text = path.read_text().replace("\\_", "_")  # Markdown escapes it
        assert all(name in text for name in SEASON)


def test_a_year_in_weeks_shows_the_season(tmp_path):
    outputs = [tmp_path / "year.json", tmp_path / "year.html"]
    words = (w for path in outputs for w in ("--out", path))
    run = drift("compare", REFERENCE, DATA / "flights_year.csv", "--windows", "1w", *words)
    assert run.returncode == 1
    line = json.loads(outputs[0].read_text())["timeline"]
    features = {feature["name"]: feature for feature in line["features"]}
    season = max(features["temperature_f"]["changes"], key=lambda change: change["evidence"])
    assert "2013-03-25" <= season["began"] <= "2013-04-22"
    assert "2013-10-28" <= season["ended"] <= "2013-12-02"
    summer = features["temperature_f"]["states"][18:40]
    assert set(summer) == {"alert"}
    assert not {"alert", "warn"} & set(features["origin"]["states"])
    assert season["began"] in outputs[1].read_text()


def test_another_tool_s_rule_stands_beside_ours(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('compare_as = "evidently"\n')
    chosen = drift("compare", REFERENCE, CONTROL, "--settings", str(file))
    asked = drift("compare", REFERENCE, CONTROL, "--as", "evidently")
    assert asked.returncode == chosen.returncode == 0
    assert asked.stdout == chosen.stdout
    assert "As Evidently computes it" in asked.stdout
    wrong = drift("compare", REFERENCE, CONTROL, "--as", "nobody")
    assert wrong.returncode == 2
    assert "compare_as" in wrong.stderr
    assert "'nannyml'" in wrong.stderr


def test_windows_that_say_nothing_are_refused():
    for words, told in (
        (("--zone", "Europe/Oslo"), "--zone needs --windows"),
        (("--windows", "1d", "--group-by", "origin"), "leave --chunk-by and --group-by away"),
        (("--windows", "weekly"), "no span"),
        (("--windows", "1d", "--zone", "Mars/Olympus"), "no time zone"),
    ):
        run = drift("compare", REFERENCE, LIVE, *words)
        assert (run.returncode, run.stdout) == (2, "")
        assert told in run.stderr


def test_another_january_did_not_drift():
    run = drift("compare", REFERENCE, CONTROL)
    assert run.returncode == 0
    assert "Drift" not in run.stdout.replace("No drift", "")


def test_two_saved_profiles_give_the_same_report_as_the_files(tmp_path):
    for name, source in (("before", REFERENCE), ("after", LIVE)):
        run = drift("profile", source, "--out", f"{name}.profile", cwd=tmp_path)
        assert (run.returncode, run.stdout) == (0, "")
    assert drift("compare", REFERENCE, LIVE, "--out", "files.json", cwd=tmp_path).returncode == 1
    mixed = drift("compare", "before.profile", LIVE, "--out", "mixed.json", cwd=tmp_path)
    assert mixed.returncode == 1
    words = ("before.profile", "after.profile", "--out", "profiles.json")
    assert drift("compare", *words, cwd=tmp_path).returncode == 1
    files, mixed, profiles = (
        result(tmp_path / f"{name}.json") for name in ("files", "mixed", "profiles")
    )
    assert files == mixed == profiles


def test_the_same_run_twice_writes_the_same_bytes_but_for_the_time(tmp_path):
    for name in ("one", "two"):
        drift("compare", REFERENCE, CONTROL, "--out", str(tmp_path / f"{name}.json"))
    assert result(tmp_path / "one.json") == result(tmp_path / "two.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["live", "is empty"]),
        ("a,b\n", ["live", "no rows"]),
        ("x,y\n1,2\n", ["No column name is in both", "a, b", "x, y"]),
        ("<html><body>log in</body></html>", ["live", "web page"]),
        ("a,a\n1,2\n", ["live", "alike", "(a)"]),
    ],
)
def test_what_cannot_be_compared_is_one_sentence_and_code_2(tmp_path, text, words):
    before, after = table(tmp_path / "before.csv"), tmp_path / "after.csv"
    after.write_text(text)
    run = drift("compare", before, str(after), "--out", str(tmp_path / "r.json"))
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert all(word.lower() in run.stderr.lower() for word in words)
    assert not (tmp_path / "r.json").exists()


def test_a_path_that_is_wrong_is_told(tmp_path):
    run = drift("compare", str(tmp_path / "nothing.csv"), LIVE)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Reference:" in run.stderr
    assert "does not exist" in run.stderr


def test_unknown_settings_are_told_all_at_once(tmp_path):
    settings = table(tmp_path / "drift.toml", "alrt = 1\nbin_cont = 3\n")
    run = drift("compare", REFERENCE, LIVE, "--settings", settings)
    assert run.returncode == 2
    assert "'alert'" in run.stderr
    assert "'bin_count'" in run.stderr


def test_settings_that_name_an_unknown_feature_are_told(tmp_path):
    settings = table(tmp_path / "drift.toml", "[features.temperatur_f]\nwarn = 0.1\n")
    run = drift("compare", REFERENCE, LIVE, "--settings", settings)
    assert run.returncode == 2
    assert "'temperature_f'" in run.stderr


def test_an_unknown_suffix_is_refused_before_anything_is_read(tmp_path):
    run = drift("compare", "nothing.csv", "nothing.csv", "--out", str(tmp_path / "r.docx"))
    assert run.returncode == 2
    assert ".html" in run.stderr
    assert "internal" not in run.stderr


def test_wrong_words_are_code_2():
    assert drift("compare", REFERENCE).returncode == 2
    assert drift("profile", REFERENCE, "--out", "p.txt").returncode == 2
    assert drift("compare", REFERENCE, LIVE, "--every", "1d").returncode == 2
    assert "Commands:" in drift().stderr


def test_a_report_never_replaces_a_table(tmp_path):
    before = table(tmp_path / "a.csv")
    assert drift("compare", before, before, "--out", before).returncode == 2
    assert Path(before).read_text().startswith("a,b")


@pytest.mark.parametrize(("level", "code"), [("alert", 1), ("warn", 1), ("never", 0)])
def test_fail_on_chooses_the_level_that_ends_with_code_1(tmp_path, level, code):
    before = table(tmp_path / "a.csv", "a\n" + "1\n2\n" * 200)
    after = table(tmp_path / "b.csv", "a\n" + "2\n2\n" * 200)
    assert drift("compare", before, after, "--fail-on", level).returncode == code


def test_a_missing_column_is_code_1(tmp_path):
    before = table(tmp_path / "before.csv")
    after = table(tmp_path / "after.csv", "a\n" + "".join(f"{i % 7}\n" for i in range(200)))
    run = drift("compare", before, after)
    assert run.returncode == 1
    assert "Incomplete" in run.stdout


def test_a_missing_column_is_code_1_whatever_else_is_said(tmp_path):
    before = table(tmp_path / "a.csv", "a,b\n" + "1,1\n2,2\n" * 200)
    for rows in ("1\n2\n", "2\n2\n"):  # without drift, and with
        after = table(tmp_path / "b.csv", "a\n" + rows * 200)
        assert drift("compare", before, after, "--fail-on", "never").returncode == 1


def test_a_broken_installation_is_code_2_and_never_looks_like_drift(tmp_path):
    (tmp_path / "pyarrow.py").write_text("raise ImportError('no pyarrow here')")
    run = subprocess.run(
        [sys.executable, "-m", "core", "compare", REFERENCE, LIVE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{DATA.parent}"},
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert "no pyarrow here" in run.stderr


def test_clean_tables_and_profiles_are_compared_without_pandas(tmp_path):
    (tmp_path / "pandas.py").write_text("open('imported', 'w'); raise ImportError('pandas')")
    rows = {"x": [1.5, 2.5, None] * 50, "n": [1, 2, 3] * 50, "town": ["Oslo", "Rome", None] * 50}
    parquet.write_table(pa.table(rows), tmp_path / "a.parquet")
    csv.write_csv(pa.table(rows), tmp_path / "a.csv")
    profile(tmp_path / "a.csv").save(tmp_path / "a.profile")
    for name in ("a.csv", "a.parquet", "a.profile"):
        run = subprocess.run(
            [sys.executable, "-m", "core", "compare", name, name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": f"{tmp_path}:{DATA.parent}"},
        )
        assert run.returncode == 0, run.stderr
        assert not (tmp_path / "imported").exists(), name


def test_the_installed_command_works_from_any_folder(tmp_path):
    command = Path(sys.executable).with_name("drift")
    run = subprocess.run(
        [command, "compare", REFERENCE, CONTROL, "--out", "r.html"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")


def test_a_report_that_cannot_be_written_is_code_3_and_the_rest_is_written(tmp_path):
    outputs = ("--out", str(tmp_path / "no" / "r.json"), "--out", str(tmp_path / "r.md"))
    run = drift("compare", REFERENCE, CONTROL, *outputs)
    assert run.returncode == 3
    assert "could not be written" in run.stderr
    assert (tmp_path / "r.md").exists()


def test_an_unexpected_error_is_code_2_without_a_traceback(monkeypatch, capsys):
    monkeypatch.setattr("core.pipeline.check", lambda *_, **__: {}["bug"])
    assert main(["compare", REFERENCE, LIVE]) == 2
    assert "internal error" in capsys.readouterr().err


def test_a_terminate_signal_ends_with_143():
    words = [sys.executable, "-c", _ASLEEP]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=DATA.parent) as run:
        assert run.stdout.readline() == b"ready\n"
        run.send_signal(signal.SIGTERM)
        assert run.wait(10) == 143


_ASLEEP = """
import sys, time
import core.pipeline
from core.cli import main
def check(*_, **__):
    print("ready", flush=True)
    time.sleep(60)
core.pipeline.check = check
sys.exit(main(["compare", "a.csv", "b.csv"]))
"""
