"""Scheduled runs on the page: alive or overdue, and the windows they have kept."""

import pytest

from core.scheduling.checks import check
from dashboard import schedules
from tests.scheduling.samples import NOW, job, load

from .conftest import opened, settled, texts
from .test_timeline import cut


@pytest.fixture
def settings(tmp_path, monkeypatch):
    path = job(tmp_path, days=14, moved=range(8, 14))
    monkeypatch.setenv(schedules.VARIABLE, str(path))
    return path


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_a_job_that_never_ran_is_said_in_the_colour_of_an_alert(settings):
    app = opened()
    assert "Scheduled run: orders" in texts(app)
    assert "overdue" in texts(app)
    assert "no run ever succeeded, expected every" in texts(app)
    assert next(button for button in app.button if button.label == "Look at its windows").disabled
    assert not app.exception


def test_what_a_job_has_kept_is_looked_at_like_any_table(settings):
    check(load(settings), now=NOW)
    app = opened()
    press(app, "Look at its windows")
    settled(app)
    assert "history of orders (14 000 rows)" in texts(app).replace("\u202f", " ")
    assert app.query_params["live"] == "history:orders"
    cut(app.switch_page("views/timeline.py").run())
    assert "amount: Drift" in texts(app)
    assert "2026-03-10" in texts(app)


def test_a_link_opens_a_history(settings):
    check(load(settings), now=NOW)
    place = dict.fromkeys(("reference", "live"), "history:orders")
    app = settled(opened("overview", **place))
    assert "features drifted" in texts(app)


def test_a_link_to_a_run_that_is_not_shown_says_so(settings):
    (error,) = opened(live="history:nobody").error
    assert "shows no history:nobody" in error.value.replace("\\", "")


def test_a_schedule_with_faults_is_one_sentence(settings):
    settings.write_text("[referense]\nsource = 1\n")
    (error,) = opened().error
    assert "referense" in error.value
