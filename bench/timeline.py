# ruff: noqa: INP001 (a script: its folder is no package)
"""Time a year of daily windows judged again, from stored profiles alone.

    python bench/timeline.py [DAYS FEATURES ROWS_A_DAY]

Seven tenths of the features are numbers, the rest categories; one drifts from spring to autumn.
Reading is the decoding of the profiles' bytes as a history stores them, judging is `timeline`.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from core.pipeline import Profile, Window, judge, timeline
from core.profiling.engines import local
from core.settings import Settings

_START = datetime(2025, 1, 1, tzinfo=UTC)
_SEASON = (0.3, 0.8)  # of the days, on which one feature drifts
_LABELS = np.array([f"label {i}" for i in range(25)])


def _rows(rng: np.random.Generator, features: int, rows: int, shift: float) -> pa.Table:
    numbers = features * 7 // 10
    columns: dict[str, np.ndarray] = {}
    for i in range(numbers):
        values = rng.normal(size=rows) if i % 3 else rng.lognormal(size=rows)
        columns[f"number {i}"] = np.round(values, 1) if i % 5 == 0 else values
    columns["number 1"] = columns["number 1"] + shift
    for i in range(features - numbers):
        columns[f"category {i}"] = rng.choice(_LABELS, rows, p=np.arange(1, 26) / 325)
    return pa.table(columns)


def report(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def _timed(what: str, act: Callable[[], object]) -> object:
    start, worked = time.perf_counter(), time.process_time()
    answer = act()
    passed, worked = time.perf_counter() - start, time.process_time() - worked
    report(f"{what:40} {passed:7.2f} s on the clock, {worked:7.2f} s of CPU")
    return answer


def main(days: int = 365, features: int = 100, rows: int = 500) -> None:
    """Print the seconds that each step takes."""
    rng = np.random.default_rng(1)
    reference = local.profile(_rows(rng, features, 20 * rows, 0.0))
    stored = {}
    for day in range(days):
        shift = 0.5 if _SEASON[0] < day / days < _SEASON[1] else 0.0
        counted = local.profile(_rows(rng, features, rows, shift), reference.kinds)
        start = _START + timedelta(days=day)
        stored[Window(start, start + timedelta(days=1))] = counted.to_bytes()
    report(f"{days} windows x {features} features, {rows} rows a window")
    read = _timed("read", lambda: {k: Profile.from_bytes(v) for k, v in stored.items()})
    other = Settings(bin_count=12, policy="fixed", measure="psi", warn=0.1, alert=0.25)
    for name, settings in (
        ("judge", Settings()),
        ("judge with 40 bins", Settings(bin_count=40)),
        ("judge with a fixed policy", other),
    ):
        _timed(name, lambda settings=settings: timeline(read, reference, settings))
    ten = list(read.values())[:10]
    _timed("10 windows one by one", lambda: [judge(reference, each) for each in ten])


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
