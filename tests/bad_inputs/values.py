"""Table B: values and types, as data frames."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

from .cases import Values

N = 2000


def rng(seed):
    return np.random.default_rng(seed)


def normal(seed, shift=0.0, count=N):
    return rng(seed).normal(shift, 1, count)


def with_some(values, places, value):
    values = np.array(values, copy=True)
    values[:places] = value
    return values


def texts(seed, names, p=None, count=N):
    return rng(seed).choice(names, count, p=p)


def objects(values):
    return pd.Series(list(values), dtype=object)


_INTEGERS = rng(5).integers(0, 9, N)
_NULLABLE = pd.array(np.where(rng(6).random(N) < 0.1, None, _INTEGERS), "Int64")
_SIX = list("abcdef")
_YEAR = pd.Series(pd.date_range("2024-01-01", periods=N, freq="4h"))
_SAME = normal(3)
_THOUSAND = [f"n{i:04}" for i in range(1000)]

CASES = [
    Values("B01", normal(1), normal(2), "stable"),
    Values("B02", normal(1), normal(2, 0.5), ("alert", "warn")),
    Values("B03", normal(1), normal(2, count=1), "insufficient"),
    Values("B03-five", normal(1), normal(2, count=5), "insufficient"),
    Values("B04", normal(1), [np.nan] * N, "alert", bits=1.0),
    Values("B05", [np.nan] * N, normal(1), "alert", "no_reference_values", bits=1.0),
    Values("B06", [np.nan] * N, [np.nan] * N, "stable", "all_missing", bits=0.0),
    Values("B07", normal(1), with_some(normal(2), N // 2, np.nan), "alert", leading="missing"),
    Values("B08", [7.0] * N, [7.0] * N, "stable", bits=0.0),
    Values("B09", [7.0] * N, [8.0] * N, "alert", bits=1.0),
    Values("B10", [7.0] * N, normal(2, 7), "alert"),
    Values(
        "B11",
        with_some(normal(1), 1, -np.inf),
        with_some(normal(2), 1, np.inf),
        "stable",
        warning="infinite_values",
    ),
    Values(
        "B12",
        rng(1).choice([-1e308, 1e308, 1.7e308], N),
        rng(2).choice([-1e308, 1e308, 1.7e308], N),
        "stable",
    ),
    Values(
        "B12-spread",
        (rng(1).random(N) * 2 - 1) * 1e308,
        (rng(2).random(N) * 2 - 1) * 1e308,
        "stable",
    ),
    Values(
        "B13", rng(1).integers(1, 2000, N) * 5e-324, rng(2).integers(1, 2000, N) * 5e-324, "stable"
    ),
    Values("B14", 1e15 + rng(1).integers(0, 4, N), 1e15 + rng(2).integers(0, 4, N), "stable"),
    Values(
        "B14-moved", 1e15 + rng(1).integers(0, 4, N), 1e15 + 1 + rng(2).integers(0, 4, N), "alert"
    ),
    Values("B15", with_some(normal(1), 1, 1e12), with_some(normal(2, 1), 1, 1e12), "alert"),
    Values(
        "B16",
        rng(1).random(N) * (rng(11).random(N) < 0.05),
        rng(2).random(N) * (rng(12).random(N) < 0.05),
        "stable",
        extra={"bin": "0"},
    ),
    Values("B17", _INTEGERS, _INTEGERS.astype(float), bits=0.0),
    Values(
        "B18",
        np.round(normal(1), 3),
        [f"{v:.3f}" for v in normal(2)],
        "stable",
        warning="numbers_reformatted",
    ),
    Values(
        "B18-words",
        np.round(normal(1), 3),
        [f"{v:.3f}" for v in normal(2)[:1900]] + ["x"] * 100,
        "skipped",
        "type_changed",
        warning="unreadable_values",
    ),
    Values(
        "B19",
        np.round(normal(1), 3),
        ["12a", *(f"{v:.3f}" for v in normal(2)[1:])],
        "stable",
        warning="unreadable_values",
        kind="numeric",
    ),
    Values("B20", normal(1), texts(2, _SIX), "skipped", "type_changed"),
    Values(
        "B21", objects([[1], [2, 3]] * 50), objects([[1], [2, 3]] * 50), "skipped", "not_supported"
    ),
    Values(
        "B21-dicts",
        objects([{"a": 1}, {"b": 2}] * 50),
        objects([{"a": 1}] * 100),
        "skipped",
        "not_supported",
    ),
    Values(
        "B21-mixed-lists",
        objects([[1], ["a"], {"a": 1}] * 50),
        objects([[1]] * 150),
        "skipped",
        "not_supported",
    ),
    Values(
        "B22",
        [f"id-{i}" for i in range(N)],
        [f"id-{i}" for i in range(N, 2 * N)],
        "skipped",
        "identifier",
    ),
    Values("B23", texts(1, _SIX), with_some(texts(2, _SIX), 200, "z"), "alert", words=("z",)),
    Values("B24", with_some(texts(1, _SIX), 200, "z"), texts(2, _SIX), "alert", words=("z",)),
    Values("B25", texts(1, _THOUSAND), texts(2, _THOUSAND), ("stable", "insufficient")),
    Values(
        "B26",
        texts(1, _SIX),
        texts(2, _SIX),
        equal=pd.Categorical(texts(2, _SIX), categories=["q", *reversed(_SIX)]),
    ),
    Values(
        "B27-nullable",
        np.where(pd.isna(_NULLABLE), np.nan, _INTEGERS),
        np.where(pd.isna(_NULLABLE), np.nan, _INTEGERS),
        equal=_NULLABLE,
        bits=0.0,
    ),
    Values(
        "B27-boolean",
        rng(1).random(N) < 0.4,
        rng(2).random(N) < 0.4,
        equal=pd.array(rng(2).random(N) < 0.4, "boolean"),
    ),
    Values("B27-string", texts(1, _SIX), texts(2, _SIX), equal=pd.array(texts(2, _SIX), "string")),
    Values(
        "B27-arrow-string",
        texts(1, _SIX),
        texts(2, _SIX),
        equal=pd.array(texts(2, _SIX), "string[pyarrow]"),
    ),
    Values(
        "B27-arrow", normal(1), normal(2), equal=pd.array(normal(2), pd.ArrowDtype(pa.float64()))
    ),
    Values(
        "B27-view",
        texts(1, _SIX),
        texts(2, _SIX),
        equal=pd.array(texts(2, _SIX).tolist(), pd.ArrowDtype(pa.string_view())),
        on_disk=False,
    ),
    Values(
        "B28-decimal",
        np.round(normal(1), 2),
        np.round(normal(2), 2),
        equal=objects(Decimal(f"{v:.2f}") for v in normal(2)),
        kind="numeric",
    ),
    Values(
        "B28-decimal-reference",
        objects(Decimal(f"{v:.2f}") for v in normal(1)),
        np.round(normal(2), 2),
        "stable",
        kind="numeric",
    ),
    Values(
        "B28-half",
        normal(1).astype(np.float16),
        normal(2).astype(np.float16),
        "stable",
        kind="numeric",
        on_disk=False,
    ),
    Values(
        "B28-single",
        normal(1).astype(np.float32),
        normal(2).astype(np.float32),
        "stable",
        kind="numeric",
    ),
    Values(
        "B28-fraction",
        objects(Fraction(int(v * 100), 100) for v in normal(1)),
        objects(Fraction(int(v * 100), 100) for v in normal(2)),
        "stable",
        kind="numeric",
        on_disk=False,
    ),
    Values(
        "B28-sparse",
        normal(1),
        normal(2),
        equal=pd.arrays.SparseArray(normal(2)),
        kind="numeric",
        on_disk=False,
    ),
    Values("B29", normal(1) + 1j, normal(2) + 1j, "skipped", "not_supported", on_disk=False),
    Values(
        "B30",
        _YEAR,
        _YEAR + pd.Timedelta(days=366),
        "alert",
        extra={"label": "2024"},
        kind="datetime",
    ),
    Values("B31", _YEAR, _YEAR.dt.tz_localize("UTC"), bits=0.0, warning="timezones_differ"),
    Values(
        "B31-zones",
        _YEAR.dt.tz_localize("UTC"),
        _YEAR.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"),
        bits=0.0,
        warning="timezones_differ",
    ),
    Values(
        "B32",
        pd.Series(pd.to_timedelta(rng(1).integers(0, 99, N), unit="s")),
        pd.Series(pd.to_timedelta(rng(2).integers(0, 99, N), unit="s")),
        "stable",
        kind="numeric",
    ),
    Values(
        "B32-periods",
        pd.Series(pd.period_range("2001-01", periods=300, freq="M")),
        pd.Series(pd.period_range("2001-01", periods=300, freq="M")),
        bits=0.0,
        kind="datetime",
        on_disk=False,
    ),
    Values(
        "B33",
        objects(2**64 + int(v) for v in rng(1).integers(0, 9, N)),
        objects(2**64 + int(v) for v in rng(2).integers(0, 9, N)),
        extra={"any": True},
        on_disk=False,
    ),
    Values(
        "B33-unsigned",
        rng(1).integers(2**63, 2**64 - 1, N, dtype=np.uint64),
        rng(2).integers(2**63, 2**64 - 1, N, dtype=np.uint64),
        extra={"any": True},
    ),
    Values("B38", _SAME, _SAME, bits=0.0),
    Values(
        "B39",
        *(
            pd.DataFrame(
                dict.fromkeys(("index", "count", "value", "reference", "bin", "total"), _SAME)
            )
            for _ in "ab"
        ),
        bits=0.0,
    ),
]
