import csv
import io

from core.reporting.exports.csv import FORMULA, render

from ..samples import categorical, hostile, numeric, report


def rows(made):
    return list(csv.DictReader(io.StringIO(render(made), newline="")))


def test_one_row_a_feature_with_its_names_whole():
    made = hostile()
    names = [row["name"].removeprefix("'") for row in rows(made)]
    assert names == [feature.name for feature in made.features]


def test_no_cell_begins_like_a_formula():
    attacks = [f"{sign}1+cmd|' /C calc'!A0" for sign in FORMULA]
    made = report(*(numeric(name, reason=name) for name in attacks))
    texts = [row[key] for row in rows(made) for key in ("name", "reason")]
    assert all(text.startswith("'") for text in texts)


def test_numbers_stay_numbers():
    row = rows(report(numeric(kl_live_ref=-1e-12)))[0]
    assert float(row["kl_live_ref"]) == -1e-12
    assert float(row["js_distance"]) == numeric().js_distance
    assert row["kl_ref_live"] == "infinite"


def test_the_verdict_and_what_changed_are_words():
    row = rows(report(categorical()))[0]
    assert row["verdict"] == "Drift"
    assert row["changed"].startswith('new value "WN" (30 % of live rows)')
