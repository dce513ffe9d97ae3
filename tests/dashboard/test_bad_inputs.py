"""Bad inputs given to the page: one sentence beside the box, or a result with its warning."""

from html import escape

import pytest

from core.pipeline import check
from core.settings import Settings
from tests.bad_inputs.cases import reference
from tests.bad_inputs.test_refused_formats import REFUSED
from tests.bad_inputs.text_files import CASES

from .conftest import opened, settled, texts, upload

PAGE = [case for case in CASES if case.page]
DAMAGED = [name for name in REFUSED if not name.startswith("C03-bomb")]


def given(app, before, after):
    upload(app, "reference", before)
    settled(app)
    upload(app, "live", after)
    return settled(app)


def plain(markdown):
    return markdown.replace("\\", "")


@pytest.mark.parametrize("case", PAGE, ids=[case.id for case in PAGE])
def test_a_text_file_ends_as_the_table_says(case):
    app = given(opened(), (case.reference or reference)(), case.live())
    assert not app.exception
    if case.answer == "E":
        (error,) = app.error
        said = plain(error.value)
        assert f"{case.role}.csv" in said
        assert "Traceback" not in said
        assert all(word in said for word in case.words)
        upload(app, case.role, reference(), "sound.csv")
        assert not settled(app).error
        return
    assert not app.error
    assert "live.csv" in texts(app)
    if case.answer == "W":
        report = check((case.reference or reference)(), case.live(), Settings())
        (said, *_) = [w.message for w in report.warnings if w.code == case.code]
        assert escape(said)[:40] in texts(app)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_one_sentence_and_the_page_stays_usable(name):
    app = opened()
    upload(app, "reference", REFUSED[name][1](), "damaged.csv")
    settled(app)
    assert not app.exception
    (error,) = app.error
    assert "damaged.csv" in plain(error.value)
    upload(app, "reference", reference())
    assert not settled(app).error


def test_a_file_over_the_limit_is_refused_with_the_way_out():
    app = opened()
    app.session_state["settings"] = Settings.from_toml("[reading]\nmax_mb = 0.001\n")
    upload(app, "reference", reference())
    settled(app)
    (error,) = app.error
    assert "max_mb" in plain(error.value)
    assert "drift profile" in plain(error.value)
