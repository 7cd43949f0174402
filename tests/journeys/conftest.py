"""A house with a server in it, a browser, and windows that are watched."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.journeys import pages
from tests.journeys.servers import House

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REPORT_BROKEN_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI}`));
"""


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield running
        running.close()


@pytest.fixture(scope="session")
def house(browser, tmp_path_factory):
    """A demonstration organisation on SQLite, served over HTTP."""
    made = House(tmp_path_factory.mktemp("house"))
    try:
        made.set_up()
        made.start()
        yield made
    finally:
        made.tear_down()


class Windows:
    """Opens browser windows, each with its own cookies, and notes what goes wrong in them."""

    def __init__(self, browser, house):
        self._browser, self._house = browser, house
        self._contexts = []
        self._expected = []
        self.problems = []

    def open(self, *, width=1440, height=900, **settings):
        context = self._browser.new_context(
            base_url=self._house.url,
            locale="zh-CN",
            viewport={"width": width, "height": height},
            **settings,
        )
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_BROKEN_POLICY)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        context.on("request", self._look_at)
        self._contexts.append(context)
        return context.new_page()

    def expect_outage(self):
        """The network is away in this story, for the page and for its service worker."""
        self._expected += ["net::ERR_", "An unknown error occurred when fetching the script"]

    def expect_problem(self, words):
        """This story provokes it: a refusal, or a network that is away."""
        self._expected.append(words)

    def close(self):
        for context in self._contexts:
            context.close()

    def _hear(self, message):
        if message.type == "error":
            self._note(f"{message.page.url if message.page else ''}: {message.text}")

    def _look_at(self, request):
        target = urlsplit(request.url)
        if target.scheme in ("http", "https") and f"http://{target.netloc}" != self._house.url:
            self._note(f"a request to another host: {request.url}")

    def _note(self, problem):
        if not any(words in problem for words in self._expected):
            self.problems.append(problem)


@pytest.fixture
def windows(browser, house):
    """Windows on the house; at the end, nothing must have gone wrong in any of them."""
    opened = Windows(browser, house)
    yield opened
    opened.close()
    assert opened.problems == []


@pytest.fixture
def page(windows):
    return windows.open()


@pytest.fixture(scope="session")
def serious():
    """The findings of axe on a page that keep somebody out, each with its place."""
    axe = Axe()

    def find(page):
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"][:5]
        ]

    return find


@pytest.fixture(scope="session")
def photograph():
    """Keeps a picture of each page where QIJUE_SHOTS names a folder."""
    folder = os.environ.get("QIJUE_SHOTS")

    def take(page, name):
        if folder:
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return take


@pytest.fixture
def desk(windows, house):
    """Opens a window with somebody of the demonstration at it."""

    def open_(username, **settings):
        window = windows.open(**settings)
        pages.log_in(window, house.demo(username))
        return window

    return open_
