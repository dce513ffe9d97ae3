"""Stable 64-bit hashes, and the number of distinct things from the smallest of them.

The same on every machine and in every process: the finaliser of splitmix64 (Steele, Lea and Flood
2014) over the bits of a number, or over the 8-byte words of a text. Saved profiles hold such
hashes: other ones need a new version of the format. Of n hashes spread evenly over [0, 1), the k-th
smallest lies near k/n (Bar-Yossef et al. 2002; Beyer et al. 2007): the k smallest estimate n, merge
exactly and never depend on order.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .cells import Array, Integers

Hashes = NDArray[np.uint64]

SMALLEST = 1024  # hashes kept: a standard error of 3 %
_LEADING = 40  # bits of them kept: few enough for a small file, exact enough for 10^10 values
NONE = np.empty(0, np.uint64)
_CUT = np.uint64(64 - _LEADING)
_FIRST, _SECOND, _STEP = (
    np.uint64(number) for number in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15)
)


def hash_numbers(values: Array) -> Hashes:
    """Hash floats by value; -0.0 is 0.0."""
    return _mix((values + 0.0).view(np.uint64))


def hash_texts(texts: pa.Array) -> Hashes:
    """Hash the UTF-8 bytes of a text array without nulls.

    >>> [f"{value:016x}" for value in hash_texts(pa.array(["", "oslo"])).tolist()]
    ['e220a838bf5c9dde', '0032307fe455b12c']
    """
    texts = texts.cast(pa.large_binary())
    offsets, data = texts.buffers()[1:]
    ends = np.frombuffer(offsets, np.int64)[texts.offset :][: len(texts) + 1]
    places, lengths = ends[:-1].copy(), np.diff(ends)
    padded = np.frombuffer((data.to_pybytes() if data else b"") + bytes(8), np.uint8)
    # A view of the 8 bytes that follow each byte: words start anywhere.
    words = np.lib.stride_tricks.as_strided(
        padded[:8].view("<u8"), (padded.size - 7,), (1,), writeable=False
    )
    hashes = _mix(lengths.astype(np.uint64) + _STEP)
    left = np.arange(len(texts))
    while (left := left[lengths[left] > 0]).size:
        unused = np.maximum(8 - lengths[left], 0).astype(np.uint64) * np.uint64(8)
        hashes[left] = _mix((hashes[left] ^ (words[places[left]] << unused)) + _STEP)
        places[left] += 8
        lengths[left] -= 8
    return hashes


def smallest(hashes: Hashes) -> Hashes:
    """Keep the `SMALLEST` smallest distinct hashes, rising."""
    rising = np.sort(hashes)  # np.unique builds a table of all: ten times slower
    return rising[np.concatenate(([True], rising[1:] != rising[:-1]))[: rising.size]][:SMALLEST]


def lead(hashes: Hashes, known: Hashes | None = None) -> Hashes:
    """Cut hashes to their leading bits, keeping the smallest that can enter among the known."""
    if known is not None and known.size == SMALLEST:
        hashes = hashes[hashes < known[-1] << _CUT]
    return smallest(hashes >> _CUT)


def estimate(kept: Hashes) -> int:
    """Estimate how many distinct things were hashed; exact while all their hashes are kept.

    >>> estimate(lead(hash_numbers(np.arange(100_000.0))))
    99669
    """
    if kept.size < SMALLEST:
        return int(kept.size)
    return round((SMALLEST - 1) * 2.0**_LEADING / (float(kept[-1]) + 1))


def as_cells(hashes: Hashes) -> Integers:
    """Give hashes as keys for `cells`: 63 bits, none negative."""
    return (hashes >> np.uint64(1)).view(np.int64)


def _mix(bits: Hashes) -> Hashes:
    """Mix bits upwards; the last shift of splitmix64 is left out: only leading bits are used."""
    mixed = bits ^ (bits >> np.uint64(30))
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    return mixed
