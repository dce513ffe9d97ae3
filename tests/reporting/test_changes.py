import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from core.deciding.reports import Category, Quantile, Sides, Summary
from core.reporting.changes import changes, divergence

from .samples import EVIL, categorical, every_state, numeric, rich


def words(feature):
    return [change.words for change in changes(feature)]


def quantiles(**by_quarter):
    places = {"low": 0.25, "middle": 0.5, "high": 0.75}
    return Summary(
        quantiles=tuple(
            Quantile(p=places[key], reference=a, live=b) for key, (a, b) in by_quarter.items()
        )
    )


def test_a_moved_median_is_told_in_the_features_unit():
    assert words(rich())[1] == "median 9.5 → 18"


def test_a_moved_median_of_times_is_told_as_dates():
    summary = quantiles(middle=(10.0, 20.0 * 86_400))
    feature = numeric(kind="datetime", summary=summary)
    assert words(feature)[0] == "median 1970-01-01 → 1970-01-21"


def test_wider_data_are_told_by_their_middle_half():
    feature = numeric(
        reference=(0, 500, 500, 0),
        live=(150, 350, 350, 150),
        summary=quantiles(low=(1, -6), high=(19, 26)),
    )
    assert "width of the middle half 18 → 32" in words(feature)


def test_a_mere_shift_is_not_called_wider():
    feature = numeric(live=(0, 0, 50, 50), summary=quantiles(low=(5, 12), high=(15, 22.1)))
    assert not any("middle half" in each for each in words(feature))


def test_a_new_and_a_vanished_value_are_named_with_their_shares():
    assert words(categorical()) == [
        'new value "WN" (30 % of live rows)',
        'vanished value "DL" (20 % of reference rows)',
    ]


def test_many_new_values_are_counted_and_those_not_listed_are_not_claimed():
    new = tuple(Category(label=f"n{i}", rows=10 - i) for i in range(3))
    feature = categorical(live=(40, 33, 0, 27), summary=Summary(new=new, new_count=9))
    assert words(feature)[0] == ('9 new values (at least 33 % of live rows; most "n0", 10 %)')


def test_more_missing_values_are_told():
    feature = rich(missing=Sides(reference=0.002, live=0.5))
    assert "missing 0.2 % → 50 %" in words(feature)


def test_missing_values_that_are_not_compared_say_so():
    feature = numeric(missing=Sides(reference=0.002, live=0.9))
    assert "missing 0.2 % → 90 % (not compared)" in words(feature)


@pytest.mark.parametrize(
    ("low", "high", "where"),
    [
        ((0.0, 5.0), (40.0, 70.0), "above the reference's maximum 40"),
        ((0.0, -5.0), (40.0, 40.0), "below the reference's minimum 0"),
        ((0.0, -5.0), (40.0, 70.0), "outside the reference's range (0 to 40)"),
    ],
)
def test_values_out_of_the_range_are_told_by_their_side(low, high, where):
    summary = Summary(
        minimum=Sides(reference=low[0], live=low[1]),
        maximum=Sides(reference=high[0], live=high[1]),
        outside=40,
    )
    assert words(numeric(summary=summary))[0] == f"40 % of live rows {where}"


def test_a_tail_is_told_by_its_share():
    feature = numeric(reference=(0, 10, 90, 0), live=(0, 30, 70, 0))
    assert words(feature)[0] == "share below 10: 10 % → 30 %"


def test_the_share_behind_a_single_value_leaves_that_value_out():
    feature = rich(summary=Summary(), missing=Sides(reference=None, live=None))
    tail = next(each for each in words(feature) if each.startswith("share"))
    assert tail == "share of values from 20 up: 16 % → 42 %"  # some are missing
    zeros = rich(
        bins=tuple(
            each.model_copy(update={"live": 5, "reference": 900 if each.label == "0" else 10})
            for each in rich().bins
            if each.label in {"0", "0 to 10"}
        ),
        n=910,
        m=10,
        summary=Summary(),
    )
    assert words(zeros) == ["value 0: 98.9 % → 50 %", "share above 0: 1.1 % → 50 %"]


def test_a_change_of_shape_alone_is_told_as_a_run_of_values():
    feature = numeric(reference=(25, 25, 25, 25), live=(10, 25, 55, 10))
    assert words(feature)[0] == "values from 10 to 20 gained 30 points (25 % → 55 %)"


def test_a_single_value_is_told_by_its_label():
    feature = rich(summary=Summary(), missing=Sides(reference=None, live=None))
    assert "value 0: 20 % → 10 %" in words(feature)


@pytest.mark.parametrize("feature", every_state(), ids=lambda feature: feature.name)
def test_the_strongest_change_leads(feature):
    bits = [change.bits for change in changes(feature)]
    assert bits == sorted(bits, reverse=True)
    assert all(0 < each <= 1 for each in bits)


@pytest.mark.parametrize("feature", every_state(), ids=lambda feature: feature.name)
def test_no_phrase_carries_more_than_the_feature_diverges(feature):
    assert all(change.bits <= (feature.jsd_bits or 0) + 1e-12 for change in changes(feature))


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_divergence_of_two_shares_is_that_of_two_bins(before, after):
    expected = jensenshannon([before, 1 - before], [after, 1 - after], base=2) ** 2
    assert divergence(before, after) == pytest.approx(expected, abs=1e-9)


def test_equal_sides_have_no_change():
    assert changes(numeric(reference=(0, 5, 5, 0), live=(0, 50, 50, 0))) == ()


def test_an_empty_side_has_no_change():
    assert changes(numeric(live=(0, 0, 0, 0))) == ()


def test_names_from_data_are_cut_and_visible():
    label = "\x1b[2J" + "x" * 100
    feature = categorical(labels=("UA", "B6", label))
    assert r"\x1b[2Jxxx" in words(feature)[1]
    assert len(words(feature)[1]) < 100
    assert EVIL in words(categorical(labels=("UA", "B6", EVIL)))[1]  # escaping is the face's work
