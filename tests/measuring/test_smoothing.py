import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.measuring.smoothing import BadCounts, as_pair, probabilities, with_epsilon

COUNTS = arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.integers(0, 10**12)
)


@given(COUNTS, st.sampled_from([0.5, 1.0, 1e-6, 30]))
def test_smoothed_probabilities_are_positive_and_sum_to_1_on_the_last_axis(counts, pseudocount):
    smoothed = probabilities(counts, pseudocount)
    assert (smoothed > 0).all()
    assert np.allclose(smoothed.sum(axis=-1), 1, atol=1e-12)


def test_half_a_row_a_bin_is_the_default_empty_bins_included():
    assert probabilities([45, 30, 20, 5]).tolist() == [
        45.5 / 102,
        30.5 / 102,
        20.5 / 102,
        5.5 / 102,
    ]
    assert probabilities([0, 0]).tolist() == [0.5, 0.5]


def test_without_smoothing_the_shares_are_raw():
    assert probabilities([1, 3, 0], 0).tolist() == [0.25, 0.75, 0]


def test_epsilon_is_added_to_every_share_before_they_are_scaled_to_1():
    assert with_epsilon([1, 3, 0], 0.1).tolist() == pytest.approx(
        [0.35 / 1.3, 0.85 / 1.3, 0.1 / 1.3]
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1, -2], "-2"),
        ([0.5, 1], "0.5"),
        ([1, np.nan], "nan"),
        ([1, np.inf], "inf"),
        ([], "no bins"),
        (3, "no bins"),
    ],
)
def test_what_are_not_counts_is_refused_by_its_value(counts, words):
    with pytest.raises(BadCounts, match=words):
        probabilities(counts)


def test_raw_shares_of_no_rows_are_refused():
    with pytest.raises(BadCounts, match="no rows"):
        probabilities([[1, 2], [0, 0]], 0)
    with pytest.raises(BadCounts, match="no rows"):
        with_epsilon([0, 0], 1e-4)


@pytest.mark.parametrize("amount", [-0.5, np.nan, np.inf])
def test_an_impossible_amount_of_smoothing_is_refused(amount):
    with pytest.raises(BadCounts, match="pseudo-count"):
        probabilities([1, 2], amount)
    with pytest.raises(BadCounts, match="epsilon"):
        with_epsilon([1, 2], amount)


def test_counts_of_different_lengths_are_refused_with_both_lengths():
    with pytest.raises(BadCounts, match="reference has 3 bins and live has 4"):
        as_pair([1, 2, 3], [1, 2, 3, 4])


def test_a_pair_without_rows_names_its_empty_side():
    with pytest.raises(BadCounts, match="live has no rows"):
        as_pair([1, 2], [0, 0])
