import numpy as np
import pytest
from scipy.stats import chi2_contingency

from core.measuring.dependence import mutual_information


def test_mutual_information_is_the_likelihood_ratio_of_independence_a_row():
    table = np.random.default_rng(2).integers(1, 50, size=(5, 5))
    g = chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic
    assert mutual_information(table) == pytest.approx(g / (2 * table.sum()), rel=1e-10)


def test_independent_features_have_none_and_equal_ones_all_of_their_entropy():
    assert mutual_information(np.outer([1, 2, 3], [4, 5])) == 0
    assert mutual_information(np.diag([10, 10, 10, 10])) == pytest.approx(np.log(4), rel=1e-12)


def test_a_table_without_rows_and_many_tables_at_once_are_answered():
    tables = np.stack([np.zeros((2, 2)), [[40, 10], [10, 40]]])
    empty, full = mutual_information(tables)
    assert empty == 0
    assert full == pytest.approx(0.1927449, abs=1e-6)


def test_a_faint_dependence_keeps_its_digits_in_a_large_table():
    step = 10**4
    table = np.array([[10**9 + step, 10**9 - step], [10**9 - step, 10**9 + step]])
    assert mutual_information(table) == pytest.approx((step / 1e9) ** 2 / 2, rel=1e-6)
