"""Moments as whole numbers: microseconds since 1970 in UTC, which every database keeps exactly."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(moment: datetime) -> int:
    """Give the number of a moment, which must know its zone.

    >>> number(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(number: int) -> datetime:
    """Give the moment of a number, in UTC."""
    return _EPOCH + timedelta(microseconds=number)
