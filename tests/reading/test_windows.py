from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.dialects import Unreadable
from core.reading.windows import GROUP_CHUNKS, Chunking, split

moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)) | st.none()  # noqa: DTZ001


def batch(values, kind=None):
    return pa.RecordBatch.from_pydict({"by": pa.array(values, kind), "row": range(len(values))})


@given(st.lists(moments, min_size=1, max_size=50), st.sampled_from(["6h", "1d", "1w", "1mo"]))
def test_each_row_is_in_the_one_window_that_holds_its_time(times, every):
    rows = []
    for start, part in split(batch(times, pa.timestamp("us")), Chunking("by", every)):
        for moment in part["by"].to_pylist():
            assert (moment is None) == (start is None)
            assert start is None or start <= moment
        rows += part["row"].to_pylist()
    assert sorted(rows) == list(range(len(times)))


@pytest.mark.parametrize(
    ("every", "start"),
    [
        ("1h", datetime(2026, 11, 21, 6)),  # noqa: DTZ001
        ("1d", datetime(2026, 11, 21)),  # noqa: DTZ001
        ("1w", datetime(2026, 11, 16)),  # noqa: DTZ001
        ("1mo", datetime(2026, 11, 1)),  # noqa: DTZ001
    ],
)
def test_a_window_starts_where_the_calendar_says(every, start):
    saturday = datetime(2026, 11, 21, 6, 48)  # noqa: DTZ001
    assert [key for key, _ in split(batch([saturday]), Chunking("by", every))] == [start]


def test_the_rows_of_a_group_are_in_one_chunk_in_every_batch():
    names = [f"customer {i}" for i in range(500)]
    chunk_of = {}
    for part in (names, names[::-1] * 3):
        for chunk, rows in split(batch(part), Chunking("by")):
            for name in rows["by"].to_pylist():
                assert chunk_of.setdefault(name, chunk) == chunk
    assert set(chunk_of.values()) == set(range(GROUP_CHUNKS))


def test_what_cannot_make_windows_is_refused():
    for column, every, code in (("no", "1d", "no_chunk_column"), ("by", "1d", "no_time_column")):
        with pytest.raises(Unreadable) as caught:
            list(split(batch(["x"]), Chunking(column, every)))
        assert caught.value.code == code
    with pytest.raises(Unreadable, match="no span of time"):
        Chunking("by", "daily")
