"""Counts as bytes: a mark, the format's version, a digest of all that follows, and the rest.

The rest, compressed, is a JSON header and the arrays behind it, as differences where they rise,
byte by byte (all first bytes, all second bytes, ...), which compresses well. The same counts give
the same bytes. Nothing in it is ever run, and nothing in it is believed: see `soundness`. Version 1
was compressed by zlib; since version 2 it is Zstandard, behind the number of bytes that it inflates
to: bytes that do not compress, such as the low ones of floats, are read ten times as fast. In
version 3 counts of parts of the table, and tables of pairs, may follow those of the whole.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .buffers import strings
from .categories import CategoryCounts, Pool
from .cells import Integers
from .quantities import NumericCounts

Counts = NumericCounts | CategoryCounts

MARK: Final = b"\x89TIDELINE\r\n"
VERSION: Final = 3

_HEADER: Final = len(MARK) + 2 + 32  # the mark, the version, the digest
_EFFORT: Final = 3  # of compression: 9 takes four times as long and saves half a percent
_DEFLATED: Final = 1  # the version that zlib compressed
_PLAIN: Final = 2  # the version that features alone are written as: older programs read it
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
_LABELS: Final = ("rows", "missing", "unreadable", "limit")


class CorruptProfile(ValueError):
    """A saved profile is damaged, holds impossible counts, or is too new for this version."""

    code = "corrupt_profile"


def is_profile(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a saved profile."""
    return head.startswith(MARK)


def pack(
    header: Mapping[str, Any],
    features: Mapping[str, Counts],
    parts: Sequence[Mapping[str, Counts]] = (),
    tables: Integers | None = None,
) -> bytes:
    """Write a header (plain data), the counts of features, those of parts, and tables as bytes."""
    arrays: list[bytes] = []
    stored = [
        {name: _packed(counts, arrays) for name, counts in each.items()}
        for each in (features, *parts)
    ]
    fields = {**header, "features": stored[0], **({"parts": stored[1:]} if parts else {})}
    if tables is not None:
        fields["tables"] = tables.size
        arrays.append(_bytes(tables.ravel()))
    whole = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    text = whole.encode("utf-8", "surrogatepass")
    plain = b"".join([len(text).to_bytes(8, "little"), text, *arrays])
    packed: bytes = pa.Codec("zstd", _EFFORT).compress(plain, asbytes=True)
    rest = len(plain).to_bytes(8, "little") + packed
    version = (VERSION if parts or tables is not None else _PLAIN).to_bytes(2, "little")
    return MARK + version + hashlib.sha256(version + rest).digest() + rest


def digest(features: Mapping[str, Counts]) -> str:
    """Digest what is exact in the counts: means and moments follow the order of merging."""
    arrays: list[bytes] = []
    stored = {name: _packed(counts, arrays) for name, counts in features.items()}
    for fields in stored.values():
        fields.pop("mean", None)
        fields.pop("moment", None)
    whole = hashlib.sha256(json.dumps(stored, sort_keys=True).encode())
    for array in arrays:
        whole.update(array)
    return whole.hexdigest()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Counts]]:
    """Read header and counts back; the header has those of `parts`, and `tables`.

    Raises CorruptProfile or one of MALFORMED.
    """
    if not is_profile(data):
        raise CorruptProfile("is not a saved profile")
    version, digest, rest = data[len(MARK) :][:2], data[_HEADER - 32 : _HEADER], data[_HEADER:]
    number = int.from_bytes(version, "little")
    if number > VERSION:
        raise CorruptProfile("was saved by a newer version of Tideline; update this one")
    if hashlib.sha256(version + rest).digest() != digest:
        raise CorruptProfile("is damaged or cut off; save the profile again")
    reader = _Reader(_inflated(rest) if number <= _DEFLATED else _decoded(rest))
    whole, *parts = [
        {name: _restored(name, stored[name], reader) for name in stored}
        for stored in (reader.header.pop("features"), *reader.header.pop("parts", ()))
    ]
    tables = reader.integers(reader.header.pop("tables", 0))
    return {**reader.header, "parts": parts, "tables": tables}, whole


def _inflated(rest: bytes) -> bytes:
    inflating = zlib.decompressobj()
    plain = inflating.decompress(rest, _MOST_BYTES)
    if not inflating.eof:
        raise ValueError(f"it inflates to more than {_MOST_BYTES >> 20} MB")
    return plain


def _decoded(rest: bytes) -> bytes:
    size = int.from_bytes(rest[:8], "little")
    if size > _MOST_BYTES:
        raise ValueError(f"it inflates to more than {_MOST_BYTES >> 20} MB")
    try:
        plain: bytes = pa.Codec("zstd").decompress(rest[8:], size, asbytes=True)
    except OSError as error:  # of Arrow: the bytes are damaged, or inflate to another size
        raise ValueError(str(error)) from None
    return plain


# What reading a header that no `pack` wrote may raise.
MALFORMED: Final = (
    AttributeError,
    KeyError,
    OverflowError,
    TypeError,
    ValueError,
    zlib.error,
    pa.ArrowException,
)


class _Reader:
    """The inflated rest, read from front to back."""

    def __init__(self, plain: bytes) -> None:
        size = int.from_bytes(plain[:8], "little")
        self.header: dict[str, Any] = json.loads(plain[8 : 8 + size])
        self._plain, self._place = plain, 8 + size

    def arrays(self, sizes: Mapping[str, Any]) -> dict[str, Any]:
        kept = sizes["hashes"]
        return {
            "cells": self.integers(sizes["cells"], rising=True),
            "counts": self.integers(sizes["counts"]),
            "hashes": None if kept is None else self.integers(kept, rising=True).view(np.uint64),
        }

    def integers(self, size: int, *, rising: bool = False) -> Integers:
        if not 0 <= 8 * size <= len(self._plain) - self._place:
            raise CorruptProfile("counts that are cut off; save the profile again")
        start, self._place = self._place, self._place + 8 * size
        # Most counts are under 256: of their bytes the lowest alone has to be looked at.
        if not rising and self._plain[start + size : self._place] == bytes(7 * size):
            return np.frombuffer(self._plain, np.uint8, size, start).astype(np.int64)
        taken = np.frombuffer(self._plain, np.uint8, 8 * size, start)
        values = np.ascontiguousarray(taken.reshape(8, size).T).view("<i8").reshape(size)
        return np.cumsum(values, dtype=np.int64) if rising else values.astype(np.int64)


def _bytes(values: NDArray[Any], *, rising: bool = False) -> bytes:
    whole = values.astype("<i8")
    steps = np.diff(whole, prepend=whole.dtype.type(0)) if rising else whole
    return np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8).T).tobytes()


def _packed(counts: Counts, arrays: list[bytes]) -> dict[str, Any]:
    def size(values: NDArray[Any], *, rising: bool = False) -> int:
        arrays.append(_bytes(values, rising=rising))
        return values.size

    if isinstance(counts, NumericCounts):
        fields = {name: getattr(counts, name) for name in _NUMBERS}
        fields["cells"] = size(counts.cells, rising=True)
        fields["counts"] = size(counts.counts)
        kept = counts.hashes
        return {**fields, "hashes": None if kept is None else size(kept, rising=True)}
    fields = {name: getattr(counts, name) for name in _LABELS}
    fields |= {"labels": counts.labels.to_pylist(), "counts": size(counts.counts)}
    if pool := counts.pool:
        fields["pool"] = {
            "level": pool.level,
            "cells": size(pool.cells, rising=True),
            "counts": size(pool.counts),
            "hashes": size(pool.hashes, rising=True),
        }
    return fields


def _restored(name: str, stored: dict[str, Any], reader: _Reader) -> Counts:
    try:
        return _labels(stored, reader) if "labels" in stored else _numbers(stored, reader)
    except CorruptProfile as problem:
        raise CorruptProfile(f"is damaged: feature '{name}' has {problem}") from None
    except MALFORMED:
        sentence = f"is damaged: feature '{name}' cannot be read; save the profile again"
        raise CorruptProfile(sentence) from None


def _labels(fields: dict[str, Any], reader: _Reader) -> CategoryCounts:
    fields["labels"] = strings(fields["labels"])
    fields["counts"] = reader.integers(fields["counts"])
    if pool := fields.get("pool"):
        fields["pool"] = Pool(level=pool["level"], **reader.arrays(pool))
    return CategoryCounts(**fields)


def _numbers(fields: dict[str, Any], reader: _Reader) -> NumericCounts:
    return NumericCounts(**{**fields, **reader.arrays(fields)})
