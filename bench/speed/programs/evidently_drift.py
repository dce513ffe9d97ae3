"""Data drift by Evidently: its preset, with the settings it comes with."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

if __name__ == "__main__":
    before, after = (pd.read_csv(path) for path in sys.argv[1:])
    sys.stdout.write(Report([DataDriftPreset()]).run(after, before).json())
