"""Vectors judged: on planted cases, on the digits' latent means, and where nothing can be said."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.deciding.reports import State
from core.deciding.states import Sides
from core.pipeline import check, judge, profile
from core.settings import Settings

LATENTS = Path(__file__).parents[1] / "data" / "digits_latents.parquet"
LATENT = Settings.of({"vectors": {"latent": ["z0", "z1", "z2"]}})


def table(rows=1500, shift=0.0, spread=1.0, seed=0, **columns):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, 3))
    values[:, 1] += 0.5 * values[:, 0]
    values[:, 0] += shift
    values[:, 2] *= spread
    return pa.table({f"z{i}": values[:, i] for i in range(3)} | columns)


def vector(reference, live, settings=LATENT):
    return check(reference, live, settings).vectors[0]


def test_the_same_law_is_stable():
    found = vector(table(), table(seed=1))
    assert found.state is State.STABLE
    assert "excluded" in found.reason
    assert found.q > 0.05


def test_a_shift_and_a_spread_are_told_apart_and_named():
    found = vector(table(), table(shift=0.8, spread=1.8, seed=1))
    assert found.state is State.ALERT
    kinds = {each.kind: each for each in found.directions[:2]}
    assert kinds["shift"].components[0].name == "z0"
    assert kinds["spread"].components[0].name == "z2"
    assert kinds["spread"].size == pytest.approx(1.8, abs=0.1)
    assert {each.name for each in found.components[:2]} == {"z0", "z2"}
    assert found.kl_live_ref + found.kl_ref_live == pytest.approx(found.psi)


def test_a_change_of_dependence_alone_is_drift_of_the_vector_and_of_no_feature():
    one, other = table(4000), table(4000, seed=1)
    turned = other.set_column(1, "z1", pa.array(np.random.default_rng(2).permutation(other["z1"])))
    report = check(one, turned, LATENT)
    assert {each.state for each in report.features} <= {State.STABLE, State.NEGLIGIBLE}
    assert report.vectors[0].state in {State.WARN, State.ALERT}
    assert report.verdict == "watch" if report.vectors[0].state is State.WARN else "drift"


def test_few_rows_say_how_many_are_needed():
    found = vector(table(), table(60, seed=1))
    assert found.state is State.INSUFFICIENT
    assert found.rows_needed > 60
    assert str(found.rows_needed) in found.reason
    tiny = vector(table(), table(4, seed=1))
    assert (tiny.state, tiny.code) == (State.INSUFFICIENT, "too_few_rows")


def test_a_side_without_a_complete_row_is_a_change():
    blank = table().set_column(0, "z0", pa.nulls(1500, pa.float64()))
    found = vector(table(), blank)
    assert (found.state, found.code) == (State.ALERT, "missing_changed")
    assert found.missing == Sides(reference=0.0, live=1.0)


def test_vectors_of_other_lengths_are_a_changed_schema():
    settings = Settings.of({"vectors": {"e": ["e"]}})
    one, other = (table(e=[[1.0] * size for _ in range(1500)]) for size in (3, 4))
    report = check(one, other, settings)
    assert (report.vectors[0].code, report.verdict) == ("type_changed", "incomplete")
    assert report.is_incomplete


def test_a_constant_that_became_another_is_drift():
    settings = Settings.of({"vectors": {"v": ["z0", "c"]}})
    one, other = (table(c=pa.array([value] * 1500)) for value in (1.0, 2.0))
    found = vector(one, other, settings)
    assert (found.state, found.kl_live_ref, found.js_distance) == (State.ALERT, "infinite", 1.0)
    assert "c of v is constant" in found.reason
    assert vector(one, one, settings).state is State.STABLE


def test_a_few_rows_without_all_components_prove_nothing():
    blank = table(2).set_column(0, "z0", pa.nulls(2, pa.float64()))
    assert vector(table(2), blank).state is State.NO_DATA


def test_a_vectors_column_that_live_lacks_makes_the_verdict_incomplete():
    settings = Settings.of({"vectors": {"e": ["e"]}})
    report = check(table(e=[[1.0, 2.0]] * 1500), table(seed=1), settings)
    assert (report.vectors[0].code, report.verdict) == ("missing_column", "incomplete")
    assert {each.name: each.code for each in report.features}["e"] == "missing_column"


def test_a_constant_that_rounding_blurs_is_a_constant():
    settings = Settings.of({"vectors": {"v": ["z0", "z1", "c"]}})
    sides = [
        table(rows, seed=seed, c=np.full(rows, value))
        for rows, seed, value in ((1000, 0, 0.1), (700, 1, 0.1), (700, 1, 0.3))
    ]
    assert vector(sides[0], sides[1], settings).state in {State.STABLE, State.NEGLIGIBLE}
    changed = vector(sides[0], sides[2], settings)
    assert (changed.state, changed.code) == (State.ALERT, "constant_changed")


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        ({"measure": "js_distance"}, State.ALERT),
        ({"measure": "js_distance", "alert": 1.5}, State.WARN),
        ({"measure": "js_distance", "alert": 3, "warn": 2}, State.STABLE),
        ({"measure": "psi", "alert": 3, "warn": 2}, State.ALERT),
        ({"measure": "wasserstein"}, State.SKIPPED),
    ],
)
def test_of_a_constant_that_changed_a_fixed_threshold_decides_alone(choice, state):
    fixed = Settings.of({"vectors": {"v": ["z0", "c"]}, "policy": "fixed"}).with_choices(choice)
    one, other = (table(c=pa.array([value] * 1500)) for value in (1.0, 2.0))
    found = vector(one, other, fixed)
    assert (found.state, found.measure) == (
        state,
        choice["measure"] if state != "skipped" else None,
    )


def test_two_constants_of_a_few_rows_prove_nothing():
    settings = Settings.of({"vectors": {"v": ["z0", "c"]}})
    one, other = (table(5, c=pa.array([value] * 5)) for value in (1.0, 2.0))
    assert vector(one, other, settings).state is State.INSUFFICIENT
    fixed = settings.with_choices({"policy": "fixed"})
    assert vector(one, other, fixed).state is State.ALERT  # the number alone decides there


def test_a_component_whose_squares_are_lost_is_no_constant():
    settings = Settings.of({"vectors": {"v": ["z0", "t"]}})
    rng = np.random.default_rng(5)
    one, other = (table(t=rng.normal(shift, size=1500) * 1e-200) for shift in (0, 9))
    found = vector(one, other, settings)
    assert (found.state, found.code) == (State.SKIPPED, "not_supported")
    assert "t of v varies by less than 1e-70" in found.reason


def lists(*lengths):
    return pa.table({"e": [[float(i % 7)] * size for i, size in enumerate(lengths)]})


def test_lists_of_live_are_taken_in_the_length_of_the_reference():
    settings = Settings.of({"vectors": {"e": ["e"]}})
    reference, live = lists(*[3] * 900), lists(*[4] * 600, *[3] * 300)
    report = check(reference, live, settings)
    found = report.vectors[0]
    assert (found.state, found.code, report.verdict) == ("skipped", "type_changed", "incomplete")
    assert found.reason.startswith(
        "600 of 900 rows of e in live do not hold a list of 3 numbers, as in the reference"
    )


def test_a_few_odd_lists_are_missing_and_told():
    settings = Settings.of({"vectors": {"e": ["e"]}})
    report = check(lists(*[3] * 900), lists(*[4] * 9, *[3] * 891), settings)
    assert report.vectors[0].m == 891
    told = next(each for each in report.warnings if each.code == "odd_vectors")
    assert (told.role, told.column, told.count) == ("live", "e", 9)


@pytest.mark.parametrize(
    ("sides", "code", "role"),
    [((0, 0), "not_supported", "the reference"), ((1, 0), "type_changed", "live")],
)
def test_text_among_the_components_is_named(sides, code, role):
    words = pa.array(["red", "blue"] * 750)
    numbers = pa.array(np.arange(1500.0) % 7)
    one, other = (table(c=numbers if side else words) for side in sides)
    found = vector(one, other, Settings.of({"vectors": {"v": ["z0", "c"]}}))
    assert (found.state, found.code) == (State.SKIPPED, code)
    assert f"1500 of 1500 rows of c in {role} do not hold a number" in found.reason


def test_profiles_of_a_vector_of_other_columns_are_not_compared():
    others = Settings.of({"vectors": {"latent": ["z0", "z2", "z1"]}})
    found = judge(profile(table(), LATENT), profile(table(), others), LATENT).vectors[0]
    assert (found.state, found.code) == (State.SKIPPED, "not_counted")


def test_a_vector_that_a_profile_did_not_count_is_told():
    found = judge(profile(table()), profile(table(), LATENT), LATENT).vectors[0]
    assert (found.state, found.code) == (State.SKIPPED, "not_counted")
    assert "in the reference" in found.reason


def test_vectors_of_two_saved_profiles_need_no_settings():
    sides = profile(table(), LATENT), profile(table(shift=1, seed=1), LATENT)
    assert judge(*sides).vectors == judge(*sides, LATENT).vectors


@pytest.mark.parametrize(
    ("measure", "state"),
    [("js_distance", State.ALERT), ("psi", State.ALERT), ("wasserstein", State.SKIPPED)],
)
def test_fixed_thresholds_compare_the_measure_of_the_settings(measure, state):
    fixed = LATENT.with_choices({"policy": "fixed", "measure": measure})
    found = vector(table(), table(shift=0.8, seed=1), fixed)
    assert (found.state, found.q) == (state, None)


def test_without_vectors_a_report_is_what_it_was():
    assert check(table(), table(seed=1)).vectors == ()


@pytest.fixture(scope="module")
def digits():
    found = parquet.read_table(LATENTS)
    half = pa.array(np.random.default_rng(0).random(len(found)) < 0.5)
    others = found.filter(pa.compute.invert(half))
    return found.filter(half), others, others.filter(pa.compute.less(others["digit"], 5))


@pytest.fixture(scope="module")
def latents(digits):
    settings = Settings.of({"vectors": {"vae": ["vae"], "plain": ["plain"]}})
    reports = [check(digits[0], live, settings) for live in digits[1:]]
    return [{each.name: each for each in report.vectors} for report in reports]


def test_with_the_kl_term_the_latent_means_are_near_the_standard_law(latents):
    same, _ = latents
    assert same["vae"].standard.reference.kl < 0.1
    assert same["plain"].standard.reference.kl > 10
    assert same["vae"].standard.reference.js_distance < 0.2
    assert same["plain"].standard.reference.js_distance > 0.9


@pytest.mark.parametrize("net", ["vae", "plain"])
def test_a_changed_mix_of_digits_is_seen_in_the_latent_means(latents, net):
    same, mixed = latents
    assert same[net].state is State.STABLE
    assert mixed[net].state is State.ALERT
    assert mixed[net].js_distance > 0.25
