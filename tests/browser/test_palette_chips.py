"""The chips of the palette: one kind by touch, by keys and by «in:…»; searches forgotten."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import DESKTOP, PHONE, House, listen, too_wide, violations
from tests.browser.test_every_page import look

pytestmark = pytest.mark.browser

READER = "corentin.briand@passerelles.example"
GROUPS = "#palette [role=group]"


def opened(page: Page, text: str) -> Page:
    """The palette over a page, some text in it."""
    page.goto("/sites")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator(GROUPS).nth(1)).to_be_visible()
    return page


def chip(page: Page, kind: str) -> Locator:
    return page.locator(f"#palette .palette__kinds [data-kind='{kind}']")


def pressed(page: Page, kind: str) -> None:
    """Wait until one chip is pressed, and no other."""
    expect(chip(page, kind)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#palette [aria-pressed=true]")).to_have_count(1)


def test_a_touch_shows_one_kind_and_another_touch_all(house: House) -> None:
    page = opened(house.enter(READER), "heures")
    heard = listen(page)
    chip(page, "guide").click()
    expect(page.locator(GROUPS)).to_have_count(1)
    expect(page.locator("#palette [role=option]").first).to_contain_text("Vos heures")
    pressed(page, "guide")
    chip(page, "guide").click()
    expect(page.locator(GROUPS).nth(1)).to_be_visible()
    pressed(page, "")
    assert heard == []


def test_keys_walk_the_chips_and_lead_back_to_the_finds(house: House) -> None:
    page = opened(house.enter(READER), "heures")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(chip(page, "")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(chip(page, "pages")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(chip(page, "guide")).to_be_focused()
    page.keyboard.press("Enter")
    pressed(page, "guide")
    expect(page.locator(GROUPS)).to_have_count(1)
    expect(chip(page, "guide")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/aide/vos-heures")


def test_words_that_name_a_kind_press_its_chip_and_a_chip_takes_them_away(house: House) -> None:
    page = opened(house.enter(READER), "heures")
    page.keyboard.type(" in:aide")
    pressed(page, "guide")
    expect(page.locator(GROUPS)).to_have_count(1)
    chip(page, "pages").click()
    pressed(page, "pages")
    expect(page.locator("#palette-q")).to_have_value("heures")
    chip(page, "").click()
    pressed(page, "")


def test_all_of_one_kind_opens_the_page_of_that_kind(house: House) -> None:
    page = opened(house.enter(READER), "heures")
    chip(page, "guide").click()
    pressed(page, "guide")
    page.locator("#hit-all").click()
    page.wait_for_url("**/recherche?q=heures&kind=guide")
    expect(page.locator(".kinds [aria-current]")).to_have_text("Aide")


def test_searches_are_offered_on_the_page_and_forgotten_in_one_tap(house: House) -> None:
    page = house.enter(READER, size=PHONE)
    page.goto("/recherche?q=fermeture")
    page.goto("/recherche")
    page.locator("#lately a").click()
    page.wait_for_url("**/recherche?q=fermeture")
    page.goto("/recherche")
    page.get_by_role("button", name="Oublier ces recherches").click()
    expect(page.locator("#lately")).to_be_hidden()
    expect(page.locator("#status")).to_have_text("Ces recherches sont oubliées.")
    page.goto("/recherche")
    expect(page.locator("#lately")).to_be_hidden()


def test_the_palette_forgets_too(house: House) -> None:
    page = opened(house.enter(READER), "heures")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/sites"))
    page.goto("/sites")
    page.keyboard.press("Control+k")
    page.locator("#palette [data-forget]").click()
    expect(page.locator("#palette [data-again]")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('looked-for')") is None


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chips_can_be_used_by_everybody(
    house: House, size: tuple[int, int], theme: str
) -> None:
    page = opened(house.enter(READER), "heures")
    chip(page, "guide").click()
    pressed(page, "guide")
    look(page, size, theme)
    assert violations(page) == []
    assert too_wide(page) == 0
    inside = page.locator("#palette").evaluate("e => e.scrollWidth - e.clientWidth")
    assert inside == 0
