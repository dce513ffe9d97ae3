import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.measuring.distances import kolmogorov_smirnov, wasserstein

ROWS = st.lists(st.integers(-50, 50), min_size=1, max_size=30)


def cells(live, reference):
    positions = np.union1d(live, reference).astype(float)
    shares = [
        np.bincount(np.searchsorted(positions, rows), minlength=len(positions)) / len(rows)
        for rows in (live, reference)
    ]
    return *shares, positions


@given(ROWS, ROWS)
def test_wasserstein_of_exact_cells_is_that_of_the_rows(live, reference):
    expected = stats.wasserstein_distance(live, reference)
    assert wasserstein(*cells(live, reference)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.filterwarnings("ignore")  # scipy's p-value, which is not used, warns at times
@given(ROWS, ROWS)
def test_kolmogorov_smirnov_of_exact_cells_is_that_of_the_rows(live, reference):
    p, q, _ = cells(live, reference)
    expected = stats.ks_2samp(live, reference).statistic
    assert kolmogorov_smirnov(p, q) == pytest.approx(expected, abs=1e-12)


@given(ROWS, st.floats(-1e3, 1e3))
def test_shifting_all_rows_costs_the_way_of_the_shift(rows, shift):
    p, _, positions = cells(rows, rows)
    both = np.union1d(positions, positions + shift)
    before, after = np.zeros(len(both)), np.zeros(len(both))
    before[np.searchsorted(both, positions)] = p
    after[np.searchsorted(both, positions + shift)] = p
    assert wasserstein(after, before, both) == pytest.approx(abs(shift), rel=1e-9, abs=1e-9)


def test_many_features_at_once_give_one_distance_each():
    p = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    q = np.array([0.0, 0.0, 1.0])
    assert wasserstein(p, q, np.array([0.0, 1.0, 5.0])).tolist() == [5, 4]
    assert kolmogorov_smirnov(p, q).tolist() == [1, 1]


def test_positions_near_the_largest_float_do_not_overflow_on_the_way():
    p, q = np.array([0.6, 0.4]), np.array([0.4, 0.6])
    ends = np.array([-1.7e308, 1.7e308])
    assert wasserstein(p, q, ends) == pytest.approx(0.68e308)
    assert wasserstein(np.array([1.0, 0.0]), np.array([0.0, 1.0]), ends) == np.inf


def test_a_single_cell_is_no_distance():
    one = np.array([1.0])
    assert wasserstein(one, one, np.array([3.0])) == 0
    assert kolmogorov_smirnov(one, one) == 0
