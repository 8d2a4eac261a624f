"""The palette in Chromium: Ctrl K, letters, arrows, Enter; and the page without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import PHONE, House, listen, too_wide, violations

pytestmark = pytest.mark.browser

LEAVE_AND_STAY = """() => {
  const out = document.querySelector("form[data-way-out]");
  out.addEventListener("submit", (event) => event.preventDefault());
  out.requestSubmit();
}"""
READER = "amine.cherif@passerelles.example"


def typed(page: Page, text: str) -> Page:
    """Open the palette over a page and type."""
    page.goto("/annuaire")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Que cherchez-vous")).to_be_focused()
    page.keyboard.type(text)
    expect(page.locator("#palette mark").first).to_be_visible()
    return page


def test_letters_arrows_and_enter_lead_to_a_person(house: House) -> None:
    page = house.enter(READER)
    heard = listen(page)
    typed(page, "hugo marc")
    field = page.locator("#palette-q")
    first = page.locator("#palette [role=option][aria-selected=true]")
    expect(first).to_contain_text("Hugo Marchetti")
    expect(page.locator("#status")).to_have_text(re.compile(r"\d+ résultat"))
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/annuaire/hugo-marchetti"))
    assert heard == []


def test_escape_closes_and_what_was_looked_for_is_offered_again_until_one_leaves(
    house: House,
) -> None:
    page = typed(house.enter(READER), "hugo marc")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/annuaire/hugo-marchetti"))
    page.keyboard.press("Control+k")
    again = page.locator("#palette [data-again]")
    expect(again).to_have_text("hugo marc")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    again.click()
    expect(page.locator("#palette [role=option]").first).to_contain_text("Hugo Marchetti")
    page.evaluate(LEAVE_AND_STAY)
    assert page.evaluate("localStorage.getItem('looked-for')") is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_phone_without_a_script_a_page_does_the_same(house: House, language: str) -> None:
    page = house.enter(READER, size=PHONE, javascript=False)
    page.goto("/recherche" if language == "fr" else "/search")
    page.locator("main input[name=q]").fill("hugo marc")
    page.locator("main form button").first.click()
    page.get_by_role("link", name=re.compile("Hugo Marchetti")).first.click()
    page.wait_for_url(re.compile("hugo-marchetti"))
    page.go_back()
    assert too_wide(page) == 0
