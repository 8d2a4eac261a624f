"""What happens in a room is seen as it happens, in small print, and is not read aloud."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import PHONE, go, listen, too_wide, violations

if TYPE_CHECKING:
    from tests.browser.house import House

pytestmark = pytest.mark.browser

# The last of these only reads in other tests: whoever leaves the network takes no seat.
HOST = "lea.garnier@passerelles.example"
GUESTS = ("nadia.kaci@passerelles.example", "paul-henri.vasseur@passerelles.example")


def opened(page: Page) -> str:
    """A room of its own on a topic; its address."""
    go(page, "/discussions/nouveau")
    page.locator("#name").fill(f"Portes {uuid.uuid4().hex[:8]}")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator("#text")).to_be_visible()
    return page.url


def came(house: House, guest: str, room: str) -> Page:
    """Somebody who took a seat there."""
    page = house.enter(guest, size=PHONE)
    page.goto(room)
    page.get_by_role("button", name="Prendre une place").click()
    expect(page.locator("#text")).to_be_visible()
    return page


def test_who_comes_stands_between_the_messages_live_and_after_a_reload(house: House) -> None:
    here = house.enter(HOST, size=PHONE)
    heard, room, lines = listen(here), opened(here), here.locator(".happened")
    came(house, GUESTS[0], room)
    expect(lines).to_contain_text("a rejoint le salon")
    there = came(house, GUESTS[1], room)
    expect(lines).to_contain_text("ont rejoint le salon")
    expect(lines).to_have_count(1)
    there.locator("#text").fill("Me voilà.")
    there.locator("#text").press("Enter")
    expect(here.locator(".happened + .msg")).to_contain_text("Me voilà.")
    expect(here.locator("#said")).to_contain_text("Me voilà.")
    expect(here.locator("#said")).not_to_contain_text("rejoint")
    told = lines.inner_text()
    here.reload()
    expect(lines).to_have_text(told, use_inner_text=True)
    expect(here.locator(".happened ~ .msg")).to_contain_text("Me voilà.")
    assert violations(here) == []
    assert too_wide(here) <= 0
    assert heard == []
