"""The start page in each state: empty, waiting, reading, read, refused, cancelled, compared."""

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from dashboard.jobs import Job
from dashboard.state import sides

from .conftest import opened, settled, texts, upload
from .tables import CONTROL, LIVE, REFERENCE


def test_the_empty_page_asks_for_two_files_or_the_sample():
    app = opened()
    assert "Has my data changed?" in texts(app)
    assert len(app.file_uploader) == 2
    assert [button.label for button in app.button] == ["Try the sample data"]
    assert not app.exception
    assert not app.error


def test_two_uploads_lead_to_the_verdict_without_another_click():
    app = opened()
    upload(app, "reference", REFERENCE)
    settled(app)
    assert "✓ reference.csv, 600 rows" in texts(app)
    upload(app, "live", LIVE)
    settled(app)
    assert "2 of 3 features drifted" in texts(app)


def test_the_sample_leads_to_the_verdict_with_one_click():
    app = opened()
    app.button[0].click().run()
    settled(app)
    assert "drifted" in texts(app)
    assert "flights_live.csv" in texts(app)


def test_live_waits_for_the_reference():
    app = opened()
    upload(app, "live", LIVE)
    assert "live.csv waits for the reference." in texts(app)
    upload(app, "reference", REFERENCE)
    settled(app)
    assert "2 of 3 features drifted" in texts(app)


def test_a_job_shows_its_progress_and_can_be_cancelled():
    app = opened()
    job = Job("big.csv", share=0.4)
    app.session_state["side-reference"] = sides.Side(job=job)
    app.run()
    assert app.get("progress")[0].text == r"Reading big\.csv\: 40 \%"
    app.button(key="cancel-reference").click().run()
    assert job.cancelled.is_set()
    assert len(app.file_uploader) == 2


def test_a_job_in_the_queue_says_that_it_waits():
    app = opened()
    app.session_state["side-reference"] = sides.Side(job=Job("big.csv"))
    app.run()
    assert "waits for other files" in app.get("progress")[0].text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"<!doctype html><html><body>Sign in</body></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "picture"),
        (b"a,b\n1,2\n", None),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_beside_its_box(content, words):
    app = opened()
    upload(app, "reference", content, "broken.csv")
    settled(app)
    assert not app.exception
    if words is None:
        assert not app.error
        return
    (error,) = app.error
    assert "broken" in error.value
    assert words in error.value
    assert "Traceback" not in error.value
    upload(app, "reference", REFERENCE)
    settled(app)
    assert not app.error


def test_the_name_of_a_file_is_a_label_and_nothing_else():
    app = opened()
    upload(app, "reference", b"", "../../![](http://host/pixel).csv")
    settled(app)
    (error,) = app.error
    assert r"\!\[\]\(" in error.value


def test_the_bytes_of_an_upload_are_let_go(monkeypatch):
    removed = []
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda *names: removed.append(names)
    )
    app = opened()
    upload(app, "reference", REFERENCE)
    assert len(removed) == 1
    settled(app)
    held = app.session_state["side-reference"]
    assert (held.task, held.job) == (None, None)
    assert not app.file_uploader[0].value
    assert held.counted.whole.source.rows_read == 600


def test_another_live_file_is_judged_against_the_same_reference():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    app.switch_page("views/start.py").run()
    upload(app, "live", CONTROL, "control.csv")
    settled(app)
    assert "No drift found in 3 features" in texts(app)
    assert "control.csv" in texts(app)


def test_the_start_stays_open_after_a_pair_was_given_elsewhere():
    app = opened("overview")
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    app.switch_page("views/start.py").run()
    assert "Has my data changed?" in texts(app)


def test_a_reference_of_other_kinds_asks_for_the_live_file_again():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    app.switch_page("views/start.py").run()
    upload(app, "reference", b"income\n" + b"high\nlow\n" * 50)
    settled(app)
    assert "Upload it again" in app.error[0].value


def test_another_reference_of_the_same_kinds_needs_no_live_file():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", LIVE)
    settled(app)
    app.switch_page("views/start.py").run()
    upload(app, "reference", CONTROL, "later.csv")
    settled(app)
    assert "later.csv" in texts(app)
    assert "2 of 3 features drifted" in texts(app)


def test_a_saved_profile_serves_as_reference():
    app = opened()
    upload(app, "reference", REFERENCE)
    settled(app)
    saved = app.session_state["side-reference"].counted.whole.to_bytes()
    other = opened()
    upload(other, "reference", saved, "reference.profile")
    upload(other, "live", LIVE)
    settled(other)
    assert "2 of 3 features drifted" in texts(other)


def test_two_sessions_share_nothing():
    mine, theirs = opened(), opened()
    upload(mine, "reference", REFERENCE)
    upload(mine, "live", LIVE)
    settled(mine)
    theirs.switch_page("views/overview.py").run()
    assert "Nothing compared yet" in texts(theirs)
