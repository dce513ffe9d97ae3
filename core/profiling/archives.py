"""Counts as bytes: a mark, the format's version, a digest, and the compressed rest.

The rest is a JSON header and the arrays behind it, as differences where they rise, byte by byte
(all first bytes, all second bytes, ...), which compresses well. The same counts give the same
bytes. Nothing in it is ever run.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .categories import CategoryCounts, Pool
from .cells import Integers
from .quantities import NumericCounts

Counts = NumericCounts | CategoryCounts

MARK: Final = b"\x89TIDELINE\r\n"
VERSION: Final = 1

_HEADER: Final = len(MARK) + 2 + 32  # the mark, the version, the digest
_MOST_BYTES: Final = 1 << 30  # of the inflated rest: thousands of features
_NUMBERS: Final = (
    "level",
    "rows",
    "missing",
    "unreadable",
    "negative_infinity",
    "positive_infinity",
    "minimum",
    "maximum",
    "zeros",
    "mean",
    "moment",
    "fractional",
    "budget",
)


class CorruptProfile(ValueError):
    """A saved profile is damaged, holds impossible counts, or is too new for this version."""

    code = "corrupt_profile"


def is_profile(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a saved profile."""
    return head.startswith(MARK)


def pack(header: Mapping[str, Any], features: Sequence[Counts]) -> bytes:
    """Write a header (plain data) and the counts of features as bytes."""
    arrays: list[bytes] = []
    stored = [_packed(counts, arrays) for counts in features]
    whole = json.dumps({**header, "features": stored}, ensure_ascii=False, separators=(",", ":"))
    text = whole.encode("utf-8", "surrogatepass")
    rest = zlib.compress(b"".join([len(text).to_bytes(8, "little"), text, *arrays]), 9)
    return MARK + VERSION.to_bytes(2, "little") + hashlib.sha256(rest).digest() + rest


def unpack(data: bytes) -> tuple[dict[str, Any], list[Counts]]:
    """Read header and counts back; raise CorruptProfile for what is damaged, false or too new."""
    if not is_profile(data):
        raise CorruptProfile("is not a saved profile")
    version = int.from_bytes(data[len(MARK) : len(MARK) + 2], "little")
    if version > VERSION:
        raise CorruptProfile("was saved by a newer version of Tideline; update this one")
    digest, rest = data[len(MARK) + 2 : _HEADER], data[_HEADER:]
    if hashlib.sha256(rest).digest() != digest:
        raise CorruptProfile("is damaged or cut off; save the profile again")
    try:
        reader = _Reader(_inflated(rest))
        features = [_restored(stored, reader) for stored in reader.header.pop("features")]
    except (KeyError, TypeError, ValueError, zlib.error, pa.ArrowException) as error:
        raise CorruptProfile(f"is no valid profile ({error}); save it again") from None
    return reader.header, features


def _inflated(rest: bytes) -> bytes:
    inflating = zlib.decompressobj()
    plain = inflating.decompress(rest, _MOST_BYTES)
    if inflating.unconsumed_tail:
        raise ValueError(f"it inflates to more than {_MOST_BYTES >> 20} MB")
    return plain


class _Reader:
    """The inflated rest, read from front to back."""

    def __init__(self, plain: bytes) -> None:
        size = int.from_bytes(plain[:8], "little")
        self.header: dict[str, Any] = json.loads(plain[8 : 8 + size])
        self._plain, self._place = plain, 8 + size

    def integers(self, size: int, *, rising: bool = False) -> Integers:
        taken = np.frombuffer(self._plain, np.uint8, 8 * size, self._place)
        self._place += 8 * size
        values = np.ascontiguousarray(taken.reshape(8, size).T).view("<i8").reshape(size)
        return np.cumsum(values, dtype=np.int64) if rising else values.astype(np.int64)


def _bytes(values: NDArray[Any], *, rising: bool = False) -> bytes:
    whole = values.astype("<i8")
    steps = np.diff(whole, prepend=whole.dtype.type(0)) if rising else whole
    return np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8).T).tobytes()


def _packed(counts: Counts, arrays: list[bytes]) -> dict[str, Any]:
    if isinstance(counts, NumericCounts):
        arrays += [_bytes(counts.cells, rising=True), _bytes(counts.counts)]
        fields = {name: getattr(counts, name) for name in _NUMBERS}
        if counts.hashes is not None:
            arrays.append(_bytes(counts.hashes, rising=True))
            fields["hashes"] = counts.hashes.size
        return {"cells": counts.cells.size, **fields}
    fields = {name: getattr(counts, name) for name in ("rows", "missing", "unreadable", "limit")}
    arrays.append(_bytes(counts.counts))
    if counts.pool is not None:
        pool = counts.pool
        arrays += [_bytes(pool.cells, rising=True), _bytes(pool.counts)]
        arrays.append(_bytes(pool.hashes, rising=True))
        fields["pool"] = {
            "level": pool.level,
            "cells": pool.cells.size,
            "hashes": pool.hashes.size,
        }
    return {"labels": counts.labels.to_pylist(), **fields}


def _restored(stored: Mapping[str, Any], reader: _Reader) -> Counts:
    return _labels(dict(stored), reader) if "labels" in stored else _numbers(dict(stored), reader)


def _labels(fields: dict[str, Any], reader: _Reader) -> CategoryCounts:
    labels = pa.array(fields.pop("labels"), pa.string())
    counts, pooled = reader.integers(len(labels)), fields.pop("pool", None)
    if pooled is None:
        return CategoryCounts(labels, counts, **fields)
    cells, rows = reader.integers(pooled["cells"], rising=True), reader.integers(pooled["cells"])
    hashes = reader.integers(pooled["hashes"], rising=True).view(np.uint64)
    return CategoryCounts(labels, counts, pool=Pool(pooled["level"], cells, rows, hashes), **fields)


def _numbers(fields: dict[str, Any], reader: _Reader) -> NumericCounts:
    size, kept = fields.pop("cells"), fields.pop("hashes", None)
    cells, counts = reader.integers(size, rising=True), reader.integers(size)
    hashes = None if kept is None else reader.integers(kept, rising=True).view(np.uint64)
    return NumericCounts(cells=cells, counts=counts, hashes=hashes, **fields)


def fault(counts: Counts, rows: int) -> str | None:
    """Tell what cannot be in the counts of a table of `rows` rows, or None."""
    if counts.rows != rows or not 0 <= counts.unreadable <= counts.missing <= rows:
        return f"does not have the {rows} rows of the table"
    if isinstance(counts, CategoryCounts):
        held = counts.counts if counts.pool is None else counts.pool.counts
        total = held.sum() + counts.missing
        order = [] if counts.pool is None else [counts.pool.cells]
        if len(counts.labels.unique()) != len(counts.labels):
            return "has a label twice"
    else:
        held, order = counts.counts, [counts.cells]
        infinite = counts.negative_infinity, counts.positive_infinity
        total = held.sum() + counts.missing + sum(infinite)
        if min(infinite) < 0:
            return "has negative counts"
    if (held <= 0).any():
        return "has counts that are not positive"
    if any((np.diff(cells) <= 0).any() for cells in order):
        return "has cells that do not rise"
    return None if total == rows else "has counts that do not add up to its rows"
