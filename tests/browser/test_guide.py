"""The guide in Chromium: read in both languages, walked by links, printed, found by chips."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import LYON, MANAGER, NARROW, PHONE, House, listen, scrolls_sideways
from tests.browser.test_every_page import inspect, look

pytestmark = pytest.mark.browser

# Nobody else comes in as these: one reads English from here on.
ENGLISH_READER = "sokhna.thiam@passerelles.example"
FRENCH_READER = "corentin.briand@passerelles.example"
CHIPS = "#palette .palette__kinds button"


def wrong_with(page: Page, places: tuple[str, ...]) -> dict[str, list[str]]:
    """What is wrong with pages of the guide, on a desktop and a phone, light and dark."""
    found = {}
    for place in places:
        page.goto(place)
        found[place] = inspect(page)
        look(page, NARROW, "light")
        found[place] += scrolls_sideways(page)
    return {place: each for place, each in found.items() if each}


def test_the_guide_can_be_read_by_everybody_in_french(house: House) -> None:
    page = house.enter(LYON)
    heard = listen(page)
    assert wrong_with(page, ("/aide", "/aide/l-entraide", "/aide/reglages", "/aide/un-souci")) == {}
    assert heard == []


def test_the_guide_can_be_read_by_everybody_in_english(house: House) -> None:
    page = house.enter(ENGLISH_READER)
    page.goto("/aide/les-creneaux")
    page.get_by_role("button", name="Read this in English").click()
    page.wait_for_url("**/guide/slots")
    heard = listen(page)
    assert wrong_with(page, ("/guide", "/guide/discussions", "/guide/your-hours")) == {}
    assert heard == []


def test_the_guide_of_managers_can_be_read_by_them(house: House) -> None:
    page = house.enter(MANAGER)
    assert wrong_with(page, ("/aide", "/aide/les-signalements", "/aide/le-journal")) == {}


def test_from_a_page_to_its_chapter_to_a_part_and_on(house: House) -> None:
    page = house.enter(FRENCH_READER)
    heard = listen(page)
    page.goto("/heures")
    page.locator("main").get_by_role("link", name=re.compile("Comment ça marche")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos heures")
    page.get_by_role("navigation", name="Sur cette page").get_by_text("Lire Mes heures").click()
    expect(page.locator("#hours-read")).to_be_in_viewport()
    page.locator("main").get_by_role("link", name="fil d’entraide").click()
    page.wait_for_url("**/aide/l-entraide#help-thanks")
    expect(page.locator("#help-thanks")).to_be_in_viewport()
    page.get_by_role("link", name=re.compile("Chapitre suivant")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les discussions")
    page.locator("header .top").get_by_role("link", name=re.compile("Comment ça marche")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aide")
    assert heard == []


def test_on_a_phone_without_a_script_the_contents_lead_on(house: House) -> None:
    page = house.enter(FRENCH_READER, size=PHONE, javascript=False)
    page.goto("/plus")
    page.locator("main").get_by_role("link", name="Aide", exact=True).click()
    page.get_by_role("link", name=re.compile("^Les créneaux")).click()
    page.locator("main summary").click()
    contents = page.get_by_role("navigation", name="Sommaire")
    expect(contents.get_by_role("link", name="Les créneaux")).to_have_attribute(
        "aria-current", "page"
    )
    contents.get_by_role("link", name="Les discussions").click()
    page.wait_for_url("**/aide/les-discussions")


def test_a_printed_chapter_is_its_text_alone(house: House) -> None:
    page = house.enter(FRENCH_READER)
    page.goto("/aide/vos-heures")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Lire Mes heures")).to_be_visible()
    for gone in (".side", ".top", ".guide__all", ".guide__here", ".guide__turn", ".guide__other"):
        expect(page.locator(gone).first).to_be_hidden()
