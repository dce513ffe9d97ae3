"""Mix or behaviour: which of the two it was, in planted cases with a known answer."""

import numpy as np
import pyarrow as pa
import pytest

from core.pipeline import check
from core.settings import Settings

BY_PRODUCT = Settings(segments="product")


def table(rows, draw=lambda rng, name, size: rng.normal(ord(name), 1, size), seed=1):
    """Make `rows` of each product, their values drawn for it."""
    rng = np.random.default_rng(seed)
    columns = {
        "product": np.repeat(list(rows), list(rows.values())),
        "value": np.concatenate([draw(rng, name, size) for name, size in rows.items()]),
        "other": rng.normal(0, 1, sum(rows.values())),
    }
    return pa.table(columns)


def of(report, name):
    return next(each for each in report.segments.features if each.name == name)


def repeated(name, times):
    values = [10 * ord(name) + i for i in range(40)]
    return pa.table({"product": [name] * 40 * times, "value": values * times})


def test_a_pure_change_of_mix_is_called_that_to_twelve_digits():
    before = pa.concat_tables([repeated("a", 40), repeated("b", 10)])
    after = pa.concat_tables([repeated("a", 10), repeated("b", 40)])
    found = of(check(before, after, BY_PRODUCT), "value")
    assert found.cause == "mix"
    assert found.inside_bits <= 1e-12
    assert found.kl_inside <= 1e-12
    assert found.remaining <= 1e-6  # the root of 1e-12
    assert found.jsd_bits == pytest.approx(found.mix_bits, abs=1e-12)


def test_a_drawn_change_of_mix_is_mix_and_what_hangs_on_nothing_is_neither():
    report = check(table({"a": 4000, "b": 1000}), table({"a": 1000, "b": 4000}, seed=2), BY_PRODUCT)
    assert report.segments.changed
    assert of(report, "value").cause == "mix"
    assert of(report, "other").cause == "neither"


def test_changed_behaviour_names_the_segment_that_carries_it():
    def moved(rng, name, size):
        return rng.normal(ord(name) + (name == "b"), 1, size)

    after = table({"a": 2500, "b": 2500}, moved, seed=2)
    report = check(table({"a": 2500, "b": 2500}), after, BY_PRODUCT)
    found = of(report, "value")
    assert not report.segments.changed
    assert found.cause == "behaviour"
    assert found.segments[0].value == "b"
    assert found.segments[0].part > 0.95
    assert sum(each.part for each in found.segments) == pytest.approx(1)


def test_both_may_change():
    def moved(rng, name, size):
        return rng.normal(ord(name) + 1, 1, size)

    after = table({"a": 1000, "b": 4000}, moved, seed=2)
    assert of(check(table({"a": 4000, "b": 1000}), after, BY_PRODUCT), "value").cause == "both"


def test_the_same_population_is_neither():
    report = check(table({"a": 2000, "b": 1000}), table({"a": 2000, "b": 1000}, seed=2), BY_PRODUCT)
    assert {each.cause for each in report.segments.features} == {"neither"}


def recovered(easy, severe):
    """Patients of both kinds: (all, recovered)."""
    groups = (("easy", *easy), ("severe", *severe))
    return pa.table(
        {
            "patient": [name for name, size, _ in groups for _ in range(size)],
            "recovered": [i < well for _, size, well in groups for i in range(size)],
        }
    )


def test_simpsons_case():
    before, after = recovered((800, 720), (200, 60)), recovered((200, 190), (800, 280))
    found = of(check(before, after, Settings(segments="patient")), "recovered")
    assert found.mean.reference == pytest.approx(0.78)
    assert found.mean.live == pytest.approx(0.47)
    assert found.mean_expected == pytest.approx(0.42)
    assert all(each.mean.live > each.mean.reference for each in found.segments)
    assert found.reverses
    assert found.cause == "mix"


def test_the_parts_sum_to_the_whole_on_the_flights():
    sides = ("data/flights_reference.csv", "data/flights_live.csv")
    report = check(*sides, Settings(segments="airline"))
    for each in report.segments.features:
        assert each.jsd_bits == pytest.approx(each.mix_bits + each.inside_bits, rel=1e-12)
        assert each.kl_live_ref == pytest.approx(each.kl_mix + each.kl_inside, rel=1e-12)
    assert of(report, "temperature_f").cause == "behaviour"
    assert {each.name for each in report.segments.features}.isdisjoint({"airline"})
    assert sum(each.part for each in report.segments.segments) == pytest.approx(1)


def test_segments_of_one_side_alone_are_mix():
    report = check(table({"a": 1000, "b": 1000}), table({"a": 1000, "c": 1000}, seed=2), BY_PRODUCT)
    assert of(report, "value").cause == "mix"
    assert {each.value for each in report.segments.segments} == {"a", "b", "c"}


def test_rows_without_a_value_are_a_segment():
    before = pa.table({"product": ["a", None] * 300, "value": [1.0, 5.0] * 300})
    after = pa.table({"product": ["a", "a", None] * 200, "value": [1.0, 1.0, 5.0] * 200})
    found = check(before, after, BY_PRODUCT).segments
    assert {each.value for each in found.segments} == {"a", None}
    assert found.features[0].inside_bits <= 1e-12


def test_a_column_without_values_on_one_side_is_no_error():
    before = pa.table({"product": ["a", "b"] * 300, "value": pa.array([None] * 600, pa.float64())})
    after = pa.table({"product": ["a", "b"] * 300, "value": [1.0, 5.0] * 300})
    report = check(before, after, BY_PRODUCT)
    assert of(report, "value").cause == "behaviour"
