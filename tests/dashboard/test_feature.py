"""The detail of a feature in each state, with its charts, scales and numbers."""

import json

import pytest

from tests.reporting import samples

from .conftest import opened, settled, texts, upload


@pytest.mark.parametrize("feature", samples.every_state(), ids=lambda feature: feature.name)
def test_each_state_has_its_symbol_its_word_and_its_reason(judged, feature):
    app = judged(samples.report(feature), "feature")
    assert feature.name in texts(app)
    assert not app.exception
    assert not app.error
    assert bool(app.get("plotly_chart")) == bool(feature.bins)


def test_the_link_opens_its_feature(judged, sample_report):
    app = judged(sample_report, "feature", feature="carrier")
    assert app.selectbox(key="feature").value == "carrier"


def test_a_link_to_a_feature_that_is_not_there_opens_the_first(judged, sample_report):
    app = judged(sample_report, "feature", feature="nobody")
    assert app.selectbox(key="feature").value == sample_report.features[0].name


def test_without_data_it_leads_to_data():
    app = opened("feature", feature="income")
    assert "Nothing compared yet" in texts(app)


def test_numbers_have_four_views_and_categories_one(judged):
    app = judged(samples.report(samples.rich()), "feature")
    assert len(app.segmented_control) == 1
    for scale in ("Density", "Cumulative", "Share of rows"):
        app.segmented_control[0].set_value(scale).run()
        assert not app.exception
    assert not judged(samples.report(samples.categorical()), "feature").segmented_control


def test_live_beyond_the_reference_is_drawn_over_both_ranges_first():
    app = settled(opened("feature", reference="sample", live="sample", feature="temperature_f"))
    assert app.segmented_control[0].value == "Both ranges"
    assert "Equal bins, for the eye" in texts(app)
    assert len(app.get("plotly_chart")) == 1
    app.segmented_control[0].set_value("Share of rows").run()
    assert len(app.get("plotly_chart")) == 2
    app.selectbox(key="feature").set_value("humidity_pct").run()
    assert app.segmented_control[0].value == "Share of rows"


def test_density_and_cumulative_reach_as_far_as_live_does():
    app = opened()
    upload(app, "reference", b"a\n" + b"".join(b"%d.5\n" % (i % 90) for i in range(600)))
    upload(app, "live", b"a\n" + b"".join(b"%d.5\n" % (900 + i % 90) for i in range(600)))
    settled(app).switch_page("views/feature.py").run()
    for scale in ("Density", "Cumulative"):
        app.segmented_control[0].set_value(scale).run()
        (drawn,) = app.get("plotly_chart")  # the parts are of other bins
        live = next(each for each in json.loads(drawn.proto.spec)["data"] if each["name"] == "live")
        assert max(live["x"]) > 900
    assert app.query_params["chart"] == "Cumulative"


def test_the_link_keeps_the_view_of_the_picture(judged):
    app = judged(samples.report(samples.numeric()), "feature", chart="Cumulative")
    assert app.segmented_control[0].value == "Cumulative"
    app.segmented_control[0].set_value("Density").run()
    app.query_params.clear()  # as the menu does
    app.switch_page("views/overview.py").run()
    assert app.segmented_control[0].value == app.query_params["chart"] == "Density"
    unknown = judged(samples.report(samples.numeric()), "feature", chart="x")
    assert unknown.segmented_control[0].value == "Share of rows"


def test_a_click_on_a_bin_says_its_numbers(judged):
    app = judged(samples.report(samples.numeric()), "feature")
    point = {"customdata": ["above 20", "", "", ""]}
    chosen = {"selection": {"points": [point], "point_indices": [], "box": [], "lasso": []}}
    app.session_state["overlay-Share of rows-temperature_f"] = chosen
    app.run()
    assert "above 20: 0 % → 30 % of rows" in texts(app)


def test_the_bins_that_make_the_divergence_can_be_read(judged):
    app = judged(samples.report(samples.numeric()), "feature")
    assert "bins make" in texts(app)
    assert "<td>above 20</td><td>0 % (0)</td><td>30 % (30)</td>" in texts(app)


def test_charts_have_words_for_those_who_do_not_see_them(judged):
    app = judged(samples.report(samples.rich()), "feature")
    overlay, contributions = app.get("plotly_chart")
    assert "temperature_f: Drift" in overlay.proto.alt
    assert contributions.proto.alt


def test_how_sure_is_explained_where_chance_was_tested(judged):
    tested = judged(samples.report(samples.numeric(p=0.01, q=0.02)), "feature")
    assert "How sure?" in [expander.label for expander in tested.expander]
    fixed = judged(samples.report(samples.numeric()), "feature")
    assert "How sure?" not in [expander.label for expander in fixed.expander]


def test_a_name_of_ten_thousand_letters_is_cut(judged):
    app = judged(samples.report(samples.rich("x" * 10_000)), "feature")
    assert "x" * 200 not in texts(app)
