# ruff: noqa: INP001 (a script: its folder is no package)
"""Time a year of daily windows read from a history and judged again, in SQLite.

    python bench/history.py [worst|mixed]... [--days 365] [--features 100]

`worst`: numbers alone, 1,000 rows a day, nearly all values distinct: 1,000 cells a feature and
day. `mixed`: 500 rows a day; of ten features seven are numbers (measured to the last bit, rounded,
counted) and three are labels. Reading is `History.profiles`, judging is `timeline`. The goal is 5 s
for both together.
"""

import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from core.pipeline import Profile, Window, timeline
from core.profiling.engines import local
from core.settings import Settings
from core.storing.history import History

_START: Final = datetime(2025, 1, 1, tzinfo=UTC)
_GOAL: Final = 5.0  # seconds for reading and judging together
_ROWS: Final = {"worst": 1_000, "mixed": 500}
_LABELS: Final = np.array([f"label {i}" for i in range(25)])
_NUMBERS: Final = 7  # of ten features

_Answer = TypeVar("_Answer")


def _rows(rng: np.random.Generator, case: str, features: int, rows: int) -> pa.Table:
    columns: dict[str, np.ndarray] = {}
    for i in range(features):
        if case == "mixed" and i % 10 >= _NUMBERS:
            columns[f"label {i}"] = rng.choice(_LABELS, rows, p=np.arange(1, 26) / 325)
        elif case == "mixed" and i % 10 in {0, 1}:
            columns[f"number {i}"] = np.round(rng.normal(20, 5, rows), 1)
        elif case == "mixed" and i % 10 in {2, 3}:
            columns[f"number {i}"] = rng.poisson(30, rows).astype(float)
        else:
            columns[f"number {i}"] = rng.lognormal(size=rows) if i % 2 else rng.normal(size=rows)
    return pa.table(columns)


def _report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _timed(what: str, act: Callable[[], _Answer]) -> tuple[_Answer, float]:
    start, worked = time.perf_counter(), time.process_time()
    answer = act()
    passed, worked = time.perf_counter() - start, time.process_time() - worked
    _report(f"  {what:24} {passed:6.2f} s on the clock, {worked:6.2f} s of CPU")
    return answer, passed


def _stored(url: str, case: str, days: int, features: int) -> Profile:
    """Keep a year in a history, a month at a time, and answer its reference."""
    rng = np.random.default_rng(6)
    rows = _ROWS[case]
    reference = local.profile(_rows(rng, case, features, 30 * rows))
    windows: dict[Window, Profile] = {}
    for day in range(days):
        start = _START + timedelta(days=day)
        table = _rows(rng, case, features, rows)
        windows[Window(start, start + timedelta(days=1))] = local.profile(table, reference.kinds)
        if len(windows) == 30 or day == days - 1:  # noqa: PLR2004 (bounded memory)
            History(url).keep("year", windows)
            windows = {}
    return reference


def _measure(case: str, days: int, features: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = str(Path(folder, "history.db"))
        _report(f"{case}: {days} windows x {features} features, {_ROWS[case]} rows a window")
        reference, _ = _timed("count and keep", lambda: _stored(url, case, days, features))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        _report(f"  {size / 1e6:.0f} MB of SQLite")
        read, reading = _timed("read", lambda: History(url).profiles("year"))
        policies = (
            ("fixed", Settings(bin_count=12, policy="fixed", measure="psi", warn=0.1, alert=0.25)),
            ("calibrated", Settings(bin_count=12)),
        )
        for name, settings in policies:
            again, judging = _timed(
                f"judge again, {name}", lambda s=settings: timeline(read, reference, s)
            )
            del again
            total = reading + judging
            _report(f"  together {total:.2f} s: {total / _GOAL:.2f} of the goal of {_GOAL:g} s")


def main() -> None:
    """Print the seconds that each step takes."""
    parser = ArgumentParser(description="A year of daily windows, judged again.")
    parser.add_argument("cases", nargs="*", choices=[[], *_ROWS], help="worst, mixed")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--features", type=int, default=100)
    chosen = parser.parse_args()
    for case in chosen.cases or _ROWS:
        _measure(case, chosen.days, chosen.features)


if __name__ == "__main__":
    main()
