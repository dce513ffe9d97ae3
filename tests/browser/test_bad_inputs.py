"""Bad files given to the page in a real browser, and text that attacks."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from core.pipeline import check
from core.reporting.exports import render
from tests.bad_inputs.cases import clean, reference
from tests.bad_inputs.test_attacks import NAMES, sides
from tests.bad_inputs.text_files import CASES

from .test_flow import give, heading, upload


def _far_too_big():
    """Make some megabytes that unpack to more than a gigabyte: members one behind the other."""
    rows = gzip.compress(b"1.5,Oslo,3\n" * 1_000_000)
    return gzip.compress(b"age,town,visits\n") + rows * 110


FILES = {
    **{
        case.id: (case.live, case.code) for case in CASES if case.id in {"A01", "A10", "A17", "A18"}
    },
    "A28": (_far_too_big, "too_big"),
}
WORDS = {
    "A01": "live.csv is empty",
    "A10": "Line 57 opens a quote that is never closed",
    "A17": "web page",
    "A18": "picture",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name == "A28" else name for name in FILES],
)
def test_a_bad_file_is_one_sentence_and_the_next_file_is_read(page, name):
    give(page, "Reference", "reference.csv", reference())
    expect(page.get_by_text("✓ reference.csv")).to_be_visible()
    give(page, "Live", "live.csv", FILES[name][0]())
    alert = page.get_by_role("alert").filter(has_text=WORDS.get(name, "more than 1,074 MB"))
    expect(alert).to_be_visible(timeout=60_000)
    expect(page.get_by_role("alert")).to_have_count(1)
    give(page, "Live", "sound.csv", clean())
    expect(heading(page, "drift|Drift|data|watch")).to_be_visible()
    expect(page.get_by_text("sound.csv").first).to_be_visible()


@pytest.mark.parametrize("attack", ["X01", "X01-closing", "X02"])
def test_a_name_that_attacks_is_text_on_the_page_and_in_the_report(page, attack):
    before, after = sides(NAMES[attack])
    upload(page, ("reference.csv", before), ("live.csv", after))
    expect(heading(page, "drift|Drift|data|watch")).to_be_visible()
    expect(page.locator("script", has_text="alert(1)")).to_have_count(0)
    expect(page.locator("img[src='x']")).to_have_count(0)
    report, ran = page.context.new_page(), []  # the dashboard's own scripts are not in it
    report.on("dialog", lambda dialog: ran.append(dialog.message))
    report.set_content(render(check(before, after), ".html"))
    expect(report.get_by_text(re.compile(re.escape(NAMES[attack]))).first).to_be_visible()
    expect(report.locator("img[src='x']")).to_have_count(0)
    assert ran == []
