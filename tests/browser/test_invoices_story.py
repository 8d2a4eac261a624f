"""From a fulfilled deal to the statement of its set-off: two people, a phone and a desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WEAVER = "anais.delorme@passerelles.example"
ACCOUNTANT = "vincent.morel@passerelles.example"
DETAILS = {
    WEAVER: {"legal_form": "EURL", "vat_number": "FR90000116814"},
    ACCOUNTANT: {"legal_form": "SARL", "vat_number": "FR26000583880"},
}


def sound(page: Page) -> None:
    assert (too_wide(page), violations(page)) == (0, [])


def fulfilled(weaver: Page, accountant: Page) -> str:
    """A deal that both signed, delivered and accepted; its address."""
    weaver.goto("/accords/nouveau")
    weaver.get_by_label("Avec quelle entreprise").select_option(label="Morel & Comptes")
    for name, text in (("give1_title", "Rideaux du bureau"), ("give1_ht", "500")):
        weaver.locator(f"#{name}").fill(text)
    for name, text in (("take1_title", "Bilan de l’année"), ("take1_ht", "500")):
        weaver.locator(f"#{name}").fill(text)
    weaver.get_by_role("button", name="Proposer", exact=True).click()
    weaver.wait_for_url(re.compile(r"/accords/\d+$"))
    deal = weaver.url
    for page in (accountant, weaver):
        page.goto(f"{deal}/signer")
        page.get_by_label("J’ai lu ces termes").check()
        page.get_by_role("button", name=re.compile("^Signer pour")).click()
        page.wait_for_url(deal)
    for giver, receiver in ((weaver, accountant), (accountant, weaver)):
        giver.goto(deal)
        giver.get_by_role("button", name="C’est livré").click()
        expect(giver.locator(".party .tag", has_text="livré")).to_be_visible()
        receiver.goto(deal)
        receiver.get_by_role("button", name="C’est conforme").click()
        expect(receiver.locator(".timeline")).to_contain_text("Accepté")
    return deal


def details(page: Page, deal: str, email: str) -> None:
    """Who the firm is, asked for on the page of the deal."""
    page.goto(deal)
    page.get_by_role("link", name="Les remplir").click()
    page.locator("#street").fill("3 rue Roger-Radisson")
    page.locator("#postcode").fill("69005")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#legal_form-error")).to_be_visible()
    expect(page.locator("#street")).to_have_value("3 rue Roger-Radisson")
    sound(page)
    for name, text in DETAILS[email].items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(deal)


def invoice(page: Page, deal: str) -> None:
    """In one click a draft, then a number for good."""
    page.goto(deal)
    sound(page)
    page.get_by_role("button", name="Préparer la facture").click()
    page.wait_for_url(re.compile(r"/factures/\d+$"))
    sound(page)
    page.get_by_role("link", name="L’émettre").click()
    sound(page)
    page.get_by_role("button", name="L’émettre").click()
    page.wait_for_url(re.compile(r"/factures/\d+$"))
    expect(page.locator("h1")).to_have_text(re.compile(r"Facture \d{4}-0001"))
    sound(page)


def agree(page: Page, deal: str) -> None:
    page.goto(deal)
    page.get_by_role("link", name="Compenser ce que vous vous devez").click()
    sound(page)
    page.get_by_label("J’ai lu cette compensation").check()
    page.get_by_role("button", name=re.compile("^Accepter pour")).click()


def test_from_fulfilled_to_the_statement(house: House) -> None:
    weaver, accountant = house.enter(WEAVER, size=PHONE), house.enter(ACCOUNTANT)
    heard = [listen(page) for page in (weaver, accountant)]
    deal = fulfilled(weaver, accountant)
    for page, email in ((weaver, WEAVER), (accountant, ACCOUNTANT)):
        details(page, deal, email)
    for page in (weaver, accountant):
        invoice(page, deal)
    agree(weaver, deal)
    expect(weaver.locator("main")).to_contain_text("doit encore accepter")
    agree(accountant, deal)
    accountant.wait_for_url(re.compile(r"/factures/compensations/\d+$"))
    sound(accountant)
    for name in ("Relevé en français", "Statement in English"):
        with accountant.expect_download() as paper:
            accountant.get_by_role("link", name=name).click()
        assert paper.value.path().read_bytes().startswith(b"%PDF")
    weaver.goto(deal)
    expect(weaver.locator(".timeline")).to_contain_text("plus personne ne doit rien")
    sound(weaver)
    for place in ("/factures", "/factures?view=received"):
        weaver.goto(place)
        sound(weaver)
    # The form of the law that was left out.
    assert [[line for line in said if "422" not in line] for said in heard] == [[], []]
