"""Furniture against an advertisement: two people, two devices, from the idea to fulfilled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MAKER = "ibrahima.cisse@passerelles.example"
AGENCY = "papa.sene@passerelles.example"
STRANGER = "amine.cherif@passerelles.example"


def sound(page: Page) -> None:
    assert (too_wide(page), violations(page)) == (0, [])


def propose(page: Page) -> str:
    """On a phone: what I give, what I would like; its address."""
    page.goto("/accords")
    page.get_by_role("link", name="Proposer un accord").first.click()
    sound(page)
    page.get_by_label("Avec quelle entreprise").select_option(label="Média Corniche")
    page.locator("#give1_title").fill("Bureaux et étagères")
    page.locator("#give1_ht").fill("1 200,50")
    page.locator("#take1_title").fill("Spot publicitaire")
    page.locator("#take1_ht").fill("mille")
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.locator("#take1_ht-error")).to_contain_text("montant en euros")
    expect(page.locator("#give1_ht")).to_have_value("1 200,50")
    sound(page)
    page.locator("#take1_ht").fill("1 000")
    page.get_by_role("button", name="Proposer", exact=True).click()
    # Both are in Dakar: nobody there charges French VAT.
    expect(page.locator("#take1_vat-error")).to_contain_text("choisissez TVA 0")
    sound(page)
    page.locator("#take1_vat").select_option("0")
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.wait_for_url(re.compile(r"/accords/\d+$"))
    expect(page.locator("main")).to_contain_text("Les côtés diffèrent de 200,50")
    sound(page)
    return page.url


def counter(page: Page, deal: str) -> None:
    """From the bell's list on a desktop: the same total, or it cannot be signed."""
    page.goto("/accords")
    page.get_by_role("link", name=re.compile("Bureaux et étagères")).click()
    assert page.url == deal
    page.get_by_role("link", name="Changer les termes").click()
    page.locator("#give1_ht").fill("1200,50")
    sound(page)
    page.get_by_role("button", name="Envoyer ces termes").click()
    page.wait_for_url(deal)
    expect(page.locator(".timeline")).to_contain_text("Autres termes en réponse")


def sign(page: Page, deal: str) -> None:
    page.goto(deal)
    page.get_by_role("link", name="Lire et signer").click()
    expect(page.locator("main")).to_contain_text("ne fait bouger aucune TVA")
    sound(page)
    page.get_by_label("J’ai lu ces termes").check()
    page.get_by_role("button", name=re.compile("^Signer pour")).click()
    page.wait_for_url(deal)


def deliver(page: Page, deal: str) -> None:
    page.goto(deal)
    page.get_by_role("button", name="C’est livré").click()
    expect(page.locator(".party .tag", has_text="livré")).to_be_visible()
    sound(page)


def accept(page: Page, deal: str) -> None:
    page.goto(deal)
    sound(page)
    page.get_by_role("button", name="C’est conforme").click()
    expect(page.locator(".timeline")).to_contain_text("Accepté")


def test_furniture_against_an_advertisement(house: House) -> None:
    maker, agency = house.enter(MAKER, size=PHONE), house.enter(AGENCY)
    heard = [listen(page) for page in (maker, agency)]
    deal = propose(maker)
    stranger = house.enter(STRANGER)
    answer = stranger.goto(deal)
    assert answer
    assert answer.status == 404
    counter(agency, deal)
    sign(maker, deal)
    sign(agency, deal)
    expect(agency.locator(".timeline")).to_contain_text("Signé par tous")
    deliver(maker, deal)
    accept(agency, deal)
    deliver(agency, deal)
    accept(maker, deal)
    for page in (maker, agency):
        page.goto(deal)
        expect(page.locator("h1 + p .tag")).to_have_text("honoré")
        sound(page)
    # The one amount that was typed wrong.
    assert [[line for line in said if "422" not in line] for said in heard] == [[], []]


def test_a_deal_is_proposed_without_javascript(house: House) -> None:
    page = house.enter(MAKER, javascript=False)
    page.goto("/accords/nouveau")
    page.get_by_label("Avec quelle entreprise").select_option(label="Média Corniche")
    page.locator("#give1_title").fill("Un tabouret")
    page.locator("#give1_mode").select_option("gift")
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.wait_for_url(re.compile(r"/accords/\d+$"))
    page.get_by_role("button", name="Retirer la proposition").click()
    expect(page.locator("h1 + p .tag")).to_have_text("retiré")
