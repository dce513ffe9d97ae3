# ruff: noqa: INP001 (a script: its folder is no package)
"""Simulate years of daily windows: how often does the watch cry without drift, how soon with it?

    python bench/quiet_year.py [FEATURES]

A year of stable days: false alarms of 100 features are to be 5 at most in expectation. A small
lasting drift from day 100 on (JS distance about 0.05): days until the alarm. Days that differ by
nature: rows taken as independent, and days ranked among the days of a reference in 31 days.
"""

import sys
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from core.deciding.vigils import first_alarm, keep_watch
from core.deciding.weighing import Choices, Parted
from core.profiling.engines import local
from core.profiling.profiles import Profile

_DAYS, _CHANGE, _REFERENCE_DAYS = 365, 100, 31
_SEED = 20261127
Column = Callable[[np.random.Generator, int, float], np.ndarray]


def _normal(rng: np.random.Generator, rows: int, shift: float) -> np.ndarray:
    return rng.normal(shift, 1, rows)


def _tenths(rng: np.random.Generator, rows: int, shift: float) -> np.ndarray:
    return np.round(rng.normal(shift, 1, rows))


def _zeros(rng: np.random.Generator, rows: int, shift: float) -> np.ndarray:
    return np.where(rng.random(rows) < 0.6 - shift / 2, 0.0, rng.lognormal(size=rows))


def _labels(rng: np.random.Generator, rows: int, shift: float) -> np.ndarray:
    shares = 1 / np.arange(1, 41)
    shares = shares / shares.sum()
    shares[2] += shift / 2
    return rng.choice(40, rows, p=shares / shares.sum()).astype(str)


_COLUMNS: dict[str, Column] = {
    "normal": _normal,
    "whole numbers": _tenths,
    "60 % zeros": _zeros,
    "40 labels": _labels,
}


def _table(rng: np.random.Generator, rows: int, shift: float, copies: int) -> pa.Table:
    return pa.table(
        {
            f"{name} {i}": column(rng, rows, shift)
            for name, column in _COLUMNS.items()
            for i in range(copies)
        }
    )


def _year(
    rng: np.random.Generator, rows: tuple[int, int], shift: float, copies: int
) -> dict[str, int | None]:
    """Give the first alarm of each feature in one year, after a reference and a change."""
    reference = local.profile(_table(rng, rows[0], 0.0, copies))
    days = []
    for day in range(_DAYS):
        own = shift * (day >= _CHANGE)
        counted = local.profile(_table(rng, rows[1], own, copies), reference.kinds)
        days.append(Parted(counted, [counted]))
    logs = keep_watch(reference, days, Choices(), (), _DAYS)
    return {name: first_alarm(each) for name, each in logs.items()}


def _moody(
    rng: np.random.Generator, copies: int, shift: float, *, ranked: bool
) -> dict[str, int | None]:
    """Give the first alarms where each day has a mean of its own (0.2 sd)."""

    def day(own: float) -> Profile:
        moods = rng.normal(own, 0.2, copies)
        return local.profile(
            pa.table({f"day {i}": rng.normal(mood, 1, 500) for i, mood in enumerate(moods)})
        )

    before = [day(0.0) for _ in range(_REFERENCE_DAYS)]
    days = [Parted(each, [each]) for each in (day(shift * (i >= _CHANGE)) for i in range(_DAYS))]
    logs = keep_watch(Profile.total(before), days, Choices(), before if ranked else (), _DAYS)
    return {name: first_alarm(each) for name, each in logs.items()}


def _report(what: str, found: dict[str, int | None]) -> None:
    for name in dict.fromkeys(key.rsplit(" ", 1)[0] for key in found):
        alarms = [value for key, value in found.items() if key.rsplit(" ", 1)[0] == name]
        early = sum(value is not None and value < _CHANGE for value in alarms)
        delays = [v - _CHANGE + 1 for v in alarms if v is not None and v >= _CHANGE]
        spread = np.percentile(delays, [50, 90]).round().astype(int).tolist() if delays else "-"
        sys.stdout.write(
            f"{what:34} {name:14} features {len(alarms):4}  alarms before day {_CHANGE}: {early:3}"
            f"  after: {len(delays):4}  days to it (median, 90 %): {spread}\n"
        )
    sys.stdout.flush()


def main(features: int = 100) -> None:
    """Simulate `features` of each kind, and print what the watch did."""
    rng = np.random.default_rng(_SEED)
    for shift, what in ((0.0, "stable"), (0.12, "drift of 0.12")):
        for rows in ((2000, 200), (10_000, 1000)):
            found = _year(rng, rows, shift, features if shift == 0 else features // 4)
            _report(f"{what}, reference {rows[0]}, {rows[1]} a day", found)
    for shift in (0.0, 0.5):
        for ranked in (False, True):
            found = _moody(rng, features // 2, shift, ranked=ranked)
            how = "ranked days" if ranked else "rows"
            _report(f"days differ by 0.2 sd, drift {shift:g}, {how}", found)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
