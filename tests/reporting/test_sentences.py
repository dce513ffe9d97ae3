import pytest

from core.deciding.reports import State, TableReport
from core.reporting.sentences import (
    MEASURES,
    STATES,
    VERDICTS,
    basis,
    explain,
    gist,
    headline,
    measures,
    tables,
    verdict,
)
from core.settings import measures as known_measures

from .samples import SETTINGS, categorical, numeric, report, rich, skipped


def test_a_headline_counts_and_names_the_strongest():
    assert headline(report(rich("temperature_f"), categorical("carrier"), skipped())) == (
        "2 of 2 features drifted. Strongest: temperature_f (12 % of live rows outside the"
        " reference's range (0 to 40)),"
        ' carrier (new value "WN" (30 % of live rows)).'
    )


def test_a_headline_tells_what_is_incomplete():
    gone = skipped("churn_flag", code="missing_column")
    same = numeric(live=(0, 40, 60, 0))
    assert headline(report(same, gone, verdict="incomplete")) == (
        "Incomplete: 1 column missing on one side (churn_flag)."
        " No drift found in 1 feature compared."
    )
    assert verdict(report(same, gone, verdict="incomplete")).startswith("✕ Incomplete: 1 column")


def test_a_headline_names_no_more_than_three():
    features = [numeric(f"f{i}") for i in range(5)]
    assert (
        headline(report(*features)).count("values") + headline(report(*features)).count("share")
        == 3
    )


@pytest.mark.parametrize(
    ("state", "verdict", "words"),
    [
        (State.WARN, "watch", "No feature drifted, 1 of 2 features to watch."),
        (State.INSUFFICIENT, "not_enough_data", "Not enough data to judge 1 of 2 features."),
        (State.NEGLIGIBLE, "stable", "No drift found in 2 features compared."),
    ],
)
def test_a_headline_has_the_words_of_the_verdict(state, verdict, words):
    quiet = numeric("seats", live=(0, 40, 60, 0))
    assert headline(report(numeric(state=state), quiet, verdict=verdict)).startswith(words)


def test_a_headline_never_calls_nothing_stable():
    assert headline(report(skipped(), verdict="not_enough_data")) == "No feature was compared."


def test_some_features_without_data_are_not_called_stable():
    features = (
        numeric(state=State.INSUFFICIENT),
        *(numeric(f"f{i}", live=(0, 4, 6, 0)) for i in "ab"),
    )
    assert headline(report(*features, verdict="stable")) == (
        "No drift found in 3 features compared. 1 of them had not enough data to judge."
    )


def test_an_explanation_is_a_sentence_in_the_features_unit():
    assert explain(rich()) == (
        "12 % of live rows outside the reference's range (0 to 40);"
        " median 9.5 → 18; width of the middle half 15 → 25."
    )


def test_what_was_not_compared_explains_itself_by_its_reason():
    assert explain(skipped(reason="An identifier.")) == "An identifier."
    assert gist(skipped(reason="line\nbreak")) == r"line\nbreak"


def test_identical_sides_say_no_change():
    same = numeric(live=(0, 40, 60, 0))
    assert explain(same) == "No change: both sides have the same shares."
    assert gist(same) == "no change"


def test_a_change_that_no_phrase_tells_is_not_called_none():
    feature = categorical(labels=("a",), reference=(50,), live=(50,), jsd_bits=1e-9, p=1.0)
    assert explain(feature) == "No change to speak of: JS distance 0."
    assert gist(feature) == "no change to speak of"


def test_a_stable_feature_tells_its_largest_change_precisely():
    feature = categorical(reference=(500, 300, 200), live=(490, 310, 200), p=0.9)
    assert explain(feature) == (
        'No change to speak of: JS distance 0.010; largest: "B6" 30 % → 31 %.'
    )


def test_below_fixed_thresholds_nothing_is_said_of_chance():
    feature = categorical(reference=(500, 300, 200), live=(490, 310, 200))
    assert gist(feature) == "below the thresholds"
    assert explain(feature).startswith("Below the thresholds: JS distance 0.010; largest:")


def test_small_but_certain_is_said_so():
    feature = numeric(live=(0, 39, 61, 0), state=State.NEGLIGIBLE)
    assert explain(feature) == (
        "Certain, but smaller than you asked to hear about:"
        " values from 0 to 10 lost 1 point (40 % → 39 %)."
    )


def test_too_few_rows_tell_how_many_would_do():
    feature = numeric(state=State.INSUFFICIENT, rows_needed=1100)
    assert explain(feature).startswith(
        "Not enough data to judge (about 1\u202f100 live rows would settle it): so far "
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("shape", [numeric, rich, categorical])
def test_every_state_has_words(state, shape):
    for feature in (shape(state=state), shape(state=state, bins=(), value=None, measure=None)):
        assert explain(feature).endswith(".")
        assert gist(feature)
        assert STATES[state].symbol in str(STATES[state])


def test_a_verdict_is_symbol_and_word():
    assert [str(badge) for badge in VERDICTS.values()] == [
        "▲ Drift",
        "✕ Incomplete",
        "◆ Watch",
        "○ Not enough data",
        "● Stable",
    ]


def test_fixed_thresholds_say_that_nothing_was_tested():
    assert basis(report()) == (
        "Fixed thresholds: JS distance, watch from 0.1, drift from 0.2; no test of chance."
    )


def test_the_calibrated_policy_says_what_it_promises():
    settings = {**SETTINGS, "policy": "calibrated", "alpha": 0.05}
    assert basis(report(settings=settings)) == (
        "Certainty and size: more than chance (false discoveries at most 5 %),"
        " JS distance without bias from 0.1 to watch, from 0.2 drift."
    )


def test_dropped_rows_stand_beside_the_table():
    side = TableReport(name="a\x00b", rows_read=8000, rows_used=8000, rows_dropped=0)
    assert tables(report(live=side)) == (
        r"Live a\x00b (8" + "\u202f000 rows) against reference january.csv"
        " (8\u202f000 rows, 2 dropped)."
    )


def test_every_measure_of_the_settings_has_a_name_and_a_unit():
    assert set(MEASURES) == {*known_measures(), "js_distance_corrected"}


def test_figures_say_direction_and_unit():
    shown = {each.name: (each.value, each.unit) for each in measures(rich())}
    assert shown["KL(live‖ref)"] == ("0.410", "nat")
    assert shown["KL(ref‖live)"] == ("infinite", "nat")
    assert shown["JSD"][1] == "bit"


def test_base_e_shows_the_jsd_in_nats():
    feature = numeric(jsd_bits=1.0)
    shown = {each.name: (each.value, each.unit) for each in measures(feature, "e")}
    assert shown["JSD"] == ("0.693", "nat")


def test_certainty_is_shown_where_it_was_weighed():
    judged = numeric(p=1e-12, q=0.04, interval=(0.2, 0.3), js_distance_corrected=0.25)
    shown = {each.name: each.value for each in measures(judged)}
    assert shown["90 % interval"] == "0.200 to 0.300"
    assert shown["JS distance, unbiased"] == "0.250"
    assert (shown["p"], shown["q"]) == ("<1e-9", "0.04")
    assert not {"p", "q"} & {each.name for each in measures(numeric())}
