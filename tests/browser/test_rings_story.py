"""Three firms of three cities, from the publication of what they need to their set-off on paper."""

from __future__ import annotations

import io
import re
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.house import DESKTOP, PHONE, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

pytestmark = pytest.mark.browser


class Firm(NamedTuple):
    """Who acts, what they offer and need, each with family and skill; VAT in basis points.

    ``details`` are what an invoice needs, by field: what the network does not know already.
    """

    email: str
    name: str
    gives: tuple[str, str, str]
    takes: tuple[str, str, str]
    rate: str
    details: dict[str, str]


# Whom no other test of the browser changes. No other listing is worth as much.
NANTES = Firm(
    "ibrahima.diop@passerelles.example",
    "Baobab Direct",
    ("Cinq cents goûters d’hibiscus", "Alimentation", "Cuisine et traiteur"),
    ("Un livre de photos de nos récoltes", "Communication", "Photo"),
    "550",
    {
        "legal_form": "SARL au capital de 3 000 €",
        "street": "2 quai des Antilles",
        "postcode": "44200",
        "vat_number": "FR51000380253",
    },
)
DAKAR = Firm(
    "mariama.sarr@passerelles.example",
    "Karité Sarr",
    ("Reportage photo de trois jours", "Communication", "Photo"),
    ("Trois cents pochettes cousues", "Fabrication", "Couture et patronage"),
    "",
    {
        "legal_form": "SUARL",
        "street": "12 rue Félix-Faure",
        "postcode": "10200",
        "siren": "306 7221",
    },
)
MONTREAL = Firm(
    "jessica.pelletier@passerelles.example",
    "Mitaine",
    ("Pochettes et sacs en série", "Fabrication", "Couture et patronage"),
    ("Un goûter pour quatre cents enfants", "Alimentation", "Cuisine et traiteur"),
    "0",
    {
        "legal_form": "Inc.",
        "street": "5333 avenue Casgrain",
        "postcode": "H2T 1X3",
        "siren": "12302 6635",
    },
)
FIRMS = (NANTES, DAKAR, MONTREAL)
TOTAL = "5 500,09"
PDF = {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


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


def unnamed(page: Page, firm: Firm) -> None:
    """Nothing on the page says who the others are, nor what they published."""
    told = page.locator("main").inner_text()
    others = [other for other in FIRMS if other is not firm]
    secrets = [each for other in others for each in (other.name, other.gives[0], other.takes[0])]
    assert [secret for secret in secrets if secret in told] == []


def idea(page: Page, firm: Firm) -> str:
    """From the first page: cities and skills, my own listings, and nobody's name."""
    page.goto("/")
    page.locator("#part-rings").get_by_role("link", name=re.compile("contre")).click()
    main = page.locator("main")
    expect(main).to_contain_text("3 entreprises en tout")
    expect(main).to_contain_text(firm.gives[0])
    unnamed(page, firm)
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


def test_a_ring_of_three_cities_from_publication_to_the_statement(house: House) -> None:
    pages = [house.enter(firm.email, size=PHONE if firm is DAKAR else DESKTOP) for firm in FIRMS]
    heard = [listen(page) for page in pages]
    list_all(pages)
    deal = all_agree(pages)
    change(pages[-1], deal)
    for page in pages:
        page.goto(deal)
        for firm in FIRMS:
            expect(page.locator("main")).to_contain_text(firm.name)
        sound(page)
        sign(page, deal)
    expect(pages[-1].locator(".timeline")).to_contain_text("Signé par tous")
    talk(pages)
    perform(pages, deal)
    for step in (details, invoice, receive, agree, statement):
        for page, firm in zip(pages, FIRMS, strict=True):
            step(page, firm)
    # Nothing but the total that no invoice comes to.
    assert [[line for line in said if "422" not in line] for said in heard] == [[], [], []]


def list_all(pages: list[Page]) -> None:
    """Each publishes what it offers and needs; who was first finds the ring on the first page."""
    for page, firm in zip(pages, FIRMS, strict=True):
        publish(page, "une offre", firm.gives)
    for page, firm in list(zip(pages, FIRMS, strict=True))[:2]:
        publish(page, "un besoin", firm.takes)
    publish(pages[2], "un besoin", MONTREAL.takes)
    found_soon(pages[0])


def found_soon(page: Page) -> None:
    """A job of the house seeks rings: look at the first page again until it has found this one."""
    deadline = time.monotonic() + 120
    link = page.locator("#part-rings").get_by_role("link", name=re.compile("contre"))
    while time.monotonic() < deadline:
        page.goto("/")
        if link.count():
            return
    pytest.fail("no ring was found")


def all_agree(pages: list[Page]) -> str:
    """Each says yes without knowing the others; the last yes gives the address of the deal."""
    for page, firm in zip(pages, FIRMS, strict=True):
        ring = idea(page, firm)
        agrees(page, firm)
        if firm is not MONTREAL:
            page.wait_for_url(ring)
            # My own yes is not enough to be told who the others are.
            unnamed(page, firm)
    pages[-1].wait_for_url(re.compile(r"/accords/\d+$"))
    return pages[-1].url


def change(page: Page, deal: str) -> None:
    """Other terms: a total that no invoice comes to is refused, the one it proposes is not."""
    page.goto(deal)
    page.get_by_role("link", name="Changer les termes").click()
    sound(page)
    total = page.get_by_label("Ce que chacune donne, TTC, en euros")
    total.fill("5 500,10")
    page.get_by_role("button", name="Envoyer ces termes").click()
    expect(page.locator("#total-error")).to_contain_text("conviendrait")
    total.fill("5 500,09")
    page.get_by_role("button", name="Envoyer ces termes").click()
    page.wait_for_url(deal)
    expect(page.locator(".dsum .total dd").first).to_have_text(re.compile(TOTAL))


def perform(pages: list[Page], deal: str) -> None:
    """Each delivers to the next, and each looks at what came."""
    for page in pages:
        page.goto(deal)
        page.get_by_role("button", name="C’est livré").click()
        expect(page.get_by_role("button", name="C’est livré")).to_have_count(0)
    for page in pages:
        page.goto(deal)
        page.get_by_role("button", name="C’est conforme").click()
        expect(page.get_by_role("button", name="C’est conforme")).to_have_count(0)
    for page in pages:
        page.goto(deal)
        expect(page.locator("h1 + p .tag")).to_have_text("honoré")
        sound(page)


def talk(pages: list[Page]) -> None:
    """One room for the three, by a button of the deal; it leads back."""
    rooms = set()
    for page in pages:
        page.get_by_role("button", name="Discuter de cet accord").click()
        page.wait_for_url(re.compile("/discussions/"))
        rooms.add(page.url)
        expect(page.locator("main")).to_contain_text("Nous parlons ici de cet accord")
        sound(page)
    assert len(rooms) == 1


def find(page: Page) -> None:
    """The deal, from the menu."""
    page.goto("/")
    more = page.locator(".tabbar").get_by_role("button", name="Plus")
    if more.is_visible():
        more.click()
    page.locator("a[href='/accords']:visible").first.click()
    page.get_by_role("link", name="Terminés").click()
    page.get_by_role("link", name=NANTES.gives[0]).click()
    expect(page.locator("h1")).to_contain_text(NANTES.gives[0])


def details(page: Page, firm: Firm) -> None:
    """Who the firm is; the network knows its name, its city and its country."""
    find(page)
    page.get_by_role("link", name="Les remplir").click()
    for name, text in firm.details.items():
        page.locator(f"#{name}").fill(text)
    sound(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(re.compile(r"/accords/\d+$"))


def invoice(page: Page, firm: Firm) -> None:
    """Prepared and issued here; the firm of Dakar issued its own elsewhere."""
    find(page)
    if firm is DAKAR:
        page.get_by_role("link", name="Je l’ai émise ailleurs").click()
        page.get_by_label("Numéro de la facture").fill("KS-118")
        page.locator("#issued_on").fill(page.locator("#supplied_on").input_value())
        page.get_by_label("La facture en PDF").set_input_files(PDF)
        sound(page)
        page.get_by_role("button", name="L’enregistrer").click()
    else:
        page.get_by_role("button", name="Préparer la facture").click()
        page.get_by_role("link", name="L’émettre").click()
        sound(page)
        page.get_by_role("button", name="L’émettre").click()
    page.wait_for_url(re.compile(r"/factures/\d+$"))
    expect(page.locator("h1")).to_have_text(re.compile("KS-118" if firm is DAKAR else r"\d{4}-\d"))
    expect(page.locator("main")).to_contain_text(TOTAL)
    sound(page)


def receive(page: Page, firm: Firm) -> None:
    """What the firm before it in the ring sent is right."""
    find(page)
    page.get_by_role("link", name="Voir la facture").click()
    sender = FIRMS[FIRMS.index(firm) - 1]
    expect(page.locator("main")).to_contain_text(sender.gives[0])
    sound(page)
    page.get_by_role("button", name="Elle est juste").click()
    expect(page.locator("h1 + p .tag")).to_have_text("acceptée")


def agree(page: Page, firm: Firm) -> None:
    """Read what is set off all round, and agree; the last one makes it hold."""
    find(page)
    page.get_by_role("link", name="Compenser ce que vous vous devez").click()
    for other in FIRMS:
        expect(page.locator("main")).to_contain_text(other.name)
    sound(page)
    page.get_by_label("J’ai lu cette compensation").check()
    page.get_by_role("button", name=re.compile("^Accepter pour")).click()
    if firm is MONTREAL:
        page.wait_for_url(re.compile(r"/factures/compensations/\d+$"))
    else:
        expect(page.locator("main")).to_contain_text("doit encore accepter")


def statement(page: Page, firm: Firm) -> None:
    """From the deal to the statement, in both languages, with three names and the amount."""
    find(page)
    expect(page.locator(".timeline")).to_contain_text("plus personne ne doit rien")
    page.get_by_role("link", name="Relevé de compensation").click()
    expect(page.locator(".ilines")).to_contain_text(firm.name)
    sound(page)
    for name, title in (
        ("Relevé en français", "Relevé de compensation"),
        ("Statement in English", "Statement of set-off"),
    ):
        with page.expect_download() as paper:
            page.get_by_role("link", name=name).click()
        content = paper.value.path().read_bytes()
        assert content.startswith(b"%PDF")
        told = "".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages)
        assert [each.name for each in FIRMS if each.name not in told] == []
        assert title in told
        assert re.findall(r"5.500[,.]09", told)
