"""Pictures of HTML alone: every number is written, nothing from data is markup."""

import pytest

from core.deciding.states import Sides, State
from core.reporting import boards

from . import samples
from .test_outcomes import report, told
from .test_pairs import pair


def test_both_joint_tables_stand_side_by_side_on_one_scale():
    drawn = boards.heatmaps(pair())
    assert drawn.count("<caption>") == 2
    assert "Reference: share of rows by wind and rain" in drawn
    assert drawn.count("<td") == 50
    assert drawn.count("--depth: 55.0%") == 1
    assert "8 %" in drawn


def test_groups_that_neither_side_has_are_left_out():
    names = ("below 1", "–", "1", "–", "over 1")
    table = tuple((4, 0, 2, 0, 0) for _ in range(5))
    drawn = boards.heatmaps(pair(second=names, tables=Sides(reference=table, live=table)))
    assert drawn.count("<td") == 30
    assert ">–<" not in drawn


def test_what_each_feature_tells_is_drawn_and_written():
    drawn = boards.says(report(told(), told("age", "same", State.STABLE)).outcomes)
    assert "What each feature tells about returned" in drawn
    assert "0.210 → 0.040" in drawn
    assert drawn.count('class="bar"') == 4
    assert "lost its say" in drawn
    assert boards.says(report().outcomes) == ""


@pytest.mark.parametrize("name", samples.NAMES)
def test_names_from_data_are_text(name):
    page = boards.says(report(told(name), label=name).outcomes)
    page += boards.heatmaps(pair(name, name, first=(name,) * 5, second=(name,) * 5))
    assert samples.EVIL not in page
    assert samples.EVIL_IMAGE not in page
    assert samples.EVIL_SPAN not in page
