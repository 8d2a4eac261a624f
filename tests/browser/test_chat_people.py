"""People are chosen by name: with the keyboard on a phone, in both languages, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, go, listen, too_wide, violations

if TYPE_CHECKING:
    from tests.browser.house import House

pytestmark = pytest.mark.browser

WRITER = "bastien.roche@passerelles.example"
PLACE = "/discussions/a-plusieurs"


def test_people_are_chosen_by_the_keyboard_and_taken_off(house: House) -> None:
    page = house.enter(WRITER, size=PHONE)
    heard = listen(page)
    go(page, PLACE)
    field = page.get_by_role("combobox", name="Avec qui")
    field.press_sequentially("cami")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "person-1")
    expect(page.locator("#status")).to_contain_text("trouvée")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("Enter")
    chips = page.get_by_role("list", name="Personnes choisies").get_by_role("listitem")
    expect(chips).to_have_count(1)
    expect(field).to_have_value("")
    field.press_sequentially("guillaume r")
    page.get_by_role("option", name="Guillaume Roy").click()
    expect(chips).to_have_count(2)
    field.press("Backspace")
    expect(chips).to_have_count(1)
    expect(field).to_be_focused()
    assert heard == []


def test_the_open_list_and_the_chips_are_accessible(house: House) -> None:
    page = house.enter(WRITER, size=PHONE)
    go(page, PLACE)
    page.get_by_role("combobox").press_sequentially("camille d")
    # By name, here and below: the list of what was typed before may still stand.
    option = page.get_by_role("option", name="Camille Dervaux")
    expect(option).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(1)
    assert violations(page) == []
    option.click()
    expect(page.locator(".whom__chip")).to_have_count(1)
    assert violations(page) == []
    assert too_wide(page) <= 0


def test_a_message_leaves_to_those_chosen(house: House) -> None:
    page = house.enter(WRITER)
    go(page, PLACE)
    for typed, name in (("camille d", "Camille Dervaux"), ("guillaume r", "Guillaume Roy")):
        page.get_by_role("combobox").press_sequentially(typed)
        page.get_by_role("option", name=name).click()
    page.get_by_label("Message", exact=True).fill("Un mot à deux.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".msg", has_text="Un mot à deux.").last).to_be_visible()
    expect(page.locator(".talk__head h1")).to_contain_text("Guillaume")


def test_without_a_script_people_are_looked_for_and_ticked(house: House) -> None:
    page = house.enter(WRITER, size=PHONE, javascript=False)
    go(page, PLACE)
    page.get_by_label("Avec qui").fill("camille d")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("checkbox", name="Camille").check()
    assert too_wide(page) <= 0
    page.get_by_label("Avec qui").fill("")
    page.get_by_label("Message", exact=True).fill("Sans script.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".msg", has_text="Sans script.").last).to_be_visible()
