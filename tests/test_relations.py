"""What a report says beside single features, and what it says where that was not counted."""

import pandas as pd
import pytest

from core.counting import profile
from core.pipeline import check
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
