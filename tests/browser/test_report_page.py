"""The HTML report in a real browser: it runs nothing from data and loads nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.reporting.exports.html import render
from tests.reporting import samples
from tests.reporting.test_outcomes import report, told
from tests.reporting.test_pairs import found as by_pairs
from tests.reporting.test_pairs import pair
from tests.reporting.test_segments import feature as segmented
from tests.reporting.test_segments import found as by_segments


@pytest.fixture
def open_report(browser, tmp_path):
    """Open a report as a file; no dialog, no error on the console, no request beside the file."""
    contexts, problems = [], []

    def opened(report, **options):
        path = tmp_path / "report.html"
        path.write_text(render(report), encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(f"a script ran: {dialog.message}"))
        page.goto(path.as_uri())
        page.on("request", lambda request: problems.append(f"loaded: {request.url}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems


def test_names_that_attack_are_text(open_report):
    page = open_report(samples.hostile())
    assert page.locator("#features tbody tr").count() == len(samples.hostile().features)
    assert page.locator("img, iframe, object, [onerror], [onmouseover]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_has_no_accessibility_finding(open_report, scheme):
    page = open_report(samples.report(), color_scheme=scheme)
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_what_stands_beside_the_features_shuts_nobody_out(open_report, scheme, width):
    beside = {"segments": by_segments(segmented("delay")), "pairs": by_pairs(pair())}
    size = {"width": width, "height": 800}
    shown = report(told()).model_copy(update=beside)
    page = open_report(shown, color_scheme=scheme, viewport=size)
    assert page.locator("section svg[role=img] rect").count() > 50
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_table_sorts_and_filters(open_report):
    page = open_report(samples.report())
    page.fill("#tools input", "ori")
    assert page.locator("#tools output").text_content() == "1 of 8 shown"
    page.fill("#tools input", "")
    page.click("#features th:nth-child(2) button")
    assert (
        page.locator("#features tbody tr td:nth-child(2)").first.text_content() == "temperature_f"
    )
    assert page.locator("#features th:nth-child(2)").get_attribute("aria-sort") == "descending"


def test_a_link_opens_a_folded_feature(open_report):
    page = open_report(samples.report())
    page.click("#features >> text=origin")
    assert page.locator("details:has(#f5)").get_attribute("open") is not None


def test_without_scripts_all_is_there_and_printed(open_report):
    page = open_report(samples.report(), java_script_enabled=False)
    assert not page.locator("#tools").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#f5").bounding_box()["height"] > 100
