"""The documents keep their word: commands run, code runs, options and settings are mentioned."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import drift
from core.schedules import HistoryPlace, Live, Notify, Reference, Reports, Windows
from core.settings import FeatureSettings, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\$ (drift .*)$", README, re.MULTILINE)
PYTHON = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
TOML = "\n".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_what_the_readme_shows(command):
    words = [sys.executable, "-m", "core", *shlex.split(command)[1:]]
    shown = re.search(rf"\$ {re.escape(command)}\n(.*?)```", README, re.DOTALL).group(1)
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    parts = re.split(r"^\.\.\.$", shown.strip(), flags=re.MULTILINE)
    rest = run.stdout.strip()
    assert len(parts) > 1 or rest == parts[0]
    for part in map(str.strip, parts):  # where lines are left out, the others stand in this order
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]


def test_there_is_a_command_to_run():
    assert COMMANDS


def test_the_python_runs(tmp_path):
    script = PYTHON.replace('"data/', f'"{ROOT}/data/')
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert run.returncode == 0, run.stderr


def test_the_settings_shown_are_the_defaults():
    shown = Settings.from_toml(TOML)
    assert shown.model_copy(update={"features": {}}) == Settings()
    assert shown.features


@pytest.mark.parametrize("name", [*Settings.model_fields, *FeatureSettings.model_fields])
def test_every_setting_is_mentioned(name):
    assert name in TOML


@pytest.mark.parametrize("table", [Reference, Live, Windows, HistoryPlace, Reports, Notify])
def test_every_key_of_the_scheduled_run_is_mentioned(table):
    section = README.partition("## Run it every hour")[2].partition("\n## ")[0]
    assert [name for name in table.model_fields if f"{name}" not in section] == []


@pytest.mark.slow
def test_the_job_shown_runs_as_shown(tmp_path):
    """Do what the section says in a folder with the data alone: by hand, then cron's line by sh."""
    section = README.partition("## Run it every hour")[2].partition("\n## ")[0]
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "watch.toml").write_text(re.search(r"```toml\n(.*?)```", section, re.DOTALL)[1])
    lines = re.findall(r"^    (\.venv/bin/drift .*)$", section, re.MULTILINE)
    cron = re.search(r"^    7 (?:\* ){4}(.*)$", section, re.MULTILINE)[1]
    codes = [
        subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, check=False, capture_output=True)
        for line in [*lines, cron.replace("/path/to", str(tmp_path))]
    ]
    assert [run.returncode for run in codes] == [1, 1, 0, 1]
    assert "Drift" in (tmp_path / "drift.log").read_text()
    assert sorted(path.suffix for path in (tmp_path / "drift").iterdir()) == [".html", ".json"]


@pytest.mark.parametrize(
    "option", sorted({o for c in drift.commands.values() for p in c.params for o in p.opts})
)
def test_every_option_is_mentioned(option):
    assert option in README or option in {"reference", "live", "source"}


@pytest.mark.parametrize("name", drift.commands)
def test_every_command_is_mentioned(name):
    assert f"drift {name}" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_somewhere(link):
    assert (ROOT / link).exists()
