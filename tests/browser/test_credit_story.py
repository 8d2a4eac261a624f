"""Mutual credit from the switch to both statements: three people, a phone and two desks.

The demo network has it on: the story begins by switching it off, and leaves it on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import ADMINISTRATOR, PHONE, House, shown, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GIVER = "vincent.morel@passerelles.example"
RECEIVER = "anais.delorme@passerelles.example"
SWITCH = "/credit-mutuel/interrupteur"


def sound(page: Page) -> None:
    assert (too_wide(page), violations(page)) == (0, [])


def switch(page: Page) -> None:
    """Off, then on again: only with the text read."""
    page.goto(SWITCH)
    page.get_by_role("button", name="Couper le crédit mutuel").click()
    shown(page, "Coupé")
    shown(page, "L. 511-5")
    sound(page)
    page.get_by_role("button", name="Activer le crédit mutuel").click()
    expect(page.locator("#read-error")).to_be_visible()
    page.get_by_label("J’ai lu ce texte").check()
    page.get_by_role("button", name="Activer le crédit mutuel").click()
    expect(page.get_by_role("button", name="Couper le crédit mutuel")).to_be_visible()
    sound(page)


def join(page: Page) -> str:
    page.goto("/credit-mutuel")
    sound(page)
    page.get_by_role("button", name=re.compile("^Rejoindre avec une ligne")).click()
    page.wait_for_url(re.compile(r"/credit-mutuel/compte/\d+$"))
    sound(page)
    return page.url


def propose(page: Page) -> str:
    """One side gives, the other receives on its line."""
    page.goto("/accords/nouveau")
    page.get_by_label("Avec quelle entreprise").select_option(label="Soie Buissonnière")
    page.locator("#give1_title").fill("Bilan de l’année")
    page.locator("#give1_ht").fill("250")
    page.get_by_label("La différence va sur le crédit mutuel").check()
    sound(page)
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.wait_for_url(re.compile(r"/accords/\d+$"))
    return page.url


def sign(page: Page, deal: str) -> None:
    page.goto(deal)
    page.get_by_role("link", name="Lire et signer").click()
    shown(page, "Une fois tout livré")
    sound(page)
    page.get_by_label("J’ai lu ces termes").check()
    page.get_by_role("button", name=re.compile("^Signer pour")).click()
    page.wait_for_url(deal)


def test_from_the_switch_to_both_statements(house: House) -> None:
    switch(house.enter(ADMINISTRATOR))
    giver, receiver = house.enter(GIVER), house.enter(RECEIVER, size=PHONE)
    gave, received = join(giver), join(receiver)
    deal = propose(giver)
    sign(receiver, deal)
    sign(giver, deal)
    receiver.goto(received)
    expect(receiver.locator(".ckept")).to_contain_text("300,00")
    giver.goto(deal)
    giver.get_by_role("button", name="C’est livré").click()
    expect(giver.get_by_role("button", name="C’est livré")).to_have_count(0)
    receiver.goto(deal)
    receiver.get_by_role("button", name="C’est conforme").click()
    expect(receiver.locator(".timeline")).to_contain_text("Inscrit sur le crédit mutuel")
    sound(receiver)
    for page, account, words in ((giver, gave, "donné"), (receiver, received, "reçu")):
        page.goto(account)
        expect(page.locator(".csum b")).to_contain_text(f"{words} 300,00")
        sound(page)
        with page.expect_download() as kept:
            page.get_by_role("button", name="PDF").click()
        assert kept.value.suggested_filename.endswith(".pdf")


def test_pages_of_managers_and_administrators_are_sound(house: House) -> None:
    page = house.enter(ADMINISTRATOR, size=PHONE)
    for path in ("/credit-mutuel/gestion", "/credit-mutuel/sante"):
        page.goto(path)
        sound(page)
    page.goto("/credit-mutuel/gestion")
    page.get_by_role("link", name=re.compile("^Décider")).first.click()
    shown(page, "Geler le compte")
    sound(page)
