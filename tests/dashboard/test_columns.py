"""The check of the columns, and how a file was read: what does not match is decided by a person."""

import pytest

from core.settings import Settings

from .conftest import opened, settled, texts, upload
from .tables import REFERENCE

ROWS = range(400)
BEFORE = b"customer_age,postcode,fare\n" + b"".join(
    b"%d,%d,%d.5\n" % (20 + i % 50, 1000 + i % 7, i % 90) for i in ROWS
)
AFTER = b"customerAge,postcode,fare,utm\n" + b"".join(
    b"%d,N%d,%d.5,x\n" % (20 + i % 50, 1000 + i % 7, i % 90) for i in ROWS
)


@pytest.fixture
def app():
    app = opened()
    upload(app, "reference", BEFORE)
    upload(app, "live", AFTER)
    return settled(app)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def table(app):
    return next(each for each in app.dataframe if "Treat as" in each.value).value


def test_what_does_not_match_is_shown_before_the_verdict_with_a_guess(app):
    assert "1 of 3 columns match; 2 need a look." in texts(app)
    shown = table(app).set_index("In the reference")
    assert shown.loc["customer_age", ["In live", "Note"]].tolist() == ["customerAge", "renamed?"]
    assert shown.loc["postcode", "Treat as"] == "category"
    assert "Only in live: utm." in texts(app)
    assert not app.exception


def test_the_guesses_are_compared_with_one_click(app):
    press(app, "Compare with these choices")
    settled(app)
    assert "3 of 3 features" not in texts(app)
    assert "1 of 3 features drifted" in texts(app)
    assert "postcode" in texts(app)
    chosen = app.session_state["settings"]
    assert chosen.reading.live.rename == {"customerAge": "customer_age"}
    assert chosen.features["postcode"].kind == "categorical"
    assert Settings.from_toml(chosen.to_toml()) == chosen


def test_another_choice_than_the_guess_counts(app):
    app.session_state["draft-0-columns"] = {
        "edited_rows": {0: {"In live": None, "Treat as": "ignore"}, 1: {"Treat as": "ignore"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    press(app, "Compare with these choices")
    settled(app)
    chosen = app.session_state["settings"]
    assert chosen.reading.live is None or not chosen.reading.live.rename
    ignored = [name for name, own in chosen.features.items() if own.ignore]
    assert len(ignored) == 2


def test_as_it_is_the_verdict_is_incomplete(app):
    press(app, "Leave them as they are")
    assert "Incomplete: 1 column missing on one side (customer_age)" in texts(app)
    assert "2 columns do not match." in texts(app)


def test_matching_columns_are_not_asked_about():
    app = opened()
    upload(app, "reference", REFERENCE)
    upload(app, "live", REFERENCE)
    settled(app)
    assert "No drift found" in texts(app)


def test_bytes_are_held_for_the_check_and_let_go_with_the_verdict(app):
    assert app.session_state["side-live"].source == AFTER
    press(app, "Leave them as they are")
    assert app.session_state["side-live"].source is None
    assert app.session_state["side-reference"].source is None


def test_a_file_that_was_let_go_is_asked_for_again(app):
    press(app, "Leave them as they are")
    app.switch_page("views/start.py").run()
    press(app, "Compare with these choices")
    assert "it needs the rows again" in texts(app)
    app.switch_page("views/overview.py").run()
    assert "Incomplete: 1 column missing on one side" in texts(app)  # as before
    app.switch_page("views/start.py").run()
    upload(app, "reference", BEFORE)
    upload(app, "live", AFTER)
    settled(app)
    assert "1 of 3 features drifted" in texts(app)


def test_how_a_file_was_read_is_said_with_its_first_rows_and_can_be_changed():
    app = opened()
    upload(app, "reference", b"a;b\n" + b"1,5;x\n2,5;y\n" * 100)
    settled(app)
    assert "decimal comma" in app.expander[0].label.replace("\\", "")
    assert list(app.dataframe[0].value.columns) == ["a", "b"]
    app.selectbox(key="draft-0-decimal-reference").set_value(".").run()
    press(app, "Read again so")
    settled(app)
    assert app.session_state["settings"].reading.reference.decimal == "."
    kinds = app.session_state["side-reference"].counted.whole.kinds
    assert kinds["a"] == "categorical"


def test_a_text_that_means_no_value_can_be_named():
    app = opened()
    upload(app, "reference", b"a;b\n" + b"1;x\n2;y\n-999;z\n" * 100)
    settled(app)
    app.multiselect(key="draft-0-missing-reference").set_value(["-999"]).run()
    press(app, "Read again so")
    settled(app)
    assert app.session_state["settings"].reading.reference.missing == ["-999"]
    counts = app.session_state["side-reference"].counted.whole.features["a"]
    assert (counts.missing, counts.minimum) == (100, 1)
