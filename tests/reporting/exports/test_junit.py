from xml.etree import ElementTree as ET

from core.reporting.exports.junit import render

from ..samples import NAMES, hostile, numeric, report


def suite(made):
    return ET.fromstring(render(made)).find("testsuite")  # noqa: S314 (our own text)


def test_a_drifted_feature_is_a_failure_with_its_reason():
    case = suite(report()).find("testcase[@name='temperature_f']")
    assert case.find("failure").get("message") == "The JS distance is 0.343."
    assert case.find("failure").text.startswith("12 % of live rows outside")


def test_what_was_not_compared_is_skipped_and_the_rest_passes():
    cases = {case.get("name"): case for case in suite(report())}
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    errors = {name for name, case in cases.items() if case.find("error") is not None}
    assert skipped == {"empty", "row_id"}
    assert errors == {"churn_flag"}
    assert failed == {"temperature_f"}


def test_the_totals_count_the_cases():
    totals = suite(report())
    found = [totals.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert found == ["8", "1", "1", "2"]


def test_every_name_is_a_well_formed_case():
    made = hostile()
    assert len(suite(made).findall("testcase")) == len(made.features) == 4 * len(NAMES)


def test_control_characters_are_written_as_escapes():
    assert suite(report(numeric("a\x1b\x00"))).find("testcase").get("name") == r"a\x1b\x00"
