import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core import counting
from core.counting import count
from core.profiling.profiles import Profile
from core.reading.problems import Unreadable
from core.reading.tables import Table
from core.reading.windows import Chunking, Rows
from core.settings import Settings

SETTINGS = Settings(time_column="when")


def frame(rows=4000, *, seed=1):
    rng = np.random.default_rng(seed)
    when = pd.Timestamp("2026-03-27") + pd.to_timedelta(rng.uniform(0, 5 * 86_400, rows), "s")
    data = {"when": when, "x": rng.normal(size=rows), "label": rng.choice(["a", "b"], rows)}
    return pd.DataFrame(data)


@pytest.mark.parametrize("every", ["1h", "6h", "1d", "1w", "1mo", "700 rows"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo"])
def test_windows_add_up_to_the_whole_exactly(every, zone):
    table = frame()
    table.loc[:5, "when"] = pd.NaT
    counted = count(table, SETTINGS, chunking=Chunking("when", every, zone))
    rest = [counted.rest] if counted.rest else []
    assert Profile.total([*counted.windows.values(), *rest]) == counted.whole
    assert counted.whole == count(table, SETTINGS).whole
    assert list(counted.windows) == sorted(counted.windows)
    if "rows" not in every:
        assert counted.rest.rows == 6


def test_a_day_is_the_sum_of_its_hours():
    table = frame()
    days = count(table, SETTINGS, chunking=Chunking("when", "1d", "Europe/Oslo")).windows
    hours = count(table, SETTINGS, chunking=Chunking("when", "1h", "Europe/Oslo")).windows
    for day, profile in days.items():
        inside = [hours[hour] for hour in hours if day.start <= hour.start < day.end]
        assert Profile.total(inside) == profile
    assert len(days) == 6  # in Oslo the last ends in a day of its own


def test_windows_go_through_batches_of_a_text_file(tmp_path):
    table = frame(60_000)
    table.to_csv(tmp_path / "t.csv", index=False)
    chunking = Chunking("when", "1d")
    from_file = count(tmp_path / "t.csv", SETTINGS, chunking=chunking)
    assert from_file.whole.source.rows_read == 60_000
    assert from_file.windows.keys() == count(table, SETTINGS, chunking=chunking).windows.keys()
    assert Profile.total(list(from_file.windows.values())) == from_file.whole


def test_the_only_datetime_column_makes_the_windows_where_none_is_named():
    counted = count(frame(), Settings(), chunking=Chunking(None, "1d"))
    assert len(counted.windows) == 5
    two = frame().assign(other=pd.Timestamp("2026-01-01"))
    with pytest.raises(Unreadable, match="time_column") as caught:
        count(two, Settings(), chunking=Chunking(None, "1d"))
    assert caught.value.code == "no_time_column"


def test_windows_of_rows_go_on_through_batches(monkeypatch, tmp_path):
    monkeypatch.setattr("core.cutting._JOINED", 1)
    frame(60_000).to_csv(tmp_path / "t.csv", index=False)
    counted = count(tmp_path / "t.csv", SETTINGS, chunking=Chunking(None, "25000 rows"))
    assert [profile.rows for profile in counted.windows.values()] == [25_000, 25_000, 10_000]
    assert Profile.total(list(counted.windows.values())) == counted.whole


def test_windows_of_rows_follow_the_order_of_the_table():
    table = frame(1000)
    counted = count(table, SETTINGS, chunking=Chunking(None, "300 rows"))
    assert list(counted.windows) == [Rows(0, 300), Rows(300, 600), Rows(600, 900), Rows(900, 1200)]
    assert [profile.rows for profile in counted.windows.values()] == [300, 300, 300, 100]
    assert counted.windows[Rows(0, 300)] == count(table[:300], SETTINGS).whole


def test_vectors_of_a_cluster_are_refused(monkeypatch):
    lying = Table(
        "live", pa.schema([("a", pa.float64())]), iter(()), form="Spark", cluster=object()
    )
    monkeypatch.setattr(counting.Opening, "load", lambda *_, **__: lying)
    with pytest.raises(Unreadable, match="cannot be counted in Spark") as caught:
        count(b"a\n1\n", Settings(vectors={"v": ["a"]}))
    assert caught.value.code == "no_vectors"


def test_a_table_on_a_cluster_has_no_joint_tables_with_its_label(monkeypatch):
    schema = pa.schema([("a", pa.float64()), ("label", pa.string())])
    lying = Table("live", schema, iter(()), form="Spark", cluster=object())
    whole = count(frame(50), SETTINGS).whole
    monkeypatch.setattr(counting.Opening, "load", lambda *_, **__: lying)
    monkeypatch.setattr(counting, "_there", lambda *_: counting.Counted(whole))
    assert count("spark:t", Settings(label="label")).whole.pairs is None
