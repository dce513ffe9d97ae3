"""Univariate drift by NannyML: Jensen-Shannon for every column, live as one chunk."""

import sys

import nannyml
import pandas as pd

if __name__ == "__main__":
    before, after = (pd.read_csv(path) for path in sys.argv[1:])
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=list(before.columns),
        treat_as_categorical=list(before.select_dtypes("object").columns),
        continuous_methods=["jensen_shannon"],
        categorical_methods=["jensen_shannon"],
        chunk_number=1,
    )
    calculator.fit(before)
    sys.stdout.write(f"{calculator.calculate(after).to_df().T}\n")
