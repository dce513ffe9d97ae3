import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting.words import (
    change,
    count,
    cut,
    distinct,
    grouped,
    length,
    percent,
    percent_change,
    quantity,
    score,
    shift,
    short,
    visible,
)

JULY = datetime(2013, 7, 14, 8, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (-0.0, "0"),
        (37, "37"),
        (1013.2, "1013"),
        (9999.7, "10k"),
        (41_237, "41.2k"),
        (999_999, "1M"),
        (2_500_000, "2.5M"),
        (-71_000, "-71k"),
        (3.2e-9, "3.2e-9"),
        (0.0417, "0.0417"),
        (1e300, "1e300"),
    ],
)
def test_numbers_are_short(value, words):
    assert short(value) == words


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_at_most_ten_characters(value):
    assert len(short(value)) <= 10


@given(st.floats(min_value=0, max_value=1))
def test_few_rows_are_never_none_and_never_all(share):
    assert (percent(share) == "0 %") == (share == 0)
    assert (percent(share) == "100 %") == (share == 1)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.002, 0.064, "0.2 % → 6.4 %"),
        (0.4121, 0.4138, "41.2 % → 41.4 %"),
        (0.3, 0.3, "30 %"),
        (0, 0.00001, "0 % → <0.01 %"),
    ],
)
def test_shares_have_the_digits_that_tell_them_apart(before, after, words):
    assert percent_change(before, after) == words


@given(st.lists(st.integers(-1000, 1000), min_size=1, unique=True))
def test_different_values_have_different_words(values):
    assert len(set(distinct([float(value) for value in values]))) == len(values)


def test_times_are_dates_as_fine_as_needed():
    assert quantity(JULY, "datetime") == "2013-07-14"
    assert change(JULY, JULY + 86_400, "datetime") == "2013-07-14 → 2013-07-15"
    assert change(JULY, JULY + 60, "datetime") == "2013-07-14 08:30 → 2013-07-14 08:31"
    assert change(JULY, JULY + 1, "datetime") == "2013-07-14 08:30:00 → 2013-07-14 08:30:01"


@pytest.mark.parametrize("seconds", [1e18, -1e18, 1e308])
def test_times_beyond_the_calendar_are_numbers(seconds):
    assert quantity(seconds, "datetime") == short(seconds)


def test_equal_values_are_written_once():
    assert change(37, 37) == "37"
    assert change(37, math.nextafter(37, 40)) == "37"


def test_differences_bear_their_sign_and_times_their_span():
    assert shift(41_000, 47_000) == "+6000"
    assert shift(37, 36.5) == "-0.5"
    assert shift(1, 1) == "0"
    assert shift(0, -15 * 86_400, "datetime") == "-15 d"
    assert length(0.5, "datetime") == "0.5 s"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.37124, "0.371"), (0, "0"), (2e-5, "<0.001"), ("infinite", "infinite"), (None, "–")],
)
def test_scores_have_three_decimals(value, words):
    assert score(value) == words


@given(st.text())
def test_nothing_visible_acts_on_a_terminal(text):
    assert all(letter.isprintable() or letter in "\u200c\u200d\u202f" for letter in visible(text))
    assert visible(visible(text)) == visible(text)


def test_controls_are_written_as_escapes():
    assert visible("\x1b[31m") == r"\x1b[31m"
    assert visible("a\r\nb") == r"a\r\nb"
    assert visible("\u202etxt.exe") == r"\u202etxt.exe"


def test_words_of_every_script_and_emoji_stay():
    assert visible("温度 👩\u200d🚀 é") == "温度 👩\u200d🚀 é"


def test_long_names_are_cut():
    assert cut("x" * 10_000) == "x" * 39 + "…"
    assert cut("x" * 40) == "x" * 40


def test_counts_agree_with_their_nouns():
    assert count(1, "row") == "1 row"
    assert count(0, "row") == "0 rows"
    assert grouped(1_234_567) == "1\u202f234\u202f567"
