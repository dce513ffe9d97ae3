"""Only read two tables: `reading.py polars|pyarrow|duckdb REFERENCE LIVE`."""

import importlib
import sys

_ROWS = 131_072  # of a batch


def polars(path: str) -> int:
    """Read a table whole."""
    module = importlib.import_module("polars")
    return len(module.read_csv(path) if path.endswith(".csv") else module.read_parquet(path))


def pyarrow(path: str) -> int:
    """Read a table batch by batch."""
    if path.endswith(".csv"):
        batches = importlib.import_module("pyarrow.csv").open_csv(path)
    else:
        file = importlib.import_module("pyarrow.parquet").ParquetFile(path, pre_buffer=False)
        batches = file.iter_batches(batch_size=_ROWS)
    return sum(batch.num_rows for batch in batches)


def duckdb(path: str) -> int:
    """Read a table batch by batch, as Arrow."""
    found = importlib.import_module("duckdb").sql(f"SELECT * FROM '{path}'")  # noqa: S608 (ours)
    return sum(batch.num_rows for batch in found.to_arrow_reader(_ROWS))


if __name__ == "__main__":
    reader = {"polars": polars, "pyarrow": pyarrow, "duckdb": duckdb}[sys.argv[1]]
    sys.stdout.write(f"{[reader(path) for path in sys.argv[2:]]}\n")
