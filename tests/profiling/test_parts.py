import functools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling.engines.local import profile
from core.profiling.parts import count_parts
from core.profiling.profiles import add_counts, no_rows
from tests.strategies import frames, kinds


@given(frames(), st.integers(0, 99), st.data())
def test_parts_are_counted_as_each_by_itself(table, seed, data):
    batch = table.combine_chunks().to_batches()
    batch = batch[0] if batch else pa.RecordBatch.from_pylist([], table.schema)
    wanted = {name: data.draw(kinds) for name in table.schema.names}
    rng, rows = np.random.default_rng(seed), batch.num_rows
    order = rng.permutation(rows)
    ends = np.unique(np.append(rng.integers(1, rows, 3, endpoint=True), rows)) if rows else order
    whole = profile(batch, wanted)
    for name, kind in wanted.items():
        parts = count_parts(batch, order, ends, name, kind)
        for part, place in zip(parts, np.split(order, ends[:-1]), strict=False):
            alone = profile(batch.take(pa.array(place)), wanted)
            assert part == alone.features[name]
        assert functools.reduce(add_counts, parts, no_rows(kind)) == whole.features[name]


@pytest.mark.parametrize(
    ("values", "kind", "missing", "unreadable"),
    [
        (["1.5", "x", None, "NA"], "numeric", [1, 2], [1, 0]),
        ([True, None, False, True], "numeric", [1, 0], [0, 0]),
        (["2026-01-01", "soon", "2026-01-02T03:00Z", None], "datetime", [1, 1], [1, 0]),
        (["a", None, "b", "a"], "boolean", [1, 0], [0, 0]),
    ],
)
def test_missing_and_unreadable_values_are_counted_where_they_are(
    values, kind, missing, unreadable
):
    batch = pa.record_batch({"a": pa.array(values)})
    parts = count_parts(batch, np.arange(4), np.array([2, 4]), "a", kind)
    assert [part.missing for part in parts] == missing
    assert [part.unreadable for part in parts] == unreadable


def test_a_column_that_the_batch_lacks_is_missing():
    parts = count_parts(
        pa.record_batch({"a": [1, 2]}), np.arange(2), np.array([1, 2]), "b", "numeric"
    )
    assert [part.missing for part in parts] == [1, 1]
