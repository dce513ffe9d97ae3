"""Run `drift check` again and again and kill it at random moments; what is left must be whole.

Usage: python -m tests.scheduling.killing FOLDER TIMES SEED. Each attempt finds a new day in live.
The modules are loaded once and each attempt is a process of its own, so that most kills hit the
work and not the start.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

from core.cli import main
from core.reporting.exports import html, prometheus  # noqa: F401 (loaded before the fork)
from core.scheduling import checks, materials, states  # noqa: F401

from .samples import BEGIN, job, orders, write

_DAYS = 2  # in live at a time
_ROWS = 60


def attempt(folder, place, delay):
    """Let a new process do the run, and kill it after a while; True if that came in time."""
    began = BEGIN + timedelta(days=place)
    moved = (1 - place % 2,)  # every other day
    write(folder / "live.csv", orders(_DAYS, rows=_ROWS, begin=began, moved=moved))
    child = os.fork()
    if child == 0:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            os._exit(main(["check", "--settings", str(folder / "orders.toml")]))
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def require_whole(folder):
    """Fail where a file is half, or the history inconsistent."""
    with suppress(FileNotFoundError):
        json.loads((folder / "out/latest.json").read_text())
    with suppress(FileNotFoundError):
        assert (folder / "out/latest.html").read_text().rstrip().endswith("</html>")
    for path in folder.glob("out/*.prom"):
        assert path.read_text().endswith("\n")
    if not (folder / "tideline.db").exists():
        return
    with closing(sqlite3.connect(folder / "tideline.db")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def kill_often(folder, times, seed):
    """Say how many of the attempts were killed, and how long all took."""
    draw = random.Random(seed)  # noqa: S311
    job(folder, days=_DAYS)
    write(folder / "reference.csv", orders(20, rows=_ROWS, begin=BEGIN - timedelta(days=30)))
    materials.LINE = 10  # a short timeline: what is tried is the writing
    began = time.monotonic()
    longest, killed = 0.8, 0
    for place in range(times):
        killed += attempt(folder, place, draw.uniform(0, longest))
        longest *= 1.05 if killed > 0.8 * (place + 1) else 0.97  # most of them in the middle
        require_whole(folder)
    sys.stdout.write(json.dumps({"killed": killed, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    kill_often(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
