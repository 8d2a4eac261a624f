"""Three firms of three cities publish, a ring is found, named, signed, delivered and accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.house import DESKTOP, PHONE, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

pytestmark = pytest.mark.browser


class Firm(NamedTuple):
    """Who acts, what they offer and need, each with family and skill; VAT in basis points."""

    email: str
    name: str
    gives: tuple[str, str, str]
    takes: tuple[str, str, str]
    rate: str


# Whom no other test of the browser changes. No other listing is worth as much.
NANTES = Firm(
    "ibrahima.diop@passerelles.example",
    "Baobab Direct",
    ("Cinq cents goûters d’hibiscus", "Alimentation", "Cuisine et traiteur"),
    ("Un livre de photos de nos récoltes", "Communication", "Photo"),
    "550",
)
DAKAR = Firm(
    "mariama.sarr@passerelles.example",
    "Karité Sarr",
    ("Reportage photo de trois jours", "Communication", "Photo"),
    ("Trois cents pochettes cousues", "Fabrication", "Couture et patronage"),
    "",
)
MONTREAL = Firm(
    "jessica.pelletier@passerelles.example",
    "Mitaine",
    ("Pochettes et sacs en série", "Fabrication", "Couture et patronage"),
    ("Un goûter pour quatre cents enfants", "Alimentation", "Cuisine et traiteur"),
    "2000",
)
FIRMS = (NANTES, DAKAR, MONTREAL)


def sound(page: Page) -> None:
    assert (too_wide(page), violations(page)) == (0, [])


def publish(page: Page, kind: str, what: tuple[str, str, str]) -> None:
    """A need or an offer against barter, at a distance, of 5 100 to 5 300 euros."""
    title, family, skill = what
    page.goto("/echanges")
    page.get_by_role("link", name=f"Publier {kind}").first.click()
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Description").fill("Par envois, ou à distance.")
    page.get_by_role("group", name="Compétences").get_by_text(family, exact=True).click()
    page.get_by_label(skill, exact=True).check()
    page.get_by_label("Troc").check()
    page.get_by_label("De (euros hors taxes)").fill("5 100")
    page.get_by_label("À (euros hors taxes)").fill("5 300")
    page.get_by_label("C’est possible à distance").check()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def idea(page: Page, firm: Firm) -> str:
    """From the first page: cities and skills, my own listings, and nobody's name."""
    page.goto("/")
    page.locator("#part-rings").get_by_role("link", name=re.compile("contre")).click()
    main = page.locator("main")
    expect(main).to_contain_text("3 entreprises en tout")
    expect(main).to_contain_text(firm.gives[0])
    for other in FIRMS:
        if other is not firm:
            for secret in (other.name, other.gives[0], other.takes[0]):
                expect(main).not_to_contain_text(secret)
    expect(page.get_by_role("img", name=re.compile("^Une boucle"))).to_be_visible()
    sound(page)
    return page.url


def agrees(page: Page, firm: Firm) -> None:
    page.get_by_role("link", name="Cela nous intéresse").click()
    page.get_by_label("TVA sur ce que vous donnez").select_option(firm.rate)
    sound(page)
    page.get_by_role("button", name=re.compile("^Oui, pour")).click()


def sign(page: Page, deal: str) -> None:
    page.goto(deal)
    page.get_by_role("link", name="Lire et signer").click()
    sound(page)
    page.get_by_label("J’ai lu ces termes").check()
    page.get_by_role("button", name=re.compile("^Signer pour")).click()
    page.wait_for_url(deal)


def test_a_ring_of_three_cities_from_publication_to_the_last_acceptance(house: House) -> None:
    pages = [house.enter(firm.email, size=PHONE if firm is DAKAR else DESKTOP) for firm in FIRMS]
    heard = [listen(page) for page in pages]
    for page, firm in zip(pages, FIRMS, strict=True):
        publish(page, "une offre", firm.gives)
    for page, firm in list(zip(pages, FIRMS, strict=True))[:2]:
        publish(page, "un besoin", firm.takes)
    bell = pages[0].locator("[data-bell]:visible [data-n]:visible")
    before = bell.inner_text() if bell.count() else "0"
    publish(pages[2], "un besoin", MONTREAL.takes)
    # Who published first hears of it where they are, by the bell.
    expect(bell).not_to_have_text(before)
    for page, firm in zip(pages, FIRMS, strict=True):
        ring = idea(page, firm)
        agrees(page, firm)
        page.wait_for_url(re.compile(r"/accords/\d+$" if firm is MONTREAL else f"{ring}$"))
    deal = pages[-1].url
    change(pages[-1], deal)
    for page in pages:
        page.goto(deal)
        for firm in FIRMS:
            expect(page.locator("main")).to_contain_text(firm.name)
        sound(page)
        sign(page, deal)
    expect(pages[-1].locator(".timeline")).to_contain_text("Signé par tous")
    perform(pages, deal)
    # Nothing but the total that no invoice comes to.
    assert [[line for line in said if "422" not in line] for said in heard] == [[], [], []]


def change(page: Page, deal: str) -> None:
    """Other terms: a total that no invoice comes to is refused, the one it proposes is not."""
    page.goto(deal)
    page.get_by_role("link", name="Changer les termes").click()
    sound(page)
    total = page.get_by_label("Ce que chacune donne, TTC, en euros")
    total.fill("5 500,05")
    page.get_by_role("button", name="Envoyer ces termes").click()
    expect(page.locator("#total-error")).to_contain_text("conviendrait")
    total.fill("5 500,04")
    page.get_by_role("button", name="Envoyer ces termes").click()
    page.wait_for_url(deal)
    expect(page.locator(".dsum .total dd").first).to_have_text(re.compile(r"5.500,04"))


def perform(pages: list[Page], deal: str) -> None:
    """Each delivers to the next, and each looks at what came."""
    for page in pages:
        page.goto(deal)
        page.get_by_role("button", name="C’est livré").click()
        page.wait_for_url(deal)
    for page in pages:
        page.goto(deal)
        page.get_by_role("button", name="C’est conforme").click()
        page.wait_for_url(deal)
    for page in pages:
        page.goto(deal)
        expect(page.locator("h1 + p .tag")).to_have_text("honoré")
        sound(page)
