from datetime import UTC, datetime

from core.reporting.trends import course, trend

from .timelines import CHANGE, DRIFTED, TIMELINE, line

FIGURE = trend(TIMELINE, DRIFTED)


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
    (threshold,) = named("watch threshold, or noise")
    assert list(threshold.y) == [0.15, 0.15, 0.15, None, 0.15, 0.15]
    quiet = DRIFTED.model_copy(update={"noise": (0.05,) * 3 + (None,) + (0.05,) * 2})
    (threshold,) = named("watch threshold, or noise", trend(TIMELINE, quiet))
    assert threshold.y[0] == 0.1


def test_the_change_is_marked_where_it_began_and_where_it_went_back():
    words = [note.text for note in FIGURE.layout.annotations]
    assert words == ["drift from 2026-01-02", "until 2026-01-05"]
    lasting = CHANGE.model_copy(update={"end": None, "ended": None})
    figure = trend(TIMELINE, DRIFTED.model_copy(update={"changes": (lasting,)}))
    assert [note.text for note in figure.layout.annotations] == ["drift from 2026-01-02"]


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


def test_the_figure_is_told_in_words():
    assert course(DRIFTED) == "temperature: Drift; What happened."
