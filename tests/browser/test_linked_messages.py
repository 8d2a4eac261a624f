"""Pasted addresses of our own pages are named for their readers: in threads and in messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, go, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

# Nobody else’s tests write as them.
AUTHOR = "olivier.faure@passerelles.example"
WRITER, READER = "yanis.haddad@passerelles.example", "gautier.hennion@passerelles.example"
WORDS = "La réponse est dans le salon"
LINE = "Regarde plutôt ce fil"
OF_MESSAGE = "Message écrit par Vincent Morel dans Lyon, Croix-Rousse"


def test_pasted_addresses_get_the_names_of_their_pages(house: House) -> None:
    page = house.enter(AUTHOR)
    heard = listen(page)
    known = f"{house.address}/discussions/lyon/m/12"
    unknown = f"{house.address}/discussions/lyon/m/999999"
    go(page, "/discussions/lyon | #msgs a[href*='un-colis-casse']")
    title = page.locator("h1").inner_text()
    path = "/" + page.url.removeprefix(house.address).lstrip("/")
    english = house.address + path.replace("/entraide/", "/help/")
    text = f"{WORDS} : {known} et {unknown}, voir {path} ou {english}"
    page.locator("#reply textarea").fill(text)
    page.get_by_role("button", name="Répondre").click()
    answer = page.locator(".prose", has_text=WORDS)
    expect(answer.locator(f"a[href='{known}']")).to_have_text(OF_MESSAGE)
    expect(answer.locator(f"a[href='{unknown}']")).to_have_text(unknown)
    for address in (path, english):
        expect(answer.locator(f"a[href='{address}']")).to_have_text(title)
    assert heard == []


def begun(page: Page) -> str:
    """Speak to the reader for the first time; where."""
    page.goto("/discussions/avec/gautier-hennion")
    written(page, "Bonjour !")
    page.wait_for_url(re.compile(r"/discussions/direct\."))
    return page.url.partition("#")[0]


def written(page: Page, text: str) -> None:
    """Send a message."""
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Envoyer").click()


def said_in(page: Page) -> Locator:
    """The message with the addresses."""
    return page.locator(".msg", has_text=LINE)


def test_an_address_in_a_message_becomes_a_card_live_and_after(house: House) -> None:
    writer, reader = house.enter(WRITER), house.enter(READER, size=PHONE)
    heard = [listen(page) for page in (writer, reader)]
    go(writer, "/discussions/lyon | #msgs a[href*='un-colis-casse']")
    thread, title = writer.url, writer.locator("h1").inner_text()
    room = begun(writer)
    fetched: list[str] = []
    reader.on("request", lambda request: fetched.append(request.url))
    reader.goto(room, wait_until="networkidle")
    assert not [each for each in fetched if "titles.js" in each or "linked.css" in each]
    hidden = f"{house.address}/discussions/lyon/m/999999"
    written(writer, f"{LINE} : {thread} et {hidden}")
    for page in (writer, reader):
        card = said_in(page).locator("a.linkcard")
        expect(card).to_have_text(f"{title} Fil d’entraide")
        expect(card).to_have_attribute("href", thread)
        expect(card).to_have_css("display", "inline-grid")
        expect(said_in(page).locator(f"a[href='{hidden}']")).to_have_text(hidden)
    assert [too_wide(reader), violations(reader), *heard] == [0, [], [], []]
    reader.reload()
    expect(said_in(reader).locator("a.linkcard")).to_have_text(f"{title} Fil d’entraide")
    reader.wait_for_function("log.scrollHeight - log.scrollTop - log.clientHeight < 2")
    plain = house.enter(READER, javascript=False)
    plain.goto(room)
    expect(said_in(plain).locator(f"a[href='{thread}']")).to_have_text(thread)
