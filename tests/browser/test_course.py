"""A member moves and another leaves: at a desk and on a phone, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import (
    ADMINISTRATOR,
    DESKTOP,
    PHONE,
    House,
    go,
    listen,
    shown,
    too_wide,
    violations,
)

pytestmark = pytest.mark.browser

SIZES = {"desk": DESKTOP, "phone": PHONE}
THOMAS = "thomas.le-goff@passerelles.example"
PARIS = ZoneInfo("Europe/Paris")
# Each way has people of its own: they live in one network.
MOVING = {
    ("desk", "fr"): "bastien.roche",
    ("desk", "en"): "mathilde.joly",
    ("phone", "fr"): "lucie.fayard",
    ("phone", "en"): "samira.oukil",
}
LEAVING = {
    ("desk", "fr"): "lucas.dumortier",
    ("desk", "en"): "assia.rahmani",
    ("phone", "fr"): "julien.pasquier",
    ("phone", "en"): "nour.mansouri",
}
WORDS = {
    "fr": {
        "course": "/moi/parcours",
        "move": "Changement de site",
        "site": "Nouveau site",
        "there": "Premier jour là-bas",
        "look": "Voir ce qui se passera",
        "ask": "Envoyer la demande",
        "waits": "attend une réponse",
        "planned": "prévu",
        "leave": "Préparer un départ",
        "day": "Jour du départ",
        "name": "Retirer mon nom de ce que j’ai écrit",
        "nobody": "Ancien membre",
        "left": "Vous avez quitté le réseau",
    },
    "en": {
        "course": "/me/membership",
        "move": "Move to another site",
        "site": "New site",
        "there": "First day there",
        "look": "See what happens",
        "ask": "Ask for it",
        "waits": "waits for an answer",
        "planned": "planned",
        "leave": "Prepare a departure",
        "day": "Day of departure",
        "name": "Take my name off what I wrote",
        "nobody": "Former member",
        "left": "You left the network",
    },
}


@pytest.fixture(params=[(size, code) for size in SIZES for code in WORDS], ids="-".join)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """On what, and in which language."""
    return request.param


def arrive(house: House, who: str, way: tuple[str, str]) -> Page:
    """Somebody in their language, on their own course."""
    page = house.enter(f"{who}@passerelles.example", size=SIZES[way[0]])
    if way[1] == "en":
        page.goto("/moi/reglages/langue")
        page.locator("select[name=language]").select_option("en")
        page.locator("main form:has(select[name=language]) button[type=submit]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(WORDS[way[1]]["course"])
    return page


def sound(page: Page) -> None:
    """The page fits, and everybody can read it."""
    assert too_wide(page) == 0
    assert violations(page) == []


def accept(house: House, email: str, address: str) -> None:
    """Somebody who may say yes says yes."""
    manager = house.enter(email)
    manager.goto(address)
    manager.get_by_role("button", name="Accepter").click()
    expect(manager.locator("#toasts")).to_contain_text("Accepté")


def test_a_member_moves_to_another_site(house: House, way: tuple[str, str]) -> None:
    words = WORDS[way[1]]
    page = arrive(house, MOVING[way], way)
    heard = listen(page)
    sound(page)
    page.get_by_role("link", name=words["move"]).click()
    site = page.get_by_label(words["site"])
    named = site.locator("option", has_text="Nantes").first.get_attribute("value")
    site.select_option(named)
    day = datetime.now(UTC).date() + timedelta(days=30)
    page.get_by_label(words["there"]).fill(day.isoformat())
    sound(page)
    page.get_by_role("button", name=words["look"]).click()
    shown(page, "Nantes")
    sound(page)
    page.get_by_role("button", name=words["ask"]).click()
    shown(page, words["waits"])
    sound(page)
    accept(house, THOMAS, page.url)
    page.reload()
    shown(page, words["planned"])
    assert heard == []


def test_a_member_leaves_and_keeps_a_window(house: House, way: tuple[str, str]) -> None:
    words = WORDS[way[1]]
    page = arrive(house, LEAVING[way], way)
    heard = listen(page)
    page.get_by_role("link", name=words["leave"]).click()
    page.get_by_label(words["day"]).fill(datetime.now(PARIS).date().isoformat())
    page.get_by_label(words["name"]).check()
    sound(page)
    page.get_by_role("button", name=words["look"]).click()
    shown(page, words["nobody"])
    sound(page)
    page.get_by_role("button", name=words["ask"]).click()
    shown(page, words["waits"])
    accept(house, ADMINISTRATOR, page.url)
    page.goto(words["course"])
    shown(page, words["left"])
    sound(page)
    assert go(page, "/annuaire") == 403
    page.goto("/discussions/reseau")
    expect(page.locator("#composer textarea")).to_have_count(0)
    # A socket that is asked for under the session that has just ended is refused, and asks again.
    assert [line for line in heard if "403" not in line and "WebSocket" not in line] == []
