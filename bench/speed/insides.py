"""The goals that need no other program: `python bench/speed/insides.py`, answers as JSON lines.

Start-up and two saved profiles are whole processes; the rest is measured inside of this one.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pyarrow as pa

from core.judging import measure
from core.pipeline import Profile, Window, judge, timeline
from core.profiling.engines import local
from core.settings import Settings
from speed.measured import Goal
from speed.processes import run

_TIMES = 5
_FEATURES, _WINDOWS, _FOLLOWED = 100, 365, 50


def table(rng: np.random.Generator, features: int, rows: int, shift: float = 0) -> pa.Table:
    """Make a table: of ten features seven are numbers, three are labels."""
    columns: dict[str, np.ndarray] = {}
    for number in range(features):
        if number % 10 < 7:  # noqa: PLR2004
            columns[f"number {number}"] = rng.normal(shift, 1 + number, rows)
        else:
            columns[f"label {number}"] = rng.integers(0, number, rows).astype(str)
    return pa.table(columns)


def seconds(act: Callable[[], object], times: int = _TIMES) -> float:
    """Give the CPU seconds of an act, the median of a few times."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return median(taken)


def processes(folder: Path) -> Iterator[Goal]:
    """Measure what is a process of its own."""
    rng = np.random.default_rng(1)
    paths = [str(folder / f"{name}.profile") for name in ("reference", "live")]
    for path, shift in zip(paths, (0.0, 0.1), strict=True):
        local.profile(table(rng, _FEATURES, 100_000, shift)).save(Path(path))
    drift = [sys.executable, "-m", "core"]
    report = ["--out", str(folder / "report.json"), "--fail-on", "never"]
    commands = {
        "two saved profiles, 100 features, whole process": (
            [*drift, "compare", *paths, *report],
            1,
        ),
        "`drift --help`": ([*drift, "--help"], 0.5),
    }
    for what, (command, limit) in commands.items():
        costs = [run(command) for _ in range(_TIMES)]
        yield Goal(f"{what}, wall", median(cost.wall for cost in costs), limit, "s")
        yield Goal(f"{what}, CPU", median(cost.cpu for cost in costs), limit, "s")
    costs = [run([sys.executable, "-c", "import core"]) for _ in range(_TIMES)]
    yield Goal("`import core`, CPU", median(cost.cpu for cost in costs), 0.6, "s")


def choices() -> Iterator[Goal]:
    """Measure other choices for 100 features from profiles in memory."""
    rng = np.random.default_rng(2)
    before, after = (local.profile(table(rng, _FEATURES, 100_000, s)) for s in (0.0, 0.1))
    known = measure(before, after, Settings())
    again = {
        "other bins": Settings(bin_count=12),
        "another measure": Settings(policy="fixed", measure="psi", warn=0.1, alert=0.25),
        "other smoothing": Settings(smoothing=1.0),
    }
    for what, chosen in again.items():
        taken = seconds(lambda chosen=chosen: judge(before, after, chosen))
        yield Goal(f"{what}, 100 features in memory, CPU", 1000 * taken, 100, "ms")
    other = Settings(warn=0.05, alert=0.3)
    taken = seconds(lambda: judge(before, after, other, comparisons=known))
    yield Goal("other thresholds, 100 features in memory, CPU", 1000 * taken, 100, "ms")


def windows() -> Iterator[Goal]:
    """Measure a year of daily windows from stored profiles: decoded and judged."""
    rng = np.random.default_rng(3)
    reference = local.profile(table(rng, _FOLLOWED, 30_000))
    stored = {}
    for day in range(_WINDOWS):
        start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)
        counted = local.profile(table(rng, _FOLLOWED, 1_000), reference.kinds)
        stored[Window(start, start + timedelta(days=1))] = counted.to_bytes()

    def judged() -> None:
        read = {window: Profile.from_bytes(data) for window, data in stored.items()}
        timeline(read, reference, Settings())

    yield Goal("timeline of 365 windows x 50 features, CPU", seconds(judged, 3), 2, "s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for goals in (processes(Path(place)), choices(), windows()):
            for goal in goals:
                line = [goal.what, goal.measured, goal.limit, goal.unit]
                sys.stdout.write(json.dumps(line) + "\n")
                sys.stdout.flush()
