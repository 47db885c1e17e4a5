"""What a reader does with the report, in a real browser: looks, points, chooses, closes, reads on a phone, without a script running.

The browser is Debian's Chromium, or the one that REGARD_CHROMIUM names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from regard.findings.report import Report
from regard.surfaces.pages.page import render

from .sample import HOSTILE_TEXTS, crowd, everywhere, sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("REGARD_CHROMIUM", "/usr/bin/chromium")
Scheme = Literal["light", "dark"]
MARA = 'a[href="#person-1"]'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class Reader:
    """A window on one report that notes everything a closed page must not do."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser, self._folder = browser, folder
        self.alarms: list[str] = []

    def open(self, report: Report, width: int = 1280, height: int = 800, scheme: Scheme = "light", scripts: bool = True) -> Page:
        """The report in a window of this size; with `scripts` the browser would run one if the page held any."""
        file = self._folder / "report.html"
        file.write_text(render(report), encoding="utf-8")
        context = self._browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts)
        page = context.new_page()
        page.on("console", lambda message: self.alarms.append(message.text))
        page.on("pageerror", lambda error: self.alarms.append(str(error)))
        page.on("dialog", lambda dialog: self.alarms.append(dialog.message))
        page.on("request", lambda request: self._note(request.url, file.as_uri()))
        page.goto(file.as_uri())
        return page

    def _note(self, address: str, own: str) -> None:
        if not address.startswith((own, "data:")):
            self.alarms.append(address)


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    new_reader = Reader(browser, tmp_path)
    yield new_reader
    for context in browser.contexts:
        context.close()
    assert new_reader.alarms == []


def _overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pointing_at_a_dot_shows_the_name_and_the_range(reader: Reader, scheme: Scheme) -> None:
    page = reader.open(crowd(60), scheme=scheme)
    dot = page.locator(".dots a:not(.w)").first
    assert not dot.locator("text").is_visible()
    dot.locator("circle").hover()
    assert dot.locator("text").is_visible()
    assert dot.locator("line").evaluate("line => getComputedStyle(line).display") != "none"


@pytest.mark.parametrize("scripts", [True, False])
def test_choosing_a_dot_opens_the_card_and_leaves_the_plane_in_place(reader: Reader, scripts: bool) -> None:
    page = reader.open(sample(), scripts=scripts)
    card = page.locator("#person-1")
    assert not card.is_visible()
    page.locator(MARA).first.locator("circle").hover()
    before = page.locator("#plane").bounding_box()
    page.locator(MARA).first.locator("circle").click()
    assert card.is_visible()
    assert page.locator("#plane").bounding_box() == before
    assert "154 reached" in card.inner_text()
    assert "You saved my weekend." in card.inner_text()
    assert page.locator("#people article:visible").count() == 1
    card.get_by_role("link", name="Close").click()
    assert not card.is_visible()
    assert page.locator("#plane").evaluate("plane => Math.abs(plane.getBoundingClientRect().top) < innerHeight / 2")


def test_the_keyboard_opens_and_closes_a_card(reader: Reader) -> None:
    page = reader.open(sample())
    page.locator(MARA).first.focus()
    assert page.locator(".dots a:focus text").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#person-1").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Enter")
    assert not page.locator("#person-1").is_visible()


def test_the_first_tab_offers_to_skip_ahead(reader: Reader) -> None:
    page = reader.open(sample())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the sentences"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0


def test_the_table_of_people_leads_to_the_same_cards(reader: Reader) -> None:
    page = reader.open(sample())
    page.get_by_text("The same as a table, by name").click()
    page.get_by_role("row", name="Hana Ito").get_by_role("link").click()
    assert page.locator("#person-3").is_visible()


def test_the_first_screen_holds_the_sentences_and_begins_the_list(reader: Reader) -> None:
    page = reader.open(sample())
    for selector in ("h1", ".coverage", "#sentences li >> nth=2", "#waits li >> nth=0"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] < 800, selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(reader: Reader, width: int, scheme: Scheme) -> None:
    for report in (sample(), crowd(300)):
        page = reader.open(report, width=width, height=844, scheme=scheme)
        assert _overflow(page) == 0
        page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
        assert _overflow(page) == 0


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_words_neither_run_nor_break_the_page(reader: Reader, text: str) -> None:
    page = reader.open(everywhere(text, "javascript:alert(1)"), width=390, height=844)
    assert _overflow(page) == 0
    page.goto(page.url + "#person-1")
    assert page.locator("#person-1").is_visible()
    assert _overflow(page) == 0
    assert page.locator("script, img, iframe, object, form").count() == 0


def test_what_a_screen_reader_gets_of_a_dot(reader: Reader) -> None:
    page = reader.open(sample())
    assert page.get_by_role("link", name="154 reached, 38 kept (30 to 46)").count() == 1
    assert page.get_by_role("navigation", name="Sections").count() == 1
    assert page.get_by_role("img", name="Activity: people active").count() == 1


def test_on_paper_the_text_stays_and_the_cards_go(reader: Reader) -> None:
    page = reader.open(replace(sample(), made_up=False), scheme="dark")
    page.goto(page.url + "#person-1")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#person-1").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("#sentences").is_visible()
    assert page.get_by_role("cell", name="64").first.is_visible()
