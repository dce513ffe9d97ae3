from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.problems import Unreadable
from core.reading.windows import GROUP_CHUNKS, Chunking, Rows, Window, cut, sensible_span

moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)) | st.none()  # noqa: DTZ001


def batch(values, kind=None):
    return pa.RecordBatch.from_pydict({"by": pa.array(values, kind), "row": range(len(values))})


def split(values, chunking, kind=None, first=0):
    """Give (key, values of the rows) in the order of `cut`."""
    part = batch(values, kind)
    keys, order, ends = cut(part, chunking, first)
    rows = np.split(order, ends[:-1]) if len(keys) else []
    return [(key, [values[i] for i in place]) for key, place in zip(keys, rows, strict=True)]


ZONES = ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]


@given(
    st.lists(moments, min_size=1, max_size=50),
    st.sampled_from(["1h", "6h", "1d", "1w", "2w", "1mo", "5mo"]),
    st.sampled_from(ZONES),
)
def test_each_row_is_in_the_one_window_that_holds_its_time(times, every, zone):
    found = []
    for window, part in split(times, Chunking("by", every, zone), pa.timestamp("us")):
        found += part
        for moment in part:
            assert (moment is None) == (window is None)
            assert window is None or window.start <= moment.replace(tzinfo=UTC) < window.end
    assert Counter(found) == Counter(times)


@pytest.mark.parametrize(
    ("every", "start", "end"),
    [
        ("1h", datetime(2026, 11, 21, 6, tzinfo=UTC), datetime(2026, 11, 21, 7, tzinfo=UTC)),
        ("1d", datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
        ("1w", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        ("1mo", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_window_starts_and_ends_where_the_calendar_says(every, start, end):
    saturday = datetime(2026, 11, 21, 6, 48)  # noqa: DTZ001
    assert [key for key, _ in split([saturday], Chunking("by", every))] == [Window(start, end)]


@pytest.mark.parametrize(
    ("change", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)]
)
def test_across_a_clock_change_each_row_is_in_one_day_and_in_one_hour(change, hours):
    day = datetime.fromisoformat(change)
    minutes = [day.replace(tzinfo=UTC) + timedelta(minutes=m) for m in range(-180, 26 * 60)]
    shuffled = np.random.default_rng(1).permutation(minutes).tolist()
    days = dict(split(shuffled, Chunking("by", "1d", "Europe/Oslo"), pa.timestamp("us", "UTC")))
    lengths = {
        key.start.astimezone(ZoneInfo("Europe/Oslo")).date(): len(v) for key, v in days.items()
    }
    assert lengths[day.date()] == 60 * hours
    by_hour = split(shuffled, Chunking("by", "1h", "Europe/Oslo"), pa.timestamp("us", "UTC"))
    assert sum(len(rows) for _, rows in by_hour) == len(minutes)
    starts = [key for key, _ in by_hour]
    assert all(a.end == b.start for a, b in pairwise(sorted(starts)))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_and_before_the_epoch_are_rounded_down(unit):
    just_before = pa.array([-1], pa.int64()).cast(pa.timestamp(unit))
    keys = cut(pa.record_batch({"by": just_before}), Chunking("by", "1h")).keys
    assert keys == [
        Window(datetime(1969, 12, 31, 23, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC))
    ]


def test_times_as_text_make_windows_and_other_text_has_no_time():
    texts = ["2026-11-21T06:48:00+02:00", "soon", None, "2026-11-21 04:00"]
    window = Window(datetime(2026, 11, 21, 4, tzinfo=UTC), datetime(2026, 11, 21, 5, tzinfo=UTC))
    assert split(texts, Chunking("by", "1h")) == [
        (window, [texts[0], texts[3]]),
        (None, ["soon", None]),
    ]


def test_dates_and_years_beyond_the_calendar():
    day = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC))
    assert split([date(2026, 1, 5)], Chunking("by", "1d")) == [(day, [date(2026, 1, 5)])]
    far = pa.array([10**15], pa.timestamp("s"))
    assert cut(pa.record_batch({"by": far}), Chunking("by", "1d")).keys == [None]


def test_windows_of_rows_go_on_from_batch_to_batch():
    chunking = Chunking(None, "3 rows")
    assert split([1, 2, 3, 4], chunking) == [(Rows(0, 3), [1, 2, 3]), (Rows(3, 6), [4])]
    assert split([5, 6, 7], chunking, first=4) == [(Rows(3, 6), [5, 6]), (Rows(6, 9), [7])]
    assert split([], chunking, pa.int64()) == []


@pytest.mark.parametrize(
    ("days", "rows", "span"),
    [(2, 100_000, "1h"), (365, 500_000, "1d"), (365, 18_000, "1w"), (4000, 9_000_000, "1mo")],
)
def test_the_span_gives_some_hundred_windows_with_rows_enough(days, rows, span):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert sensible_span(start, start + timedelta(days=days), rows) == span


def test_the_rows_of_a_group_are_in_one_chunk_in_every_batch():
    names = [f"customer {i}" for i in range(500)]
    chunk_of = {}
    for part in (names, names[::-1] * 3):
        for chunk, rows in split(part, Chunking("by")):
            for name in rows:
                assert chunk_of.setdefault(name, chunk) == chunk
    assert set(chunk_of.values()) == set(range(GROUP_CHUNKS))


def test_what_cannot_make_windows_is_refused():
    for column, every, code in (("no", "1d", "no_chunk_column"), ("by", "1d", "no_time_column")):
        with pytest.raises(Unreadable) as caught:
            cut(batch(["x"]), Chunking(column, every))
        assert caught.value.code == code
    with pytest.raises(Unreadable, match="no span"):
        Chunking("by", "daily")
    with pytest.raises(Unreadable, match="no time zone"):
        Chunking("by", "1d", "Mars/Olympus")
