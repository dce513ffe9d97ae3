"""Drift by whylogs: both tables profiled, every column scored from the profiles."""

import sys

import pandas as pd
import whylogs
from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

if __name__ == "__main__":
    before, after = (whylogs.log(pandas=pd.read_csv(path)).view() for path in sys.argv[1:])
    scores = calculate_drift_scores(target_view=after, reference_view=before, with_thresholds=True)
    sys.stdout.write(f"{scores}\n")
