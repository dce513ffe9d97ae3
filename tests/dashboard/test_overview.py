"""The overview in each state: nothing, every verdict, not comparable, filtered, re-judged."""

from html import escape

import pytest

from core.deciding.reports import Caution, State
from core.pipeline import PROBLEMS
from dashboard.state import answers
from tests.reporting import samples

from .conftest import opened, settled, texts, upload
from .tables import LIVE, REFERENCE


def test_without_data_it_leads_to_data_and_keeps_the_link():
    app = opened("overview", alert="0.3")
    assert "Nothing compared yet" in texts(app)
    assert len(app.file_uploader) == 2
    assert not app.exception


def test_data_given_here_is_shown_here():
    app = opened("overview")
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    assert "2 of 3 features drifted" in texts(app)


@pytest.mark.parametrize(
    ("verdict", "states", "words"),
    [
        ("drift", (State.ALERT, State.WARN, State.STABLE), "▲ 1 of 3 features drifted"),
        ("watch", (State.WARN, State.STABLE), "◆ No feature drifted, 1 of 2 features to watch"),
        ("stable", (State.STABLE, State.NEGLIGIBLE), "● No drift found in 2 features"),
        ("not_enough_data", (State.INSUFFICIENT,), "○ Not enough data to judge 1"),
    ],
)
def test_each_verdict_is_a_sentence_with_its_symbol(judged, verdict, states, words):
    features = [samples.numeric(f"feature {each}", state=each) for each in states]
    app = judged(samples.report(*features, verdict=verdict))
    assert words in texts(app)
    assert not app.exception
    assert not app.error


def test_a_missing_column_makes_it_incomplete_and_says_which(judged):
    app = judged(samples.report(samples.numeric(), samples.every_state()[-1], verdict="incomplete"))
    assert "✕" in texts(app)
    assert "churn_flag" in texts(app)


def test_four_figures_are_read_first(judged, sample_report):
    figures = {metric.label: metric.value for metric in judged(sample_report).metric}
    assert figures == {
        "Drifted": "1 of 5",
        "Watch": "0",
        "Data quality": "2",
        "False among these": "–",
    }


def test_data_quality_counts_changed_columns_and_every_note(judged, sample_report):
    changed = [each.reason for each in sample_report.features if each.code == "missing_column"]
    told = [*changed, *(note.message for note in sample_report.warnings)]
    app = judged(sample_report)
    assert all(escape(sentence) in texts(app) for sentence in told)
    assert app.expander[-1].label == f"Data quality ({len(told)})"


def test_how_the_data_were_taken_is_a_note_and_no_fault_of_theirs(judged):
    taken = Caution(code="time_column", message="when is taken as the time column.")
    app = judged(samples.report(samples.numeric(), warnings=(taken,)))
    assert {metric.label: metric.value for metric in app.metric}["Data quality"] == "0"
    assert app.expander[-1].label == "Notes on the data"
    assert taken.message in texts(app)


def test_without_a_flagged_feature_none_can_be_false(judged):
    settings = {**samples.SETTINGS, "policy": "calibrated", "alpha": 0.05}
    stable = samples.numeric(p=0.8, q=0.9, state=State.STABLE)
    report = samples.report(stable, settings=settings)
    assert {m.label: m.value for m in judged(report).metric}["False among these"] == "–"


def test_the_chance_of_a_false_alarm_is_said_where_it_was_tested(judged):
    settings = {**samples.SETTINGS, "policy": "calibrated", "alpha": 0.05}
    report = samples.report(samples.numeric(p=0.01, q=0.02), settings=settings)
    assert {m.label: m.value for m in judged(report).metric}["False among these"] == "≤ 5 %"


def test_the_counts_name_every_verdict(judged, sample_report):
    assert "The others: stable 3, not enough data 1, not compared 3." in texts(
        judged(sample_report)
    )


def test_the_order_can_be_by_name(judged, sample_report):
    table = judged(sample_report, order="By name").dataframe[0].value
    assert list(table["Feature"]) == sorted(table["Feature"], key=str.casefold)


def test_the_table_ranks_every_feature_in_the_order_of_the_report(judged, sample_report):
    table = judged(sample_report).dataframe[0].value
    assert list(table["Feature"]) == [feature.name for feature in sample_report.features]
    assert table["Verdict"].iloc[0] == "▲ Drift"
    assert table["Verdict"].iloc[-1] == "✕ Not compared"
    assert "missing in live" in table["What changed"].iloc[-1]


def test_both_histograms_of_a_row_have_one_scale(judged, sample_report):
    table = judged(sample_report).dataframe[0].value
    for reference, live in zip(table["Reference"], table["Live"], strict=True):
        assert len(reference) == len(live)
        assert max([*reference, *live], default=1.0) == pytest.approx(1.0)


def test_the_filter_is_part_of_the_link(judged, sample_report):
    table = judged(sample_report, show="Stable", find="ori").dataframe[0].value
    assert list(table["Feature"]) == ["origin"]


def test_a_filter_that_nothing_passes_says_so(judged, sample_report):
    app = judged(sample_report, find="no such feature")
    assert "No feature matches" in texts(app)
    assert not app.dataframe
    next(each for each in app.button if each.label == "Show all features").click().run()
    assert len(app.dataframe[0].value) == len(sample_report.features)


def test_next_and_previous_walk_the_ranking(judged, sample_report):
    app = judged(sample_report)
    names = [feature.name for feature in sample_report.features]
    next(button for button in app.button if button.label == "Next ›").click().run()
    assert app.selectbox(key="feature").value == names[1]
    next(button for button in app.button if button.label == "‹ Previous").click().run()
    assert app.selectbox(key="feature").value == names[0]


def test_tables_without_a_common_column_are_one_sentence(tmp_path):
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", b"x,y\n1,2\n3,4\n")
    settled(app)
    (error,) = app.error
    assert "No column name is in both" in error.value.replace("\\", "")
    assert len(app.file_uploader) == 2
    assert not app.exception


def test_the_report_is_offered_in_every_format_with_the_settings(judged, sample_report):
    labels = [button.label for button in judged(sample_report).download_button]
    assert labels == [
        "Report (html)",
        "Report for machines (json)",
        "Table (csv)",
        "Summary (md)",
        "Settings (toml)",
        "Reference profile",
    ]


def test_dangerous_names_are_text_everywhere(judged):
    app = judged(samples.hostile())
    assert not app.exception
    for attack in (samples.EVIL, samples.EVIL_IMAGE):
        assert attack not in texts(app)


def test_an_internal_error_is_one_sentence_without_a_traceback(judged, monkeypatch, caplog):
    def fail(*_):
        raise KeyError("inside")

    monkeypatch.setattr("dashboard.parts.verdict", fail)
    app = judged(samples.report())
    (error,) = app.error
    assert "error in Tideline itself" in error.value
    assert "KeyError" not in error.value
    assert "inside" in caplog.text


def test_every_problem_of_the_pipeline_is_one_sentence(judged, monkeypatch):
    problem = PROBLEMS[-1]([("bad_setting", "Mend it.")])
    app = judged(samples.report())
    monkeypatch.setattr(answers, "report", lambda: (_ for _ in ()).throw(problem))
    app.run()
    assert [error.value for error in app.error] == [r"Mend it\."]
