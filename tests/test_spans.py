import numpy as np
import pandas as pd
import pytest

from core.choices import Between
from core.pipeline import (
    Calendar,
    Chunking,
    NotComparable,
    check,
    count,
    judge,
    judge_between,
    profile,
    timeline,
)
from core.settings import BadSettings, Settings
from core.spans import MOST_COUNTS, MOST_WINDOWS, chunked, coarser, finest, summed, within

HOURS = pd.date_range("2026-03-02", periods=24 * 28, freq="h", tz="UTC")  # from a Monday


def frame(hours=HOURS, rows=4):
    """Make rows in every hour whose value is the hour of the week."""
    when = hours.repeat(rows)
    return pd.DataFrame({"when": when, "hour": when.day_of_week * 24 + when.hour + 0.5})


@pytest.fixture(scope="module")
def table():
    return count(frame(), Settings(), chunking=Chunking("when", "1h"))


def between(**chosen):
    return Between(every="1h", **chosen)


def test_a_span_is_the_profile_of_its_rows_alone(table):
    week = between(live="2026-03-09/2026-03-16")
    _, live = within(table, table, week)
    alone = profile(frame(HOURS[24 * 7 : 24 * 14]))
    assert live == alone
    assert (live.source.rows_read, live.rows) == (24 * 7 * 4, 24 * 7 * 4)


def test_without_a_span_the_table_is_whole(table):
    reference, live = within(table, table, between(live="2026-03-09/2026-03-10"))
    assert reference is table.whole
    assert live.rows == 24 * 4


def test_any_window_of_one_table_stands_against_any_other(table):
    weeks = between(reference="2026-03-02/2026-03-09", live="2026-03-09/2026-03-16")
    report = judge_between(table, table, Settings(between=weeks))
    assert report.features[0].jsd_bits == 0
    assert report.reference.window.start == "2026-03-02T00:00:00+00:00"
    assert report.live.window.end == "2026-03-16T00:00:00+00:00"


def test_the_same_hours_take_the_rhythm_of_the_week_out(table):
    monday = {"live": "2026-03-16/2026-03-17"}
    plain = judge_between(table, table, Settings(between=between(**monday)))
    alike = judge_between(table, table, Settings(between=between(**monday, same_hours=True)))
    assert plain.features[0].jsd_bits > 0.3
    assert alike.features[0].jsd_bits == 0
    assert alike.reference.rows_used == 4 * 24 * 4


@pytest.mark.parametrize("every", ["1d", "1w"])
def test_a_window_is_judged_as_in_the_timeline(every):
    rng = np.random.default_rng(5)
    rows = frame().assign(hour=lambda known: known["hour"] + rng.normal(size=len(known)))
    rows["moved"] = rows["hour"] + 60 * (rows["when"] >= "2026-03-12")
    days = count(rows, Settings(), chunking=Chunking("when", "1d"))
    calendar = Calendar(every) if every == "1w" else None
    line = timeline(days.windows, days, Settings(), calendar=calendar)
    for i, window in enumerate(line.windows):
        held = Between(live=f"{window.start}/{window.end}", every="1d")
        report = judge_between(days, days, Settings(between=held))
        assert report.assumption.startswith("Rows may resemble each other: the reference has 28")
        alone = {each.name: each for each in report.features}
        for feature in line.features[:2]:  # the third is the time itself
            found = alone[feature.name]
            assert found.state is feature.states[i]
            assert found.q == pytest.approx(feature.q[i], rel=1e-9)
            assert found.js_distance_corrected == pytest.approx(feature.value[i])
    assert len({state for feature in line.features for state in feature.states}) > 1


def test_the_file_gives_the_script_the_same(tmp_path, table):
    path = tmp_path / "table.csv"
    frame().to_csv(path, index=False)
    settings = Settings(between=between(live="2026-03-16/2026-03-17", same_hours=True))
    counted = count(path, settings, chunking=Chunking("when", "1h"))
    live = count(path, settings, kinds=counted.whole.kinds, chunking=Chunking("when", "1h"))
    page = judge_between(counted, live, settings)
    script = check(path, path, Settings.from_toml(settings.to_toml()))
    assert script.model_copy(update={"created": None}) == page.model_copy(update={"created": None})


def test_a_span_without_rows_is_refused_and_says_where_there_are_some(table):
    with pytest.raises(NotComparable, match=r"no rows between 2027.* 2026-03-02 to 2026-03-30"):
        within(table, table, between(live="2027-01-01/2027-02-01"))


def test_hours_that_only_live_has_are_refused(table):
    monday = between(reference=None, live="2026-03-16/2026-03-17", same_hours=True)
    tuesdays = count(frame(HOURS[24:48]), Settings(), chunking=Chunking("when", "1h"))
    with pytest.raises(NotComparable, match="weekdays and hours"):
        within(tuesdays, table, monday)


@pytest.mark.parametrize(
    "text", ["2026-01-01", "2026-02-01/2026-01-01", "soon/later", "2026-01-01/2026-01-01"]
)
def test_a_span_that_is_none_is_refused(text):
    with pytest.raises(BadSettings, match="a span such as 2026"):
        Settings.of({"between": {"live": text}})


def test_same_hours_need_short_windows():
    with pytest.raises(BadSettings, match="hours or days"):
        Settings.of({"between": {"every": "1w", "same_hours": True}})


def test_spans_survive_the_settings_file():
    settings = Settings(between=between(live="2026-03-16/2026-03-17", same_hours=True))
    assert Settings.from_toml(settings.to_toml()) == settings


def test_a_session_keeps_windows_as_short_as_it_can_afford(table):
    assert finest(table.whole, Settings()) == Chunking("when", "1h")
    year = pd.date_range("2025-01-01", periods=8760, freq="h", tz="UTC")
    assert finest(profile(frame(year, 1)), Settings()) == Chunking("when", "1d")
    wide = frame().join(pd.DataFrame({f"x{i}": 0.5 for i in range(60)}, index=frame().index))
    assert 24 * 28 * 62 > MOST_COUNTS > 28 * 62
    assert finest(profile(wide), Settings()) == Chunking("when", "1d")
    assert MOST_WINDOWS < 8760


def test_without_a_time_column_there_are_no_windows():
    assert finest(profile(pd.DataFrame({"a": [1.5, 2.5]})), Settings()) is None
    assert finest(profile(frame()), Settings(time_column="none")) is None


def test_windows_are_summed_to_longer_ones_without_a_loss(table):
    days = summed(table, "1h", "1d")
    assert len(days.windows) == 28
    assert {window.end - window.start for window in days.windows} == {pd.Timedelta("1D")}
    assert sum(each.rows for each in days.windows.values()) == table.whole.rows
    assert summed(table, "1h", "1h") is table
    assert summed(table, "1w", "1mo") is table


@pytest.mark.parametrize(
    ("every", "chunks", "shorter"), [("1h", 672, False), ("1d", 28, False), ("1w", 28, True)]
)
def test_chunks_are_the_longest_windows_of_which_the_reference_has_ten(
    table, every, chunks, shorter
):
    live, reference, is_shorter = chunked(table, table, ("1h", "1h"), every)
    assert len(reference.windows) == len(live.windows) == chunks
    assert is_shorter is shorter


def test_a_reference_with_few_windows_is_taken_as_a_whole(table):
    week = count(frame(HOURS[: 24 * 7]), Settings(), chunking=Chunking("when", "1d"))
    live, reference, shorter = chunked(table, week, ("1h", "1d"), "1d")
    assert reference is week.whole
    assert (len(live.windows), shorter) == (28, False)


def test_weeks_make_no_months():
    assert coarser("1d") == ("1d", "1w", "1mo")
    assert coarser("1w") == ("1w",)


def test_without_spans_nothing_is_different(table):
    assert (
        judge_between(table, table, Settings()).features == judge(table.whole, table.whole).features
    )
