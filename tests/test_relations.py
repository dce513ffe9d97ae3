"""What a report says beside single features, and what it says where that was not counted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.counting import profile
from core.pipeline import check
from core.profiling.profiles import Profile
from core.reading.problems import Unreadable
from core.settings import BadSettings, Settings

REFERENCE, LIVE = "data/flights_reference.csv", "data/flights_live.csv"
BY_ORIGIN = Settings(segments="origin")


def test_off_there_is_nothing_of_it():
    report = check(REFERENCE, LIVE)
    assert report.segments is None
    assert profile(REFERENCE).segments is None


def test_saved_profiles_say_the_same_as_their_tables(tmp_path):
    before = profile(REFERENCE, BY_ORIGIN)
    after = profile(LIVE, BY_ORIGIN, kinds=before.kinds)
    for side, name in ((before, "a.profile"), (after, "b.profile")):
        side.save(tmp_path / name)
    saved = check(tmp_path / "a.profile", tmp_path / "b.profile", BY_ORIGIN)
    assert saved.segments == check(REFERENCE, LIVE, BY_ORIGIN).segments


def test_a_profile_without_segments_is_told():
    report = check(profile(REFERENCE), LIVE, BY_ORIGIN)
    told = [warning for warning in report.warnings if warning.code == "no_segments"]
    assert [(each.role, each.column) for each in told] == [("reference", "origin")]
    assert report.segments is None


def test_a_profile_by_another_column_is_told():
    other = profile(REFERENCE, Settings(segments="airline"))
    report = check(other, LIVE, BY_ORIGIN)
    assert "no_segments" in {warning.code for warning in report.warnings}


def test_the_thresholds_of_another_measure_say_nothing_of_segments():
    by_psi = Settings(segments="origin", policy="fixed", measure="psi", warn=5, alert=9)
    by_distance = Settings(segments="origin", policy="fixed")
    causes = [
        {each.name: each.cause for each in check(REFERENCE, LIVE, chosen).segments.features}
        for chosen in (by_psi, by_distance)
    ]
    assert causes[0]["temperature_f"] == causes[1]["temperature_f"] == "behaviour"


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(Unreadable, match="no column 'orgin'"):
        check(REFERENCE, LIVE, Settings(segments="orgin"))


def test_a_column_with_too_many_values_is_refused():
    with pytest.raises(Unreadable, match="more than 256 values"):
        check(
            REFERENCE,
            LIVE,
            Settings(segments="distance_miles", max_dropped=1).with_choices(
                {"segments": "scheduled_departure"}
            ),
        )


def test_two_profiles_are_not_asked_for_a_column_of_neither():
    with pytest.raises(BadSettings, match="Did you mean 'origin'"):
        check(profile(REFERENCE), profile(LIVE), Settings(segments="orgin"))


def test_off_no_pair_is_counted():
    assert check(REFERENCE, LIVE).pairs is None
    assert profile(REFERENCE).pairs is None


def test_a_saved_reference_has_the_levels_for_live(tmp_path):
    listed = Settings(pairs=[("temperature_f", "humidity_pct")])
    profile(REFERENCE, listed).save(tmp_path / "a.profile")
    saved = check(tmp_path / "a.profile", LIVE, listed)
    assert saved.pairs == check(REFERENCE, LIVE, listed).pairs
    assert saved.pairs.pairs[0].features == ("temperature_f", "humidity_pct")


@pytest.mark.parametrize("sides", [(None, "all"), ("all", None), ("all", "all")])
def test_pairs_that_cannot_be_compared_are_told(sides):
    paths = (REFERENCE, LIVE)
    own = [
        profile(path, Settings(pairs=wish) if wish else Settings())
        for path, wish in zip(paths, sides, strict=True)
    ]
    report = check(*own, Settings(pairs="all"))
    assert "no_pairs" in {warning.code for warning in report.warnings}
    assert report.pairs is None


def test_a_pair_of_an_unknown_column_is_refused():
    with pytest.raises(BadSettings, match="Did you mean 'origin'"):
        check(REFERENCE, LIVE, Settings(pairs=[("orgin", "airline")]))


def test_too_many_columns_for_all_pairs_are_refused():
    wide = pd.DataFrame({f"c{i}": range(9) for i in range(201)})
    with pytest.raises(Unreadable, match="201 columns have too many pairs"):
        check(wide, wide, Settings(pairs="all"))


ROWS = 400


def table(**columns):
    rng = np.random.default_rng(0)
    both = {"x": rng.normal(size=ROWS), "y": rng.normal(size=ROWS), **columns}
    return pd.DataFrame({name: column for name, column in both.items() if column is not None})


def left_out(reference, live, name, **choices):
    chosen = Settings(pairs=[("x", name), ("x", "y")], time_column="none", **choices)
    report = check(reference, live, chosen)
    assert report.pairs.tested == 1
    codes = ("pair_not_compared",)
    return [each.message for each in report.warnings if each.code in codes]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (np.arange(ROWS) % 9, None, "c is not in live"),
        (None, np.arange(ROWS) % 9, "c is not in the reference"),
        ([3.0] * ROWS, [3.0] * ROWS, "c has the same value in all rows of the reference"),
        ([None] * ROWS, ["a"] * ROWS, "c has no value in the reference"),
        (["a", "b"] * 200, [None] * ROWS, "c has no value in live"),
        (np.arange(ROWS) % 9, ["a", "b"] * 200, "c is of another type in live"),
        (["a", "b"] * 200, ["a"] * ROWS, "c has the same value in all rows of live"),
        (
            pd.date_range("2026-01-01", periods=ROWS),
            pd.date_range("2026-01-01", periods=ROWS),
            "c holds times, which are paired with nothing",
        ),
    ],
)
def test_a_listed_pair_that_cannot_be_compared_is_told(before, after, why):
    told = left_out(table(c=before), table(c=after), "c")
    assert told == [f"The pair x and c is not compared: {why}. Take it from the list: pairs."]


def test_a_listed_column_of_too_many_labels_is_told():
    many = table(c=[f"order {i}" for i in range(ROWS)])
    many = pd.concat([many] * 3).assign(c=[f"order {i}" for i in range(3 * ROWS)])
    told = left_out(many, many, "c")
    assert "c has 1200 different labels in the reference, more than 1000" in told[0]


def test_a_listed_column_that_is_set_aside_is_told():
    plain = table(c=np.arange(ROWS) % 9)
    told = left_out(plain, plain, "c", features={"c": {"ignore": True}})
    assert "c is set aside by the settings (ignore)" in told[0]


def test_listed_columns_that_are_never_known_together_are_told():
    gaps = table(c=np.where(np.arange(ROWS) % 2, np.arange(ROWS) % 7, np.nan))
    gaps.loc[1::2, "x"] = np.nan
    report = check(gaps, gaps, Settings(pairs=[("x", "c")]))
    told = [each.message for each in report.warnings if each.code == "pair_not_compared"]
    assert "no row of the reference has a value of both" in told[0]


def test_a_pair_that_two_profiles_were_made_without_is_told():
    plain = profile(table(c=np.arange(ROWS) % 9), Settings(pairs=[("x", "y")]))
    report = check(plain, plain, Settings(pairs=[("x", "y"), ("y", "c")]))
    told = [each.message for each in report.warnings if each.code == "pair_not_compared"]
    assert "y and c is not compared: the profile of the reference was made without it" in told[0]


def test_segments_of_a_side_without_rows_are_told():
    known = profile(table(c=["a", "b"] * 200), Settings(segments="c"))
    empty = replace(Profile.empty(known.kinds), segments=known.segments)
    report = check(known, empty, Settings(segments="c"))
    told = [(each.role, each.message) for each in report.warnings if each.code == "no_segments"]
    assert told[0][0] == "live"
    assert "The live table has no rows: there is no segment of c" in told[0][1]


def test_what_windows_do_not_have_is_told_in_one_sentence_each():
    chosen = Settings.of(
        {
            "segments": "origin",
            "pairs": "all",
            "label": "arrival_delay_min",
            "vectors": {"v": ["temperature_f", "humidity_pct"]},
            "between": {"live": "2013-07-01/2013-07-08"},
        }
    )
    report = check(REFERENCE, LIVE, chosen)
    told = {each.code: each.message for each in report.warnings}
    told["vector"] = report.vectors[0].reason
    for code in ("no_segments", "no_pairs", "no_label", "vector"):
        assert "that takes whole tables, and the rows judged here are windows. Give" in told[code]
        assert "tables of their own to drift compare" in told[code]
    assert [each.code for each in report.warnings].count("no_pairs") == 1
    assert report.vectors[0].state == "skipped"
