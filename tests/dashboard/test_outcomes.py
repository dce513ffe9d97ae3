"""Predictions and labels on the page: named there, side by side, and who lost their say."""

import pytest

from core.deciding.reports import Caution
from core.settings import Settings
from tests.reporting.test_outcomes import chances, report, told

from .conftest import opened, settled, texts


def test_without_names_it_says_what_it_is_for(judged, sample_report):
    app = judged(sample_report, "relations")
    assert app.selectbox(key="label-named").value == "(none)"
    assert "which features lost their say" in texts(app)
    assert not app.exception


def test_roles_stand_side_by_side_with_what_is_told(judged):
    app = judged(report(told(), logits=(chances(),)), "relations")
    assert "Prediction: drift" in texts(app)
    assert "1 lost its say (income)" in texts(app)
    assert "income told 0.210 nats about returned" in texts(app)
    assert "What each feature tells about returned" in texts(app)
    assert "mean probability 31 % → 47 %" in texts(app)
    assert not app.exception


def test_the_overview_has_roles_in_words_and_in_the_table(judged):
    app = judged(report(told()))
    assert "Prediction score: drift" in texts(app)
    assert set(app.dataframe[0].value["Role"]) == {"Input", "Prediction", "Label"}


def test_a_feature_says_its_role_and_what_it_tells(judged):
    app = judged(report(told(), logits=(chances(),)), "feature", feature="score")
    assert "Role: prediction. score through the logistic function" in texts(app)


def test_why_a_label_is_none_is_told(judged, sample_report):
    told_of = Caution(code="no_label", role="live", message="Labels may come later.")
    app = judged(sample_report.model_copy(update={"warnings": (told_of,)}), "relations")
    assert "Labels may come later." in texts(app)


@pytest.mark.slow
def test_a_named_label_has_the_sample_counted_by_it():
    app = settled(opened("relations", reference="sample", live="sample"))
    app.selectbox(key="label-named").set_value("arrival_delay_min").run()
    settled(app)
    app.switch_page("views/relations.py").run()
    app.multiselect(key="predictions-named").set_value(["departure_delay_min"]).run()
    chosen = Settings(label="arrival_delay_min", predictions=["departure_delay_min"])
    assert app.session_state["settings"] == chosen
    assert "2 lost their say (plane_seats, plane_maker)" in texts(app)
    assert "Prediction: watch" in texts(app)
    app.selectbox(key="label-named").set_value("departure_delay_min").run()
    assert app.session_state["settings"] == Settings(label="departure_delay_min")
    assert not app.exception
