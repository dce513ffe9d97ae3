import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.deciding.reports import State
from core.pipeline import PROBLEMS, NotComparable, check, judge, profile, rebin
from core.reading.dialects import Unreadable
from core.settings import BadSettings, FeatureSettings, Settings

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
EXPECTED = json.loads((ROOT / "tests/data/flights_expected.json").read_text())["comparisons"]

# The conventions of the expected figures, stated in their file.
AS_EXPECTED = Settings(bin_count=10, missing="drop", categories="all", policy="fixed")


@pytest.fixture(scope="module")
def profiles():
    january = profile(DATA / "flights_reference.csv")
    others = ("live", "control", "year")
    return {
        "reference": january,
        **{n: profile(DATA / f"flights_{n}.csv", kinds=january.kinds) for n in others},
    }


def states(report):
    return {feature.name: feature.state for feature in report.features}


def frame(**columns):
    return pd.DataFrame({"a": [1.5, 2.5] * 200, **columns})


@pytest.mark.parametrize(
    ("live", "key"), [("live", "january_vs_july"), ("control", "january_vs_january_control")]
)
def test_the_flights_agree_with_figures_computed_independently(profiles, live, key):
    report = judge(profiles["reference"], profiles[live], AS_EXPECTED)
    found = {feature.name: feature for feature in report.features}
    for name, expected in EXPECTED[key]["columns"].items():
        # The file puts the maximum of visibility, an atom, into the bin below it; the minutes of
        # the control file have an edge between two values that are far apart.
        loose = {"visibility_miles": 0.25, "departure_minute": 0.12}.get(name, 0.05)
        if key == "january_vs_july":
            loose = 0.16 if name == "visibility_miles" else 0.05
        feature = found[name]
        for mine, theirs in (
            (feature.jsd_bits, expected["jsd_bits_unsmoothed"]),
            (feature.kl_live_ref, expected["kl_lr"]),
            (feature.kl_ref_live, expected["kl_rl"]),
            (feature.psi, expected["psi"]),
        ):
            assert mine == pytest.approx(theirs, rel=loose, abs=1e-12), name
        if expected["kind"] == "num":
            assert feature.kolmogorov_smirnov == pytest.approx(expected["ks"], abs=1e-6)


def test_the_season_is_seen_and_another_january_is_not(profiles):
    july = states(judge(profiles["reference"], profiles["live"]))
    season = {"temperature_f", "wind_gust_mph", "pressure_mb", "humidity_pct"}
    assert {july[name] for name in season} == {State.ALERT}
    control = judge(profiles["reference"], profiles["control"])
    assert control.verdict == "stable"
    assert not {State.ALERT, State.WARN} & set(states(control).values())


def test_a_table_against_itself_is_zero_in_every_measure(profiles):
    report = judge(profiles["reference"], profiles["reference"])
    for feature in report.features:
        if feature.state is State.SKIPPED:
            continue
        measured = (feature.jsd_bits, feature.kl_live_ref, feature.kl_ref_live, feature.psi)
        assert measured == (0, 0, 0, 0)


def test_frames_and_files_give_the_same_counts(profiles):
    kinds = profiles["reference"].kinds
    names = pd.read_csv(DATA / "flights_live.csv", parse_dates=["scheduled_departure"])
    assert profile(names, kinds=kinds) == profiles["live"]
    polars = pytest.importorskip("polars")
    assert profile(polars.from_pandas(names), kinds=kinds) == profiles["live"]


def test_a_saved_profile_stands_for_its_table(profiles, tmp_path):
    path = tmp_path / "january.csv"  # the content decides, not the name
    profiles["reference"].save(path)
    assert profile(path) == profiles["reference"]
    assert profile(path.read_bytes()) == profiles["reference"]


def test_rows_read_are_rows_used_and_rows_dropped():
    text = b"a,b\n" + b"1,2\n" * 500 + b"1,2,3\n"
    report = check(text, text)
    assert (report.live.rows_read, report.live.rows_used, report.live.rows_dropped) == (501, 500, 1)
    assert [(w.code, w.role, w.count) for w in report.warnings] == [
        ("bad_rows", "reference", 1),
        ("bad_rows", "live", 1),
    ]


def test_too_many_bad_rows_are_refused_unless_they_are_allowed():
    text = b"a,b\n" + b"1,2\n" * 50 + b"1,2,3\n"
    with pytest.raises(Unreadable) as caught:
        check(text, text)
    assert caught.value.code == "too_many_bad_rows"
    assert check(text, text, Settings(max_dropped=0.05)).verdict


def test_a_column_that_turns_out_to_be_words_is_counted_again_as_categories(monkeypatch):
    monkeypatch.setattr("core.reading.texts.BLOCK_BYTES", 2000)
    text = b"code\n" + b"11\n12\n" * 900 + b"A4\n" * 600
    report = check(text, text)
    (feature,) = report.features
    assert feature.kind == "categorical"
    assert {each.label for each in feature.bins} == {"11", "12", "A4"}


def test_live_is_read_against_the_kinds_of_the_reference():
    codes = b"code\n" + b"007\nx\n" * 100
    report = check(codes, codes.replace(b"x", b"7"))
    (feature,) = report.features
    assert feature.kind == "categorical"
    assert [category.label for category in feature.summary.new] == ["7"]


def test_a_kind_may_be_declared():
    settings = Settings(features={"a": FeatureSettings(kind="categorical")})
    (feature,) = check(frame(), frame(), settings).features
    assert (feature.kind, [each.label for each in feature.bins]) == ("categorical", ["1.5", "2.5"])


def test_the_only_time_column_is_not_compared_and_it_is_said():
    when = pd.date_range("2026-01-01", periods=400, freq="h")
    report = check(frame(when=when), frame(when=when))
    assert states(report)["when"] is State.SKIPPED
    assert [warning.code for warning in report.warnings] == ["time_column"]
    compared = check(frame(when=when), frame(when=when), Settings(time_column="none"))
    assert states(compared)["when"] is not State.SKIPPED
    named = check(frame(when=when), frame(when=when), Settings(time_column="a", measure="psi"))
    assert states(named)["a"] is State.SKIPPED


def test_a_feature_may_be_ignored():
    settings = Settings(features={"b": FeatureSettings(ignore=True)})
    report = check(frame(b=1.0), frame(b=9.0), settings)
    assert states(report)["b"] is State.SKIPPED
    assert report.verdict != "drift"


def test_new_columns_and_odd_values_are_told():
    report = check(frame(b=[1.0, np.inf] * 200), frame(b=[1.0] * 400, c=1))
    assert {(w.code, w.role, w.column) for w in report.warnings} == {
        ("infinite_values", "reference", "b"),
        ("new_column", "live", "c"),
    }


def test_no_common_column_is_refused_with_both_headers():
    with pytest.raises(NotComparable) as caught:
        check(frame(), pd.DataFrame({"x": [1.0], "y": [2.0]}))
    assert caught.value.code == "no_common_columns"
    assert "starts with: a." in str(caught.value)
    assert "x, y" in str(caught.value)


def test_nothing_to_compare_is_refused_with_the_reason():
    names = pd.DataFrame({"name": [f"n{i}" for i in range(100)]})
    with pytest.raises(NotComparable, match="identifier") as caught:
        check(names, names)
    assert caught.value.code == "nothing_compared"


def test_a_measure_that_is_defined_for_no_feature_is_refused():
    letters = pd.DataFrame({"c": ["a", "b"] * 50})
    with pytest.raises(NotComparable, match="not defined") as caught:
        check(letters, letters, Settings(policy="fixed", measure="wasserstein"))
    assert caught.value.code == "nothing_compared"


def test_values_where_the_reference_had_none_are_told_whatever_they_are():
    header, rest = b"a,c\n", b"1.5,\n2.5,\n" * 300
    for value in (b"x", b"7"):
        report = check(header + rest, header + rest.replace(b",\n", b"," + value + b"\n"))
        feature = report.features[0]
        assert (feature.name, feature.state, feature.code) == (
            "c",
            State.ALERT,
            "no_reference_values",
        )
        assert feature.jsd_bits == pytest.approx(1)


def test_lists_where_the_reference_had_words_are_another_type():
    report = check(frame(c=["x", "y"] * 200), frame(c=[[1], [2]] * 200))
    assert report.verdict == "incomplete"
    assert {f.name: f.code for f in report.features}["c"] == "type_changed"


def test_blank_lines_of_a_single_column_are_missing_values():
    report = check(b"a\n" + b"1.5\n\n2.5\n" * 100, b"a\n" + b"1.5\n\n2.5\n" * 100)
    assert report.reference.rows_read == 300
    assert report.features[0].missing.reference == pytest.approx(1 / 3)


def test_times_with_a_few_odd_tokens_are_times():
    rows = b"".join(b"2026-01-%02d 06:30,1\n" % (1 + i % 28) for i in range(300))
    counted = profile(b"when,a\n" + rows + b"n/a,1\n")
    assert counted.kinds["when"] == "datetime"


def test_what_is_told_in_a_table_of_mixed_types():
    report = check(frame(c=["x", 3] * 200), frame(c=["x", "3"] * 200))
    assert [(w.code, w.role, w.column) for w in report.warnings] == [
        ("mixed_types", "reference", "c")
    ]


def test_long_runs_of_whole_numbers_are_identifiers_however_they_begin():
    for start in range(0, 400_000, 20_000):
        numbers = pd.DataFrame({"id": np.arange(start, start + 10_000), "a": 1.5})
        report = check(numbers, numbers)
        assert {f.name: f.code for f in report.features}["id"] == "identifier"


def test_an_empty_window_is_no_data_and_no_error():
    report = check(frame(), frame().iloc[:0])
    assert states(report) == {"a": State.NO_DATA}
    assert report.verdict == "not_enough_data"


def test_settings_for_a_feature_that_is_in_neither_table_are_refused():
    with pytest.raises(BadSettings, match="Did you mean 'a'"):
        check(frame(), frame(), Settings(features={"aa": FeatureSettings()}))


def test_problems_name_the_table_they_are_about():
    for reference, live, role in ((b"", frame(), "Reference:"), (frame(), b"", "Live:")):
        with pytest.raises(PROBLEMS, match=role):
            check(reference, live)


def test_progress_rises_to_the_end_and_may_stop_the_work():
    shares = []
    check(b"a\n" + b"1\n2\n" * 99, b"a\n" + b"1\n2\n" * 99, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)

    class StoppedError(Exception):
        pass

    def stop(_share):
        raise StoppedError

    with pytest.raises(StoppedError):
        profile(b"a\n1\n", progress=stop)


def test_choices_are_tried_on_profiles_without_reading_again(profiles):
    before, after = profiles["reference"], profiles["live"]
    for settings in (
        Settings(bins="width"),
        Settings(bins="blocks"),
        Settings(bin_count=100),
        Settings(measure="psi", warn=0.1, alert=0.25, policy="fixed"),
        Settings(smoothing=0),
        Settings(features={"temperature_f": FeatureSettings(bins=[32.0, 50.0, 68.0])}),
    ):
        report = judge(before, after, settings)
        assert report.settings == settings.model_dump(mode="json")
        assert states(report)["temperature_f"] is State.ALERT


def test_a_feature_is_counted_in_other_bins_for_the_eye(profiles):
    pair = profiles["reference"], profiles["live"]
    feature = rebin(*pair, "temperature_f", [0.0, 50.0, 100.5])
    bins = {each.label: (each.reference, each.live) for each in feature.bins}
    assert sum(rows for rows, _ in bins.values()) == sum(rows for _, rows in bins.values()) == 8000
    assert list(bins) == ["0 to 50", "50 to 100.5", "missing"]
    assert bins["0 to 50"][1] == 0


@pytest.mark.slow
def test_two_samples_of_one_population_are_no_drift_in_95_of_100_runs():
    january = pd.read_csv(DATA / "flights_reference.csv")
    counted = profile(january)
    verdicts = []
    for seed in range(100):
        mixed = np.random.default_rng(seed).permutation(len(january))
        halves = [january.iloc[part] for part in np.array_split(mixed, 2)]
        verdicts.append(judge(*(profile(half, kinds=counted.kinds) for half in halves)).verdict)
    assert verdicts.count("stable") >= 95


def test_values_that_cannot_be_read_name_the_first_except_of_ignored_columns():
    reference = pd.DataFrame({"a": [1.0, 2.0] * 500, "b": [3.0, 4.0] * 500})
    live = pd.DataFrame({"a": ["1", "many"] * 500, "b": ["3"] * 999 + ["12a"]})
    report = check(reference, live, Settings(features={"a": FeatureSettings(ignore=True)}))
    told = {each.column: each for each in report.warnings if each.code == "unreadable_values"}
    assert told["b"].first == "12a"
    assert told["b"].message.endswith("The first is '12a'.")
    assert told["a"].first is None
