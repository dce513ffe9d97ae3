from itertools import pairwise

import pytest

from core.reporting.places import LEAST_WIDTH, places, suits_log, view

from .samples import bins_of, categorical, numeric, rich


def on_edges(edges, reference, live):
    """Make a numeric feature of closed bins alone."""
    spans = list(pairwise(edges))
    labels = [f"{low} to {high}" for low, high in spans]
    return numeric(bins=bins_of(labels, ["body"] * len(spans), spans, reference, live))


LONG_TAIL = on_edges((1.0, 2.0, 3.0, 1000.0, 5000.0), (500, 460, 38, 2), (500, 460, 38, 2))


def test_bars_lie_between_the_edges_of_their_bins():
    inside = [place for place in places(numeric()) if place.axis == "x"]
    assert [(place.left, place.right) for place in inside] == [(0.0, 10.0), (10.0, 20.0)]


def test_times_are_placed_in_milliseconds():
    inside = [place for place in places(numeric(kind="datetime")) if place.axis == "x"]
    assert [(place.left, place.right) for place in inside] == [(0, 10_000), (10_000, 20_000)]


def test_open_ends_and_the_rest_stand_beside_the_axis_in_order():
    beside = {
        axis: [place.bar.label for place in places(rich()) if place.axis == axis]
        for axis in ("x3", "x2")
    }
    assert beside["x3"] == ["−∞", "below 0"]
    assert beside["x2"] == ["above 40", "+∞", "unseen values", "missing"]


def test_a_single_value_is_wide_enough_to_see_and_overlaps_nobody():
    inside = [place for place in places(rich()) if place.axis == "x"]
    assert inside[0].right - inside[0].left >= LEAST_WIDTH * 40
    assert all(a.right == b.left for a, b in pairwise(inside))


def test_a_log_axis_is_in_powers_of_ten():
    placed = places(on_edges((1.0, 10.0, 1000.0), (5, 5), (5, 5)), log=True)
    assert [(place.left, place.right) for place in placed] == [(0.0, 1.0), (1.0, 3.0)]


def test_a_log_axis_is_ignored_where_an_edge_is_not_positive():
    assert places(numeric(), log=True) == places(numeric())


@pytest.mark.parametrize(
    ("feature", "suits"), [(LONG_TAIL, True), (numeric(), False), (categorical(), False)]
)
def test_a_log_axis_is_offered_where_it_helps(feature, suits):
    assert suits_log(feature) is suits


def test_the_first_view_leaves_out_long_ends_with_few_rows():
    low, high = view(places(LONG_TAIL))
    assert low < 1
    assert 1000 <= high < 1100


def test_the_first_view_shows_all_where_no_end_is_long():
    low, high = view(
        places(on_edges((0.0, 1.0, 2.0, 3.0, 4.0), (1, 500, 500, 1), (1, 500, 500, 1)))
    )
    assert low < 0
    assert high > 4


def test_categories_lie_one_below_the_other():
    middles = [(place.left + place.right) / 2 for place in places(categorical())]
    assert middles == [0, 1, 2, 3]


def test_without_edges_all_stand_beside_the_axis():
    bins = bins_of(["present", "missing"], ["body", "missing"], [(None, None)] * 2, (0, 9), (9, 0))
    assert {place.axis for place in places(numeric(bins=bins))} == {"x2"}
