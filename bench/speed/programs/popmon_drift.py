"""Stability by popmon: live as one time slot against an external reference."""

import sys

import pandas as pd
import popmon  # noqa: F401 (gives frames their pm_ methods)


def read(path: str, month: str) -> pd.DataFrame:
    """Read a table; popmon needs a time."""
    return pd.read_csv(path).assign(month=pd.Timestamp(month))


if __name__ == "__main__":
    before, after = read(sys.argv[1], "2026-01-01"), read(sys.argv[2], "2026-02-01")
    known = before.pm_make_histograms(time_axis="month", time_width="30d")
    found = after.pm_stability_metrics(
        reference_type="external", reference=known, time_axis="month"
    )
    sys.stdout.write(f"{sorted(found)}\n")
