"""The page over time: no windows, windows being counted, judged, opened, and any two compared."""

import time
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from dashboard.jobs import Job
from dashboard.state import timelines

from .conftest import opened, settled, texts, upload
from .tables import LIVE, REFERENCE


def days(shift, count=28, rows=60, first=1):
    """Make a table with a row every 24 minutes; `shift` tells a day's values by its number."""
    lines = ["when,size,kind"]
    for day in range(count):
        for row in range(rows):
            minutes = row * 24
            stamp = f"2026-03-{first + day:02d}T{minutes // 60:02d}:{minutes % 60:02d}:00"
            value = (row * 37 % rows) / rows + shift(day)
            lines.append(f"{stamp},{value:.4f},{'ab'[row % 2]}")
    return "\n".join(lines).encode()


STILL = days(lambda _: 0.0)
MOVED = days(lambda day: 3.0 * (day >= 14))


def cut(app, seconds=30):
    """Run the script until the windows are counted."""
    deadline = time.monotonic() + seconds
    while "windows are being" in texts(app):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        app.run()
    return app


@pytest.fixture
def app():
    app = opened()
    upload(app, "reference", STILL)
    upload(app, "live", MOVED)
    settled(app)
    return cut(app.switch_page("views/timeline.py").run())


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def chosen(app, key):
    return next(each for each in app.selectbox if each.key == key)


def test_without_a_time_column_it_says_why_there_are_no_windows():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    app.switch_page("views/timeline.py").run()
    assert "Live has no windows" in texts(app)
    assert not app.exception


def test_of_several_time_columns_one_is_chosen():
    rows = [line.split(",", 1) for line in MOVED.decode().splitlines()]
    both = "\n".join(
        f"{when},{'sent' if i == 0 else when},{rest}" for i, (when, rest) in enumerate(rows)
    )
    app = opened()
    for role in ("reference", "live"):
        upload(app, role, both.encode())
    settled(app).switch_page("views/timeline.py").run()
    assert "Several columns hold times" in texts(app)
    next(each for each in app.selectbox if each.label == "Time column").set_value("when").run()
    assert "The last choice is not applied yet" in texts(app)  # uploads were let go
    app.switch_page("views/start.py").run()
    for role in ("reference", "live"):
        upload(app, role, both.encode())
    cut(settled(app).switch_page("views/timeline.py").run())
    assert next(each for each in app.selectbox if each.label == "Time column").value == "when"
    assert chosen(app, "window-1d").options
    assert not app.exception


def test_what_has_no_windows_says_so_once_a_time_column_is_chosen(app):
    app.session_state["settings"] = Settings(time_column="when")
    live = app.session_state["side-live"].counted
    kinds = {"when": "datetime", "sent": "datetime", "size": "numeric"}
    profile = type(live)(replace(live.whole, kinds=kinds))
    app.session_state["side-live"].counted = profile
    app.run()
    assert next(each for each in app.selectbox if each.label == "Time column").value == "when"
    assert "A saved profile has no windows" in texts(app)
    app.session_state["side-live"].place = "history:orders"
    app.run()
    assert not app.selectbox


def test_many_windows_are_judged_only_when_asked_for(app, monkeypatch):
    app.session_state["settings"] = Settings(bin_count=10)
    assert "Trend" in app.switch_page("views/overview.py").run().dataframe[0].value
    monkeypatch.setattr(timelines, "_UNASKED", 50)
    assert "Trend" not in app.run().dataframe[0].value
    cut(app.switch_page("views/timeline.py").run())
    assert app.switch_page("views/overview.py").run().dataframe[0].value["Trend"].notna().any()


def test_the_overview_has_the_course_of_each_feature_once_it_is_known(app):
    app.switch_page("views/overview.py").run()
    table = app.dataframe[0].value.set_index("Feature")
    course = list(table["Trend"]["size"])
    assert len(course) == 28
    assert max(course[:14]) < 0.1
    assert min(course[14:]) > 0.5
    assert "Over time: Drift since 2026-03-15" in texts(app)
    app.session_state["settings"] = Settings(bin_count=10)  # nobody has asked for those yet
    app.run()
    assert app.dataframe[0].value["Trend"].isna().all()
    assert "Over time: Drift since" not in texts(app)


def test_windows_being_counted_are_waited_for(app):
    app.session_state["side-live"].cutting = Job("live.csv", share=0.4)
    app.session_state["side-live"].counted = type(app.session_state["side-live"].counted)(
        app.session_state["side-live"].counted.whole
    )
    app.run()
    assert "windows are being counted" in texts(app)
    assert len(app.get("progress")) == 1


def test_windows_of_the_reference_that_are_counted_last_are_taken_in(app):
    def asks_as_a_timer_does():
        import streamlit as st  # noqa: PLC0415 (the body alone is run)

        from dashboard.state import sides  # noqa: PLC0415

        st.text(str(sides.is_being_cut("reference")))

    held = app.session_state["side-reference"]
    held.cutting = Job("reference.csv", share=1.0, result=held.counted)
    timer = AppTest.from_function(asks_as_a_timer_does)
    timer.session_state["side-reference"] = held
    assert timer.run().text[0].value == "False"


def test_since_when_a_feature_drifted_is_said_in_words(app):
    assert "1 of 2 features drifted in some window." in texts(app)
    assert "2026-03-15" in texts(app)
    assert len(app.get("plotly_chart")) == 2
    assert not app.exception
    assert not app.error


def test_windows_can_be_longer_and_held_against_those_before(app):
    cut(app.segmented_control[0].set_value("1w").run())
    assert chosen(app, "window-1w").label == "Window (week)"
    cut(chosen(app, "against").set_value("previous").run())
    assert not app.exception
    assert not app.error


def test_a_window_is_one_click_from_its_overlay(app):
    chosen(app, "window-1d").set_value("2026-03-20").run()
    press(app, "Open this window")
    assert "size: drift" in texts(app)
    between = app.session_state["settings"].between
    assert between.span("live")[0].isoformat() == "2026-03-20T00:00:00+00:00"
    press(app, "Whole tables")
    assert app.session_state["settings"] == Settings()


@pytest.mark.parametrize(
    ("rule", "reference", "hours"),
    [
        ("previous", "2026-03-19T00:00:00+00:00/2026-03-20T00:00:00+00:00", False),
        ("trailing", "2026-03-01T00:00:00+00:00/2026-03-20T00:00:00+00:00", False),
        ("season", "2026-03-06T00:00:00+00:00/2026-03-14T00:00:00+00:00", True),
    ],
)
def test_a_window_is_opened_against_what_it_was_held_against(app, rule, reference, hours):
    cut(chosen(app, "against").set_value(rule).run())
    chosen(app, "window-1d").set_value("2026-03-20").run()
    said = next(each for each in chosen(app, "window-1d").options if each.startswith("2026-03-20"))
    press(app, "Open this window")
    between = app.session_state["settings"].between
    assert (between.reference, between.same_hours) == (reference, hours)
    assert app.query_params["reference_from"] == "live"
    symbol = said.split(": ")[1][0]
    assert f"{symbol} size: " in texts(app)  # the same state as in the line
    assert not app.exception


def test_a_click_on_a_cell_chooses_window_and_feature(app):
    point = {"customdata": ["2026-03-03T00:00:00+00:00", "kind", "", "", "", ""]}
    picked = {"selection": {"points": [point], "point_indices": [], "box": [], "lasso": []}}
    app.session_state["heatmap-0-0"] = picked
    app.run()
    assert chosen(app, "window-1d").value == "2026-03-03"
    assert chosen(app, "feature").value == "kind"


def test_any_two_windows_of_one_table_are_compared(app):
    chosen(app, "pair-table-reference").set_value("live").run()
    for role, first, last in (("reference", 1, 7), ("live", 8, 14)):
        chosen(app, f"pair-first-{role}-live").set_value(date(2026, 3, first)).run()
        chosen(app, f"pair-last-{role}-live").set_value(date(2026, 3, last)).run()
    app.toggle(key="same-hours").set_value(True).run()
    press(app, "Compare these")
    app.switch_page("views/overview.py").run()
    assert "No drift found in 2 features" in texts(app)
    assert "live.csv (2026-03-08 up to 2026-03-15, 420 rows)" in texts(app)
    assert "live.csv (2026-03-01 up to 2026-03-08, 420 rows)" in texts(app)
    assert app.query_params["reference_from"] == "live"


def test_another_table_is_compared_as_a_whole_again(app):
    press(app, "Compare these")
    app.switch_page("views/start.py").run()
    upload(app, "live", STILL, "later.csv")
    settled(app)
    assert app.session_state["settings"].between is None


def test_the_settings_say_how_often_the_windows_would_have_cried(app):
    cut(app.switch_page("views/settings.py").run())
    assert "In 28 windows of live: " in texts(app)
    assert "3.5 alarms a week. On average no more than 0.18 of these are chance." in texts(app)
    next(each for each in app.slider if "alert" in each.key).set_value(1.0).run()
    next(each for each in app.slider if "warn" in each.key).set_value(0.98).run()
    assert "0 alarms a week (now 3.5)" in texts(app)


def test_a_link_restores_the_windows_and_what_they_are_held_against():
    link = {"reference": "sample", "live": "sample", "against": "The window before"}
    app = cut(settled(opened("timeline", **link, **{"window-length": "week"})))
    assert chosen(app, "against").value == "previous"
    length = next(each for each in app.get("button_group") if each.label == "Window")
    assert length.value == "1w"
