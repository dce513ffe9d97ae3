"""What holds for every format: the folder of exports is the table."""

import pytest

from core.deciding.reports import State
from core.pipeline import check
from core.reporting.exports import UnknownFormat, formats, render, require_suffix, write

from ..samples import EVIL, EVIL_IMAGE, categorical, every_state, hostile, report, skipped

SUFFIXES = sorted(formats())
MACHINES = {".json", ".prom", ".csv", ".xml"}  # they carry names whole


def test_the_folder_is_the_table():
    assert SUFFIXES == [".csv", ".html", ".json", ".md", ".prom", ".txt", ".xml"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("feature", every_state(), ids=lambda feature: feature.name)
def test_every_format_shows_every_state(suffix, feature):
    assert feature.name in render(report(feature), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("verdict", ["drift", "incomplete", "watch", "not_enough_data", "stable"])
def test_every_format_shows_every_verdict(suffix, verdict):
    text = render(report(verdict=verdict), suffix)
    words = {"drift": "Drift", "incomplete": "Incomplete", "watch": "Watch", "stable": "Stable"}
    if suffix in {".html", ".md", ".txt"}:
        assert words.get(verdict, "Not enough data") in text
    assert text.endswith("\n")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_report_gives_the_same_bytes(suffix):
    assert render(report(), suffix) == render(report(), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("state", State)
def test_every_format_bears_a_report_of_one_bare_feature(suffix, state):
    bare = skipped("bare", state=state, code=None)
    assert "bare" in render(report(bare), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_bears_names_that_attack(suffix):
    text = render(hostile(), suffix)
    assert not (suffix in {".html", ".md", ".xml"} and (EVIL in text or EVIL_IMAGE in text))
    assert "\x1b" not in text or suffix in MACHINES
    assert "\x00" not in text or suffix in MACHINES


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_long_names_are_whole_for_machines_and_cut_for_people(suffix):
    name = "x" * 10_000
    assert (name in render(report(categorical(name)), suffix)) is (suffix in MACHINES)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_report_without_features_is_written(suffix):
    empty = report().model_copy(update={"features": (), "counts": {}, "warnings": ()})
    assert render(empty, suffix)


def test_a_report_is_written_by_its_suffix_in_any_case(tmp_path):
    write(report(), tmp_path / "drift.JSON")
    assert (tmp_path / "drift.JSON").read_text(encoding="utf-8") == render(report(), ".json")


@pytest.mark.parametrize("name", ["report.pdf", "report", ".json", ""])
def test_an_unknown_suffix_names_those_that_are_known(tmp_path, name):
    with pytest.raises(UnknownFormat, match=r"\.csv \.html \.json"):
        write(report(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_suffix_can_be_checked_before_the_work(tmp_path):
    assert require_suffix(tmp_path / "a.b.md") == ".md"
    assert require_suffix("a.HTML") == ".html"


@pytest.fixture(scope="module")
def flights():
    return check("data/flights_reference.csv", "data/flights_live.csv")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_real_report_is_written_in_every_format(flights, suffix):
    assert "temperature_f" in render(flights, suffix)
    assert len(render(flights, suffix).encode()) < 500_000
