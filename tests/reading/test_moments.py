from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.moments import Order, instants, order_of


def read(*texts):
    column = pa.array(texts)
    return instants(column, order_of(column)).to_pylist()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31/12/2026", datetime(2026, 12, 31, tzinfo=UTC)),
        ("12/31/2026 3:04 PM", datetime(2026, 12, 31, 15, 4, tzinfo=UTC)),
        ("12/31/2026 12:04 AM", datetime(2026, 12, 31, 0, 4, tzinfo=UTC)),
        ("31.12.2026 23:59:59,5", datetime(2026, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)),
        ("1.2.2026", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026/12/31", datetime(2026, 12, 31, tzinfo=UTC)),
        ("2026.1.2 03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("31-Dec-2026", datetime(2026, 12, 31, tzinfo=UTC)),
        ("Dec 31, 2026", datetime(2026, 12, 31, tzinfo=UTC)),
        ("Thursday, December 31st, 2026", datetime(2026, 12, 31, tzinfo=UTC)),
        ("31/12/2026 10:00 +02:00", datetime(2026, 12, 31, 8, tzinfo=UTC)),
    ],
)
def test_dates_as_people_write_them_are_instants(text, moment):
    assert read(text) == [moment]


def test_one_day_above_twelve_tells_the_order_of_all():
    assert order_of(pa.array(["1/2/2026", "13/2/2026"])) == Order(2, day_first=True)
    assert order_of(pa.array(["1/2/2026", "2/13/2026"])) == Order(2, day_first=False)
    assert not order_of(pa.array(["1/2/2026", "3/4/2026"])).certain
    assert order_of(pa.array(["yesterday"])) is None


@pytest.mark.parametrize("text", ["31/2/2026", "0/1/2026", "1/13/2026 25:00", "1/40/2026"])
def test_what_is_no_date_is_null(text):
    assert instants(pa.array([text, None]), Order(2)).to_pylist() == [None, None]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.booleans())  # noqa: DTZ001
def test_any_date_comes_back_in_either_order(moment, day_first):
    moment = moment.replace(microsecond=0)
    form = "%d/%m/%Y %H:%M:%S" if day_first else "%m/%d/%Y %H:%M:%S"
    found = instants(pa.array([moment.strftime(form)]), Order(2, day_first=day_first))
    assert found.to_pylist() == [moment.replace(tzinfo=UTC)]
