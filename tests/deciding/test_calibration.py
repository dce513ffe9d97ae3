"""A reduced grid of the calibration certificate, within bounds that a wrong formula breaks.

The seeds are fixed, so nothing here fails by chance. The bounds leave two to three standard errors
beside the figures of core/CERTIFICATE.md.
"""

from functools import cache

import numpy as np
import pytest

from bench.calibration import chunked, drifts, rules, stable
from bench.calibration.populations import POPULATIONS, zipf
from core.measuring.significance import omnibus

SIZES = [(100, 100), (1000, 100), (200, 10_000), (1000, 1000)]


@cache
def family(name, sizes, features):
    """Judge stable features of all populations of a family, as one cell."""
    cells = [
        stable.simulate(population, sizes, features)
        for population in POPULATIONS.values()
        if population.family == name
    ]
    return sum(cells[1:], cells[0])


@cache
def over_all_sizes(name, features):
    cells = [family(name, sizes, features) for sizes in SIZES]
    return sum(cells[1:], cells[0])


@pytest.mark.parametrize(
    "sizes", [SIZES[0], *(pytest.param(sizes, marks=pytest.mark.slow) for sizes in SIZES[1:])]
)
def test_the_test_of_continuous_numbers_has_its_size(sizes):
    assert 0.025 <= family("continuous", sizes, 160).five <= 0.07


@pytest.mark.slow
def test_its_size_is_near_the_nominal_one_over_all_sizes():
    cell = over_all_sizes("continuous", 160)
    assert 0.035 <= cell.five <= 0.055
    assert 0.005 <= cell.one <= 0.014


@pytest.mark.parametrize("sizes", [(1000, 100), (1000, 1000), (100, 5000)])
def test_the_omnibus_part_has_its_size_in_skewed_bins(sizes):
    rng = np.random.default_rng(4)
    shares = zipf(30) / zipf(30).sum()
    _, p = omnibus(*(rng.multinomial(rows, shares, 10_000) for rows in sizes))
    assert 0.046 <= (p <= 0.05).mean() <= 0.058


@pytest.mark.slow
@pytest.mark.parametrize("name", ["discrete", "categorical"])
def test_discrete_numbers_and_labels_are_tested_no_more_liberally(name):
    cell = over_all_sizes(name, 60)
    assert 0.01 <= cell.five <= 0.06
    assert cell.one <= 0.014


@pytest.mark.slow
@pytest.mark.parametrize("name", ["continuous", "discrete", "categorical"])
def test_stable_features_are_hardly_ever_flagged_among_twenty(name):
    assert over_all_sizes(name, 160 if name == "continuous" else 60).flagged <= 0.005


def test_most_stable_features_are_called_stable_from_a_thousand_rows_on():
    assert 0.79 <= family("continuous", (1000, 1000), 160).stable <= 0.91


def test_fixed_thresholds_and_small_windows_do_not_go_together():
    cell = family("continuous", (100, 100), 160)
    assert cell.fixed_warn >= 0.9
    assert cell.flagged <= 0.01


def test_outliers_and_a_trebled_label_are_found():
    assert drifts.power("5 % at 5 sd", (1000, 1000), 60).alone >= 0.95
    one_label = drifts.power("trebled", (7000, 7000), 200)
    assert one_label.one >= 0.92
    assert one_label.five - one_label.alone >= 0.95


def test_small_windows_certify_stable_features_and_seldom_those_at_the_threshold():
    by_all_bins, none, *at_threshold = drifts.windows((10_000, 300), 120)
    assert 0.3 <= by_all_bins <= 0.6
    assert 0.7 <= none <= 0.92
    mean, deviation, *_ = at_threshold
    assert max(mean, deviation) <= 0.14


@pytest.mark.parametrize("equal", [True, False])
def test_a_drift_hidden_among_rare_labels_is_not_certified(equal):
    *_, (slope_by_design, slope), (other_by_design, other), _ = rules.labels(
        1000, (1000, 1000), 30, equal=equal
    )
    assert min(slope_by_design, other_by_design) >= 0.1
    assert slope == other == 0


def test_many_labels_are_certified_where_each_has_rows_enough():
    (_, none), *drifted = rules.labels(200, (10_000, 10_000), 40, equal=True)
    assert none >= 0.85
    assert max(share for _, share in drifted) <= 0.05


@pytest.mark.parametrize(
    ("law", "chunks", "live"),
    [("days with own shares of ten labels", 15, 1), ("customers with ten rows each", 30, 6)],
)
def test_rows_that_resemble_each_other_alarm_as_rows_and_not_in_chunks(law, chunks, live):
    _, as_rows, in_chunks, strictly, _, found, _ = chunked.alarms(law, chunks, live, 120)
    assert as_rows >= 0.1
    assert in_chunks <= 0.1
    assert strictly <= 0.04
    assert found >= 0.4
