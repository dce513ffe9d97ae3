from datetime import UTC, datetime, timedelta

import pytest

from core.reading.references import between, previous, same_season, trailing
from core.reading.windows import Window

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def windows(count, length=timedelta(days=1), start=START):
    return [Window(start + i * length, start + (i + 1) * length) for i in range(count)]


def test_a_range_holds_the_windows_that_lie_wholly_in_it():
    days = windows(6)
    assert between(days, days[1].start, days[3].end) == days[1:4]
    assert between(days, days[1].start + timedelta(hours=1), days[3].end) == days[2:4]
    assert between(days, START, START) == []


def test_the_previous_window_may_lie_long_ago_and_the_first_has_none():
    days = windows(9)
    assert previous(days[8], [days[2], days[3]]) == [days[3]]
    assert previous(days[2], days) == [days[1]]
    assert previous(days[0], days) == []


def test_a_trailing_range_ends_where_the_window_starts():
    days = windows(9)
    assert trailing(timedelta(days=3))(days[6], days) == days[3:6]
    assert trailing(timedelta(days=3))(days[0], days) == []


def test_the_same_season_is_the_same_weekday_and_hour():
    hours = windows(24 * 22, timedelta(hours=1))
    last = hours[24 * 21 + 5]
    assert same_season(2)(last, hours) == [hours[24 * 7 + 5], hours[24 * 14 + 5]]
    assert len(same_season(9)(last, hours)) == 3


@pytest.mark.parametrize(("zone", "apart"), [("UTC", 0), ("Europe/Oslo", 1)])
def test_the_same_hour_is_told_by_the_clock_of_the_zone(zone, apart):
    hours = windows(24 * 35, timedelta(hours=1))  # summer time begins on 29 March
    after = hours[24 * 30 + 12]  # 1 April, 12:00 UTC
    (before,) = same_season(1, zone)(after, hours)
    assert after.start - before.start == timedelta(days=7) - timedelta(hours=apart)
