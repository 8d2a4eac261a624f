"""From a form anybody may fill in to a welcomed member: in two languages, on a desk and a phone."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from threading import Event
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from incubator.kernel.text import slugify
from tests.browser.house import DESKTOP, MANAGER, PHONE, House, listen, shown, violations

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

PASSWORD = "une loutre dans la brume"
WHY = "Je répare des instruments à cordes, seule dans mon garage, et les voisins me manquent. " * 2


@dataclass(frozen=True)
class Way:
    """A language and a size of screen, with the words that stand on the buttons."""

    name: str
    size: tuple[int, int]
    language: str
    join: str
    labels: tuple[str, str, str, str, str]
    buttons: tuple[str, str, str, str]
    welcome: str
    city: str = "lyon"
    manager: str = MANAGER
    asked: str = ""


FRENCH = Way(
    name="Solène Abiven",
    size=DESKTOP,
    language="fr-FR",
    join="/adhesion/",
    labels=(
        "Prénom et nom",
        "Adresse e-mail",
        "Ce que vous faites",
        "Pourquoi aimeriez-vous",
        "Que pourriez-vous",
    ),
    buttons=("Envoyer ma candidature", "Oui, l’envoyer au site", "Ouvrir mon compte", "je signe"),
    welcome="Bienvenue à ",
)
ENGLISH = Way(
    name="Grace Whitfield",
    size=PHONE,
    language="en-GB",
    join="/join/",
    labels=(
        "First and last name",
        "E-mail address",
        "What you do",
        "Why would you like",
        "What could you give",
    ),
    buttons=("Send my application", "Yes, send it to the site", "Open my account", "I sign"),
    welcome="Welcome to ",
)


NANTES = {"city": "nantes", "manager": "thomas.le-goff@passerelles.example"}
WAYS = {
    "french desk": FRENCH,
    "french phone": replace(
        FRENCH, name="Hervé Calvez", size=PHONE, asked="Racontez-nous un coup de main", **NANTES
    ),
    "english desk": replace(
        ENGLISH, name="Oliver Hughes", size=DESKTOP, asked="Tell us of a helping hand", **NANTES
    ),
    "english phone": ENGLISH,
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


def link_to(outbox: Path, address: str, part: str) -> str:
    """The first link with ``part`` in a letter to somebody, once it has left."""
    deadline, pause = time.monotonic() + 120, Event()
    while time.monotonic() < deadline:
        for path in outbox.glob("*.eml"):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = letter.get_body(("plain",))
            words = body.get_content().split() if body and letter["To"] == address else []
            for word in words:
                if part in word:
                    return word
        pause.wait(0.1)
    pytest.fail(f"no letter to {address} with {part}")


def apply(page: Page, way: Way, email: str) -> None:
    """Fill the form in as a person does, who takes more than three seconds."""
    page.goto(way.join + way.city)
    for label, text in zip(
        way.labels, (way.name, email, "Lutherie", WHY, "Un atelier"), strict=True
    ):
        page.get_by_label(label).press_sequentially(text, delay=25 if text == WHY else 1)
    if way.asked:
        page.get_by_label(way.asked).fill("J’ai tenu la caisse d’une voisine")
    else:
        page.locator("select").select_option("1")
        page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name=way.buttons[0]).click()
    page.wait_for_url(re.compile(r"/(envoyee|sent)$"))


def accept(desk: Page, way: Way) -> None:
    """Find the application in the list and accept it from today on."""
    desk.goto(f"/arrivees/{way.city}")
    desk.get_by_role("link", name=way.name).click()
    shown(desk, "Lutherie")
    desk.get_by_role("link", name="Accepter").click()
    desk.get_by_role("button", name="Accepter et inviter").click()
    shown(desk, "L’invitation est ouverte")


def test_from_the_form_to_a_welcomed_member(house: House, instance: Path, way: Way) -> None:
    outbox, email = instance / "outbox", f"{slugify(way.name)}@example.org"
    page = house.visit(size=way.size, language=way.language)
    heard = listen(page)
    apply(page, way, email)
    page.goto(link_to(outbox, email, "/confirm"))
    page.get_by_role("button", name=way.buttons[1]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(way.city.title())
    assert violations(page) == []
    desk = house.enter(way.manager, size=way.size)
    accept(desk, way)
    page.goto(link_to(outbox, email, "/invit"))
    page.locator("#name").fill(way.name)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=way.buttons[2]).click()
    shown(page, way.welcome + way.city.title())
    assert violations(page) == []
    sign_the_charter(page, way)
    expect(page.locator(".tick--done")).to_have_count(1)
    tick_the_key(desk, way)
    page.reload()
    expect(page.locator(".tick--done")).to_have_count(2)
    assert heard == []


def sign_the_charter(page: Page, way: Way) -> None:
    """By the nudge of the first page; the checklist ticks itself."""
    page.locator("main .note a").first.click()
    page.get_by_role("button", name=way.buttons[3]).click()
    expect(page.get_by_role("button", name=way.buttons[3])).to_have_count(0)
    page.goto("/")
    shown(page, way.welcome + way.city.title())


def tick_the_key(desk: Page, way: Way) -> None:
    """A manager hands the key over."""
    desk.goto(f"/arrivees/{way.city}/accueil")
    desk.get_by_role("link", name=way.name).click()
    desk.get_by_role("button", name="Remettre la clé").click()
    expect(desk.locator(".tick--done")).to_have_count(2)
