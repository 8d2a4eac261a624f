"""What a member has of their own: settings on one frame, on a desktop and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import LYON, PHONE, House, go, listen
from tests.browser.test_every_page import inspect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = {
    "settings": (
        "/moi/reglages",
        "/moi/reglages/compte",
        "/moi/reglages/compte/adresse",
        "/moi/reglages/securite",
        "/moi/reglages/securite/mot-de-passe",
        "/moi/reglages/langue",
        "/moi/reglages/visibilite",
        "/moi/reglages/presence",
        "/moi/reglages/apparence",
        "/raccourcis",
        "/moi/reglages/donnees",
        "/moi/lettres",
        "/moi/appareils",
        "/notifications",
        "/notifications?all=",
        "/moi/activite",
        "/moi/activite?kind=hours",
        "/heures/regards",
    ),
}


@pytest.mark.parametrize("part", PAGES)
def test_pages_of_ones_own_can_be_read_by_everybody(house: House, part: str) -> None:
    page = house.enter(LYON)
    heard = listen(page)
    wrong = {}
    for place in PAGES[part]:
        assert go(page, place) == 200, place
        wrong[place] = inspect(page)
    assert {place: found for place, found in wrong.items() if found} == {}
    assert heard == []


def names(page: Page) -> list[str]:
    """The lines of the menu of settings that can be seen."""
    return [one for one in page.locator(".settings__nav a").all_inner_texts() if one]


def test_settings_are_a_menu_on_a_desktop_and_a_list_on_a_phone(house: House) -> None:
    page = house.enter(LYON)
    page.goto("/")
    page.get_by_label("Compte et affichage").click()
    page.get_by_role("link", name="Réglages", exact=True).click()
    page.get_by_role("link", name="Sécurité").click()
    expect(page.locator(".settings__nav [aria-current]")).to_have_text("Sécurité")
    page.locator(".settings__nav").get_by_role("link", name="Apparence").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apparence")
    phone = house.enter(LYON, size=PHONE)
    phone.goto("/moi/reglages")
    phone.get_by_role("link", name="Apparence").click()
    expect(phone.locator(".settings__nav")).to_be_hidden()
    phone.get_by_role("link", name="Réglages", exact=True).click()
    phone.wait_for_url("**/moi/reglages")


def test_less_movement_stops_what_moves_whatever_the_device_says(house: House) -> None:
    page = house.enter(LYON)
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/moi/reglages/apparence")
    button = page.locator("main button[type=submit]")
    moves = "e => getComputedStyle(e).transitionDuration"
    assert button.evaluate(moves) != "0s"
    page.get_by_label("Moins de mouvement").check()
    button.click()
    expect(page.locator("html")).to_have_attribute("data-motion", "less")
    assert page.locator("main button[type=submit]").evaluate(moves) == "0s"
