"""The whole story of help: asked on a phone in Lille, brought to Montréal, answered, counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, too_wide, violations
from tests.browser.test_help_counts import FORTY_FIVE, proven

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LILLE = "nadia.kaci@passerelles.example"
MONTREAL = "vincent.lachance@passerelles.example"
HELPER = "Vincent Lachance"
TITLE = "Une tablette d’érable qui ne se fende pas sur un toit"
SKILL = "bois"


def ask(page: Page) -> str:
    """The question, by the form; the path of its thread."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill(TITLE)
    page.locator("textarea[name=body]").fill("Deux mètres, plein sud, et des hivers mouillés.")
    page.locator("details.skillfamily", has_text="Bois et agencement").locator("summary").click()
    page.get_by_label("Bois et agencement").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return "/entraide/" + re.sub(r"[?#].*", "", page.url).split("/entraide/")[1]


def answer_what_waits(page: Page, thread: str) -> None:
    """From the first page, which was open before anything was asked, to the answer."""
    asked = page.locator("#asked .asked", has_text=TITLE)
    expect(asked).to_contain_text("On compte sur vous parce que vous proposez Bois et agencement")
    assert (too_wide(page), violations(page)) == (0, [])
    asked.get_by_role("link", name="Je réponds").click()
    page.wait_for_url(re.compile(rf"{re.escape(thread)}.*#reply"))
    expect(page.locator("#asked-here")).to_contain_text("Bois et agencement")
    page.locator("#reply textarea").fill("De l’érable étuvé, huilé deux fois, et un jeu de 4.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator(".post", has_text="étuvé").first).to_be_visible()
    expect(page.locator("#asked-here")).to_have_count(0)


def accept_and_count(page: Page, thread: str) -> None:
    """The asker says that it helped, and offers the time."""
    page.goto(thread)
    expect(page.locator("#routing")).to_have_count(0)
    page.get_by_role("button", name="Cette réponse a tout réglé").click()
    page.get_by_role("button", name=f"Compter {FORTY_FIVE} pour {HELPER}").click()
    expect(page.locator("#thread-hours")).to_contain_text("attend un accord")


def test_asked_in_lille_routed_answered_in_montreal_accepted_and_counted(house: House) -> None:
    vincent = house.enter(MONTREAL, size=PHONE)
    heard = listen(vincent)
    before = proven(vincent, SKILL, "vincent-lachance")
    vincent.goto("/")
    nadia = house.enter(LILLE, size=PHONE)
    thread = ask(nadia)
    expect(nadia.locator("#routing")).to_contain_text("membres sollicités")
    assert too_wide(nadia) == 0
    answer_what_waits(vincent, thread)
    accept_and_count(nadia, thread)
    vincent.goto("/")
    expect(vincent.locator("#asked", has_text=TITLE)).to_have_count(0)
    vincent.goto(thread)
    vincent.get_by_role("button", name=f"Compter {FORTY_FIVE}").click()
    expect(vincent.locator("#thread-hours")).to_contain_text("validée")
    for person in (nadia, vincent):
        person.goto(thread)
        expect(person.locator("#thread-hours")).to_contain_text("validée")
        person.goto("/heures")
        assert too_wide(person) == 0
    expect(vincent.locator("tr", has_text=TITLE).first).to_contain_text(FORTY_FIVE)
    received = nadia.locator("section[aria-labelledby=received]")
    expect(received).to_contain_text(f"{HELPER}, {FORTY_FIVE}")
    assert proven(vincent, SKILL, "vincent-lachance") == before + 45
    assert heard == []
