"""Dask's engine, on Dask itself: threads and processes of this machine."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import Chunking, Settings, check, count, profile
from core.pipeline import Unreadable, preview
from core.profiling.engines import dask as engine
from core.profiling.engines import local
from core.reading.sources import load

dask = pytest.importorskip("dask", reason="needs the extra: pip install 'tideline[dask]'")
dd = pytest.importorskip("dask.dataframe")


def frame(seed, rows, shift=0.0):
    """Columns of every kind, most with holes; some weeks of times."""
    rng = np.random.default_rng(seed)

    def holed(values):
        return pd.Series(values).where(rng.random(rows) > 0.1)

    seconds = rng.integers(1_700_000_000, 1_702_400_000, rows)
    return pd.DataFrame(
        {
            "x": holed(rng.normal(shift, 1, rows)),
            "odd": rng.choice([np.nan, np.inf, -np.inf, -0.0, 1e300], rows),
            "whole": pd.array(rng.integers(-5, 99, rows), "Int64"),
            "b": rng.random(rows) < 0.3,
            "s": holed([f"{each}.0" for each in rng.integers(0, 40, rows)]),
            "kind": pd.Categorical(rng.choice(["u", "v", "w"], rows)),
            "t": holed(pd.to_datetime(seconds, unit="s")),
        }
    )


@pytest.fixture(scope="module")
def reference():
    return frame(1, 3_000)


@pytest.mark.parametrize("partitions", [1, 2, 23])
def test_partitions_add_up_to_the_whole(reference, partitions):
    there = dd.from_pandas(reference, npartitions=partitions)
    assert profile(there) == profile(reference)
    assert engine.profile(load(there)) == local.profile(load(reference))


def test_processes_count_the_same(reference):
    there = dd.from_pandas(reference, npartitions=3)
    with dask.config.set(scheduler="processes", num_workers=2):
        assert profile(there) == profile(reference)


def test_live_is_read_against_the_kinds_of_the_reference(reference):
    live = frame(2, 1_000, 0.4).astype({"x": str, "whole": float})
    there = dd.from_pandas(live, npartitions=4)
    kinds = profile(reference).kinds
    assert profile(there, kinds=kinds) == profile(live, kinds=kinds)
    said = check(dd.from_pandas(reference, npartitions=3), there)
    here = check(reference, live)
    assert said.verdict == here.verdict
    assert [(f.name, f.state, f.n, f.m) for f in said.features] == [
        (f.name, f.state, f.n, f.m) for f in here.features
    ]


def test_windows_and_segments_are_those_of_one_machine(reference):
    asked = Settings(segments="kind"), Chunking("t", "1w", "Europe/Oslo")
    there = dd.from_pandas(reference, npartitions=5)
    found, expected = (count(x, asked[0], chunking=asked[1]) for x in (there, reference))
    assert found.windows == expected.windows
    assert found.rest == expected.rest
    assert replace(found.whole, source=expected.whole.source) == expected.whole


def test_partitions_without_rows_change_nothing(reference):
    there = dd.from_pandas(reference, npartitions=4)
    assert profile(there[there["x"] > 1e9]).rows == 0
    few = reference[reference["whole"] > 50]
    assert profile(there[there["whole"] > 50]) == profile(few)


def test_columns_are_previewed_without_counting(reference):
    there = dd.from_pandas(reference, npartitions=4)
    assert [c.name for c in preview(there).columns] == [*reference.columns]


def broken(part):
    raise OSError("the cable is out")


@pytest.mark.parametrize(
    ("choices", "code", "words"),
    [
        ({"chunking": Chunking(None, "500 rows")}, "no_order", "have no order in Dask"),
        ({"settings": Settings(pairs="all")}, "no_pairs", "cannot be counted in Dask"),
        ({}, "dask_failed", "Dask could not read frame: the cable is out."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(reference, choices, code, words):
    there = dd.from_pandas(reference, npartitions=2).map_partitions(broken, meta=reference[:0])
    with pytest.raises(Unreadable, match=words) as caught:
        count(there, choices.pop("settings", Settings()), **choices)
    assert caught.value.code == code


def test_a_lone_column_is_no_table(reference):
    with pytest.raises(Unreadable, match="not a table"):
        load(dd.from_pandas(reference, npartitions=2).x)
