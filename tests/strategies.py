"""Generators of columns, frames and kinds, wild ones included, and of ways to split them."""

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

EDGES = [0.0, -0.0, 5e-324, -5e-324, 2.2e-308, 1e308, -1e308, 1.7976931348623157e308, 2.0**53 + 2]
NOT_FINITE = [float("nan"), float("inf"), float("-inf")]

finite = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-40, 40).map(float),
    st.integers(-400, 400).map(lambda tenths: tenths / 10),
    st.sampled_from(EDGES),
)
floats = st.one_of(finite, st.sampled_from(NOT_FINITE))
# Columns are of one nature more often than not: whole numbers stay whole numbers.
columns = st.one_of(
    st.lists(floats, max_size=60),
    st.lists(st.integers(-300, 300).map(float), max_size=60),
    st.lists(st.floats(0.5, 100), max_size=60),
).map(lambda values: np.array(values, np.float64))

labels = st.one_of(st.sampled_from("abcdefghijkl"), st.text(max_size=3))
kinds = st.sampled_from(["numeric", "datetime", "categorical", "boolean", "unsupported"])

_ARROW = {
    "numeric": (floats, pa.float64()),
    "datetime": (st.integers(-(10**15), 10**15), pa.timestamp("us", "UTC")),
    "categorical": (labels, pa.string()),
    "boolean": (st.booleans(), pa.bool_()),
    "unsupported": (st.lists(st.integers(0, 3), max_size=2), pa.list_(pa.int64())),
}


@st.composite
def frames(draw, *, max_rows=25):
    """A table with a column of each kind, nulls among its values."""
    size = draw(st.integers(0, max_rows))
    return pa.table(
        {
            kind: pa.array(draw(st.lists(values | st.none(), min_size=size, max_size=size)), of)
            for kind, (values, of) in _ARROW.items()
        }
    )


@st.composite
def splits(draw, size):
    """Places to cut `size` rows, and an order for the pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, size), max_size=4)))
    pieces = list(zip([0, *cuts], [*cuts, size], strict=True))
    return draw(st.permutations(pieces))
