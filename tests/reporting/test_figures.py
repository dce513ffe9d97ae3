import json

import pytest

from core.reporting.figures import HOVER, contributions, description, overlay

from .samples import NAMES, categorical, every_state, numeric, rich

DRAWN = [feature for feature in every_state() if feature.m]
SCALES = ["share", "density", "cumulative"]


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_bars_edges_equal_the_bins():
    bars = next(trace for trace in named(overlay(numeric()), "reference") if trace.xaxis == "x")
    edges = [(x - w / 2, x + w / 2) for x, w in zip(bars.x, bars.width, strict=True)]
    assert edges == [(0, 10), (10, 20)]


def test_the_outline_of_live_steps_along_the_same_edges():
    line = next(trace for trace in named(overlay(numeric()), "live") if trace.xaxis == "x")
    assert list(line.x) == [0, 0, 10, 10, 20, 20]
    assert list(line.y) == [0, 0.1, 0.1, 0.6, 0.6, 0]


@pytest.mark.parametrize("feature", DRAWN, ids=lambda feature: feature.name)
def test_heights_are_the_shares_that_enter_the_formula(feature):
    bars = named(overlay(feature), "reference")
    horizontal = bars[0].orientation == "h"
    heights = [height for trace in bars for height in (trace.x if horizontal else trace.y)]
    assert sum(heights) == pytest.approx(1)


@pytest.mark.parametrize("feature", DRAWN, ids=lambda feature: feature.name)
def test_contributions_sum_to_one_hundred_percent(feature):
    traces = contributions(feature).data
    horizontal = any(trace.orientation == "h" for trace in traces)
    parts = [part for trace in traces for part in (trace.x if horizontal else trace.y)]
    assert sum(parts) == pytest.approx(1 if feature.jsd_bits else 0)


def test_contributions_lie_where_the_overlay_lies():
    whole, parts = overlay(rich()), contributions(rich())
    places = {(trace.xaxis, x) for trace in named(whole, "reference") for x in trace.x}
    assert {(trace.xaxis, x) for trace in parts.data for x in trace.x} <= places
    assert whole.layout.xaxis.range == parts.layout.xaxis.range
    assert whole.layout.xaxis.domain == parts.layout.xaxis.domain


def test_gain_and_loss_differ_in_hatch_and_colour():
    more, fewer = (named(contributions(rich()), f"{way} in live")[0] for way in ("more", "fewer"))
    assert more.marker.color != fewer.marker.color
    assert more.marker.pattern.shape != fewer.marker.pattern.shape


def test_density_is_share_by_width():
    bars = next(trace for trace in named(overlay(numeric(), scale="density"), "reference"))
    assert list(bars.y) == [0.04, 0.06]


def test_density_of_times_is_by_day():
    figure = overlay(numeric(kind="datetime"), scale="density")
    assert list(named(figure, "reference")[0].y) == pytest.approx([0.04 * 86_400, 0.06 * 86_400])
    assert figure.layout.yaxis.title.text == "share of rows per day"


def test_cumulative_shares_end_at_one():
    bars = named(overlay(rich(), scale="cumulative"), "reference")[0]
    assert bars.y[-1] == pytest.approx(1)
    assert list(bars.y) == sorted(bars.y)


@pytest.mark.parametrize("scale", SCALES)
def test_density_and_cumulative_draw_the_axis_alone(scale):
    axes = {trace.xaxis for trace in overlay(rich(), scale=scale).data}
    assert axes == ({"x", "x2", "x3"} if scale == "share" else {"x"})


def test_times_lie_on_an_axis_of_dates():
    assert overlay(numeric(kind="datetime")).layout.xaxis.type == "date"


def test_hover_tells_rows_and_shares_of_both_sides():
    hover = named(overlay(numeric()), "bins")[0].customdata[0]
    assert list(hover) == ["below 0", "0 % (0 rows)", "0 % (0 rows)", "0 %"]
    inside = named(overlay(numeric()), "bins")[1].customdata[0]
    assert list(inside) == ["0 to 10", "40 % (40 rows)", "10 % (10 rows)", "32 %"]


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from strings(child)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("draw", [overlay, contributions])
def test_names_and_labels_are_text_in_every_figure(name, draw):
    for feature in (rich(name), categorical(name, labels=(name, "b", "c"))):
        texts = set(strings(json.loads(draw(feature).to_json()))) - {HOVER}
        assert not [text for text in texts if "<" in text.replace("<br>", "")]


def test_two_labels_that_look_alike_stay_two_lines():
    feature = categorical(labels=("x" * 50 + "a", "x" * 50 + "b", "c"))
    assert len(overlay(feature).layout.yaxis.tickvals) == 4


@pytest.mark.parametrize("draw", [overlay, contributions])
@pytest.mark.parametrize("scale", SCALES)
def test_a_figure_without_bins_is_empty(draw, scale):
    empty = numeric(bins=())
    figure = draw(empty, scale=scale) if draw is overlay else draw(empty)
    assert not figure.data


def test_figures_are_small():
    assert len(overlay(rich()).to_json()) < 8_000


def test_a_description_says_the_verdict_and_what_changed():
    assert description(rich("income")).startswith(
        "income: Drift; 10 bins, JS distance 0.343. 12 % of live rows"
    )
