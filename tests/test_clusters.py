"""What the tasks of a cluster count adds up to what one machine counts; a cluster in this process.

The real one is in tests/profiling/engines/test_spark.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clusters import Task, counted
from core.cutting import counted as counted_here
from core.profiling.engines import local, spark
from core.profiling.profiles import FACTS
from core.reading.options import Options
from core.reading.problems import Unreadable
from core.reading.sources import load
from core.reading.tables import Table
from core.reading.windows import Chunking
from tests.strategies import frames, splits


class Frame:
    """As much of a data frame of Spark as the engine asks for: partitions of record batches."""

    def __init__(self, partitions, shipped=None):
        self.partitions = partitions
        self.shipped = [] if shipped is None else shipped
        self.sparkSession = self.sparkContext = self

    def addPyFile(self, path):  # noqa: N802 (Spark's name)
        self.shipped.append(path)

    def mapInArrow(self, function, _columns):  # noqa: N802
        return Frame([list(function(iter(rows))) for rows in self.partitions], self.shipped)

    def repartition(self, *columns):
        moved = [[], [], []]
        for batch in self._batches():
            for place, row in enumerate(batch.to_pylist()):
                moved[sum(len(row[name]) for name in columns) % 3].append(batch.slice(place, 1))
        return Frame(moved, self.shipped)

    def collect(self):
        return [row for batch in self._batches() for row in batch.to_pylist()]

    def _batches(self):
        return [batch for batches in self.partitions for batch in batches]


def clustered(table, pieces):
    """Put pieces of a table on a cluster, where columns have names of their own."""
    plain = table.rename_columns([f"c{place}" for place in range(table.num_columns)])
    parts = [plain.slice(start, end - start).to_batches() for start, end in pieces]
    return Table("live", table.schema, iter(()), form="Spark", cluster=Frame(parts))


@settings(max_examples=20)
@given(st.data(), frames())
def test_tasks_of_any_rows_add_up_to_the_whole(data, table):
    there = clustered(table, data.draw(splits(table.num_rows)))
    assert spark.profile(there) == local.profile(table)


def test_a_table_without_rows_has_its_features():
    table = pa.table({"x": pa.array([], pa.float64()), "s": pa.array([], pa.string())})
    assert spark.profile(clustered(table, [(0, 0), (0, 0)])) == local.profile(table)
    assert spark.profile(clustered(table, [])) == local.profile(table)


def year():
    rng = np.random.default_rng(3)
    days = pa.array(
        rng.integers(0, 60, 500) * 86_400, pa.timestamp("s"), mask=rng.random(500) < 0.1
    )
    words = rng.choice(["1.5", "2,5", "n/a", "x"], 500)
    return pa.table({"when": days, "x": rng.normal(size=500), "s": words, "n": words})


PIECES = [(0, 100), (100, 101), (101, 400), (400, 500)]
KINDS = {"n": "numeric"}


def task(table, chunking=None, segments=None):
    types = {"n": pa.float64()}
    return Task(table.schema, KINDS, types, Options(missing=("1.5",)), (chunking, segments))


@pytest.mark.parametrize("segments", [None, "s"])
@pytest.mark.parametrize("chunking", [None, Chunking("when", "1w"), Chunking("s")])
def test_windows_groups_and_segments_add_up_as_on_one_machine(chunking, segments):
    there = clustered(year(), PIECES)
    asked = task(there, chunking, segments)
    here = load(year(), columns=asked.types, options=asked.options)
    assert counted(there, asked) == counted_here(here, KINDS, chunking, segments)
    assert there.rows_read == 500


def test_what_was_noticed_is_told_with_the_number_in_all_tasks():
    there = clustered(year(), PIECES)
    found = counted(there, task(there)).whole.source.notes
    notes = [note for note in found if note.code not in FACTS]
    whole = load(year(), columns={"n": pa.float64()}, options=Options(missing=("1.5",)))
    facts = local.profile(whole, KINDS).source.notes
    assert {(n.code, n.count) for n in notes} == {(n.code, n.count) for n in whole.notes}
    assert {n.code for n in found} == {n.code for n in (*whole.notes, *facts)}
    assert all(f"in all tasks {note.count}" in note.message for note in notes)
    assert len(notes) == 2


def test_too_many_segments_in_all_tasks_are_refused():
    table = pa.table({"s": [str(number) for number in range(400)]})
    there = clustered(table, [(0, 200), (200, 400)])
    with pytest.raises(Unreadable, match="too many for segments"):
        counted(there, Task(table.schema, {}, {}, Options(), (None, "s")))


def test_rows_have_no_order_to_be_cut_by():
    there = clustered(year(), PIECES)
    with pytest.raises(Unreadable, match="have no order in Spark") as caught:
        counted(there, task(there, Chunking(None, "100 rows")))
    assert caught.value.code == "no_order"


def test_the_archive_for_the_workers_counts_beside_numpy_and_pyarrow_alone(tmp_path):
    there = clustered(year(), PIECES)
    spark.profile(there)
    (archive,) = there.cluster.shipped
    site = Path(np.__file__).parents[1]
    for package in site.glob("[np][uy][ma]*"):  # numpy, numpy.libs, pyarrow
        if package.name.startswith(("numpy", "pyarrow")):
            (tmp_path / package.name).symlink_to(package)
    script = (
        "import sys, pyarrow as pa\n"
        "from core.clusters import Options, Task\n"
        "rows = pa.record_batch({'x': [1.0, 2.0]})\n"
        "((_, found),) = Task(rows.schema, {}, {}, Options()).count(iter([rows]))\n"
        "print(found.rows, len(found.to_bytes()) > 0, sys.modules['core'].__file__)"
    )
    base = getattr(sys, "_base_executable", sys.executable)
    path = os.pathsep.join([archive, str(tmp_path)])
    run = subprocess.run(
        [base, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": path},
        cwd=tmp_path,
    )
    assert run.stdout.split() == ["2", "True", f"{archive}/core/__init__.py"], run.stderr
