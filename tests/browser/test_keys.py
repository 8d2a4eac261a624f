"""Single keys: to the places of the menu, to the search, to their list; none while one writes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, held_back, listen, violations

pytestmark = pytest.mark.browser

# Whose language no test changes; nothing is written here.
READER = "florian.lefebvre@passerelles.example"


def test_keys_lead_to_the_places_of_the_menu_even_before_their_file_came(house: House) -> None:
    page = house.enter(READER)
    heard = listen(page)
    page.goto("/annuaire")
    let_go = held_back(page, "**/ui/keys*.js")
    with page.expect_request("**/ui/keys*.js"):
        page.keyboard.press("g")
    page.keyboard.press("e")
    let_go()
    page.wait_for_url(re.compile(r"/entraide$"))
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"/$"))
    assert heard == []


def test_a_question_mark_tells_the_keys_and_a_stroke_finds(house: House) -> None:
    page = house.enter(READER)
    page.goto("/annuaire")
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Raccourcis du clavier")
    expect(told.get_by_role("rowheader", name="g d")).to_be_visible()
    assert violations(page) == []
    # In a dialog keys do nothing.
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()


def test_who_writes_or_switched_them_off_is_left_alone(house: House) -> None:
    page = house.enter(READER)
    page.goto("/annuaire")
    field = page.get_by_role("searchbox").first
    field.press_sequentially("g?/")
    expect(field).to_have_value("g?/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/moi/reglages/apparence")
    page.get_by_label("Raccourcis d’une seule touche").uncheck()
    page.get_by_role("button", name="Garder ces choix").click()
    expect(page.get_by_text("Vos choix sont gardés")).to_be_visible()
    expect(page.locator("body[data-keys]")).to_have_count(0)
