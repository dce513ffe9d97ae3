"""The app as AppTest runs it: the same script, the same worker processes, no browser."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.state import answers, sides
from tests.reporting import samples

PROFILE = SimpleNamespace(
    source=SimpleNamespace(name="table.csv", rows_read=8000, form=""),
    kinds={},
    to_bytes=lambda: b"counts",
)
COUNTED = SimpleNamespace(whole=PROFILE, windows={})
APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def opened(view="start", **query):
    """Open a view, the link's choices included."""
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(query)
    app.run()
    return app if view == "start" else app.switch_page(f"views/{view}.py").run()


def upload(app, role, content, name=None):
    """Give a file to the uploader of `role`, whose key changes with every file."""
    uploader = next(each for each in app.file_uploader if each.label == f"{role.title()} file")
    uploader.set_value((name or f"{role}.csv", content, "text/csv"))
    return app.run()


def is_counting(app):
    """Tell whether a table is being counted, or about to be."""
    held = (app.session_state[f"side-{role}"] for role in sides.ROLES)
    reference, live = held
    return reference.job or live.job or (live.task and reference.counted)


def settled(app, seconds=30):
    """Run the script, as the browser's timer does, until no table is being counted."""
    deadline = time.monotonic() + seconds
    while app.get("progress") or is_counting(app):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        app.run()
    return app


def texts(app):
    """Give all that is written on the page, markup included."""
    return "\n".join(element.body for element in app.html)


@pytest.fixture
def judged(monkeypatch):
    """Open a view on a report made by hand."""

    def open_on(report, view="overview", **query):
        monkeypatch.setattr(answers, "measure_between", lambda *_, **__: ())
        monkeypatch.setattr(answers, "judge_between", lambda *_, **__: report)
        app = opened(**query)
        for role in sides.ROLES:
            app.session_state[f"side-{role}"] = sides.Side(counted=COUNTED)
        return app.switch_page(f"views/{view}.py").run()

    return open_on


@pytest.fixture
def sample_report():
    return samples.report()
