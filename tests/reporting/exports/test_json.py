import json

import pytest

from core.deciding.reports import Report
from core.reporting.exports.json import render

from ..samples import hostile, report


def refuse(constant):
    raise ValueError(constant)


@pytest.mark.parametrize("made", [report, hostile])
def test_json_is_strict_and_round_trips(made):
    text = render(made())
    fields = json.loads(text, parse_constant=refuse)
    assert Report.model_validate(fields) == made()


def test_the_keys_are_those_of_the_contract_in_its_order():
    fields = json.loads(render(report()))
    assert list(fields)[:8] == [
        "schema",
        "verdict",
        "counts",
        "reference",
        "live",
        "settings",
        "warnings",
        "features",
    ]
    assert fields["schema"] == "tideline.report/1"
    assert set(fields) == set(Report.model_json_schema()["properties"])


def test_a_value_that_is_not_finite_never_becomes_json():
    text = render(report(settings={"warn": float("nan"), "alert": float("inf")}))
    assert json.loads(text, parse_constant=refuse)["settings"] == {"warn": None, "alert": None}
