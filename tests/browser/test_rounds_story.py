"""Netting from a round that is given up to the file of the next: a desk, a phone, two more firms.

The demo network has a round that waits for the firms of this story: one runs at a time.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import (
    ADMINISTRATOR,
    PHONE,
    House,
    listen,
    scrolls_sideways,
    shown,
    too_wide,
    violations,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Whom no other test of the browser lets act on invoices, deals or netting.
SAILMAKER = "damien.rousseau@passerelles.example"
OTHERS = (
    "yanis.haddad@passerelles.example",
    "gautier.hennion@passerelles.example",
    "charlotte.vermeersch@passerelles.example",
)
FIGURES = re.compile(r"Vous devez 300,00\s€ de moins, et on vous doit 300,00\s€ de moins\.")


def sound(page: Page) -> None:
    assert (too_wide(page), scrolls_sideways(page), violations(page)) == (0, [], [])


def sure(page: Page, name: str) -> None:
    """Press a button that asks back, and say yes."""
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("dialog").get_by_role("button").last.click()


def give_up(desk: Page) -> None:
    """The round that waits, with the reason that its firms read."""
    desk.goto("/compensations")
    sound(desk)
    desk.locator(".item", has_text="attend").get_by_role("link").first.click()
    sound(desk)
    desk.get_by_role("link", name="L’abandonner").click()
    desk.get_by_role("button", name="L’abandonner").click()
    expect(desk.locator("#words-error")).to_be_visible()
    desk.get_by_label("Pourquoi ?").fill("Une facture manquait")
    sound(desk)
    desk.get_by_role("button", name="L’abandonner").click()
    shown(desk, "Une facture manquait")


def open_round(desk: Page) -> str:
    """Opened and computed by one form; shown to its firms by the next act."""
    desk.goto("/compensations")
    desk.get_by_role("link", name="Ouvrir une compensation").click()
    days = desk.get_by_label("Jours pour répondre")
    days.fill("1")
    desk.get_by_role("button", name="L’ouvrir et la calculer").click()
    expect(desk.locator("#answer_days-error")).to_be_visible()
    sound(desk)
    days.fill("5")
    desk.get_by_role("button", name="L’ouvrir et la calculer").click()
    desk.wait_for_url(re.compile(r"/compensations/\d+$"))
    shown(desk, "En boucles de trois")
    sure(desk, "La présenter aux entreprises")
    shown(desk, "4 entreprises n’ont pas répondu.")
    sound(desk)
    return desk.url


def agree(page: Page) -> None:
    page.get_by_role("link", name="Lire et répondre").click()
    page.get_by_label("J’ai lu ces chiffres").check()
    page.get_by_role("button", name=re.compile("^Accepter pour")).click()
    page.wait_for_url(re.compile(r"/compensations/\d+$"))


def read_and_agree(phone: Page) -> None:
    """By the list, the round and the invoices; the box is not forgotten."""
    phone.goto("/compensations")
    sound(phone)
    phone.locator(".item", has_text="attend votre réponse").get_by_role("link").first.click()
    expect(phone.locator("main")).to_contain_text(FIGURES)
    sound(phone)
    phone.get_by_role("link", name="Lire et répondre").click()
    for told in ("Demi-Palette", "Fil de Lys", "échue le"):
        shown(phone, told)
    phone.get_by_role("button", name="Accepter pour Coque & Voile").click()
    expect(phone.locator("#agreed-error")).to_be_visible()
    sound(phone)
    phone.get_by_label("J’ai lu ces chiffres").check()
    phone.get_by_role("button", name="Accepter pour Coque & Voile").click()
    phone.wait_for_url(re.compile(r"/compensations/\d+$"))
    shown(phone, "a accepté")


def statement(phone: Page, home: str) -> None:
    """Of one's own invoices alone."""
    phone.goto(home)
    sound(phone)
    phone.get_by_role("link", name=re.compile("^Relevé de compensation")).click()
    for told in ("Demi-Palette", "Fil de Lys", "300,00"):
        shown(phone, told)
    expect(phone.locator("main")).not_to_contain_text("Filament 3D")
    sound(phone)


def file(phone: Page, home: str) -> None:
    """All of the round, without names."""
    phone.goto(home)
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="Télécharger le fichier").click()
    text = kept.value.path().read_text("utf-8")
    assert "Coque" not in text
    assert sum(debt[-1] for debt in json.loads(text)["debts"]) == 3 * 300_00 + 3 * 180_00


def test_from_the_opening_to_the_statement_and_the_file(house: House) -> None:
    desk, phone = house.enter(ADMINISTRATOR), house.enter(SAILMAKER, size=PHONE)
    heard = [listen(page) for page in (desk, phone)]
    give_up(desk)
    home = open_round(desk)
    read_and_agree(phone)
    for email in OTHERS:
        other = house.enter(email)
        other.goto(home)
        agree(other)
    desk.goto(home)
    sure(desk, "L’effectuer")
    expect(desk.locator(".head .tag")).to_have_text("effectuée")
    statement(phone, home)
    sure(desk, "La publier")
    expect(desk.locator(".head .tag")).to_have_text("publiée")
    sound(desk)
    file(phone, home)
    assert [[line for line in said if "422" not in line] for said in heard] == [[], []]
