from datetime import timedelta

import pytest

from core.storing import outbox
from core.storing.history import History, LastRun
from core.storing.outbox import KEPT, Notice

from .samples import BEGIN

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(history):
    return history.database


def tell(database, *addresses, now=BEGIN, dataset="sales"):
    """Store a run and a notice for each address."""
    notices = [Notice(address, f"to {address}", now) for address in addresses]
    history = History(database.url)
    history.record(dataset, LastRun(now, now, 1.0, 0, "stable", ""), notices)


def test_notices_wait_in_order_until_they_are_delivered(database):
    tell(database, "a", "b")
    tell(database, "c", dataset="returns")
    assert [each.body for each in outbox.waiting(database, "sales")] == ["to a", "to b"]
    first, second = outbox.take(database, "sales", BEGIN)
    outbox.settle(database, [(first.number, None), (second.number, "it is down.")], BEGIN)
    (left,) = outbox.waiting(database, "sales")
    assert (left.body, left.error, left.tries, left.created) == ("to b", "it is down.", 1, BEGIN)
    assert len(outbox.waiting(database, "returns")) == 1


def test_what_one_process_has_taken_no_other_takes_until_that_one_must_be_dead(database):
    tell(database, "a")
    assert len(outbox.take(database, "sales", BEGIN)) == 1
    assert outbox.take(database, "sales", BEGIN + MINUTE) == ()
    assert len(outbox.take(database, "sales", BEGIN + 5 * MINUTE)) == 1


def test_a_clock_that_is_set_back_holds_up_nothing(database):
    tell(database, "a")
    outbox.take(database, "sales", BEGIN)
    assert len(outbox.take(database, "sales", BEGIN - 60 * MINUTE)) == 1


def test_old_notices_are_forgotten(database):
    tell(database, "a")
    tell(database, "b", now=BEGIN + KEPT + MINUTE)
    assert [each.body for each in outbox.waiting(database, "sales")] == ["to b"]


def test_occasions_are_counted_whatever_the_number_of_addresses(database):
    tell(database, "a", "b", "c")
    tell(database, "a", now=BEGIN + MINUTE)
    assert outbox.count_since(database, "sales", BEGIN) == 2
    assert outbox.count_since(database, "sales", BEGIN + MINUTE) == 1
    assert outbox.count_since(database, "returns", BEGIN) == 0


def test_without_a_history_nothing_waits(database):
    assert outbox.waiting(database, "sales") == outbox.take(database, "sales", BEGIN) == ()
