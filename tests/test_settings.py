import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import BadSettings, Epsilon, FeatureSettings, Settings

thresholds = st.floats(0, 10, allow_nan=False)
names = st.text(min_size=1, max_size=20)
edges = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5, unique=True).map(sorted)
bins = st.sampled_from(["quantile", "width", "blocks"]) | edges


@st.composite
def settings(draw):
    low, high = sorted((draw(thresholds), draw(thresholds)))
    own = FeatureSettings(
        warn=low,
        alert=high,
        bins=draw(st.none() | bins),
        kind=draw(st.sampled_from([None, "numeric", "categorical"])),
        ignore=draw(st.booleans()),
        weight=draw(st.floats(0.1, 10)),
    )
    return Settings(
        warn=low,
        alert=high,
        bins=draw(bins),
        bin_count=draw(st.integers(2, 1000)),
        smoothing=draw(thresholds | st.just(Epsilon(epsilon=1e-4))),
        base=draw(st.sampled_from([2, "e"])),
        features=draw(st.dictionaries(names, st.just(own), max_size=3)),
    )


@given(settings())
def test_reading_what_was_written_gives_the_same_settings(chosen):
    assert Settings.from_toml(chosen.to_toml()) == chosen


def test_a_file_holds_only_what_differs_from_the_defaults():
    assert Settings().to_toml() == ""
    assert Settings(bin_count=10).to_toml() == "bin_count = 10\n"


def test_an_empty_file_means_the_defaults():
    assert Settings.from_toml("") == Settings()


def test_all_faults_of_a_file_come_in_one_answer_with_the_nearest_key():
    text = 'alrt = 0.3\nwarn = -1\nbins = "quantil"\n[features.age]\nwrn = 0.1\n'
    with pytest.raises(BadSettings) as caught:
        Settings.from_toml(text)
    assert {code for code, _ in caught.value.faults} == {"unknown_setting", "bad_setting"}
    sentence = str(caught.value)
    assert "'alrt': did you mean 'alert'?" in sentence
    assert "'features.age.wrn': did you mean 'warn'?" in sentence
    assert "'warn' (-1)" in sentence
    assert "'bins' ('quantil')" in sentence


@pytest.mark.parametrize(
    "text",
    [
        "warn = -0.1",
        'warn = "high"',
        "warn = nan",
        "alert = inf",
        "warn = 0.3",  # above alert
        "bin_count = 0",
        "bin_count = 1",
        "bin_count = -5",
        "bin_count = 1000000000",
        "bins = [2, 1]",
        "bins = [1, nan]",
        "bins = []",
        "smoothing = -0.5",
        "smoothing = nan",
        "smoothing = { epsilon = 0 }",
        "alpha = 0",
        "alpha = 1",
        "max_dropped = 2",
        "[features.a]\nweight = 0",
        "[features.a]\nwarn = 0.5",  # above alert of all
        "warn = ",
    ],
)
def test_an_impossible_value_is_refused(text):
    with pytest.raises(BadSettings) as caught:
        Settings.from_toml(text)
    assert [code for code, _ in caught.value.faults] == ["bad_setting"]


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path):
    with pytest.raises(BadSettings, match=r"nothing\.toml cannot be read"):
        Settings.load(tmp_path / "nothing.toml")


def test_the_tables_of_the_scheduled_run_may_stand_in_the_same_file():
    text = 'warn = 0.05\ndataset = "sales"\n[live]\nsource = "a.csv"\n[notify]\nurls = []\n'
    assert Settings.from_toml(text) == Settings(warn=0.05)


def test_a_pair_of_one_column_is_refused():
    with pytest.raises(BadSettings, match="pairs: a cannot be paired with itself"):
        Settings.of({"pairs": [["a", "b"], ["a", "a"]]})
