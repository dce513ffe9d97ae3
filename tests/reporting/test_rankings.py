import math

from core.deciding.reports import State
from core.reporting.rankings import NAMED, description, ranking

from . import samples


def marks(figure):
    return {trace.name: trace for trace in figure.data}


def test_every_compared_feature_has_one_mark_at_its_value():
    features = samples.every_state()
    figure = ranking(samples.report(*features))
    compared = [each for each in features if each.state not in (State.SKIPPED, State.NO_DATA)]
    drawn = sorted(value for trace in figure.data for value in trace.x)
    assert drawn == sorted(each.value for each in compared)


def test_the_largest_stands_on_top_and_the_state_is_a_shape():
    low, high = samples.numeric("low", state=State.STABLE, value=0.05), samples.numeric("high")
    figure = ranking(samples.report(low, high))
    assert figure.layout.yaxis.ticktext == ("low", "high")
    symbols = {name: trace.marker.symbol for name, trace in marks(figure).items()}
    assert symbols == {"Drift": "triangle-up", "Stable": "circle"}


def test_both_thresholds_are_lines():
    figure = ranking(samples.report(samples.numeric()))
    assert [line.x0 for line in figure.layout.shapes] == [0.1, 0.2]


def test_the_interval_reaches_from_its_low_to_its_high_end():
    (trace,) = ranking(samples.report(samples.numeric(value=0.5, interval=(0.4, 0.7)))).data
    assert math.isclose(trace.x[0] - trace.error_x.arrayminus[0], 0.4)
    assert math.isclose(trace.x[0] + trace.error_x.array[0], 0.7)


def test_an_infinite_value_stands_at_the_right_end():
    infinite = samples.numeric("endless", value="infinite")
    figure = ranking(samples.report(samples.numeric("finite", value=0.5), infinite))
    (trace,) = figure.data
    assert max(trace.x) <= figure.layout.xaxis.range[1]
    assert figure.layout.yaxis.ticktext[-1] == "endless"


def test_many_features_are_named_by_the_pointer_alone():
    features = [samples.numeric(f"f{i}") for i in range(NAMED + 1)]
    figure = ranking(samples.report(*features))
    assert figure.layout.yaxis.showticklabels is False
    assert {data[0] for trace in figure.data for data in trace.customdata} == {
        each.name for each in features
    }


def test_names_from_data_are_never_markup():
    figure = ranking(samples.hostile())
    assert "<script" not in figure.to_json()


def test_the_description_names_the_measure_and_the_thresholds():
    words = description(samples.report(samples.numeric()))
    assert "JS distance" in words
    assert "0.1" in words
    assert "0.2" in words
