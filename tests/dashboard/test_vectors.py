"""Vectors on the page: named in the settings, counted again, shown with their directions."""

import random

import pytest

from core.settings import Settings
from dashboard import vectors
from tests.reporting import samples
from tests.reporting.test_vectors import vector

from .conftest import opened, settled, texts, upload


def csv(shift, seed):
    draw = random.Random(seed)  # noqa: S311 (a sample, no secret)
    lines = [f"{draw.gauss(shift, 1)},{draw.gauss(0, 1)}" for _ in range(500)]
    return "\n".join(["z0,z1", *lines]).encode()


def test_the_overview_shows_vectors_with_their_directions(judged):
    app = judged(samples.report(vectors=(vector(), vector("calm"))))
    assert "the mean moved 1.25 sd along +z0, −z1" in texts(app)
    assert r"latent\: directions and measures" in [each.label for each in app.expander]
    assert not app.exception


def test_without_vectors_nothing_is_shown(judged):
    assert '<h2 class="">Vectors</h2>' not in texts(judged(samples.report()))


def test_names_are_text(judged):
    app = judged(samples.report(vectors=(vector(samples.EVIL, reason=samples.EVIL),)))
    assert samples.EVIL not in texts(app)


def test_a_vector_named_in_the_settings_is_counted_and_judged():
    app = opened()
    upload(app, "reference", csv(0, 1))
    upload(app, "live", csv(1, 2))
    settled(app)
    app.switch_page("views/settings.py").run()
    app.text_area[0].set_value("latent = z0, z1").run()
    next(button for button in app.button if button.label == "Apply").click().run()
    assert "not applied yet" in texts(app)  # uploads were let go
    app.switch_page("views/start.py").run()
    for role, shift in (("reference", 0), ("live", 1)):
        upload(app, role, csv(shift, shift + 1))
    settled(app)
    assert app.session_state["settings"] == Settings.of({"vectors": {"latent": ["z0", "z1"]}})
    app.switch_page("views/overview.py").run()
    assert "1 vector: latent drifted." in texts(app)


@pytest.mark.parametrize("columns", [["a", "b"], ["a,b", "c"], [" a"]])
def test_what_is_written_into_the_field_is_read_back(columns):
    assert vectors.read(vectors.written(columns)) == columns


def test_what_is_no_list_is_left_to_the_settings():
    assert vectors.read("[1, 2") == "[1, 2"
