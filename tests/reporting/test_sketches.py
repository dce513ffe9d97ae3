import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from core.reporting.sketches import HEIGHT, WIDTH, contributions, overlay, spark, thumbnail

from .samples import NAMES, bins_of, categorical, every_state, numeric, rich

DRAWN = [feature for feature in every_state() if feature.m]


def path(svg, name):
    return re.search(f'<path class="{name}" d="([^"]*)"', svg)[1]


def twenty_bins():
    edges = [(float(i), float(i + 1)) for i in range(20)]
    labels = [f"{low:g} to {high:g}" for low, high in edges]
    return numeric(bins=bins_of(labels, ["body"] * 20, edges, range(10, 30), range(30, 10, -1)))


@pytest.mark.parametrize("feature", DRAWN, ids=lambda feature: feature.name)
@pytest.mark.parametrize("draw", [overlay, contributions, thumbnail])
def test_every_sketch_is_well_formed(feature, draw):
    svg = draw(feature)
    assert svg == "" or ET.fromstring(svg).tag == "svg"  # noqa: S314 (our own text)


def test_heights_are_in_proportion_to_the_shares():
    heights = [HEIGHT - float(y) for y in re.findall(r"V([\d.]+)H", path(overlay(numeric()), "r"))]
    assert heights[1] / heights[2] == pytest.approx(40 / 60, rel=0.01)
    assert heights[0] == heights[3] == 0


def test_bins_beside_the_axis_do_not_touch_it():
    assert path(overlay(numeric()), "l").count("M") == 1
    assert path(overlay(rich()), "l").count("M") == 5  # −∞, the axis, +∞, unseen, missing


def test_numbers_have_at_most_one_decimal():
    assert not re.search(r"\d\.\d\d", "".join(re.findall(r'd="([^"]*)"', overlay(rich()))))


def test_a_picture_is_small():
    svg = overlay(twenty_bins())
    assert len(path(svg, "r")) + len(path(svg, "l")) < 566
    assert len(thumbnail(twenty_bins())) < 566


def labels(svg):
    """List the labels under the axis: words -> from where to where they reach at 5 a letter."""
    found = re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)">([^<]*)', svg)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}
    lefts = [float(x) - before[anchor] * 5 * len(name) for x, anchor, name in found]
    return {
        name: (left, left + 5 * len(name)) for left, (_, _, name) in zip(lefts, found, strict=True)
    }


def with_ends(below, above, wide="0"):
    """Make twenty bins between two open ends, which are named by edges of so many digits."""
    edges = [(None, 0.0), *((float(i), float(i + 1)) for i in range(20)), (20.0, None)]
    names = [f"below 0{wide}", *(f"{i} to {i + 1}" for i in range(20)), f"above 20{wide}"]
    roles = ["below", *["body"] * 20, "above"]
    return numeric(bins=bins_of(names, roles, edges, [0, *[9] * 20, 0], [below, *[9] * 20, above]))


def test_open_ends_are_labelled_at_their_outer_side_where_they_hold_rows():
    both = labels(overlay(with_ends(1, 900)))
    assert both["below 00"][0] == 0
    assert both["above 200"][1] == WIDTH
    assert not {"below 00", "above 200"} & {*labels(overlay(with_ends(0, 0)))}
    assert {"below 0", "above 40"} <= {*labels(overlay(rich()))}


@pytest.mark.parametrize("wide", ["", "0" * 7, "0" * 22, "0" * 60])
def test_no_label_lies_on_another(wide):
    placed = sorted(labels(overlay(with_ends(1, 1, wide))).values())
    assert all(end < start for (_, end), (start, _) in pairwise(placed))
    assert len(placed) >= 2


def test_an_edge_gives_way_to_the_label_of_an_open_end():
    assert "0" not in labels(overlay(with_ends(1, 0)))
    assert "20" not in labels(overlay(with_ends(0, 1)))


def test_hovering_tells_each_bin():
    titles = re.findall("<title>(.*?)</title>", overlay(numeric()))
    assert titles[2] == "0 to 10: 40 % → 10 %; 32 % of the divergence"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("draw", [overlay, contributions])
def test_labels_are_text_in_every_sketch(name, draw):
    svg = draw(categorical(name, labels=(name, "b", "c")))
    tags = {element.tag for element in ET.fromstring(svg).iter()}  # noqa: S314
    assert tags <= {"svg", "title", "path", "text"}


@pytest.mark.parametrize("feature", DRAWN, ids=lambda feature: feature.name)
@pytest.mark.parametrize("bins", [3, 20])
def test_sparks_have_the_same_bins_and_lose_no_row(feature, bins):
    reference, live = spark(feature, bins)
    assert len(reference) == len(live) <= bins
    assert sum(reference) == pytest.approx(1, abs=0.02)
    assert sum(live) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("draw", [overlay, contributions, thumbnail])
def test_without_bins_there_is_no_picture(draw):
    assert draw(numeric(bins=())) == ""


def test_without_bins_there_is_no_spark():
    assert spark(numeric(bins=())) == ([], [])


def test_equal_sides_have_no_contributions():
    assert contributions(numeric(live=(0, 40, 60, 0))) == ""
