"""A real Chromium, on the live server. Without one the tests say so and skip themselves."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

from apps.links.tokens import sign
from tests.pages.conftest import OF

PHONE = {"width": 375, "height": 812}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}  # also what 1280 px are at 400 %
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("BROWSER") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("No Chromium was found: apt install chromium, or brew install chromium")
    # Playwright's loop runs in this thread, which makes Django refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # It also gives this thread a connection of its own, which knows nothing of the first one's
    # copy of what migrations filled.
    filled = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = filled
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_browser(chromium, live_server):
    """A browser of its own each time: no cookie, no memory."""
    opened = []

    def open_browser(**options):
        # Colours that fade in would be measured half-way.
        usual = {"viewport": PHONE, "locale": "en-CA", "reduced_motion": "reduce"}
        options = usual | {"base_url": live_server.url} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context.new_page()

    yield open_browser
    for context in opened:
        context.close()


def link(target) -> str:
    return f"/r/{sign(OF[type(target).__name__], target)}"
