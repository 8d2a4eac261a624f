"""Two people in one room: names, signs, changes, threads and pins reach the other at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import DESKTOP, PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

# Nobody else's tests write as these two.
JEAN = "jean.tavernier@passerelles.example"
LEO = "leo.brun@passerelles.example"
ROOM = "/discussions/lyon"


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def message(page: Page, text: str) -> Locator:
    return page.locator(".msg:not(.msg--pending)", has_text=text)


def sheet(page: Page, text: str) -> Locator:
    """What may be done with a message."""
    message(page, text).locator(".msg__more").click()
    found = page.locator("#sheetbody")
    expect(found).to_be_visible()
    return found


def signed(jean: Page, leo: Page) -> None:
    """A sign from each."""
    found = sheet(leo, "aubépine")
    assert (too_wide(leo), violations(leo)) == (0, [])
    found.get_by_role("button", name="🌱").click()
    expect(message(jean, "aubépine").locator(".react")).to_have_text("🌱 1")
    mine = message(leo, "aubépine").locator(".react")
    expect(mine).to_have_attribute("aria-pressed", "true")
    message(jean, "aubépine").locator(".react").click()
    expect(mine).to_have_text("🌱 2")
    # The same button a second time: no double submit, and not the same act again.
    message(jean, "aubépine").locator(".react").click()
    expect(mine).to_have_text("🌱 1")


def changed(jean: Page, leo: Page) -> None:
    """Another text, in the dialog over the room."""
    sheet(jean, "aubépine").get_by_role("link", name="Modifier").click()
    field = jean.locator("#sheetbody textarea")
    expect(field).to_be_visible()
    field.fill("L’aubépine pousse droit")
    jean.locator("#sheetbody").get_by_role("button", name="Enregistrer").click()
    expect(message(leo, "pousse droit")).to_contain_text("modifié")
    expect(message(leo, "contre le mur")).to_have_count(0)


def test_what_one_does_to_a_message_the_other_sees(house: House) -> None:
    jean = house.enter(JEAN, size=DESKTOP)
    leo = house.enter(LEO, size=PHONE)
    heard = [listen(jean), listen(leo)]
    for page in (jean, leo):
        page.goto(ROOM)
        expect(page.locator("#text")).to_be_visible()
    say(jean, "L’aubépine pousse contre le mur")
    expect(message(leo, "aubépine")).to_be_visible()

    signed(jean, leo)
    changed(jean, leo)
    sheet(leo, "pousse droit").get_by_role("button", name="Épingler").click()
    expect(message(jean, "pousse droit").locator(".msg__pin")).to_be_visible()

    sheet(jean, "pousse droit").get_by_role("link", name="Supprimer").click()
    jean.locator("#sheetbody").get_by_role("button", name="Supprimer").click()
    expect(message(leo, "pousse droit")).to_have_count(0)
    expect(message(leo, "effacé par son auteur").last).to_be_visible()
    assert heard == [[], []]


def test_a_name_typed_after_the_at_sign_calls_its_person(house: House) -> None:
    jean = house.enter(JEAN, size=DESKTOP)
    leo = house.enter(LEO, size=DESKTOP)
    leo.goto("/discussions/reseau")
    expect(leo.locator(".room[data-room]").first).to_be_visible()
    jean.goto(ROOM)
    jean.locator("#text").click()
    jean.keyboard.type("Viens voir @leo")
    option = jean.get_by_role("option", name="Léo Brun")
    expect(option).to_have_attribute("aria-selected", "true")
    jean.keyboard.press("Enter")
    expect(jean.locator("#text")).to_have_value(re.compile("@leo-brun"))
    jean.keyboard.press("Enter")
    expect(message(jean, "Viens voir").last.get_by_role("link")).to_have_text(["@Léo Brun", ""])
    badge = leo.locator(".room", has_text="Lyon").locator(".count--call")
    expect(badge).to_contain_text("@1")
    leo.goto(ROOM)
    expect(message(leo, "Viens voir").last).to_have_class(re.compile("msg--mention"))


def test_a_thread_goes_on_beside_the_room(house: House) -> None:
    jean = house.enter(JEAN, size=PHONE)
    leo = house.enter(LEO, size=PHONE)
    leo.goto(ROOM)
    jean.goto(ROOM)
    say(jean, "Qui a un mètre ruban de dix mètres ?")
    sheet(jean, "mètre ruban").get_by_role("link", name="Répondre dans un fil").click()
    jean.wait_for_url(re.compile(r"/m/\d+/fil"))
    say(jean, "Il me le faut pour jeudi")
    expect(message(jean, "pour jeudi")).to_be_visible()
    link = message(leo, "mètre ruban").locator(".msg__thread")
    expect(link).to_contain_text("1 réponse")
    expect(message(leo, "pour jeudi")).to_have_count(0)
    link.click()
    expect(message(leo, "pour jeudi")).to_be_visible()
    assert (too_wide(leo), violations(leo)) == (0, [])
    say(leo, "Prends le mien")
    expect(message(jean, "Prends le mien")).to_be_visible()


def test_an_emoji_and_a_draft_survive_a_reload(house: House) -> None:
    leo = house.enter(LEO, size=DESKTOP)
    leo.goto(ROOM)
    leo.locator("#text").fill("Presque fini ")
    leo.locator(".emoji summary").click()
    leo.locator(".emoji").get_by_role("button", name="🌱").click()
    leo.reload()
    expect(leo.locator("#text")).to_have_value("Presque fini 🌱")
    leo.locator("#text").fill("")


def test_search_leads_to_the_message_in_its_room(house: House) -> None:
    leo = house.enter(LEO, size=PHONE, language="en-GB")
    leo.goto("/discussions/recherche?q=raboteuse")
    assert (too_wide(leo), violations(leo)) == (0, [])
    leo.locator(".found .cover").first.click()
    leo.wait_for_url(re.compile(r"around=\d+#m-\d+"))
    expect(leo.locator(".msg:target")).to_contain_text("raboteuse")
