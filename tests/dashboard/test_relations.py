"""The page on mix and pairs: off, on, and what cannot be told."""

import re

import pytest

from core.deciding.reports import Caution
from core.deciding.states import State
from core.settings import Settings
from tests.reporting import samples
from tests.reporting.test_pairs import found as pairs_found
from tests.reporting.test_pairs import pair
from tests.reporting.test_segments import feature, found

from .conftest import opened, settled, texts, upload
from .tables import REFERENCE


def test_without_data_it_leads_to_data():
    assert "Nothing compared yet" in texts(opened("relations"))


def test_off_it_says_what_it_is_for(judged, sample_report):
    app = judged(sample_report, "relations")
    assert app.selectbox(key="segments-shown").value is None
    assert "its parts were mixed differently" in texts(app)
    assert not app.exception


def test_segments_are_shown_with_the_story_of_each_feature(judged):
    split = found(feature("delay"), feature("seats", cause="neither"))
    report = samples.report(samples.numeric()).model_copy(update={"segments": split})
    app = judged(report, "relations")
    assert "The mix of region has changed" in texts(app)
    assert "<td>delay</td><td>Mix</td>" in texts(app)
    app.selectbox(key="segmented").select_index(1).run()
    assert "No change to speak of." in texts(app)
    assert not app.exception


def test_what_was_not_counted_is_told(judged):
    told = Caution(code="no_segments", role="live", message="Give its whole table.")
    report = samples.report(samples.numeric())
    app = judged(report.model_copy(update={"warnings": (told,)}), "relations")
    assert "Give its whole table." in texts(app)


def test_a_chosen_column_has_the_sample_counted_by_it():
    app = settled(opened("relations", reference="sample", live="sample"))
    app.selectbox(key="segments-shown").set_value("origin").run()
    settled(app)
    assert app.session_state["settings"] == Settings(segments="origin")
    app.switch_page("views/relations.py").run()
    assert "The mix of origin is the same" in texts(app)
    assert "temperature_f" in texts(app)
    assert not app.exception


def test_pairs_are_shown_with_both_tables_of_the_chosen_one(judged):
    report = samples.report(samples.numeric())
    several = pairs_found(pair(), pair("sun", "snow", State.WARN))
    app = judged(report.model_copy(update={"pairs": several}), "relations")
    assert "Dependence of 190 pairs" in texts(app)
    assert texts(app).count('class="heatmap"') == 2
    app.selectbox(key="pair").set_value("sun and snow").run()
    assert "share of rows by sun and snow" in texts(app)
    assert "more changed" not in texts(app)
    assert not app.exception


def test_many_pairs_are_folded_and_those_not_listed_are_counted(judged):
    listed = pairs_found(*(pair(f"a{i}", f"b{i}") for i in range(25)))
    counts = {**listed.counts, State.NEGLIGIBLE: 3}
    several = listed.model_copy(update={"counts": counts})
    report = samples.report(samples.numeric())
    app = judged(report.model_copy(update={"pairs": several}), "relations")
    assert app.expander[0].label == "5 pairs more, less grave"
    assert "3 pairs more changed, and less than those listed." in texts(app)


@pytest.mark.slow
def test_all_pairs_of_the_sample_are_counted_when_asked_for():
    app = settled(opened("relations", reference="sample", live="sample"))
    app.toggle(key="pairs-shown").set_value(True).run()
    settled(app)
    app.switch_page("views/relations.py").run()
    assert re.search(r"Dependence of 20\d pairs", texts(app))
    assert "temperature_f and humidity_pct" in app.selectbox(key="pair").options
    assert not app.exception


def test_a_choice_that_needs_the_rows_of_an_upload_waits_for_it():
    app = opened()
    for role in ("reference", "live"):
        upload(app, role, REFERENCE)
    settled(app)
    app.switch_page("views/relations.py").run()
    next(each for each in app.selectbox if each.key == "segments-shown").set_value("region").run()
    assert "The last choice is not applied yet" in texts(app)
    assert app.session_state["settings"] == Settings()
    app.switch_page("views/overview.py").run()
    assert "No drift found" in texts(app)
    next(each for each in app.button if each.label == "Leave it as it is").click().run()
    assert "not applied yet" not in texts(app)
    app.switch_page("views/relations.py").run()
    next(each for each in app.selectbox if each.key == "segments-shown").set_value("region").run()
    app.switch_page("views/settings.py").run()
    app.slider(key="draft-1-alert-True").set_value(0.3).run()
    next(each for each in app.button if each.label == "Apply").click().run()
    app.switch_page("views/start.py").run()
    upload(app, "reference", REFERENCE)
    assert "counted under other settings" in app.error[0].value
    upload(app, "live", REFERENCE)
    settled(app)
    assert app.session_state["settings"] == Settings(segments="region", alert=0.3)
    app.switch_page("views/relations.py").run()
    assert "The segments of region" in texts(app)
    assert not app.exception
