"""Make two tables to compare, as CSV and as Parquet: `python bench/speed/data.py --help`.

Of twenty columns fourteen are floats (the distributions of kernel.py, all digits kept), three are
whole numbers and three are texts of 12, 200 and 5,000 labels; five columns miss 2 % of their
values. Live differs from the reference in its first column. Rows are made and written piece by
piece, so any number of them fits in memory; the same seed gives the same rows.
"""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

PIECE = 250_000  # rows made at once: a row group
_SEED = 20261127
_PATTERN = 20  # columns after which the pattern begins again
_MISSING = 0.02
_ZEROS = 0.9
_SHIFT = 0.2  # of live, in its first column
_MONTH = 30 * 86_400

Column = Callable[[np.random.Generator, int], np.ndarray]

FLOATS: dict[str, Column] = {
    "normal": lambda rng, rows: rng.normal(size=rows),
    "pressure": lambda rng, rows: rng.normal(290, 5, rows),
    "amount": lambda rng, rows: rng.lognormal(0, 2, rows),
    "share": lambda rng, rows: rng.random(rows),
    "seconds": lambda rng, rows: 1.76e9 + rng.random(rows) * _MONTH,
    "cauchy": lambda rng, rows: rng.standard_cauchy(rows),
    "sparse": lambda rng, rows: np.where(rng.random(rows) < _ZEROS, 0, rng.lognormal(size=rows)),
}
INTEGERS: dict[str, Column] = {
    "year": lambda rng, rows: rng.integers(1950, 2025, rows),
    "count": lambda rng, rows: rng.poisson(30, rows),
    "number": lambda rng, rows: rng.integers(0, 1_000_000, rows),
}
LABELS = {"town": 12, "product": 200, "code": 5_000}


def piece(rng: np.random.Generator, rows: int, columns: int, shift: float) -> pa.Table:
    """Make some rows."""
    made: dict[str, pa.Array] = {}
    while len(made) < columns:
        turn = len(made) // _PATTERN
        for name, column in FLOATS.items():
            values = column(rng, rows) + (shift if not made else 0)
            made[f"{name}_{turn}"] = pa.array(values)
        for name, column in FLOATS.items():
            missing = rng.random(rows) < (_MISSING if name[0] in "pas" else 0)
            made[f"{name}_{turn}b"] = pa.array(column(rng, rows), mask=missing)
        for name, column in INTEGERS.items():
            made[f"{name}_{turn}"] = pa.array(column(rng, rows))
        for name, labels in LABELS.items():
            made[f"{name}_{turn}"] = _texts(rng, rows, name, labels)
    return pa.table(dict(list(made.items())[:columns]))


def _texts(rng: np.random.Generator, rows: int, name: str, labels: int) -> pa.Array:
    texts = pa.array([f"{name} {number}" for number in range(labels)])
    return texts.take(pa.array((labels * rng.random(rows) ** 2).astype(np.int64)))


def write(
    folder: Path, name: str, rows: int, *, columns: int, forms: list[str], shift: float
) -> None:
    """Write one table in the forms asked for; what stands there already is kept."""
    paths = {form: folder / f"{name}.{form}" for form in forms}
    missing = {form: path for form, path in paths.items() if not path.exists()}
    if not missing:
        return
    rng = np.random.default_rng((_SEED, round(100 * shift)))
    schema = piece(rng, 1, columns, shift).schema
    opened = {
        "parquet": lambda path: parquet.ParquetWriter(path, schema),
        "csv": lambda path: csv.CSVWriter(
            path, schema, write_options=csv.WriteOptions(quoting_style="none")
        ),
    }
    with ExitStack() as stack:
        drafts = {
            path.with_name(f"{path.name}.part"): (form, path) for form, path in missing.items()
        }
        writers = [stack.enter_context(opened[form](str(d))) for d, (form, _) in drafts.items()]
        for start in range(0, rows, PIECE):
            table = piece(rng, min(PIECE, rows - start), columns, shift)
            for writer in writers:
                writer.write_table(table)
    for draft, (_, path) in drafts.items():
        draft.rename(path)


def main() -> None:
    """Write reference and live into a folder."""
    parser = argparse.ArgumentParser(description="Make two tables to compare.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--forms", nargs="+", default=["csv", "parquet"])
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, shift in (("reference", 0.0), ("live", _SHIFT)):
        write(
            chosen.folder,
            name,
            chosen.rows,
            columns=chosen.columns,
            forms=chosen.forms,
            shift=shift,
        )


if __name__ == "__main__":
    main()
