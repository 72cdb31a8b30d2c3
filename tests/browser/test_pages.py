"""Every page in every state: axe finds nothing, nothing runs off a narrow screen, all is light."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from django.conf import settings

from tests.browser.conftest import DESK, NARROW, PHONE
from tests.browser.gallery import Gallery

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}}
TEXTS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) found.push(walk.currentNode.data.trim().replace(/\\s+/g, " "));
  return found;
}"""
WEIGHT = 30_000  # bytes of a page with all that it loads, uncompressed


def shoot(page, name):
    """Pictures to look at, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for view in (PHONE, DESK):
            page.set_viewport_size(view)
            page.screenshot(path=f"{folder}/{name}-{view['width']}.png", full_page=True)


def english():
    """Our English words that are others in French."""
    folder = Path(settings.BASE_DIR) / "apps/pages/locale/fr/LC_MESSAGES"
    with (folder / "django.po").open("rb") as file:
        return {each.id for each in read_po(file) if each.id != each.string} - {""}


def problems_of(page, language):
    """By axe, by the eye of a narrow screen, and by the outline."""
    found = []
    for view, scheme in ((PHONE, "light"), (DESK, "dark")):
        page.set_viewport_size(view)
        page.emulate_media(color_scheme=scheme)
        for each in Axe().run(page, options=OPTIONS).response["violations"]:
            found += [f"{scheme} {each['id']}: {node['html'][:160]}" for node in each["nodes"]]
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("runs off a screen of 320 px")
    if page.locator("html").get_attribute("lang") != f"{language}-CA":
        found.append("in the wrong language")
    if language == "fr" and (left := english() & set(page.evaluate(TEXTS))):
        found.append(f"in English: {left}")
    if page.locator("h1").count() != 1:
        found.append("has not one heading")
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_open_to_everybody_and_light(open_browser, alice, language):
    alice.hiring_firm.language = alice.user.language = language
    alice.hiring_firm.save()
    alice.user.save()
    page = open_browser(locale=f"{language}-CA")
    loaded, complaints, found, weights = [], [], {}, {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.on("console", lambda line: complaints.append(line.text))
    for name, address, act in Gallery(alice, language).world():
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        loaded.clear()
        complaints.clear()
        page.goto(address)
        if act:
            loaded.clear()
            act(page)
        weights[name] = int(sum(loaded))
        shoot(page, f"{name}-{language}")
        problems = problems_of(page, language)
        if weights[name] > WEIGHT:
            problems.append(f"{weights[name]} bytes")
        problems += [line for line in complaints if "status of 4" not in line]
        if problems:
            found[name] = problems
    print(f"{len(weights)} pages, the heaviest of {max(weights.values())} bytes")
    assert not found
