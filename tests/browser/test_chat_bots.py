"""A bot from its making to its revocation: by a real address, and told by a real call."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import DESKTOP, NARROW, PHONE, House, listen, too_wide, violations
from tests.receivers import receiving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Nobody else's tests open rooms as he.
KEEPER = "damien.rousseau@passerelles.example"


def speak(address: str, text: str) -> int:
    """What another program does: no session, no form."""
    request = urllib.request.Request(  # noqa: S310 - the server of the tests
        address,
        json.dumps({"text": text}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def opened(page: Page) -> str:
    """A private room of his; where its bots are kept."""
    page.goto("/discussions/nouveau")
    page.get_by_label("Nom du salon").fill("Essais de robots")
    page.locator("input[name=access][value=private]").check()
    page.locator("main form button[type=submit]").click()
    page.get_by_role("link", name="Robots de ce salon").click()
    page.wait_for_url("**/robots")
    return page.url


def made(page: Page, told: str) -> str:
    """A bot that is told there; the address by which it speaks."""
    page.get_by_label("Nom du robot").fill("Mises en ligne")
    page.get_by_label("Adresse à prévenir").fill(told)
    page.get_by_role("button", name="Créer le robot").click()
    address = page.get_by_label("Adresse pour parler").input_value()
    assert page.get_by_label("Secret de la signature").input_value()
    return address


def check_looks(page: Page) -> None:
    for size in (PHONE, NARROW):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not too_wide(page)
    assert violations(page) == []
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def enter_room(page: Page) -> None:
    page.get_by_role("link", name="À propos de ce salon").click()
    page.get_by_role("link", name="Retour au salon").click()
    expect(page.locator("#composer textarea")).to_be_visible()


def check_its_message(page: Page) -> None:
    """It came without a gesture, with its badge, as another's."""
    message = page.locator("#msgs .msg", has_text="Version 12 en ligne")
    expect(message.locator(".msg__bot")).to_have_text("robot")
    expect(message.locator(".msg__who b")).to_have_text("Mises en ligne")
    expect(message).not_to_have_class(re.compile(r"msg--me(ntion)?\b"))


def check_its_answer(page: Page) -> None:
    """Called by its name, it answers in the thread."""
    page.locator("#composer textarea").fill("@mises-en-ligne merci")
    page.locator("#composer textarea").press("Enter")
    replies = page.locator("#msgs .msg--me", has_text="merci").locator("[data-replies]")
    expect(replies).to_contain_text("1 réponse")
    page.reload()
    expect(page.locator("#msgs .msg__bot")).to_have_count(1)
    replies.click()
    expect(page.locator(".msg", has_text="Bien reçu").locator(".msg__bot")).to_be_visible()


def revoke(page: Page, bots: str) -> None:
    page.goto(bots)
    page.get_by_role("button", name="Révoquer").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("Ce robot ne parle plus")).to_be_visible()


def test_a_bot_is_made_speaks_live_is_told_and_revoked(house: House) -> None:
    page = house.enter(KEEPER)
    heard = listen(page)
    bots = opened(page)
    with receiving() as there:
        answer = '{"text": "Bien reçu !"}'.encode()
        there.answers.append((200, {"Content-Type": "application/json"}, answer))
        address = made(page, there.url)
        check_looks(page)
        enter_room(page)
        assert speak(address, "Version **12** en ligne") == 201
        check_its_message(page)
        check_its_answer(page)
        assert len(there.got) == 1
    revoke(page, bots)
    assert speak(address, "encore là ?") == 404
    assert heard == []
