import pytest

from core.deciding.reports import State
from core.reporting.certainty import chance, how_sure, interval, size, smallest_visible

from .samples import numeric, report

WEIGHED = {
    "n": 10_000,
    "m": 500,
    "js_distance": 0.27,
    "js_distance_corrected": 0.25,
    "interval": (0.2, 0.3),
    "p": 1e-4,
    "q": 0.002,
    "smallest_visible": 0.11,
}


def said(**changes):
    return " ".join(how_sure(numeric(**{**WEIGHED, **changes})))


def test_the_headline_number_is_the_one_without_bias_where_it_is_known():
    assert size(numeric(**WEIGHED)) == 0.25
    assert size(numeric(js_distance=0.27)) == 0.27


def test_size_and_certainty_are_explained_together():
    words = said(location=9.0, scale=-1.0)
    assert "500 live rows against 10\u202f000 reference rows" in words
    assert "between 0.200 and 0.300" in words
    assert "0.020 larger" in words
    assert "about once in 10\u202f000 comparisons of one feature (p)" in words
    assert "at this q (0.002) or below" in words
    assert "Live values are higher, beyond chance." in words
    assert "JS distance of 0.110 four times in five" in words


@pytest.mark.parametrize(
    ("z", "words"),
    [
        ({"location": -9.0}, "Live values are lower,"),
        ({"scale": 9.0}, "Live values are more spread out,"),
        ({"location": 9.0, "scale": -9.0}, "higher and closer together,"),
        ({"location": 2.0, "scale": -2.0}, None),
    ],
)
def test_a_trend_is_named_only_beyond_chance(z, words):
    assert words in said(**z) if words else "Live values are" not in said(**z)


def test_a_tiny_p_is_less_than_once_in_a_billion():
    assert "less than once in a billion comparisons" in said(p=1e-13, q=1e-12)
    assert chance(1e-12) == "<1e-9"


@pytest.mark.parametrize("state", [State.STABLE, State.INSUFFICIENT])
def test_what_is_not_certain_is_nothing_unusual(state):
    assert "nothing unusual without drift (q = 0.4)" in said(state=state, q=0.4)


def test_fixed_thresholds_say_nothing_of_chance():
    assert how_sure(numeric()) == ()
    assert (interval(numeric()), chance(None)) == ("", "")


def test_the_smallest_visible_drift_is_that_of_the_weakest_feature():
    features = [numeric("a", smallest_visible=0.1), numeric("b", smallest_visible=0.3)]
    assert smallest_visible(report(*features)) == 0.3
    assert smallest_visible(report(numeric())) is None
