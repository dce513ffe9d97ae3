from itertools import pairwise

import pytest

from core.deciding.reports import Quantile, Sides, Summary
from core.reporting.places import (
    EVEN_BINS,
    LEAST_WIDTH,
    common_edges,
    hides_live,
    places,
    suits_log,
    view,
)

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


def spread(reference, live, outermost=(0.0, 0.0)):
    """Make a feature with the quantiles of two sides, and ends that lie `outermost` beyond them."""
    quantiles = tuple(
        Quantile(p=p, reference=a, live=b)
        for p, a, b in zip((0.05, 0.5, 0.95), reference, live, strict=True)
    )
    low, high = outermost
    return numeric(
        summary=Summary(
            quantiles=quantiles,
            minimum=Sides(reference=reference[0] - low, live=live[0] - low),
            maximum=Sides(reference=reference[-1] + high, live=live[-1] + high),
        )
    )


def test_common_edges_cover_both_ranges_in_equal_steps():
    edges = common_edges(spread((0.0, 5.0, 10.0), (20.0, 25.0, 30.0)))
    assert (edges[0], len(edges)) == (0.0, EVEN_BINS + 1)
    assert edges[-1] > 30.0
    assert all(b - a == pytest.approx(30 / EVEN_BINS) for a, b in pairwise(edges))


def test_an_outlier_does_not_blind_the_picture():
    edges = common_edges(spread((0.0, 5.0, 10.0), (0.0, 5.0, 10.0), outermost=(1e9, 1e12)))
    assert (edges[0], edges[-1]) == (-7.5, pytest.approx(17.5))


def test_categories_and_single_values_have_no_common_edges():
    assert common_edges(categorical()) == []
    assert common_edges(spread((3.0, 3.0, 3.0), (3.0, 3.0, 3.0))) == []


def test_live_is_hidden_where_much_of_it_lies_beyond_the_reference():
    assert hides_live(numeric(live=(0, 10, 60, 30)))
    assert not hides_live(numeric(live=(0, 10, 60, 3)))
    assert not hides_live(categorical())
