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
# A joiner's and an agency, both in France; both people keep their French.
JOINER = "hugo.marchetti@passerelles.example"
AGENCY = "mehdi.zerrouki@passerelles.example"
FURNITURE = "Deux bureaux et une étagère pour l’agence"
DETAILS = {
    WEAVER: {"legal_form": "EURL", "vat_number": "FR90000116814"},
    ACCOUNTANT: {"legal_form": "SARL", "vat_number": "FR26000583880"},
    AGENCY: {"legal_form": "EURL", "vat_number": "FR60000314393"},
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
        sign(page, deal)
    deliver(weaver, accountant, deal)
    return deal


def sign(page: Page, deal: str) -> None:
    page.goto(f"{deal}/signer")
    page.get_by_label("J’ai lu ces termes").check()
    page.get_by_role("button", name=re.compile("^Signer pour")).click()
    page.wait_for_url(deal)


def deliver(one: Page, other: Page, deal: str) -> None:
    """Both deliver, and each accepts what it received."""
    for giver, receiver in ((one, other), (other, one)):
        giver.goto(deal)
        giver.get_by_role("button", name="C’est livré").click()
        expect(giver.locator(".party .tag", has_text="livré")).to_be_visible()
        receiver.goto(deal)
        receiver.get_by_role("button", name="C’est conforme").click()
        expect(receiver.locator(".timeline")).to_contain_text("Accepté")


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
    expect(page.locator("h1")).to_have_text(re.compile(r"Facture \d{4}-\d{4}"))
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


def needed(agency: Page) -> str:
    """The agency says which furniture it needs; where the need is read."""
    agency.goto("/echanges")
    agency.get_by_role("link", name="Publier un besoin").click()
    agency.get_by_label("Titre").fill(FURNITURE)
    agency.get_by_label("Description").fill("Contre une campagne d’annonces.")
    agency.get_by_role("group", name="Compétences").get_by_text("Fabrication").click()
    agency.get_by_label("Bois et agencement", exact=True).check()
    agency.get_by_label("Troc").check()
    agency.get_by_label("De (euros hors taxes)").fill("1 000")
    agency.get_by_role("button", name="Publier").click()
    expect(agency.get_by_role("heading", name=FURNITURE)).to_be_visible()
    return agency.url


def proposed(joiner: Page, listing: str) -> str:
    """A deal from the need: furniture against the advertisement; its address."""
    joiner.goto(listing)
    joiner.get_by_role("link", name="Proposer un accord").click()
    expect(joiner.locator("#give1_title")).to_have_value(FURNITURE)
    joiner.locator("#give1_ht").fill("1 000")
    joiner.locator("#take1_title").fill("Campagne d’annonces")
    joiner.locator("#take1_ht").fill("1 000")
    joiner.get_by_role("button", name="Proposer", exact=True).click()
    joiner.wait_for_url(re.compile(r"/accords/\d+$"))
    return joiner.url


def test_furniture_against_an_advertisement_from_the_need_to_the_statement(house: House) -> None:
    agency, joiner = house.enter(AGENCY, size=PHONE), house.enter(JOINER)
    deal = proposed(joiner, needed(agency))
    for page in (agency, joiner):
        page.goto(f"{deal}/signer")
        effect = page.locator("section", has=page.get_by_role("heading", name="Pour vous"))
        expect(effect.last).to_contain_text(
            re.compile(r"coûte 200,00\s€ de TVA à reverser, et vous en récupérez 200,00\s€")
        )
        sound(page)
        sign(page, deal)
    expect(joiner.locator(".timeline")).to_contain_text("Signé par tous")
    deliver(joiner, agency, deal)
    details(agency, deal, AGENCY)
    for page in (joiner, agency):
        invoice(page, deal)
        expect(page.locator(".isum")).to_contain_text(re.compile(r"TVA 20\s%\s*200,00\s€"))
    agree(joiner, deal)
    expect(joiner.locator("main")).to_contain_text("doit encore accepter")
    agree(agency, deal)
    agency.wait_for_url(re.compile(r"/factures/compensations/\d+$"))
    expect(agency.locator("main")).to_contain_text(re.compile(r"1\s200,00\s€"))
    with agency.expect_download() as paper:
        agency.get_by_role("link", name="Relevé en français").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    joiner.goto(deal)
    expect(joiner.locator(".timeline")).to_contain_text("plus personne ne doit rien")
    sound(joiner)
