import pytest

from core.deciding.reports import State, Timeline
from core.reporting.heatmaps import MOST, STRONGEST, heatmap

from .samples import EVIL
from .timelines import DRIFTED, TIMELINE, line, windows


def parts(figure):
    cells, targets = figure.data
    return cells, targets


def test_a_cell_is_darker_the_larger_a_drift_and_its_sign_says_how_certain():
    cells, _ = parts(heatmap(TIMELINE))
    assert list(cells.z[0]) == pytest.approx([0.1, STRONGEST, 0.75, None, 0.15, 1.5])
    assert list(cells.text[0]) == ["·", "▲", "◆", "", "·", "○"]
    assert (cells.zmin, cells.zmax) == (0, STRONGEST)


def test_a_gap_is_empty_and_says_so():
    cells, targets = parts(heatmap(TIMELINE))
    assert cells.z[0][3] is None
    assert [told[4] for told in targets.customdata if told[3] == "2026-01-04"] == [
        "no rows: a gap"
    ] * 2


def test_each_cell_names_its_window_and_feature_for_whoever_opens_it():
    _, targets = parts(heatmap(TIMELINE))
    assert len(targets.customdata) == 12
    assert list(targets.customdata[1][:2]) == ["2026-01-02T00:00:00+00:00", "temperature"]
    assert targets.customdata[1][5] == "500 rows, size 0.500 (0.400 to 0.600)"
    assert (targets.x[1], targets.y[1]) == (1, 0)
    assert (targets.x[7], targets.y[7]) == (1, 1)


def test_names_from_data_are_text():
    figure = heatmap(TIMELINE)
    assert "<script>" not in figure.layout.yaxis.ticktext[1]
    _, targets = parts(figure)
    assert targets.customdata[6][1] == EVIL  # for machines; the pointer shows the escaped name
    assert "<script>" not in targets.customdata[6][2]
    assert "customdata[1]" not in targets.hovertemplate


def test_at_most_sixty_by_sixty_are_drawn_the_last_windows_first():
    many = tuple(line(f"f{i}", [State.STABLE] * 80, [0.1] * 80) for i in range(70))
    base = windows(20, gap=99)
    long = Timeline(windows=base * 4, features=many)
    cells, _ = parts(heatmap(long))
    assert len(cells.y) == len(cells.x) == MOST
    assert cells.x[0] == 20
    cells, targets = parts(heatmap(long, row=60, column=0))
    assert (len(cells.y), cells.x[0]) == (10, 0)
    assert targets.customdata[0][1] == "f60"


def test_an_infinite_value_is_the_darkest():
    wild = line("kl", [State.ALERT] * 6, ["infinite"] * 6)
    cells, _ = parts(heatmap(TIMELINE.model_copy(update={"features": (wild, DRIFTED)})))
    assert set(cells.z[0]) == {STRONGEST}


def test_a_window_that_may_not_be_full_is_in_brackets_and_says_so():
    *before, last = TIMELINE.windows
    part = last.model_copy(update={"until": "2026-01-06T12:00:00+00:00"})
    cells, targets = parts(heatmap(TIMELINE.model_copy(update={"windows": (*before, part)})))
    assert list(cells.text[0]) == ["·", "▲", "◆", "", "·", "(○)"]
    assert [told[3] for told in targets.customdata[4:6]] == ["2026-01-05", "2026-01-06, so far"]
