"""A small job: a table of orders by hour, a settings file, and the command as a process."""

import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.schedules import Schedule

ROOT = Path(__file__).parents[2]
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
ROWS = 1000  # a day
NOW = datetime(2026, 4, 1, tzinfo=UTC)
SETTINGS = """
[reference]
source = "reference.csv"
[live]
source = "live.csv"
[windows]
column = "at"
every = "{every}"
[report]
out = ["out/latest.json", "out/latest.html", "out/{{window}}.prom"]
{more}
"""


def orders(days, *, moved=(), rows=ROWS, begin=BEGIN):
    """List orders of some days; on those in `moved` all amounts are three times as large."""
    for day in range(days):
        draw = random.Random(f"{begin + timedelta(days=day)}")  # noqa: S311 (a day stays as it is)
        for row in range(rows):
            at = begin + timedelta(days=day, seconds=row * 86_400 // rows)
            amount = draw.gauss(10, 2) * (3 if day in moved else 1)
            yield f"{at:%Y-%m-%d %H:%M:%S},{amount:.3f},{draw.choice('abc')}\n"


def write(path, lines):
    path.write_text("at,amount,shop\n" + "".join(lines))


def job(folder, *, days=3, moved=(), every="1d", more=""):
    """Lay out a folder with reference, live and settings; gives the path of the settings."""
    write(folder / "reference.csv", orders(20, begin=BEGIN - timedelta(days=30)))
    write(folder / "live.csv", orders(days, moved=moved))
    path = folder / "orders.toml"
    path.write_text(SETTINGS.format(every=every, more=more))
    return path


def load(path, **environment):
    return Schedule.load(path, environment)


def words(*arguments):
    return [sys.executable, "-m", "core", *map(str, arguments)]


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def drift(*arguments, **more):
    return subprocess.run(
        words(*arguments),
        capture_output=True,
        text=True,
        check=False,
        env=environment(**more),
        timeout=120,
    )
