# ruff: noqa: INP001, S608 (a script: its folder is no package; the SQL is all its own)
"""Can a database count our cells in SQL? `python bench/pushdown.py [POSTGRESQL-ADDRESS]`.

Computes the key of every float (core/profiling/cells.py) in the SQL of DuckDB, SQLite and
PostgreSQL from its sign, exponent and leading bits, and counts those that differ from ours, with
the exponent as `floor(log2(x))` gives it and with a repair by one. Then counts a column into cells
there and here. DuckDB must be installed; PostgreSQL takes part where an address (libpq) is given.
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from core.profiling import cells
from core.profiling.engines import local

_SEED, _RANDOM, _COUNTED = 20261127, 20_000, 1_000_000
_LOWEST, _HIGHEST = -1022, 1023  # exponents of normal floats; smaller ones share the lowest
_OCTAVE = 1 << 52
_FINITE = "x = x AND abs(x) <= 1.7976931348623157e308 AND x <> 0"


@dataclass(frozen=True, slots=True)
class Database:
    """What differs: how to ask, the logarithm, and the names of types."""

    name: str
    ask: Callable[[str, Sequence[Any], str], list[Any]]  # SQL, values of table v (id, x), type of x
    log2: str = "log2(a)"
    double: str = "DOUBLE"
    finite: str = _FINITE
    decimal: str = "DECIMAL(18, 4)"


def hard() -> np.ndarray:
    """Give values at which a logarithm may be off: powers of two, their neighbours, and others."""
    powers = np.ldexp(1.0, np.arange(-1074, 1024))
    near = [np.nextafter(powers, 0), powers, np.nextafter(powers, np.inf)]
    rng = np.random.default_rng(_SEED)
    bits = rng.integers(0, 0x7FF0_0000_0000_0000, _RANDOM).view(np.float64)
    tens = np.array([float(f"1e{n}") for n in range(-323, 309)])
    cents = np.arange(1, 5_000) / 100
    whole = np.array([float(2**53 + step) for step in range(-50, 50)])
    least = 5e-324 * np.arange(1, 200)
    values = np.concatenate([*near, bits, tens, cents, whole, least, [np.finfo(float).max]])
    return np.concatenate([values[values > 0], -values[values > 0]])


def steps(database: Database, *, repaired: bool, of: str = "CAST(x AS {double})") -> str:
    """Give the SQL of a table k (id, x, m), m the key of the magnitude of x."""
    double = database.double
    least, most = ("max", "min") if database.name == "SQLite" else ("greatest", "least")
    power = f"power(CAST(2 AS {double}), e)"
    above = f"power(CAST(2 AS {double}), {most}(e + 1, {_HIGHEST}))"  # 2^1024 is no float
    mended = (
        f"CASE WHEN e > {_LOWEST} AND a < {power} THEN e - 1 "
        f"WHEN e < {_HIGHEST} AND a >= {above} THEN e + 1 ELSE e END"
    )
    return (
        f"WITH f AS (SELECT id, {of.format(double=double)} AS x FROM v), "
        f"g AS (SELECT id, x, abs(x) AS a FROM f WHERE {database.finite}), "
        f"h AS (SELECT id, x, a, {least}({most}(floor({database.log2}), {_HIGHEST}), {_LOWEST}) "
        "AS e FROM g), "
        f"i AS (SELECT id, x, a, {mended if repaired else 'e'} AS e FROM h), "
        f"k AS (SELECT id, x, CAST(e - ({_LOWEST}) AS BIGINT) * {_OCTAVE} "
        f"+ CAST(a / {power} * {_OCTAVE} AS BIGINT) AS m FROM i) "
    )


_KEY = "SELECT id, CASE WHEN x < 0 THEN -m - 1 ELSE m END FROM k ORDER BY id"
_CELLS = (
    "SELECT CASE WHEN x < 0 THEN -(m >> {level}) - 1 ELSE m >> {level} END AS c, count(*) "
    "FROM k GROUP BY c ORDER BY c"
)


def duckdb() -> Database:
    """Open DuckDB in memory."""
    import duckdb as engine  # noqa: PLC0415 (an optional one)

    def ask(question: str, values: Sequence[Any], kind: str) -> list[Any]:
        rows = pa.table({"id": range(len(values)), "x": pa.array(values)})
        link = engine.connect(config={"threads": 1})
        link.register("rows", rows)
        link.execute(f"CREATE TABLE v AS SELECT id, CAST(x AS {kind}) AS x FROM rows")
        return link.execute(question).fetchall()

    return Database("DuckDB", ask)


def sqlite() -> Database:
    """Open SQLite in memory."""

    def ask(question: str, values: Sequence[Any], kind: str) -> list[Any]:
        link = sqlite3.connect(":memory:")
        link.execute(f"CREATE TABLE v (id INTEGER, x {kind})")
        plain = (str(each) if isinstance(each, Decimal) else each for each in values)
        link.executemany("INSERT INTO v VALUES (?, ?)", enumerate(plain))
        return link.execute(question).fetchall()

    return Database("SQLite", ask, double="REAL")


def postgres(address: str) -> Database:
    """Open PostgreSQL; a temporary table is all that is written."""
    import psycopg  # noqa: PLC0415 (an optional one)

    def ask(question: str, values: Sequence[Any], kind: str) -> list[Any]:
        with psycopg.connect(address) as link, link.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE v (id BIGINT, x {kind})")
            with cursor.copy("COPY v FROM STDIN") as rows:
                for row in enumerate(values):
                    rows.write_row(row)
            return cursor.execute(question).fetchall()

    finite = "x <> 0 AND abs(x) <= 1.7976931348623157e308"  # NaN is the greatest there
    return Database(
        "PostgreSQL", ask, "ln(a) / ln(CAST(2 AS DOUBLE PRECISION))", "DOUBLE PRECISION", finite
    )


def wrong(database: Database, values: np.ndarray, *, repaired: bool) -> int:
    """Count the keys that differ from ours, missing ones included."""
    sql = steps(database, repaired=repaired) + _KEY
    found = dict(database.ask(sql, values.tolist(), database.double))
    keys = cells.keys(values).tolist()
    return sum(found.get(place) != key for place, key in enumerate(keys))


def odd(database: Database) -> Iterator[tuple[str, int, int]]:
    """Give what else a column may hold: how many keys of how many differ from ours."""
    whole = [2**53 + n for n in range(-99, 100)] + [2**62 + 12_345 * n for n in range(999)]
    rng = np.random.default_rng(_SEED)
    money = [Decimal(int(n)).scaleb(-4) for n in rng.integers(1, 10**14, 20_000)]
    for what, values, kind, array in (
        ("whole numbers beyond 2^53", whole, "BIGINT", pa.array(whole)),
        ("decimals of four places", money, database.decimal, pa.array(money)),
    ):
        floats = (
            np.array([float(n) for n in values])
            if kind == "BIGINT"
            else np.array([float(str(n)) for n in array.to_pylist()])
        )
        found = dict(database.ask(steps(database, repaired=True) + _KEY, values, kind))
        keys = cells.keys(floats).tolist()
        yield what, sum(found.get(n) != key for n, key in enumerate(keys)), len(keys)


def set_aside(database: Database) -> list[Any]:
    """Tell what zeros, infinities and NaN come to: they must not be among the cells."""
    values = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0]
    return database.ask(steps(database, repaired=True) + _KEY, values, database.double)


def seconds(act: Callable[[], Any]) -> tuple[float, Any]:
    """Time an act: wall seconds, for the work of a server is not ours."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def main(addresses: Sequence[str]) -> None:
    """Print what was found."""
    values = hard()
    databases = [duckdb(), sqlite(), *(postgres(each) for each in addresses)]
    write = sys.stdout.write
    write(f"Keys of {values.size:,} hard values that differ from ours:\n\n")
    for database in databases:
        plain, mended = (wrong(database, values, repaired=each) for each in (False, True))
        write(f"{database.name}: {plain:,} with floor(log2), {mended:,} repaired by one\n")
        for what, number, of in odd(database):
            write(f"{database.name}: {what}: {number:,} of {of:,}\n")
        aside = [place for place, _ in set_aside(database)] == [5]
        write(f"{database.name}: zeros, infinities and NaN are set aside: {aside}\n")
    column = np.random.default_rng(_SEED).normal(size=_COUNTED)
    mine, profile = seconds(lambda: local.profile(pa.table({"x": column})))
    ours = profile.features["x"]
    expected = list(zip(*(part.tolist() for part in (ours.cells, ours.counts)), strict=True))
    write(f"\n{_COUNTED:,} normal values: {mine / _COUNTED * 1e9:.0f} ns a value here\n")
    for database in databases:
        counting = steps(database, repaired=True) + _CELLS.format(level=ours.level)
        idle, _ = seconds(lambda d=database: d.ask("SELECT 1", column.tolist(), d.double))
        busy, found = seconds(lambda d=database, q=counting: d.ask(q, column.tolist(), d.double))
        same = [tuple(map(int, row)) for row in found] == expected
        each = (busy - idle) / _COUNTED * 1e9
        write(f"{database.name}: {each:.0f} ns a value; the same counts: {same}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
