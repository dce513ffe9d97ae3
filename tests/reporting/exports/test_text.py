from core.reporting.exports.text import render

from ..samples import hostile, numeric, report


def test_the_verdict_comes_first():
    assert render(report()).splitlines()[0].startswith("▲ Drift: 1 of 5 features drifted.")


def test_one_line_a_feature_worst_first():
    lines = render(report()).splitlines()
    table = lines[lines.index("") + 2 :]
    assert len(table) == 8
    assert table[0].startswith("▲ Drift            temperature_f        0.343")


def test_names_that_attack_stay_on_their_line():
    made = hostile()
    lines = render(made).splitlines()
    assert len(lines) == len(made.features) + 5
    assert max(map(len, lines[4:])) < 200


def test_columns_stand_below_each_other():
    lines = render(report(numeric("a"), numeric("b" * 30))).splitlines()
    assert len({line.index("0.4") for line in lines[5:]}) == 1
