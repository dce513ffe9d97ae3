"""A maker of columns for every dtype that pandas and Arrow know: `(rng, rows) -> column`."""

import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

WILD = [0.0, -0.0, 1.5, -2.5, 1e308, -1e308, 5e-324, 1e15, 2.0**53, np.inf, -np.inf, np.nan]
WORDS = [
    "",
    " ",
    "a",
    "b",
    "NA",
    "None",
    "nan",
    "007",
    "7",
    "1,5",
    "=1+1",
    "<b>",
    "\x1b[31m",
    "é" * 300,
    "\n",
    "2026-01-01",
    "true",
    "-",
    "\x00x",
]


def wild(rng, rows):
    values = rng.normal(size=rows)
    at = rng.random(rows) < rng.random()
    values[at] = rng.choice(WILD, at.sum())
    return values


def holes(rng, values):
    gone = rng.random(len(values)) < rng.choice([0, 0.1, 1], p=[0.5, 0.4, 0.1])
    return [None if missing else value for value, missing in zip(values, gone, strict=True)]


def words(rng, rows):
    return [str(word) for word in rng.choice(WORDS[: rng.integers(1, len(WORDS) + 1)], rows)]


def whole(rng, rows):
    return [int(v) for v in rng.integers(-5, 5, rows) * int(rng.choice([1, 1000, 2**40, 2**61]))]


def moments(rng, rows):
    start = dt.datetime(2026, 1, 1)  # noqa: DTZ001 (most have no zone)
    return [start + dt.timedelta(hours=int(hours)) for hours in rng.integers(0, 9999, rows)]


def anything(rng, rows):
    pool = [
        1,
        2.5,
        "x",
        None,
        True,
        b"y",
        [1],
        {"a": 1},
        (1,),
        Decimal("1.5"),
        2**70,
        1j,
        dt.date(2026, 1, 1),
        float("nan"),
        {1},
        object,
        -(2**80),
    ]
    chosen = [pool[i] for i in rng.integers(0, len(pool), 4)]
    return [chosen[i] for i in rng.integers(0, 4, rows)]


def _series(dtype, values):
    return lambda rng, rows: pd.Series(values(rng, rows), dtype=dtype)


def _object(make):
    return lambda rng, rows: pd.Series(holes(rng, make(rng, rows)), dtype=object)


def _dated(unit, zone=None):
    def make(rng, rows):
        times = pd.Series(pd.to_datetime(holes(rng, moments(rng, rows)))).astype(
            f"datetime64[{unit}]"
        )
        return times.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT") if zone else times

    return make


PANDAS = {
    **{
        f"float{n}": _series(f"float{n}", lambda rng, rows: np.clip(wild(rng, rows), -6e4, 6e4))
        for n in (16, 32, 64)
    },
    "wild": _series("float64", wild),
    **{
        name: _series(name, lambda rng, rows: rng.integers(0, 100, rows))
        for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32")
    },
    "int64": _series("int64", whole),
    "uint64": _series(
        "uint64", lambda rng, rows: rng.integers(0, 2**64 - 1, rows, dtype=np.uint64)
    ),
    "bool": _series("bool", lambda rng, rows: rng.random(rows) < 0.3),
    "boolean": _series("boolean", lambda rng, rows: holes(rng, rng.random(rows) < 0.3)),
    "Int64": _series("Int64", lambda rng, rows: holes(rng, whole(rng, rows))),
    "Float64": _series("Float64", lambda rng, rows: holes(rng, wild(rng, rows))),
    "str": _series("str", lambda rng, rows: holes(rng, words(rng, rows))),
    "string": _series("string", lambda rng, rows: holes(rng, words(rng, rows))),
    "string-python": _series("string[python]", lambda rng, rows: holes(rng, words(rng, rows))),
    "category": lambda rng, rows: pd.Series(
        pd.Categorical(holes(rng, words(rng, rows)), categories=["unused", *WORDS])
    ),
    "ordered": lambda rng, rows: pd.Series(pd.Categorical(rng.integers(0, 3, rows), ordered=True)),
    **{f"datetime-{unit}": _dated(unit) for unit in ("s", "ms", "us", "ns")},
    "zoned": _dated("us", "Europe/Berlin"),
    "timedelta": lambda rng, rows: pd.Series(
        pd.to_timedelta(rng.integers(0, 9999, rows), unit="s")
    ),
    "period": lambda _, rows: pd.Series(pd.period_range("2001-01", periods=rows, freq="M")),
    "interval": lambda _, rows: pd.Series(pd.arrays.IntervalArray.from_breaks(np.arange(rows + 1))),
    "sparse": lambda rng, rows: pd.Series(
        pd.arrays.SparseArray(rng.integers(0, 2, rows).astype(float))
    ),
    "complex": _series("complex128", lambda rng, rows: rng.normal(size=rows) * 1j),
    "decimals": _object(lambda rng, rows: [Decimal(str(v)) for v in wild(rng, rows)]),
    "fractions": _object(lambda rng, rows: [Fraction(v, 7) for v in whole(rng, rows)]),
    "huge": _object(lambda rng, rows: [2 ** int(v) for v in rng.integers(0, 2000, rows)]),
    "dates": _object(lambda rng, rows: [moment.date() for moment in moments(rng, rows)]),
    "times": _object(lambda rng, rows: [moment.time() for moment in moments(rng, rows)]),
    "bytes": _object(lambda rng, rows: [word.encode() for word in words(rng, rows)]),
    "lists": _object(lambda rng, rows: [[v] for v in whole(rng, rows)]),
    "dicts": _object(lambda rng, rows: [{word: 1} for word in words(rng, rows)]),
    "uuids": _object(lambda rng, rows: [uuid.UUID(int=abs(v)) for v in whole(rng, rows)]),
    "texts": _object(words),
    "truths": _object(lambda rng, rows: (rng.random(rows) < 0.5).tolist()),
    "nothing": _object(lambda _, rows: [None] * rows),
    "anything": _object(anything),
}


def _arrow(kind, values):
    return lambda rng, rows: pa.array(holes(rng, values(rng, rows)), kind)


def _small(rng, rows):
    return [int(v) for v in rng.integers(0, 100, rows)]


def _plain(rng, rows):
    return [float(v) for v in np.clip(wild(rng, rows), -6e4, 6e4)]


def _cents(rng, rows):
    return [Decimal(v) / 100 for v in _small(rng, rows)]


def _encoded(kind):
    return lambda rng, rows: _arrow(pa.string(), words)(rng, rows).dictionary_encode().cast(kind)


ARROW = {
    "null": lambda _, rows: pa.nulls(rows),
    "bool": _arrow(pa.bool_(), lambda rng, rows: (rng.random(rows) < 0.5).tolist()),
    **{
        str(k): _arrow(k, _small)
        for k in (
            pa.int8(),
            pa.uint8(),
            pa.int16(),
            pa.uint16(),
            pa.int32(),
            pa.uint32(),
            pa.int64(),
            pa.uint64(),
        )
    },
    **{str(k): _arrow(k, _plain) for k in (pa.float32(), pa.float64())},
    "halffloat": _arrow(pa.float16(), lambda rng, rows: [np.float16(v) for v in _plain(rng, rows)]),
    **{
        str(k): _arrow(k, _cents)
        for k in (
            pa.decimal32(7, 2),
            pa.decimal64(12, 2),
            pa.decimal128(20, 2),
            pa.decimal256(50, 2),
        )
    },
    **{str(k): _arrow(k, words) for k in (pa.string(), pa.large_string(), pa.string_view())},
    **{
        str(k): _arrow(k, lambda rng, rows: [w.encode() for w in words(rng, rows)])
        for k in (pa.binary(), pa.large_binary(), pa.binary_view())
    },
    "fixed_binary": _arrow(pa.binary(2), lambda _, rows: [b"ab"] * rows),
    **{
        str(k): _arrow(k, moments)
        for k in (pa.timestamp("s"), pa.timestamp("us", "Asia/Tokyo"), pa.timestamp("ns"))
    },
    **{
        str(k): _arrow(k, lambda rng, rows: [m.date() for m in moments(rng, rows)])
        for k in (pa.date32(), pa.date64())
    },
    **{
        str(k): _arrow(k, lambda rng, rows: [m.time() for m in moments(rng, rows)])
        for k in (pa.time32("s"), pa.time64("us"))
    },
    "duration": _arrow(pa.duration("ms"), _small),
    "month_interval": _arrow(
        pa.month_day_nano_interval(), lambda rng, rows: [(v, 1, 0) for v in _small(rng, rows)]
    ),
    "list": _arrow(pa.list_(pa.int64()), lambda rng, rows: [[v] for v in _small(rng, rows)]),
    "list_view": _arrow(
        pa.list_view(pa.int64()), lambda rng, rows: [[v] for v in _small(rng, rows)]
    ),
    "vectors": _arrow(
        pa.list_(pa.float32(), 2), lambda rng, rows: [[v, 1.0] for v in _plain(rng, rows)]
    ),
    "struct": _arrow(
        pa.struct({"a": pa.int64()}), lambda rng, rows: [{"a": v} for v in _small(rng, rows)]
    ),
    "map": _arrow(
        pa.map_(pa.string(), pa.int64()), lambda rng, rows: [[("a", v)] for v in _small(rng, rows)]
    ),
    "dictionary": _encoded(pa.dictionary(pa.int32(), pa.string())),
    "dictionary-large": _encoded(pa.dictionary(pa.int64(), pa.large_string())),
    "dictionary-numbers": lambda rng, rows: _arrow(pa.int64(), _small)(
        rng, rows
    ).dictionary_encode(),
    "runs": lambda rng, rows: (
        pa.RunEndEncodedArray.from_arrays([rows], [float(rng.normal())]) if rows else pa.nulls(0)
    ),
    "union": lambda rng, rows: pa.UnionArray.from_sparse(
        pa.array([0] * rows, pa.int8()), [pa.array(_small(rng, rows), pa.int64()), pa.nulls(rows)]
    ),
    "uuid": lambda rng, rows: pa.array(
        [v.to_bytes(16, "big") for v in _small(rng, rows)], pa.uuid()
    ),
    "json": lambda rng, rows: pa.ExtensionArray.from_storage(
        pa.json_(pa.string()), pa.array([f"{v}" for v in _small(rng, rows)], pa.string())
    ),
}
