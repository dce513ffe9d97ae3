"""The documents keep their word: commands run, code runs, options and settings are mentioned."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import drift
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
    assert run.stdout.strip() == shown.strip()


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
