from datetime import timedelta

import pytest

from core.schedules import Schedule, span
from core.settings import BadSettings, Settings

LEAST = '[reference]\nsource = "january.csv"\n[live]\nsource = "incoming/*.csv"\n'


def load(tmp_path, text, name="flights.toml", **environment):
    path = tmp_path / name
    path.write_text(text)
    return Schedule.load(path, environment)


def codes(tmp_path, text, **environment):
    with pytest.raises(BadSettings) as caught:
        load(tmp_path, text, **environment)
    return [code for code, _ in caught.value.faults], str(caught.value)


def test_reference_and_live_are_all_that_is_needed(tmp_path):
    schedule = load(tmp_path, LEAST)
    assert schedule.dataset == "flights"
    assert schedule.settings == Settings()
    assert schedule.live.sources == ["incoming/*.csv"]
    assert (schedule.windows.every, schedule.report.fail_on) == ("1d", "alert")
    assert schedule.warnings == ()


def test_the_settings_of_the_comparison_stand_in_the_same_file(tmp_path):
    text = f"warn = 0.05\nbin_count = 10\n{LEAST}[features.age]\nignore = true\n"
    schedule = load(tmp_path, text)
    assert schedule.settings == Settings.from_toml(text)
    assert schedule.settings.features["age"].ignore


def test_paths_are_relative_to_the_file_and_urls_stay(tmp_path):
    schedule = load(tmp_path, LEAST)
    assert schedule.resolved("a/b.csv") == str(tmp_path / "a/b.csv")
    assert schedule.resolved("/x/b.csv") == "/x/b.csv"
    assert schedule.resolved("sqlite:///x.db") == "sqlite:///x.db"
    assert schedule.resolved("spark:sales.flights") == "spark:sales.flights"


def test_all_faults_of_the_file_come_in_one_answer_with_the_nearest_key(tmp_path):
    text = (
        'wrn = 0.1\nalert = -1\n[refrence]\nsource = "a"\n[live]\nsorce = "b"\n'
        '[windows]\nevery = "1y"\n[notify]\nurls = ["${NOT_SET}"]\non = "sometimes"\n'
    )
    found, sentence = codes(tmp_path, text)
    assert "'wrn': did you mean 'warn'?" in sentence
    assert "'live.sorce': did you mean 'source'?" in sentence
    assert "'windows.every' ('1y'): it must be a number and a unit, such as 6h" in sentence
    assert "'notify.on' ('sometimes')" in sentence
    assert "'refrence': did you mean 'reference'?" in sentence
    assert "NOT_SET is not set" in sentence
    assert set(found) == {"unknown_setting", "bad_setting", "variable_not_set"}


@pytest.mark.parametrize(
    "reference",
    ['source = "a"\nrule = "previous"', "", 'rule = "next"', 'rule = "season"\nweeks = 0'],
)
def test_a_reference_is_a_table_or_a_rule(tmp_path, reference):
    found, sentence = codes(tmp_path, f'[reference]\n{reference}\n[live]\nsource = "b"\n')
    assert found == ["bad_setting"]
    assert "reference" in sentence


def test_a_zone_that_nobody_knows_is_refused(tmp_path):
    found, sentence = codes(tmp_path, LEAST + '[windows]\nzone = "Mars/Olympus"\n')
    assert found == ["bad_setting"]
    assert "'windows.zone' ('Mars/Olympus')" in sentence
    assert load(tmp_path, LEAST + '[windows]\nzone = "Europe/Oslo"\n').windows.zone


def test_what_is_missing_is_told(tmp_path):
    _, sentence = codes(tmp_path, "")
    assert "'reference'" in sentence
    assert "'live'" in sentence


@pytest.mark.parametrize("text", ["warn = ", "\xff"])
def test_a_file_that_is_no_toml_is_told(tmp_path, text):
    (tmp_path / "a.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadSettings, match=r"a\.toml cannot be read"):
        Schedule.load(tmp_path / "a.toml")
    with pytest.raises(BadSettings, match="No such file"):
        Schedule.load(tmp_path / "b.toml")


def test_environment_variables_are_put_in(tmp_path):
    text = LEAST + '[notify]\nurls = ["https://x.org/${KEY}", "slack://${A}/${B}"]\n'
    schedule = load(tmp_path, text, KEY="s3cret", A="1", B="2")
    assert schedule.notify.urls == ["https://x.org/s3cret", "slack://1/2"]
    assert schedule.warnings == ()


def test_no_fault_shows_a_secret(tmp_path):
    text = LEAST + '[notify]\nurls = "https://x.org/${KEY}"\nlink = 3\n[history]\n'
    _, sentence = codes(tmp_path, text + 'url = ["postgresql://me:pa55@db/x"]', KEY="s3cret")
    assert "'notify.urls'" in sentence
    assert "'history.url'" in sentence
    assert "s3cret" not in sentence
    assert "pa55" not in sentence


@pytest.mark.parametrize(
    "table",
    [
        '[notify]\nurls = ["https://hooks.example.org/services/T01/B02/x7Gq19fKd0aLm3Zw"]',
        '[notify]\nurls = ["https://me:pa55@example.org/hook"]',
        '[notify]\nurls = ["slack://tokenA/tokenB/tokenC"]',
        '[notify]\nping = "https://example.org/ping?token=0123456789abcdef"',
        '[history]\nurl = "postgresql+psycopg://me:pa55@db/drift"',
    ],
)
def test_a_secret_in_the_file_is_warned_of_and_never_shown(tmp_path, table):
    (warning,) = load(tmp_path, LEAST + table).warnings
    assert warning[0] == "secret_in_file"
    assert "environment variable" in warning[1]
    assert not {"pa55", "x7Gq19", "tokenA", "0123456789abcdef"} & set(warning[1].split())


@pytest.mark.parametrize(
    "table",
    [
        '[notify]\nurls = ["https://example.org/hook", "smtp://mail.example.org?to=a@b.org"]',
        '[notify]\nurls = ["https://example.org/${KEY}", "slack://${KEY}"]',
        '[history]\nurl = "postgresql+psycopg://me:${KEY}@db/drift"',
    ],
)
def test_what_is_no_secret_is_not_warned_of(tmp_path, table):
    assert load(tmp_path, LEAST + table, KEY="k").warnings == ()


@pytest.mark.parametrize(
    ("reference", "keep", "least"),
    [
        ('rule = "previous"', "1d", "2d"),
        ('rule = "trailing"\nspan = "30d"', "30d", "31d"),
        ('rule = "season"\nweeks = 2', "2w", "16d"),
        ('source = "january.csv"', "23h", "1d"),
    ],
)
def test_a_history_shorter_than_a_window_and_its_reference_is_refused(
    tmp_path, reference, keep, least
):
    text = f'[reference]\n{reference}\n[live]\nsource = "b"\n[history]\nkeep = "{{}}"\n'
    found, sentence = codes(tmp_path, text.format(keep))
    assert found == ["bad_setting"]
    assert f'write "{least}" or more' in sentence
    assert load(tmp_path, text.format(least)).history.keep == least


@pytest.mark.parametrize(
    ("text", "hours"), [("1h", 1), ("36h", 36), ("2d", 48), ("1w", 168), ("1mo", 31 * 24)]
)
def test_spans_are_hours_days_weeks_and_months(text, hours):
    assert span(text) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("reference", "every"),
    [
        ('rule = "trailing"', "1mo"),
        ('rule = "trailing"\nspan = "6h"', "1d"),
        ('rule = "season"', "1mo"),
        ('rule = "season"\nweeks = 1', "2w"),
    ],
)
def test_a_rule_that_never_finds_a_reference_is_refused(tmp_path, reference, every):
    live = '[live]\nsource = "b"\n[windows]\nevery = "{}"\n'
    text = f"[reference]\n{reference}\n{live}"
    found, sentence = codes(tmp_path, text.format(every))
    assert found == ["bad_setting"]
    assert f"of {every}" in sentence
    assert load(tmp_path, text.format("6h")).windows.every == "6h"
