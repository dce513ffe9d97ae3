"""The Learn page as somebody without a mouse, or with a dark screen, meets it."""

import pytest
from playwright.sync_api import expect

from .test_flow import findings_in_both_themes, tab_to


@pytest.mark.slow
def test_learning_shuts_nobody_out_and_a_lesson_is_moved_by_keyboard(open_page):
    page = open_page("learn")
    expect(page.locator(".js-plotly-plot .bars").first).to_be_visible()
    assert findings_in_both_themes(page) == []
    numbers = page.locator("dd").first
    before = numbers.inner_text()
    tab_to(page, "Live: middle", "slider")
    page.keyboard.press("ArrowRight")
    expect(numbers).not_to_have_text(before)
    page.keyboard.press("Shift+Tab")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(20)
    assert findings_in_both_themes(page) == []


def test_on_a_phone_nothing_is_wider_than_the_screen(open_page):
    page = open_page("learn?lesson=Sample+size", viewport={"width": 390, "height": 844})
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
