# ruff: noqa: INP001 (a script: its folder is no package)
"""The same Parquet counted on this machine and on Spark: `python bench/spark.py --rows 30000000`.

Makes the two tables of `make bench`, counts each with `drift profile` in a process of its own, here
and on a cluster of two workers on this machine (Spark's local-cluster), and compares the two
profiles column by column. Prints a table; ends with 1 where a count differs. Needs the extra
`spark` and Java.
"""

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from speed.processes import ROOT, Cost, run

from core.profiling.profiles import Counts, Profile
from core.profiling.quantities import NumericCounts

_DATA = ROOT / "bench" / "speed" / "data.py"
_DRIFT = ROOT / "deploy" / "spark_drift.py"
_TABLES = ("reference", "live")


def asked(words: Sequence[str]) -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description="Count the same files here and on Spark.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--tables", nargs="+", choices=_TABLES, default=_TABLES)
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench")
    parser.add_argument("--keep", action="store_true", help="keep the tables for the next time")
    return parser.parse_args(words)


def digest(counts: Counts) -> str:
    """Give a digest of the counts alone: two that are equal have the same."""
    whole = hashlib.sha256(f"{counts.rows} {counts.missing} {counts.unreadable}".encode())
    if isinstance(counts, NumericCounts):
        ends = counts.level, counts.minimum, counts.maximum, counts.zeros
        whole.update(f"{ends} {counts.negative_infinity} {counts.positive_infinity}".encode())
        whole.update(counts.cells.tobytes() + counts.counts.tobytes())
    else:
        whole.update(repr(counts.as_dict() if counts.pool is None else counts.pool).encode())
    return whole.hexdigest()[:12]


def counted(table: Path, master: str) -> tuple[Cost, Cost, Profile, Profile]:
    """Count a table here and on Spark; give what each cost, and both profiles."""
    places = [table.with_suffix(f".{name}.profile") for name in ("local", "spark")]
    here = run([sys.executable, "-m", "core", "profile", str(table), "--out", str(places[0])])
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise SystemExit("This needs pyspark: pip install '.[spark]'")
    os.environ |= {
        "SPARK_HOME": str(Path(found.origin).parent),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    submit = [str(Path(found.origin).parent / "bin" / "spark-submit"), "--master", master]
    drift = [str(_DRIFT), "profile", f"spark:parquet:{table}", "--out", str(places[1])]
    there = run([*submit, "--conf", "spark.ui.enabled=false", *drift])
    return here, there, Profile.load(places[0]), Profile.load(places[1])


def compared(name: str, here: Profile, there: Profile) -> bool:
    """Print a line a column; tell whether all counts are equal."""
    sys.stdout.write(f"\n| {name} | rows | missing | cells or labels | digest | Spark's |\n")
    sys.stdout.write("| --- | ---: | ---: | ---: | --- | --- |\n")
    for feature, counts in here.features.items():
        other = there.features[feature]
        distinct = counts.cells.size if isinstance(counts, NumericCounts) else len(counts.labels)
        theirs = "the same" if digest(other) == digest(counts) else digest(other)
        sys.stdout.write(
            f"| {feature} | {counts.rows:,} | {counts.missing:,} | {distinct:,} "
            f"| {digest(counts)} | {theirs} |\n"
        )
    return here == there


def main(words: Sequence[str]) -> int:
    """Make the tables, count them twice, and say whether the counts are the same."""
    chosen = asked(words)
    folder = chosen.folder.resolve() / f"{chosen.rows}x20"
    run([sys.executable, str(_DATA), str(folder), "--rows", str(chosen.rows), "--forms", "parquet"])
    same = True
    for name in chosen.tables:
        here, there, *profiles = counted(folder / f"{name}.parquet", chosen.master)
        same = compared(name, *profiles) and same
        for place, cost in (("here", here), ("Spark", there)):
            sys.stdout.write(
                f"{name}, {place}: {cost.wall:.1f} s, {cost.cpu:.1f} CPU s, {cost.peak:.0f} MB\n"
            )
        sys.stdout.flush()
    if not chosen.keep:
        shutil.rmtree(folder)
    sys.stdout.write(f"\nAll counts are {'the same' if same else 'NOT the same'}.\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
