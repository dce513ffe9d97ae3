"""The fine grid of numbers: the bits of a float, in order, cut into cells.

The 64 bits of a float, read as an integer, rise with its magnitude; `keys` mends the sign, so that
keys rise with the values. At level `s` (0 to 63) the cell of a value is `key >> s`: at level 0 a
cell is one value, and going coarser is a shift and a sum. Nothing needs to be known of the data.
Counted cells are two arrays of one length: rising cells, and a positive count for each.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Counted = tuple[Integers, Integers]

_MAGNITUDE = 0x7FFF_FFFF_FFFF_FFFF  # all bits of a float but its sign
_SIGN = -(1 << 63)
_INFINITY = 0x7FF0_0000_0000_0000  # key of +inf; that of -inf is -_INFINITY - 1
_OCTAVE = 1 << 52  # keys from a power of two to the next
_REACH = 12 * _OCTAVE  # a window starts this far below the smallest magnitude known
_WINDOW = 1 << 17  # cells counted densely; beyond it sorting is as fast
NOTHING: Counted = (np.empty(0, np.int64), np.empty(0, np.int64))


def keys(values: Array) -> Integers:
    """Give floats the integers of the same order; -0.0 counts as 0.0.

    >>> keys(np.array([-1.0, -0.0, 0.0, 5e-324])).tolist()
    [-4607182418800017409, 0, 0, 1]
    """
    bits = (values + 0.0).view(np.int64)
    return bits ^ ((bits >> 63) & _MAGNITUDE)


def values(keys: Integers) -> Array:
    """Give keys their floats back, the inverse of `keys`."""
    return (keys ^ ((keys >> 63) & _MAGNITUDE)).view(np.float64) + 0.0


def boundaries(cells: Integers, level: int) -> Counted:
    """Give the keys at which cells begin and end, half-open, never beyond those of ±inf.

    >>> lower, upper = boundaries(keys(np.array([1.0, 3.0])) >> 51, 51)
    >>> values(lower).tolist(), values(upper).tolist()
    ([1.0, 3.0], [1.5, 4.0])
    """
    lower = cells << level
    last = lower | ((1 << level) - 1)  # not the next cell's first key: at level 63 it overflows
    return np.maximum(lower, -_INFINITY - 1), np.minimum(last, _INFINITY - 1) + 1


def fit(cells: Integers, budget: int) -> int:
    """Give the fewest bits to drop from rising cells so that at most `budget` (>= 2) remain.

    Neighbours stay apart while the highest bit in which they differ is kept, so the answer is the
    length of the `budget`-th largest exclusive or.
    """
    if cells.size <= budget:
        return 0
    differences = (cells[1:] ^ cells[:-1]).view(np.uint64)
    return int(np.partition(differences, -budget)[-budget]).bit_length()


def coarsen(counted: Counted, bits: int) -> Counted:
    """Drop `bits` from cells, summing the counts of those that become one."""
    cells, counts = counted
    return _sum_runs(cells >> bits, counts) if bits else counted


def merge(left: Counted, right: Counted) -> Counted:
    """Add counted cells of one level."""
    if np.array_equal(left[0], right[0]):
        return left[0], left[1] + right[1]
    return sum_cells(np.concatenate((left[0], right[0])), np.concatenate((left[1], right[1])))


def sum_cells(cells: Integers, counts: Integers) -> Counted:
    """Put cells in order, summing the counts of equal ones."""
    order = np.argsort(cells, kind="stable")  # linear for the two rising runs of `merge`
    return _sum_runs(cells[order], counts[order])


def count_sorted(values: Array, level: int) -> Counted:
    """Count finite values in cells of a level by sorting them: any values, always exact."""
    ordered = np.sort(values)
    ordered += 0.0  # -0.0 has the bits of the negatives, and is none
    starts = _starts(ordered.view(np.int64) >> level)
    return keys(ordered[starts]) >> level, np.diff(starts, append=ordered.size)


def count(values: Array, level: int, ends: tuple[float, float], known: Integers) -> Counted:
    """Count finite values in cells of a level, as `count_sorted` does, mostly without sorting.

    `ends` are the least and the greatest value. `known` are occupied cells of the same column and
    level: they tell where the magnitudes lie, and steer speed alone, never the result.
    """
    shift = level or _shared_zeros(values.view(np.int64))
    if ends[0] > 0 or ends[1] < 0:
        counted = _count_one_sign(values, level, shift, ends)
    else:
        counted = _count_both_signs(values, level, shift, ends, _window_start(known, level))
    return count_sorted(values, level) if counted is None else counted


def _count_one_sign(
    values: Array, level: int, shift: int, ends: tuple[float, float]
) -> Counted | None:
    first, last = sorted((np.array(ends).view(np.int64) >> shift).tolist())
    if last - first >= _WINDOW:
        return None
    places = values.view(np.int64) >> shift
    places -= first
    table = np.bincount(places)
    found = np.flatnonzero(table)
    if ends[0] > 0:
        return (found + first) << (shift - level), table[found]
    magnitudes = (found + (first - (_SIGN >> shift))) << (shift - level)
    return -magnitudes[::-1] - 1, table[found][::-1]


def _count_both_signs(
    values: Array, level: int, shift: int, ends: tuple[float, float], start: int
) -> Counted | None:
    """Count magnitudes beside their sign; None if the window is too wide, or starts too high."""
    top = np.array(max(-ends[0], ends[1])).view(np.int64)
    below = max(start >> shift, 1) - 1  # the cell of all that lies under the window, zeros too
    width = (int(top) >> shift) - below + 1
    if not 0 < 2 * width <= _WINDOW:  # all zeros, or magnitudes too far apart
        return None
    bits = values.view(np.int64)
    places = bits & _MAGNITUDE
    places >>= shift
    places -= below
    np.maximum(places, 0, out=places)
    places += (bits >> 63) & width  # the negative half follows the positive one
    table = np.bincount(places, minlength=2 * width).reshape(2, width)
    zeros = np.count_nonzero(values == 0)
    if table[:, 0].sum() != zeros:
        return None
    positive, negative = (np.flatnonzero(half[1:]) + 1 for half in table)
    negative = negative[::-1]
    zero = np.zeros(1 if zeros else 0, np.int64)
    steps = shift - level
    cells = (-((negative + below) << steps) - 1, zero, (positive + below) << steps)
    counts = (table[1, negative], zero + zeros, table[0, positive])
    return np.concatenate(cells), np.concatenate(counts)


def _shared_zeros(bits: Integers) -> int:
    """Give the number of low bits that no value uses: many in whole numbers."""
    union = int(np.bitwise_or.reduce(bits)) & _MAGNITUDE
    return (union & -union).bit_length() - 1 if union else 0


def _window_start(known: Integers, level: int) -> int:
    magnitudes = np.where(known < 0, -known - 1, known)
    smallest = int(magnitudes[magnitudes > 0].min(initial=_MAGNITUDE >> level))
    return max((smallest << level) - _REACH, 0)


def _sum_runs(cells: Integers, counts: Integers) -> Counted:
    starts = _starts(cells)
    return cells[starts], np.add.reduceat(counts, starts) if cells.size else counts


def _starts(cells: Integers) -> Integers:
    return np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1]))[: cells.size])
