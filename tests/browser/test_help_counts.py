"""On a phone: an answer is accepted, 45 minutes offered, and one tap has them in the hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import LYON, MONTREAL, PHONE, House, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TITLE = "Comment fixer le prix d’un atelier de deux heures ?"
HELPER = "Guillaume Roy"
FORTY_FIVE = "45\u00a0min"
SKILL = "achat-groupe"
FINGER = 36  # pixels that a finger needs


def asked(page: Page, skill: str) -> str:
    """Camille asks; where her question leads."""
    page.goto(f"/entraide/demander?skill={skill}")
    page.get_by_label("Votre question en une ligne").fill(TITLE)
    page.locator("textarea[name=body]").fill("Deux heures, huit personnes, du café.")
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return re.sub(r"[?#].*", "", page.url)


def answered(page: Page, thread: str) -> None:
    """Guillaume answers."""
    page.goto(thread)
    page.locator("#reply textarea").fill("Comptez votre préparation, puis doublez.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("#answers .prose").first).to_contain_text("Comptez votre préparation")


def proven(page: Page, skill: str, who: str = "guillaume-roy") -> int:
    """The minutes of help with a skill that a profile tells."""
    page.goto(f"/annuaire/{who}")
    told = page.locator(".skill", has=page.locator(f'a[href$="skill={skill}"]')).first.inner_text()
    found = re.search(r"confirmées?, (?:(\d+)\sh)?\s?(?:(\d+)(?:\smin)?)?", told)
    return int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_accepted_then_counted_with_one_tap(house: House, *, javascript: bool) -> None:
    camille = house.enter(LYON, size=PHONE, javascript=javascript)
    guillaume = house.enter(MONTREAL, size=PHONE, javascript=javascript)
    before = proven(guillaume, SKILL)
    thread = asked(camille, SKILL)
    answered(guillaume, thread)
    camille.goto(thread)
    camille.get_by_role("button", name="Cette réponse a tout réglé").click()
    offer = camille.get_by_role("button", name=f"Compter {FORTY_FIVE} pour {HELPER}")
    box = offer.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= FINGER
    assert not scrolls_sideways(camille)
    offer.click()
    expect(camille.locator("#thread-hours")).to_contain_text("attend un accord")
    guillaume.goto(thread)
    guillaume.get_by_role("button", name=f"Compter {FORTY_FIVE}").click()
    expect(guillaume.locator("#thread-hours")).to_contain_text("validée")
    for person in (camille, guillaume):
        person.goto(thread)
        expect(person.locator("#thread-hours")).to_contain_text("validée")
        person.goto("/heures")
        assert not scrolls_sideways(person)
    expect(guillaume.locator("tr", has_text=TITLE).first).to_contain_text(FORTY_FIVE)
    expect(camille.locator("section[aria-labelledby=received]")).to_contain_text(
        f"{HELPER}, {FORTY_FIVE}"
    )
    assert proven(guillaume, SKILL) == before + 45
