"""Files of the server: only those below the listed folders, after links are resolved."""

import os

import pytest

from dashboard import folders

from .conftest import opened, settled, texts
from .tables import LIVE, REFERENCE


@pytest.fixture
def exports(tmp_path, monkeypatch):
    """List one folder, with a file below it, one outside of it, and links to both."""
    folder = tmp_path / "exports"
    (folder / "june").mkdir(parents=True)
    (folder / "june" / "live.csv").write_bytes(LIVE)
    (folder / "reference.csv").write_bytes(REFERENCE)
    (folder / "notes.docx").write_bytes(b"no table")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "secret.csv").write_bytes(b"a\n1\n")
    (tmp_path / "private.csv").write_bytes(b"a\n1\n")
    (folder / "out.csv").symlink_to(tmp_path / "private.csv")
    (folder / "in.csv").symlink_to(folder / "reference.csv")
    monkeypatch.setenv(folders.VARIABLE, os.pathsep.join([str(folder), str(tmp_path / "none")]))
    return folder


def test_only_tables_below_the_listed_folders_are_offered(exports):
    assert list(folders.offered()) == [
        "exports/in.csv",
        "exports/reference.csv",
        "exports/june/live.csv",
    ]


def test_without_listed_folders_nothing_is_offered(monkeypatch):
    monkeypatch.delenv(folders.VARIABLE, raising=False)
    assert not folders.offered()
    assert "or a file of the server" not in [box.label for box in opened().selectbox]


def test_two_files_of_the_server_are_compared_and_named_in_the_link(exports):
    app = opened()
    app.selectbox(key="place-reference").set_value("exports/reference.csv").run()
    settled(app)
    app.selectbox(key="place-live").set_value("exports/june/live.csv").run()
    settled(app)
    assert "2 of 3 features drifted" in texts(app)
    named = {role: app.query_params[role] for role in ("reference", "live")}
    assert named == {"reference": "exports/reference.csv", "live": "exports/june/live.csv"}


def test_a_link_opens_its_files_again(exports):
    app = opened("overview", reference="exports/reference.csv", live="exports/june/live.csv")
    settled(app)
    assert "2 of 3 features drifted" in texts(app)


@pytest.mark.parametrize(
    "place", ["exports/out.csv", "exports/../private.csv", "/etc/passwd", "exports/gone.csv"]
)
def test_a_link_out_of_the_listed_folders_is_refused_in_a_sentence(exports, place):
    app = opened(reference=place)
    (error,) = app.error
    assert "offers no file" in error.value
    assert not app.get("progress")


def test_a_link_to_the_sample_opens_it_without_a_click():
    app = settled(opened("overview", reference="sample", live="sample"))
    assert "7 of 21 features drifted" in texts(app)


def test_an_upload_after_a_link_is_no_longer_named_in_the_address(exports):
    app = settled(opened(reference="exports/reference.csv"))
    next(box for box in app.file_uploader if box.label == "Reference file").set_value(
        ("mine.csv", REFERENCE, "text/csv")
    )
    app.run()
    settled(app)
    app.run()
    assert "reference" not in app.query_params
