"""What is asked for where a setting is refused, in sentences."""

import pytest

from core.schedules import Schedule
from core.settings import BadSettings, Settings

RULES = "it must be 'quantile', 'width' or 'blocks', or a list"
SENTENCES = {
    # Numbers: both bounds, one of them, and what is no number.
    "bin_count = -3": "'bin_count' (-3): it must be from 2 to 1000.",
    "bin_count = 1001": "'bin_count' (1001): it must be from 2 to 1000.",
    "alpha = 1": "'alpha' (1): it must be greater than 0 and less than 1.",
    "warn = -0.5": "'warn' (-0.5): it must be at least 0.",
    "[features.a]\nwarn = -1": "'features.a.warn' (-1): it must be at least 0.",
    "[features.a]\nweight = 0": "'features.a.weight' (0): it must be greater than 0.",
    "[reading]\nheader = 0": "'reading.header' (0): it must be from 1 to 10000 or 'none'.",
    "[reading]\nsheet = 0": "'reading.sheet' (0): it must be at least 1 or a text.",
    "smoothing = { epsilon = 1 }": (
        "'smoothing': it must be a number of at least 0 or a table whose epsilon is at most 0.1."
    ),
    "smoothing = {}": "'smoothing': it must be a number of at least 0 or a table with epsilon.",
    'warn = "much"': "'warn' ('much'): it must be a number of at least 0.",
    "alert = inf": "'alert' (inf): it must be a finite number of at least 0.",
    'alpha = "x"': "'alpha' ('x'): it must be a number greater than 0 and less than 1.",
    "bin_count = 2.5": "'bin_count' (2.5): it must be a whole number from 2 to 1000.",
    # Choices, and what is of another kind.
    'policy = "x"': "'policy' ('x'): it must be 'calibrated' or 'fixed'.",
    "base = 3": "'base' (3): it must be 2 or 'e'.",
    'categories = "al"': "'categories' ('al'): it must be a whole number from 1 to 10000 or 'all'.",
    "bins = 3": f"'bins' (3): {RULES}.",
    "bins = []": f"'bins' ([]): {RULES} of at least 1 item.",
    'bins = ["a"]': f"'bins' (['a']): {RULES}, each item a number.",
    'pairs = [["a"]]': (
        "'pairs' ([['a']]): it must be 'none' or 'all', or a list, "
        "each item a list of at least 2 items."
    ),
    "predictions = [3]": "'predictions' (3): it must be a list, each item a text.",
    "reading = 3": "'reading' (3): it must be a table.",
    "[between]\nsame_hours = 3": "'between.same_hours' (3): it must be true or false.",
    'every = "5x"': "'every' ('5x'): it must be a number and a unit, such as 6h, 30d, 2w, 1mo.",
    '[reading]\nthousands = "ab"': (
        "'reading.thousands' ('ab'): it must be a text of at most 1 letter."
    ),
    # Sentences of ours.
    '[reading]\nquote = "ab"': (
        "'reading.quote' ('ab'): it must be one letter of ASCII, no line end, or 'none'."
    ),
    '[between]\nsame_hours = true\nevery = "1w"': (
        "'between': same_hours needs windows of hours or days."
    ),
}


@pytest.mark.parametrize("text", SENTENCES)
def test_a_refused_setting_says_what_is_asked_for(text):
    with pytest.raises(BadSettings) as caught:
        Settings.from_toml(text)
    assert caught.value.faults == [("bad_setting", f"Bad setting {SENTENCES[text]}")]


def test_a_refused_setting_of_the_scheduled_run_says_what_is_asked_for(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'dataset = ""\n[reference]\nsource = "a.csv"\n[live]\nsource = []\n'
        '[notify]\nper_day = 0\n[windows]\nzone = "X"\n'
    )
    with pytest.raises(BadSettings) as caught:
        Schedule.load(path)
    assert {sentence for _, sentence in caught.value.faults} == {
        "Bad setting 'dataset' (''): it must be a text of at least 1 letter.",
        "Bad setting 'live.source' ([]): it must be a text or a list of at least 1 item.",
        "Bad setting 'notify.per_day' (0): it must be from 1 to 1000.",
        "Bad setting 'windows.zone' ('X'): no time zone known here; write UTC, or Europe/Oslo.",
    }
