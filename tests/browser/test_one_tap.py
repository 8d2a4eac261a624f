"""Help is confirmed in one tap on a phone, from the link of a letter, behind the door."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incubator.demo import loader
from tests.browser.house import LYON, MONTREAL, PHONE, House, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NOTE = "Un coup de main sur un tableau croisé"
FINGER = 36  # pixels that a finger needs


def shared(page: Page) -> str:
    """Camille shares an hour with Guillaume; where the line of it leads."""
    page.goto("/heures/declarer")
    page.locator("label.kind").nth(2).click()
    page.get_by_label("Avec qui").fill("Guillaume Roy")
    page.locator("summary", has_text="Où, et de quand à quand").click()
    page.get_by_label("Ou une autre durée").fill("1 h")
    page.get_by_label("Un mot à ce sujet").fill(NOTE)
    page.get_by_role("button", name="Déclarer").click()
    line = page.locator("tr", has_text=NOTE).get_by_role("link")
    return line.first.get_attribute("href") or ""


def test_who_was_helped_says_yes_with_one_tap(house: House) -> None:
    camille = house.enter(LYON)
    address = shared(camille)
    phone = house.visit(size=PHONE)
    phone.goto(address)
    phone.get_by_label("Adresse e-mail").fill(MONTREAL)
    phone.get_by_label("Mot de passe", exact=True).fill(loader.PASSWORD)
    phone.get_by_role("button", name="Se connecter", exact=True).click()
    expect(phone).to_have_url(re.compile(address))
    yes = phone.get_by_role("button", name="Confirmer")
    box = yes.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= FINGER
    assert box["y"] + box["height"] < PHONE[1]
    yes.click()
    shown(phone, "Validées par Guillaume Roy")
    camille.goto("/heures")
    expect(camille.locator("tr", has_text=NOTE)).to_contain_text("validée")
