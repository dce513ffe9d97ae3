"""F01: `kill -9` at any moment while reports, profiles and history are written."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from core.storing.history import History

from .samples import BEGIN, ROOT, drift, environment


def kill(folder, times, seed):
    run = subprocess.run(
        [sys.executable, "-m", "tests.scheduling.killing", str(folder), str(times), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
        timeout=600,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["killed"]


def require_complete(folder, last):
    """Run once more, to the end: everything is there, once, and nothing is left over."""
    assert drift("check", "--settings", folder / "orders.toml").returncode in {0, 1}
    history = History(str(folder / "tideline.db"))
    windows, verdicts = history.windows("orders"), history.verdicts("orders")
    assert max(windows).start == BEGIN + timedelta(days=last + 1)
    assert len({window for window, _ in verdicts}) == len(verdicts)
    assert history.profiles("orders").keys() == windows.keys()
    assert len(history.reports("orders")) == len(verdicts) <= len(windows)
    assert history.last_run("orders").verdict != "failed"
    report = json.loads((folder / "out/latest.json").read_text())
    assert report["live"]["window"]["start"] == max(windows).start.isoformat()
    left = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in left if "partial" in name or name.endswith(("-wal", "-shm"))]


@pytest.mark.slow
def test_f01_a_run_that_is_killed_leaves_everything_whole(tmp_path):
    assert kill(tmp_path, 12, seed=1) >= 3
    require_complete(tmp_path, 11)


@pytest.mark.slow
def test_f01_two_hundred_kills_leave_everything_whole(tmp_path):
    assert kill(tmp_path, 200, seed=2) >= 100
    require_complete(tmp_path, 199)
