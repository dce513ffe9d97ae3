"""What a finger does: the menu of a phone goes out of the way, and any cell opens its feature."""

from playwright.sync_api import expect

SAMPLE = "reference=sample&live=sample"
PHONE = {"width": 390, "height": 844}
IS_CLOSED = """() => document.querySelector('[data-testid="stSidebar"]')
    .getBoundingClientRect().right <= 0"""


def test_the_menu_closes_with_each_choice(open_page):
    page = open_page(f"overview?{SAMPLE}", viewport=PHONE)
    for name in ("Settings", "Learn", "Features"):
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
        page.wait_for_function(IS_CLOSED)
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()


def test_a_click_in_any_cell_opens_the_feature_of_its_row(open_page):
    page = open_page(f"overview?{SAMPLE}")
    expect(page.locator(".js-plotly-plot .bars").first).to_be_visible()  # so all is drawn
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 600, box["y"] + 90)
    expect(page.get_by_role("heading").filter(has_text="pressure_mb: drift")).to_be_visible()
