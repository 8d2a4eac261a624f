"""What is begun on one device waits on the others, and goes when it is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, violations

pytestmark = pytest.mark.browser

MAGALI = "magali.decroix@passerelles.example"
SIMON = "simon.wattel@passerelles.example"
ROOM = "/discussions/reseau"


def test_a_draft_follows_its_author_from_the_desk_to_the_phone(house: House) -> None:
    desk = house.enter(MAGALI)
    heard = listen(desk)
    desk.goto(ROOM)
    writing = desk.locator("#composer textarea")
    with desk.expect_response(lambda answer: answer.url.endswith("/brouillon")) as kept:
        # At once: it is kept three seconds after the first key, whatever follows.
        writing.fill("Je passe demain avec le")
    assert kept.value.status == 204
    phone = house.enter(MAGALI, size=PHONE)
    phone.goto(ROOM)
    there = phone.locator("#composer textarea")
    expect(there).to_have_value("Je passe demain avec le")
    # Finished and sent on the phone: the desk finds an empty field when it comes back.
    there.press("End")
    there.press_sequentially(" camion")
    there.press("Enter")
    sent = phone.locator("#msgs .msg", has_text="Je passe demain avec le camion")
    expect(sent).to_have_count(1)
    expect(phone.locator(".msg--pending")).to_have_count(0)
    desk.goto(ROOM)
    expect(desk.locator("#composer textarea")).to_have_value("")
    assert violations(desk) == []
    assert heard == []


def test_who_leaves_in_the_middle_of_a_word_has_not_lost_it(house: House) -> None:
    page = house.enter(SIMON)
    page.goto("/annuaire")
    # With the worker beside the page: what is sent at the last moment must not pass by it.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(ROOM)
    with page.expect_response(lambda answer: answer.url.endswith("/brouillon")):
        page.locator("#composer textarea").press_sequentially("Je")
    page.locator("#composer textarea").press_sequentially(" voulais")
    # Sooner than the next time it would be kept by itself.
    page.goto("/annuaire")
    other = house.enter(SIMON, javascript=False)
    writing = other.locator("#composer textarea")
    # On its way when the page was left: it may arrive after a page asked for at once.
    for _ in range(9):
        other.goto(ROOM)
        if writing.input_value() == "Je voulais":
            break
    expect(writing).to_have_value("Je voulais")
    # Without a script it is kept by a button, and said by the other.
    writing.fill("Je voulais dire merci")
    other.get_by_role("button", name="Garder en brouillon").click()
    expect(writing).to_have_value("Je voulais dire merci")
    other.get_by_role("button", name="Envoyer").click()
    expect(writing).to_have_value("")


def test_the_button_sends_without_leaving_the_page(house: House) -> None:
    page = house.enter(SIMON, size=PHONE)
    page.goto(ROOM)
    page.evaluate("window.stayed = true")
    writing = page.locator("#composer textarea")
    with page.expect_response(lambda answer: answer.url.endswith("/brouillon")):
        writing.fill("Le bouton vert suffit")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#msgs .msg", has_text="Le bouton vert suffit")).to_have_count(1)
    expect(page.locator(".msg--pending")).to_have_count(0)
    expect(writing).to_have_value("")
    assert page.evaluate("window.stayed") is True
