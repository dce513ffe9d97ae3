"""One Streamlit server and one Chromium for all browser tests; a new context for each."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on PATH (set CHROMIUM)"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_healthy(url):
    try:
        return urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).status == 200  # noqa: S310
    except OSError:
        return False


def start_server(log):
    """Start the dashboard and wait for its health; a port may be taken in between: three tries."""
    for _ in range(3):
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
        command += ["--server.port", str(port), "--server.fileWatcherType", "none"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and server.poll() is None:
            if is_healthy(url):
                return server, url
            time.sleep(0.05)
        server.kill()
        server.wait()
    raise AssertionError(log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    server, url = start_server(tmp_path_factory.mktemp("streamlit") / "server.log")
    yield url
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def browser():
    expect.set_options(timeout=20_000)  # the default of 5 s fails on a loaded machine
    arguments = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root otherwise
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, app_url):
    """Open pages of the dashboard; no error on the console, no request that leaves the machine."""
    contexts, problems = [], []

    def note_error(message):
        # A deep link makes the page probe /overview/_stcore/... first: those 404s are normal.
        address = message.location.get("url", "")
        if message.type == "error" and "/_stcore/" not in address:
            problems.append(f"{message.text} {address}")

    def note_request(request):
        if not request.url.startswith((app_url, app_url.replace("http", "ws"), "data:", "blob:")):
            problems.append(f"left the machine: {request.url}")

    def opened(path="", **options):
        size = {"width": 1366, "height": 1400}
        context = browser.new_context(
            **({"viewport": size, "locale": "en-GB", "reduced_motion": "reduce"} | options)
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note_error)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", note_request)
        page.on("dialog", lambda dialog: problems.append(f"a script ran: {dialog.message}"))
        page.goto(f"{app_url}/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def page(open_page):
    return open_page()


def click_row(page, label, row, header=36, height=35):
    """Select a row of a table. The grid is a canvas: only coordinates reach its cells."""
    grid = page.get_by_test_id("stDataFrame").filter(has=page.locator(f"[aria-label='{label}']"))
    grid.first.scroll_into_view_if_needed()
    box = grid.first.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + header + row * height + height / 2)
