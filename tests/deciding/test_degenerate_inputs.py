"""Every degenerate input of the specification (statistics.md, section 11), through `check`."""

import math

import numpy as np
import pandas as pd
import pytest

from core.deciding.reports import State
from core.pipeline import check
from core.settings import Settings

NOTHING = [np.nan]


def judged(reference, live, **choices):
    frames = [pd.DataFrame({"x": pd.Series(rows)}) for rows in (reference, live)]
    (feature,) = check(*frames, Settings(**choices)).features
    return feature


def bits(feature):
    return feature.jsd_bits


def test_no_row_on_one_side_is_no_data():
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    for sides in ((frame, frame.iloc[:0]), (frame.iloc[:0], frame)):
        (feature,) = check(*sides).features
        assert (feature.state, feature.jsd_bits, feature.q) == (State.NO_DATA, None, None)


def test_all_missing_on_both_sides_is_no_drift():
    feature = judged(NOTHING * 2000, NOTHING * 2000)
    assert (bits(feature), feature.p, feature.state) == (0, 0.9, State.STABLE)
    assert (feature.code, "missing on both sides" in feature.reason) == ("all_missing", True)


def test_all_missing_in_live_alone_is_one_bit_and_an_alert():
    feature = judged([1.0, 2.0, 3.5] * 200, NOTHING * 600)
    assert bits(feature) == pytest.approx(1)
    assert feature.state is State.ALERT


def test_all_missing_in_the_reference_alone_is_one_bit_with_its_code():
    feature = judged(NOTHING * 600, [1.0, 2.0, 3.5] * 200)
    assert [each.label for each in feature.bins] == ["present", "missing"]
    assert bits(feature) == pytest.approx(1)
    assert (feature.state, feature.code) == (State.ALERT, "no_reference_values")


@pytest.mark.parametrize(
    ("rows", "upper", "state"),
    [(1000, 0.001747091, State.STABLE), (100, 0.017470909, State.INSUFFICIENT)],
)
def test_the_same_constant_is_stable_if_the_rows_suffice(rows, upper, state):
    feature = judged([7.0] * rows, [7.0] * rows)
    assert (bits(feature), feature.p, feature.state) == (0, 0.9, state)
    assert feature.interval[0] == 0
    assert feature.interval[1] == pytest.approx(math.sqrt(upper / math.log(2)), rel=1e-6)


def test_another_constant_is_one_bit_and_finite_with_smoothing():
    feature = judged([7.0] * 500, [8.0] * 500)
    assert feature.js_distance == pytest.approx(1)
    assert feature.state is State.ALERT
    assert feature.smoothing.decisive
    assert 0 < feature.kl_live_ref < math.inf
    raw = judged([7.0] * 500, [8.0] * 500, smoothing=0)
    assert raw.kl_live_ref == raw.kl_ref_live == "infinite"


def test_identical_counts_are_exactly_zero():
    rows = [*np.random.default_rng(1).normal(size=500), np.inf, np.nan]
    feature = judged(rows, rows)
    assert (bits(feature), feature.kl_live_ref, feature.psi, feature.p) == (0, 0, 0, 0.9)


def test_disjoint_supports_are_one_bit():
    feature = judged(["a", "b"] * 300, ["c", "d"] * 300)
    assert bits(feature) == pytest.approx(1, abs=1e-12)
    assert feature.js_distance == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("smoothing", [0.5, 1, 0])
def test_a_new_category_is_finite_or_the_word_infinite(smoothing):
    feature = judged(["a"] * 900 + ["b"] * 100, ["a"] * 800 + ["c"] * 200, smoothing=smoothing)
    assert 0 < bits(feature) < 1
    assert (feature.kl_live_ref == "infinite") is (smoothing == 0)
    assert [each.label for each in feature.summary.new] == ["c"]
    assert [each.label for each in feature.summary.vanished] == ["b"]


def test_one_row_on_each_side_is_defined_and_not_enough():
    feature = judged([1.0], [2.0])
    assert feature.state is State.INSUFFICIENT
    assert feature.interval[1] == pytest.approx(1)


def test_infinities_have_bins_of_their_own_and_stay_out_of_the_mean():
    feature = judged([1.0, 2.0, -np.inf] * 100, [1.0, 2.0, np.inf] * 100)
    assert {each.label for each in feature.bins} >= {"−∞", "+∞"}
    assert feature.summary.mean.reference == feature.summary.mean.live == 1.5


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_every_missing_value_is_missing(missing):
    feature = judged(["a", "b", missing] * 100, ["a", "b", "b"] * 100)
    assert feature.missing.reference == pytest.approx(1 / 3)


def test_the_empty_string_of_a_frame_is_a_category():
    feature = judged(["a", ""] * 100, ["a", ""] * 100)
    assert {each.label for each in feature.bins} == {"a", ""}


def test_mixed_types_become_categories_by_their_text():
    feature = judged(["a", 3, 3.0] * 100, ["a", "3", 3] * 100)
    assert (feature.kind, bits(feature)) == ("categorical", 0)


def test_counts_of_many_rows_keep_their_digits():
    step = 1e-4
    a = np.r_[np.zeros(500_000), np.ones(500_000)]
    b = np.r_[np.zeros(int(500_000 * (1 + step))), np.ones(int(500_000 * (1 - step)))]
    assert bits(judged(a, b)) == pytest.approx(step**2 / 8 / math.log(2), rel=1e-6)


def test_a_p_value_is_never_zero():
    feature = judged([0.0] * 100_000, [1.0] * 100_000)
    assert 0 < feature.p < 1e-300


def test_very_few_rows_leave_the_omnibus_out_and_still_answer():
    feature = judged([1.0, 2.0], [2.0])
    assert feature.state is State.INSUFFICIENT
    assert 0 < feature.p <= 0.9


@pytest.mark.parametrize("values", [[-1e308, 1e308, 5e307], [5e-324, 1e-323, 2.5e-320]])
def test_the_ends_of_the_floats_are_compared_like_all_others(values):
    feature = judged(values * 100, values * 100)
    assert bits(feature) == 0
    assert judged(values * 100, values[:2] * 150).state is State.ALERT
