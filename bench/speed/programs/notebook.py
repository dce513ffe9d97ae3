"""What a data scientist writes in a notebook: read with pandas, cut into 20 quantiles, KL."""

import sys

import numpy as np
import pandas as pd

_BINS = 20
_LEAST = 1e-6


def read(path: str) -> pd.DataFrame:
    """Read a table."""
    return pd.read_csv(path) if path.endswith(".csv") else pd.read_parquet(path)


def divergence(reference: pd.Series, live: pd.Series) -> float:
    """Give the KL divergence of live from the reference, in nats."""
    if pd.api.types.is_numeric_dtype(reference):
        inner = np.unique(reference.quantile(np.linspace(0, 1, _BINS + 1)))[1:-1]
        edges = [-np.inf, *inner, np.inf]
        q, p = (
            pd.cut(side, edges).value_counts(normalize=True, sort=False)
            for side in (reference, live)
        )
    else:
        q, p = (side.value_counts(normalize=True) for side in (reference, live))
        p, q = p.align(q, fill_value=0)
    p, q = p + _LEAST, q + _LEAST
    return float((p * np.log(p / q)).sum())


if __name__ == "__main__":
    before, after = (read(path) for path in sys.argv[1:])
    for name in before.columns:
        sys.stdout.write(f"{name} {divergence(before[name], after[name]):.5f}\n")
