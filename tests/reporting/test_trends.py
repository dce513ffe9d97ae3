from datetime import UTC, datetime

from core.deciding.reports import Change
from core.reporting.palette import MORE
from core.reporting.trends import course, trend

from .timelines import CHANGE, DRIFTED, TIMELINE, A, N, S, U, W, line

FIGURE = trend(TIMELINE, DRIFTED)
NOISE = "watch threshold,<br>or noise"


def named(name, figure=FIGURE):
    return [trace for trace in figure.data if trace.name == name]


def test_the_line_stands_at_the_middle_of_each_window_and_breaks_at_a_gap():
    (value,) = named("value")
    assert value.x[0] == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert list(value.y) == [0.02, 0.5, 0.15, None, 0.03, 0.3]
    assert value.connectgaps is False


def test_the_interval_is_an_area_for_each_run_without_a_gap():
    before, after = named("90 % interval")
    assert len(before.x) == 2 * 3
    assert len(after.x) == 2 * 2
    assert list(before.y[:3]) == list(DRIFTED.high[:3])
    assert [before.showlegend, after.showlegend] == [True, False]


def test_the_threshold_is_the_noise_where_that_is_larger():
    (threshold,) = named(NOISE)
    assert list(threshold.y) == [0.15, 0.15, 0.15, None, 0.15, 0.15]
    quiet = DRIFTED.model_copy(update={"noise": (0.05,) * 3 + (None,) + (0.05,) * 2})
    (threshold,) = named(NOISE, trend(TIMELINE, quiet))
    assert threshold.y[0] == 0.1


def test_the_change_is_marked_where_it_began_and_where_it_went_back():
    words = [note.text for note in FIGURE.layout.annotations]
    assert words == ["drift from 2026-01-02", "until 2026-01-05"]
    lasting = CHANGE.model_copy(update={"end": None, "ended": None})
    figure = trend(TIMELINE, DRIFTED.model_copy(update={"changes": (lasting,)}))
    assert [note.text for note in figure.layout.annotations] == ["drift from 2026-01-02"]


def told(changes, states=DRIFTED.states):
    """Tell the words over the figure of such changes, and how many lines are drawn for them."""
    feature = DRIFTED.model_copy(update={"changes": tuple(changes), "states": tuple(states)})
    figure = trend(TIMELINE, feature)
    return [note.text for note in figure.layout.annotations], len(figure.layout.shapes)


def test_a_change_without_a_window_in_drift_is_no_drift():
    assert told([CHANGE], [S, W, W, N, S, U])[0] == ["change from 2026-01-02", "until 2026-01-05"]
    # The windows at its end are back: a drift there is another's.
    assert told([CHANGE], [A, W, W, N, A, A])[0][0] == "change from 2026-01-02"
    lasting = CHANGE.model_copy(update={"end": None, "ended": None})
    assert told([lasting], [S, W, W, N, S, A])[0] == ["drift from 2026-01-02"]


def test_of_several_changes_all_are_drawn_and_the_weightiest_is_told():
    later = Change(first=5, began="2026-01-06", evidence=41.0)
    assert told([CHANGE, later]) == (["change from 2026-01-06"], 3)
    lighter = later.model_copy(update={"evidence": 39.0})
    assert told([CHANGE, lighter])[0] == ["drift from 2026-01-02", "until 2026-01-05"]
    unweighed = [each.model_copy(update={"evidence": None}) for each in (CHANGE, later)]
    assert told(unweighed) == (["drift from 2026-01-02", "until 2026-01-05"], 3)
    assert told([]) == ([], 0)


def test_words_stand_in_two_lines_and_inside_the_figure():
    began, ended = FIGURE.layout.annotations
    assert ended.yshift - began.yshift >= 13
    assert [began.xanchor, ended.xanchor] == ["left", "right"]


def test_the_drift_threshold_has_its_name_in_the_legend():
    (threshold,) = named("drift threshold")
    assert list(threshold.y) == [0.2, 0.2]
    first, last = TIMELINE.windows[0].start, TIMELINE.windows[-1].end
    assert [moment.isoformat() for moment in threshold.x] == [first, last]
    assert (threshold.line.dash, threshold.line.color) == ("dash", MORE)
    assert threshold.showlegend is not False


def test_points_have_the_shape_of_their_state_and_name_their_window():
    (drift,) = named("drift")
    assert drift.marker.symbol == "triangle-up"
    assert list(drift.customdata[0][:2]) == ["2026-01-02T00:00:00+00:00", "temperature"]
    assert sum(len(trace.x) for trace in FIGURE.data if trace.mode == "markers") == 5


def test_windows_of_rows_and_infinite_values_are_drawn():
    rows = tuple(
        window.model_copy(update={"start": str(100 * i), "end": str(100 * i + 100)})
        for i, window in enumerate(TIMELINE.windows)
    )
    by_rows = TIMELINE.model_copy(update={"unit": "rows", "windows": rows})
    wild = line("kl", DRIFTED.states, [0.1, "infinite", 0.2, None, 0.1, 0.1])
    (value,) = named("value", trend(by_rows, wild))
    assert value.x[1] == 150
    assert value.y[1] is None
    (threshold,) = named("drift threshold", trend(by_rows, wild))
    assert list(threshold.x) == [0, 600]


def test_the_figure_is_told_in_words():
    assert course(DRIFTED) == "temperature: Drift; What happened."
