"""A circle is opened, somebody is invited, and what is asked in it stays in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OWNER = "emma.lucas@passerelles.example"
GUEST = "yann.kermorgant@passerelles.example"
STRANGER = "amine.cherif@passerelles.example"
CIRCLE = "Sites lisibles"
TITLE = "Combien facturez-vous un audit que le client n’a pas demandé ?"


def open_circle(page: Page) -> str:
    """A hidden circle and its first invitation; its address."""
    page.goto("/cercles")
    page.get_by_role("link", name="Ouvrir un cercle").first.click()
    page.get_by_label("Nom du cercle").fill(CIRCLE)
    page.get_by_label("À quoi il sert").fill("On se dit nos prix.")
    page.get_by_label("Caché").check()
    page.get_by_role("button", name="Ouvrir le cercle").click()
    page.wait_for_url("**/cercles/sites-lisibles")
    page.get_by_label("Nom d’un membre").fill("Yann Kermorgant")
    page.get_by_role("button", name="Inviter", exact=True).click()
    expect(page.locator(".seat", has_text="Yann Kermorgant")).to_contain_text("invitation envoyée")
    assert violations(page) == []
    return page.url


def accept(page: Page) -> None:
    """From the menu to the invitation, and in."""
    page.goto("/cercles")
    page.get_by_role("link", name=CIRCLE).click()
    expect(page.locator(".note--honey")).to_contain_text("Une invitation vous attend")
    assert (too_wide(page), violations(page)) == (0, [])
    page.get_by_role("button", name="Rejoindre").click()
    expect(page.locator(".seat")).to_have_count(2)
    assert (too_wide(page), violations(page)) == (0, [])


def ask(page: Page, circle: str) -> str:
    """A question to the circle, by its own button; the path of the thread."""
    page.goto(circle)
    page.get_by_role("link", name="Demander au cercle").first.click()
    expect(page.get_by_label(f"Mon cercle {CIRCLE}")).to_be_checked()
    page.get_by_label("Votre question en une ligne").fill(TITLE)
    page.locator("textarea[name=body]").fill("Un jour de travail, et il ne l’attendait pas.")
    page.locator("details.skillfamily", has_text="Numérique").locator("summary").click()
    page.get_by_label("Accessibilité numérique").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return page.url.partition("?")[0]


def test_what_is_asked_in_a_circle_is_read_by_its_people_alone(house: House) -> None:
    owner, guest = house.enter(OWNER), house.enter(GUEST, size=PHONE)
    heard = [listen(page) for page in (owner, guest)]
    circle = open_circle(owner)
    stranger = house.enter(STRANGER)
    answer = stranger.goto(circle)
    assert answer
    assert answer.status == 404
    accept(guest)
    thread = ask(owner, circle)
    guest.goto(thread)
    expect(guest.locator("#thread-state")).to_contain_text(f"cercle {CIRCLE}")
    guest.locator("#reply textarea").fill("Rien la première fois, et je le dis.")
    guest.get_by_role("button", name="Répondre").click()
    expect(guest.locator("#answers")).to_contain_text("Rien la première fois")

    answer = stranger.goto(thread)
    assert answer
    assert answer.status == 404
    stranger.goto("/entraide?view=all&q=audit+demandé+facturez")
    expect(stranger.locator("main")).not_to_contain_text(TITLE)
    guest.goto("/entraide?view=all&q=audit+demandé+facturez")
    expect(guest.locator(".thread", has_text=TITLE)).to_have_count(1)
    assert heard == [[], []]


def test_leaving_a_circle_closes_its_door(house: House) -> None:
    owner = house.enter("elise.nguyen@passerelles.example")
    page = house.enter("corentin.briand@passerelles.example", size=PHONE)
    owner.goto("/cercles/nouveau")
    owner.get_by_label("Nom du cercle").fill("Fabriquer au sel")
    owner.get_by_role("button", name="Ouvrir le cercle").click()
    owner.wait_for_url("**/cercles/fabriquer-au-sel")
    page.goto("/cercles/fabriquer-au-sel")
    page.get_by_role("button", name="Demander à entrer").click()
    expect(page.locator("main")).to_contain_text("Vous avez demandé à entrer")
    owner.reload()
    owner.locator(".seat", has_text="Corentin").get_by_role("button", name="Laisser entrer").click()
    expect(owner.locator(".seat")).to_have_count(2)
    page.reload()
    page.get_by_role("button", name="Quitter le cercle").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    page.wait_for_url("**/cercles")
    page.goto("/cercles/fabriquer-au-sel")
    expect(page.locator(".seat")).to_have_count(0)
