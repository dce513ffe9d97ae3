"""The settings page: a draft, its effect before it is applied, and the same as a file or a link."""

import pytest

from core.choices import Reading
from core.settings import Settings

from .conftest import opened, settled, texts, upload
from .tables import LIVE, REFERENCE


@pytest.fixture
def app():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    return app.switch_page("views/settings.py").run()


def control(app, name, edition=0):
    """Find a control of the draft by its name."""
    kinds = (app.slider, app.number_input, app.selectbox, app.radio)
    key = f"draft-{edition}-{name}"
    return next(each for kind in kinds for each in kind if each.key == key)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def code(app):
    return app.code[0].value


def test_an_untouched_draft_changes_nothing(app):
    assert "No feature changes its verdict: 2 drift, 0 to watch." in texts(app)
    assert next(button for button in app.button if button.label == "Apply").disabled
    assert code(app) == "# Every setting has its default."
    assert not app.exception


def test_the_effect_is_shown_before_it_is_applied(app):
    control(app, "alert-True").set_value(0.9).run()
    assert "2 features would change: drift 2 → 0; watch 0 → 2." in texts(app)
    assert app.dataframe[-1].value["Would be"].tolist() == ["◆ Watch"] * 2
    assert app.session_state["settings"] == Settings()
    press(app, "Apply")
    assert app.session_state["settings"] == Settings(alert=0.9)
    assert "No feature changes its verdict: 0 drift, 2 to watch." in texts(app)
    app.switch_page("views/overview.py").run()
    assert "No feature drifted, 2 of 3 features to watch" in texts(app)
    assert not app.get("progress")


def test_changes_can_be_undone_and_defaults_restored(app):
    control(app, "alert-True").set_value(0.9).run()
    press(app, "Undo changes")
    assert control(app, "alert-True", edition=1).value == 0.2
    control(app, "alert-True", edition=1).set_value(0.9).run()
    press(app, "Apply")
    press(app, "Defaults")
    assert app.session_state["settings"] == Settings()


@pytest.mark.parametrize(
    ("name", "value", "settings"),
    [
        ("bins", "width", Settings(bins="width")),
        ("bin_count", 10, Settings(bin_count=10)),
        ("categories", 2, Settings(categories=2)),
        ("categories", 0, Settings(categories="all")),
        ("missing", "drop", Settings(missing="drop")),
        ("count", 0.0, Settings(smoothing=0)),
        ("smoothing", "epsilon", Settings(smoothing={"epsilon": 1e-4})),
        ("base", "e", Settings(base="e")),
        ("alpha", 0.01, Settings(alpha=0.01)),
        ("adjust", "by", Settings(adjust="by")),
        ("policy", "fixed", Settings(policy="fixed")),
    ],
)
def test_every_control_is_a_setting_of_the_file(app, name, value, settings):
    control(app, name).set_value(value).run()
    assert code(app) == settings.to_toml().strip()
    assert not app.exception
    assert not app.error


def test_a_fixed_measure_has_thresholds_in_its_own_unit(app):
    control(app, "policy").set_value("fixed").run()
    control(app, "measure").set_value("psi").run()
    control(app, "alert-False").set_value(25.0).run()
    assert Settings.from_toml(code(app)) == Settings(policy="fixed", measure="psi", alert=25)
    assert "chance is not tested" in texts(app)
    press(app, "Apply")
    app.switch_page("views/overview.py").run()
    assert "q" not in app.dataframe[0].value


def test_impossible_settings_are_one_sentence_and_change_nothing(app):
    control(app, "warn-True").set_value(0.5).run()
    (error,) = app.error
    assert "above the drift threshold" in error.value
    assert next(button for button in app.button if button.label == "Apply").disabled
    assert "No feature changes its verdict" not in texts(app)


def test_a_draft_waits_while_other_pages_are_looked_at(app):
    control(app, "alert-True").set_value(0.35).run()
    app.switch_page("views/overview.py").run()
    app.switch_page("views/settings.py").run()
    assert control(app, "alert-True").value == 0.35
    assert app.session_state["settings"] == Settings()
    press(app, "Undo changes")
    assert app.slider(key="draft-1-alert-True").value == Settings().alert


def edit(app, row, **cells):
    app.session_state["draft-0-features"] = {
        "edited_rows": {row: cells},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def test_one_feature_can_be_judged_otherwise(app):
    edit(app, 1, **{"Watch from": 0.8, "Drift from": 0.9, "Bins": "width", "Weight": 2.0})
    own = {"warn": 0.8, "alert": 0.9, "bins": "width", "weight": 2.0}
    assert Settings.from_toml(code(app)) == Settings(features={"income": own})
    edit(app, 1, Bins="30000, 50000", Ignore=True)
    own = {"bins": [30000, 50000], "ignore": True}
    assert Settings.from_toml(code(app)) == Settings(features={"income": own})
    edit(app, 1, Bins="sideways")
    assert "features" in app.error[0].value


def test_what_the_page_cannot_show_of_a_feature_is_kept(app):
    chosen = Settings(features={"channel": {"kind": "categorical"}, "income": {"warn": 0.05}})
    app.session_state["settings"] = chosen
    app.run()
    assert Settings.from_toml(code(app)) == chosen


def give(app, text):
    uploader = next(each for each in app.file_uploader if each.label == "Settings file")
    uploader.set_value(("mine.toml", text, "application/toml"))
    return app.run()


def test_a_settings_file_is_applied(app):
    give(app, b"alert = 0.9\n[features.income]\nwarn = 0.3\n")
    assert app.session_state["settings"] == Settings(alert=0.9, features={"income": {"warn": 0.3}})
    assert control(app, "alert-True", edition=1).value == 0.9


@pytest.mark.parametrize("text", [b"alrt = 0.9", b"\xff\xfe", b"alert = "])
def test_a_settings_file_with_faults_is_refused_in_a_sentence(app, text):
    give(app, text)
    (error,) = app.error
    assert r"mine\.toml was not used" in error.value
    assert app.session_state["settings"] == Settings()
    assert not app.run().error


def test_the_link_brings_its_settings():
    chosen = {"alert": "0.9", "bins": "width", "features": '{"income":{"warn":0.3}}'}
    app = opened("settings", **chosen)
    assert app.session_state["settings"] == Settings(
        alert=0.9, bins="width", features={"income": {"warn": 0.3}}
    )


def test_a_link_with_impossible_settings_says_so_and_uses_the_defaults():
    app = opened(warn="0.9", alert="much")
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    assert app.session_state["settings"] == Settings()
    assert "settings were not used" in app.warning[0].value


def test_another_tool_s_rule_stands_beside_ours_in_the_detail(app):
    control(app, "compare_as").set_value("azure").run()
    assert "No feature changes its verdict" in texts(app)
    press(app, "Apply")
    app.switch_page("views/overview.py").run()
    assert "As Azure ML computes it" in texts(app)
    assert "JS distance</td>" in texts(app)
    assert not app.exception


def test_the_command_names_the_tables_that_are_compared(app):
    said = [each.value for each in app.code]
    assert "drift compare reference.csv live.csv --settings tideline.toml" in said


def test_a_link_raises_no_limit_of_memory():
    app = opened(reading='{"max_mb":1e9,"live":{"max_mb":1e9,"decimal":","}}')
    assert app.session_state["settings"].reading == Reading(live={"decimal": ","})
