import re

from core.reporting.exports.markdown import render

from ..samples import NAMES, numeric, report, rich, skipped


def test_the_verdict_is_the_title():
    assert render(report()).startswith("# ▲ Drift\n\n1 of 5 features drifted")


def test_every_feature_is_a_row_of_six_cells():
    features = [maker(name) for name in NAMES for maker in (rich, skipped)]
    text = render(report(*features))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == len(features) + 2
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 7 for line in table)


def test_names_are_never_markup():
    text = render(report(numeric("[x](javascript:alert(1)) *e* `c` <b>")))
    assert r"\[x\](javascript:alert(1)) \*e\* \`c\` &lt;b&gt;" in text


def test_underscores_of_names_stay_and_those_of_emphasis_do_not():
    text = render(report(numeric("air_time_min"), numeric("__loud_ www.a.b http://c")))
    assert "| air_time_min |" in text
    assert r"\_\_loud\_ www\.a.b http\://c" in text


def test_reasons_are_given_where_something_is_to_be_said():
    text = render(report())
    assert "## ▲ temperature_f" in text
    assert "## ○ gust" in text
    assert "## ● origin" not in text


def test_notes_on_the_data_close_the_report():
    assert render(report()).rstrip().endswith("2 blank lines were left out.")
