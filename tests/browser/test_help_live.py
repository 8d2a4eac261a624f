"""A thread while others are in it, and skills proposed from messages that are ticked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, held_back, listen, too_wide, violations
from tests.browser.test_chat_to_thread import first_word

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Nobody else’s tests write as these two, or in this thread of the demo network.
READER = "charlotte.vermeersch@passerelles.example"
WRITER = "corentin.briand@passerelles.example"
THREAD = "/entraide/37"
LEASE = "Mon bail commercial finit en juin."
EARLY = "Notre bail commercial est à signer lundi."
TAX = "Et la TVA sur le loyer ?"


def watch(page: Page) -> Page:
    """Open the thread, and wait until news of it come in."""
    page.goto(THREAD)
    expect(page.locator("body[data-watched]")).to_have_count(1)
    return page


def test_that_somebody_is_writing_is_told_to_others_and_goes_away(house: House) -> None:
    reader, writer = house.enter(READER, size=PHONE), house.enter(WRITER)
    heard = [listen(page) for page in (reader, writer)]
    reader.clock.install()
    for page in (reader, writer):
        watch(page)
    told = reader.locator("#writing")
    expect(told).to_have_text("")
    writer.locator("#reply textarea").press_sequentially("Je")
    expect(told).to_have_text("Quelqu’un écrit une réponse…")
    expect(writer.locator("#writing")).to_have_text("")
    assert too_wide(reader) == 0
    reader.clock.fast_forward(8_000)
    expect(told).to_have_text("")
    assert heard == [[], []]


def form_of(page: Page) -> str:
    """Where messages of the room of a page are made a question."""
    page.get_by_role("link", name="Faire une question de messages").click()
    page.wait_for_url(re.compile("/entraide/depuis/"))
    return page.url


def pick_of_two(page: Page) -> None:
    """A conversation of two messages, and the form that makes a question of them."""
    room = first_word(page, "corentin-briand", LEASE)
    page.locator("#composer textarea").fill(TAX)
    page.keyboard.press("Enter")
    expect(page.locator(".msg:not(.msg--pending)", has_text=TAX)).to_have_count(1)
    page.goto(room)
    form_of(page)


def test_skills_are_proposed_of_messages_when_they_are_ticked(house: House) -> None:
    page = house.enter(READER)
    heard = listen(page)
    pick_of_two(page)
    proposed = page.locator("#told")
    expect(proposed).not_to_contain_text("Votre texte semble demander")
    page.locator(".picked__one", has_text=LEASE).locator("input").check()
    lease, tax = (proposed.get_by_label(name) for name in ("Baux commerciaux", "Fiscalité"))
    expect(lease).to_be_visible()
    expect(tax).to_have_count(0)
    page.locator(".picked__one", has_text=TAX).locator("input").check()
    expect(tax).to_be_visible()
    lease.check()
    page.locator(".picked__one", has_text=TAX).locator("input").uncheck()
    expect(tax).to_have_count(0)
    family = page.locator(".skillpicker").get_by_label("Baux commerciaux", exact=True)
    expect(family).to_be_checked()
    title = page.get_by_label("Votre question en une ligne")
    title.fill("Qui a déjà fait sa comptabilité en anglais ?")
    expect(proposed).to_contain_text(re.compile("Anglais|Comptabilité"))
    assert (violations(page), heard) == ([], [])


def test_a_message_ticked_before_the_file_came_proposes_its_skills(house: House) -> None:
    first_word(first := house.enter(READER), "corentin-briand", EARLY)
    # In a browser that has kept no file yet.
    page = house.enter(READER)
    let_go = held_back(page, "**/help/told*.js")
    with page.expect_request("**/help/told*.js"):
        page.goto(form_of(first), wait_until="commit")
    page.locator(".picked__one", has_text=EARLY).locator("input").check()
    let_go()
    expect(page.locator("#told").get_by_label("Baux commerciaux")).to_be_visible()
