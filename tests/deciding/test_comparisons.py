import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deciding.binnings import Options
from core.deciding.comparisons import compare, is_identifier
from core.profiling.engines.local import profile
from core.reading.sources import load


def counted(frame, kinds=None):
    return profile(load(pd.DataFrame(frame)), kinds)


def comparison(reference, live, **choices):
    before = counted({"x": reference})
    after = counted({"x": live}, before.kinds)
    (found,) = compare(before, after, options=Options(**choices))
    return found


values = st.lists(st.floats(-1e6, 1e6) | st.integers(0, 3).map(float), min_size=1, max_size=80)
rules = st.sampled_from(["quantile", "width", "blocks"])


@given(values, values, rules)
def test_terms_sum_to_the_divergence_and_the_divergence_is_bounded(reference, live, rule):
    found = comparison(reference, live, rule=rule)
    assert found.scores.terms.sum() == pytest.approx(found.scores.jsd)
    assert 0 <= found.scores.jsd <= np.log(2) + 1e-12
    assert found.scores.psi == pytest.approx(
        found.scores.kl_live_ref + found.scores.kl_ref_live, abs=1e-12
    )


@given(values, rules)
def test_identical_counts_give_exactly_zero(rows, rule):
    scores = comparison(rows, rows, rule=rule).scores
    measured = (scores.jsd, scores.kl_live_ref, scores.kl_ref_live, scores.psi, scores.hellinger)
    assert (*measured, scores.total_variation, scores.wasserstein) == (0.0,) * 7
    assert scores.kolmogorov_smirnov == 0.0


@given(values, values)
def test_swapping_the_roles_swaps_the_two_kl_on_the_same_edges(reference, live):
    edges = (-10.0, 0.0, 2.0, 100.0)
    there = comparison(reference, live, rule="fixed", edges=edges).scores
    back = comparison(live, reference, rule="fixed", edges=edges).scores
    assert there.jsd == pytest.approx(back.jsd)
    assert there.kl_live_ref == pytest.approx(back.kl_ref_live)


def test_an_empty_bin_is_infinite_without_smoothing_and_said_so():
    found = comparison([1.0, 2.0] * 50, [1.0, 3.0] * 50, pseudocount=0.0)
    assert found.scores.kl_live_ref == np.inf
    assert found.scores.decisive
    assert found.scores.jsd == pytest.approx(np.log(2) / 2)


def test_an_epsilon_is_used_only_when_it_is_wished():
    with_epsilon = comparison(["a"] * 50, ["b"] * 50, epsilon=1e-4).scores
    assert with_epsilon.epsilon == 1e-4
    assert with_epsilon.kl_live_ref == pytest.approx(np.log(1e4), rel=1e-3)


SKIPPED = {
    "type_changed": ([1.0, 2.5] * 50, ["no", "number"] * 50),
    "identifier": ([f"name {i}" for i in range(100)], [f"name {i}" for i in range(100)]),
    "not_supported": ([[1], [2]] * 5, [[1], [2]] * 5),
    "no_data": ([1.0, 2.5] * 50, []),
}


@pytest.mark.parametrize("code", SKIPPED)
def test_what_cannot_be_compared_stays_with_its_code_and_reason(code):
    reference, live = SKIPPED[code]
    found = comparison(pd.Series(reference), pd.Series(live, dtype=None if live else "float64"))
    assert (found.code, found.scores) == (code, None)
    assert "x" in found.reason
    assert found.reason.endswith(".")


def test_a_column_that_live_lacks_stays_with_its_reason():
    before, after = counted({"x": [1.0], "y": [2.0]}), counted({"y": [2.0]})
    missing, _ = compare(before, after)
    assert (missing.feature, missing.code) == ("x", "missing_column")


def test_a_few_unreadable_values_do_not_change_the_type():
    found = comparison(list(range(1000)) * 2, ["5"] * 995 + ["12a"] * 5)
    assert found.code is None
    assert found.bins.counts.sum(axis=1).tolist() == [2000, 1000]


@pytest.mark.parametrize(
    ("values", "identifier"),
    [
        (list(range(100, 300)), True),
        ([i * 1000 for i in range(200)], False),  # not dense
        (list(np.random.default_rng(1).normal(size=200)), False),  # not whole
        ([1, 2] * 100, False),
        ([f"user {i}" for i in range(200)], True),
        (["a", "b"] * 100, False),
        (list(range(5)), False),  # too few rows to tell
    ],
)
def test_an_identifier_has_a_value_for_nearly_every_row(values, identifier):
    assert is_identifier(counted({"x": values}).features["x"]) is identifier


def test_a_declared_kind_is_compared_even_if_it_looks_like_an_identifier():
    rows = list(range(100, 300))
    assert comparison(rows, rows, identifiers=True).scores.jsd == 0


def test_all_missing_on_one_side_is_a_divergence_of_one_bit():
    gone = comparison([1.0, 2.5, 3.0] * 30, [np.nan] * 90)
    assert gone.scores.jsd == pytest.approx(np.log(2))
    assert gone.scores.wasserstein is None
    came = comparison([np.nan] * 90, [1.0, 2.5, 3.0] * 30)
    assert came.scores.jsd == pytest.approx(np.log(2))
    assert came.code == "no_reference_values"


def test_all_missing_on_both_sides_is_no_divergence():
    assert comparison([np.nan] * 9, [np.nan] * 9).scores.jsd == 0


def test_features_set_aside_by_wish_stay_with_their_code():
    before = counted({"x": [1.0], "y": [2.0]})
    found = compare(before, before, set_aside={"x": "ignored"})
    assert [(each.feature, each.code) for each in found] == [("x", "ignored"), ("y", None)]


def test_options_may_differ_by_feature():
    rng = np.random.default_rng(5)
    before = counted({"x": rng.normal(size=2000), "y": rng.normal(size=2000)})
    x, y = compare(before, before, overrides={"y": Options(bin_count=5)})
    assert len(y.bins.labels) == 5
    assert len(x.bins.labels) > 20
