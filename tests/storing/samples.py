"""Windows of a small table, their profiles, and reports of them."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from core.pipeline import judge
from core.profiling.engines import local
from core.reading.windows import Window
from core.settings import Settings

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = {"amount": "numeric", "shop": "categorical"}


def hour(number, hours=1):
    start = BEGIN + timedelta(hours=number)
    return Window(start, start + timedelta(hours=hours))


def counted(seed, rows=60):
    """Count a table of `rows` rows that differs with the seed."""
    amounts = [(seed * 7 + row * 13) % 50 / 2 for row in range(rows)]
    shops = ["north", "south", f"shop {seed % 3}"] * (rows // 3)
    return local.profile(pa.table({"amount": amounts, "shop": shops}), KINDS)


REFERENCE = counted(0, 300)


def judged(profile, settings=Settings()):  # noqa: B008 (frozen)
    return judge(REFERENCE, profile, settings)
