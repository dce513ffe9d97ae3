"""Another tool's figures in words, and in every report that people read."""

import pytest

from core.deciding.reports import ConventionReport, Foreign, ForeignFigure
from core.reporting import conventions
from core.reporting.exports import render
from tests.reporting import samples

FOUND = Foreign(
    figures=(
        ForeignFigure(
            measure="JS distance", value=0.12345, unit="base 2", threshold=0.1, flagged=True
        ),
        ForeignFigure(measure="KL(live‖ref)", value="infinite", unit="nats"),
    ),
    note="From counts.",
)


@pytest.fixture
def report():
    plain = samples.report()
    first = plain.features[0].model_copy(update={"compared_as": FOUND})
    second = plain.features[1].model_copy(update={"compared_as": Foreign(note="Only a note.")})
    told = ConventionReport(tool="azure", name="Azure ML", rule="Its | rule <b>.")
    features = (first, second, *plain.features[2:])
    return plain.model_copy(update={"features": features, "compared_as": told})


def test_a_row_holds_ours_and_theirs(report):
    first, second, third = conventions.rows(report)
    assert first[3:] == ("JS distance", "0.1235", "base 2", "0.1", "drift From counts.")
    assert second[3:] == ("KL(live‖ref)", "infinite", "nats", "–", "no threshold")
    assert third[3:] == ("–", "–", "", "–", "Only a note.")
    assert all(len(row) == len(conventions.HEADER) for row in (first, second, third))


def test_without_a_tool_there_is_nothing_to_say():
    plain = samples.report()
    assert (conventions.title(plain), conventions.rule(plain), conventions.rows(plain)) == (
        "",
        "",
        [],
    )


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json"])
def test_every_report_for_people_and_machines_has_it(report, suffix):
    written = render(report, suffix)
    assert "Azure ML" in written
    assert "Only a note." in written
    plain = render(samples.report(), suffix)
    assert "Azure ML" not in plain


def test_its_rule_is_text_and_never_markup(report):
    assert "<b>" not in render(report, ".html").partition("Azure ML computes")[2][:300]
    assert r"Its \| rule &lt;b&gt;" in render(report, ".md")
