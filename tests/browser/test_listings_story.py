"""A need published on a phone, answered from another city by a message, then by a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.house import DESKTOP, PHONE, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

# Whom no other test of the browser changes.
NANTES = "aurelie.chauvin@passerelles.example"
DAKAR = "papa.sene@passerelles.example"
TITLE = "Photos de nos jouets au jardin"


def fill(phone: Page) -> None:
    """The form of a need, with an amount that is none."""
    phone.get_by_label("Titre").fill(TITLE)
    phone.get_by_label("Description").fill("Vingt jouets, **une matinée** dehors.")
    phone.get_by_role("group", name="Compétences").get_by_text("Communication").click()
    phone.get_by_label("Photo", exact=True).check()
    phone.get_by_label("Troc").check()
    phone.get_by_label("De (euros hors taxes)").fill("mille")
    phone.get_by_label("Distance", exact=True).select_option("Seulement à distance")
    phone.get_by_label("C’est possible à distance").check()


def test_a_need_on_a_phone_finds_its_photographer_in_another_city(house: House) -> None:
    phone = house.enter(NANTES, size=PHONE)
    phone.goto("/echanges")
    phone.get_by_role("link", name="Publier un besoin").click()
    fill(phone)
    phone.get_by_role("button", name="Publier").click()
    amount = phone.get_by_label("De (euros hors taxes)")
    expect(amount).to_have_value("mille")
    expect(phone.locator("#min_euros-error")).to_contain_text("Écrivez un montant")
    amount.fill("400,50")
    phone.get_by_role("button", name="Publier").click()
    expect(phone.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(phone.locator("strong", has_text="une matinée")).to_be_visible()

    desk = house.enter(DAKAR, size=DESKTOP)
    desk.goto("/echanges/pour-moi")
    found = desk.locator("article", has=desk.get_by_role("link", name=TITLE))
    expect(found).to_contain_text("Cherche ce que vous offrez")
    found.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_role("heading", name=TITLE)).to_be_visible()
    listing = desk.url
    desk.get_by_role("link", name="Écrire à Aurélie Chauvin").click()
    desk.get_by_role("textbox", name="Message").fill("Je viens avec mon studio ?")
    desk.get_by_role("button", name="Envoyer").click()
    expect(desk.get_by_text("Je viens avec mon studio ?")).to_be_visible()

    deal = propose(desk, listing)
    answer(phone, deal)


def propose(desk: Page, listing: str) -> str:
    """A deal from a listing: the form knows what is given; where the deal is read."""
    desk.goto(listing)
    desk.get_by_role("link", name="Proposer un accord").click()
    give = desk.get_by_role("group", name="Ce que vous donnez")
    expect(give.get_by_label("Quoi", exact=True).first).to_have_value(TITLE)
    expect(give.get_by_label("Valeur hors taxe").first).to_have_value("400,50")
    assert violations(desk) == []
    take = desk.get_by_role("group", name="Ce que donne l’autre entreprise")
    take.get_by_label("Quoi", exact=True).first.fill("Jouets en bois pour la salle d’attente")
    take.get_by_label("Valeur hors taxe").first.fill("400,50")
    desk.get_by_role("button", name="Proposer").click()
    expect(
        desk.get_by_role("link", name=f"D’après l’annonce «\u202f{TITLE}\u202f»")
    ).to_be_visible()
    return desk.url


def answer(phone: Page, deal: str) -> None:
    """The first page says that it waits, and one button opens its room."""
    phone.goto("/")
    waits = phone.locator("#part-deals")
    expect(waits).to_contain_text("Des termes à lire et à signer")
    phone.goto(deal)
    phone.get_by_role("button", name="Discuter de cet accord").click()
    expect(phone.locator("#msgs")).to_contain_text("Nous parlons ici de cet accord")
    assert too_wide(phone) == 0
