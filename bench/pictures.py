# ruff: noqa: INP001 (a script: its folder is no package)
"""Take the pictures of the README: the overview and a feature of the sample data.

`python bench/pictures.py` needs Chromium; it starts a server of its own on loopback.
"""

import shutil
from pathlib import Path

from analysts import QUERY, server
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "dashboard" / "pictures"
PAGES = {"overview": ("", 768), "feature": ("&feature=humidity_pct", 900)}


def main() -> None:
    """Write one picture a page."""
    FOLDER.mkdir(exist_ok=True)
    with server() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (more, height) in PAGES.items():
            size = {"width": 1366, "height": height}
            page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
            page.goto(f"http://127.0.0.1:{port}/{name}?{QUERY}{more}")
            page.locator(".js-plotly-plot .bars").first.wait_for()
            page.wait_for_timeout(2000)
            page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
