"""The examples do what they promise, as far as that can be tried here."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from core.reporting.exports.prometheus import Job, render

from .reporting.samples import report, rich
from .test_readme import README

DEPLOY = Path(__file__).parents[1] / "deploy"
SHOWN = render(report(rich(js_distance_corrected=0.3)), Job("x", 1.0, 2.0))
METRICS = set(re.findall(r"^(tideline_\w+)", SHOWN, re.MULTILINE))


def text(name):
    return (DEPLOY / name).read_text()


def test_every_file_is_explained():
    explained = re.findall(r"`([\w.]+)`", text("README.md"))
    assert {path.name for path in DEPLOY.iterdir()} - {"README.md"} <= set(explained)


def test_grafana_asks_only_for_gauges_that_are_written():
    board = json.loads(text("grafana.json"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += [each["query"] for each in board["templating"]["list"]]
    named = {name for each in asked for name in re.findall(r"tideline_\w+", each)}
    assert len(named) >= 8
    assert named <= METRICS
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_grafana_asks_for_labels_that_the_gauges_have():
    board = json.loads(text("grafana.json"))
    for target in (target for panel in board["panels"] for target in panel["targets"]):
        (gauge,) = re.findall(r"tideline_\w+", target["expr"])
        lines = re.findall(rf"^{gauge}{{(.*)}} ", SHOWN, re.MULTILINE)
        written = set.intersection(*(set(re.findall(r'(\w+)="', line)) for line in lines))
        asked = re.findall(r'(\w+)=~?"', target["expr"])
        shown = re.findall(r"{{(\w+)}}", target["legendFormat"])
        assert {*asked, *shown} <= written, gauge


def test_the_line_for_cron_is_that_of_the_readme():
    (line,) = [line for line in text("tideline.cron").splitlines() if not line.startswith("#")]
    assert line in README


def test_systemd_accepts_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    for name in ("tideline.service", "tideline.timer"):
        unit = text(name).replace("/opt/tideline/.venv/bin/drift", "/bin/true")
        (tmp_path / name).write_text(unit.replace("/opt/tideline", "/"))
    run = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "tideline.timer", tmp_path / "tideline.service"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    mine = [line for line in run.stderr.splitlines() if "tideline" in line]
    assert (run.returncode, mine) == (0, [])


@pytest.mark.parametrize("name", ["Dockerfile", "github.yml", "tideline.service"])
def test_each_example_runs_the_command_with_the_settings(name):
    words = re.sub(r'[",\[\]]', "", text(name))
    assert "check --settings watch.toml" in words


def test_the_image_installs_extras_that_exist():
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    asked = re.findall(r"tideline\[([\w,]+)\]", text("Dockerfile") + text("github.yml"))
    assert {name for each in asked for name in each.split(",")} <= set(extras)


def test_the_workflow_is_yaml_with_a_schedule():
    yaml = pytest.importorskip("yaml", reason="comes with the extra notify")
    workflow = yaml.safe_load(text("github.yml"))
    assert workflow[True]["schedule"] == [{"cron": "7 * * * *"}]  # YAML takes `on` for true
    steps = workflow["jobs"]["check"]["steps"]
    assert any(step.get("run") == "drift check --settings watch.toml" for step in steps)


def test_the_workflow_keeps_the_history_of_a_run_that_found_drift():
    yaml = pytest.importorskip("yaml", reason="comes with the extra notify")
    steps = yaml.safe_load(text("github.yml"))["jobs"]["check"]["steps"]
    used = {step["uses"].split("@")[0]: step for step in steps if "uses" in step}
    restored, saved = (used[f"actions/cache/{act}"] for act in ("restore", "save"))
    assert saved["if"] == "always()"  # drift is exit code 1: the run has failed
    assert restored["with"]["path"] == saved["with"]["path"] == "tideline.db"
    assert restored["with"]["key"] == saved["with"]["key"]


def test_the_airflow_file_is_python():
    compile(text("airflow_drift.py"), "airflow_drift.py", "exec")
