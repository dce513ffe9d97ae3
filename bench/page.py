# ruff: noqa: INP001 (a script: its folder is no package)
"""Change the bins of many features on the overview, and tell how long the new page takes.

`python bench/page.py` runs the script of the page, as a session of the server does, on profiles
that are in memory; what the browser draws afterwards is not in it.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.settings import Settings  # noqa: E402 (the script stands outside the package)

COUNTS = (10, 20, 30, 15, 25, 40, 12, 50)
WAIT = 120.0  # seconds for the two tables to be counted


def table(rows: int, features: int, shift: float, seed: int) -> bytes:
    """Write a table of numbers, whole numbers and labels, a seventh of the numbers shifted."""
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    for i in range(features):
        match i % 20:
            case 17 | 18 | 19:
                columns[f"label_{i}"] = rng.choice(list("abcdefghij"), rows)
            case 14 | 15 | 16:
                columns[f"whole_{i}"] = rng.integers(0, 50, rows)
            case _:
                columns[f"number_{i}"] = rng.normal(shift * (i % 7 == 0), 1, rows).round(4)
    return pd.DataFrame(columns).to_csv(index=False).encode()


def opened(features: int, rows: int) -> AppTest:
    """Open the overview on two uploaded tables."""
    app = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=WAIT)
    app.run()
    for role, seed in (("reference", 0), ("live", 1)):
        box = next(each for each in app.file_uploader if each.label == f"{role.title()} file")
        box.set_value((f"{role}.csv", table(rows, features, seed / 3, seed), "text/csv"))
        app.run()
        end = time.monotonic() + WAIT
        while not any(element.body for element in app.html if f"{role}.csv" in element.body):
            if time.monotonic() > end:
                sys.exit(f"{role}.csv was not counted in {WAIT:g} s")
            time.sleep(0.2)
            app.run()
    while not app.dataframe:
        time.sleep(0.2)
        app.run()
    return app


def main() -> None:
    """Print the seconds of each change, on the clock and of the processor."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--features", type=int, default=100)
    parser.add_argument("--rows", type=int, default=100_000)
    chosen = parser.parse_args()
    app = opened(chosen.features, chosen.rows)
    sys.stdout.write(f"{len(app.dataframe[0].value)} features, {chosen.rows} rows a side\n")
    walls = []
    for bins in COUNTS:
        app.session_state["settings"] = Settings.of({"bin_count": bins})
        wall, cpu = time.perf_counter(), time.process_time()
        app.run()
        walls.append(time.perf_counter() - wall)
        spent = time.process_time() - cpu
        sys.stdout.write(f"{bins:3} bins: {walls[-1]:.3f} s, processor {spent:.3f} s\n")
    sys.stdout.write(f"median {median(walls):.3f} s\n")


if __name__ == "__main__":
    main()
