"""Two members of two cities go through the four pillars, each in a browser of their own.

Each way is gone twice: as most people do, and in browsers that run no script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import LYON, MONTREAL, PHONE, House, shown

pytestmark = pytest.mark.browser

# What the two say must differ from one run to the other: they live in one network.
WAYS = {"script": "avec", "no script": "sans"}


@dataclass
class Two:
    """Camille in Lyon at a desk, Guillaume in Montréal on a phone."""

    camille: Page
    guillaume: Page
    script: bool
    how: str


@pytest.fixture(params=WAYS)
def two(request: pytest.FixtureRequest, house: House) -> Two:
    script = request.param == "script"
    return Two(
        camille=house.enter(LYON, javascript=script),
        guillaume=house.enter(MONTREAL, size=PHONE, javascript=script),
        script=script,
        how=WAYS[request.param],
    )


def test_they_find_each_other(two: Two) -> None:
    two.camille.goto("/annuaire")
    two.camille.get_by_role("searchbox").fill("guillaume roy")
    two.camille.get_by_role("searchbox").press("Enter")
    expect(two.camille.locator(".pcard")).to_have_count(1)
    two.camille.locator("#people").get_by_role("link", name="Guillaume Roy", exact=True).click()
    expect(two.camille.get_by_role("heading", level=1)).to_contain_text("Guillaume Roy")
    shown(two.camille, "Montréal")
    two.guillaume.goto("/annuaire?q=dervaux")
    expect(two.guillaume.get_by_role("link", name="Camille Dervaux")).to_be_visible()


def test_hours_declared_by_one_are_confirmed_by_the_other(two: Two) -> None:
    note = f"Relecture de l’étiquette {two.how} miel"
    two.camille.goto("/heures/declarer")
    # Of time together, what a check-in of the same day covers already would not count again.
    two.camille.locator("label.kind", has_text="Entraide").click()
    two.camille.get_by_label("Avec qui").fill("Guillaume Roy")
    two.camille.get_by_label("Ou une autre durée").fill("1 h 30")
    two.camille.get_by_label("Un mot à ce sujet").fill(note)
    two.camille.get_by_role("button", name="Déclarer").click()
    shown(two.camille, note)
    two.guillaume.goto("/heures/a-confirmer")
    waiting = two.guillaume.locator("#queue li", has_text=note)
    waiting.get_by_role("button", name="Confirmer").click()
    expect(waiting).to_have_count(0)
    two.camille.goto("/heures")
    line = two.camille.locator("tr", has_text=note)
    expect(line).to_contain_text("validée")
    expect(line).to_contain_text(re.compile(r"\+\s1\sh\s30"))


def test_a_question_is_asked_answered_and_solved(two: Two) -> None:
    two.camille.goto("/entraide/demander")
    two.camille.get_by_label("Votre question en une ligne").fill(f"Une étiquette {two.how} colle ?")
    two.camille.locator("textarea").fill("Elle se décolle au bout de deux jours.")
    family = two.camille.locator("details.skillfamily").first
    family.locator("summary").click()
    family.locator("label").first.click()
    two.camille.get_by_role("button", name="Publier la question").click()
    expect(two.camille.get_by_role("heading", level=1)).to_contain_text("Une étiquette")
    two.guillaume.goto(two.camille.url)
    two.guillaume.get_by_label("Votre réponse").fill("Un papier **couché**, une colle à froid.")
    two.guillaume.get_by_role("button", name="Répondre").click()
    expect(two.guillaume.locator("#answers strong")).to_have_text("couché")
    two.camille.reload()
    two.camille.get_by_role("button", name="Cette réponse a tout réglé").click()
    expect(two.camille.locator(".okbar")).to_be_visible()
    two.guillaume.reload()
    expect(two.guillaume.locator("#thread-state")).to_contain_text("Résolu")


def test_a_message_arrives_and_stays(two: Two) -> None:
    for page in (two.camille, two.guillaume):
        page.goto("/discussions/reseau")
    text = f"Bonjour de Lyon {two.how} neige"
    two.camille.locator("#composer textarea").fill(text)
    if two.script:
        two.camille.keyboard.press("Enter")
    else:
        two.camille.get_by_role("button", name="Envoyer").click()
        two.guillaume.reload()
    for page in (two.camille, two.guillaume):
        expect(page.locator(".msg:not(.msg--pending)", has_text=text)).to_have_count(1)
    two.guillaume.reload()
    expect(two.guillaume.locator(".msg", has_text=text)).to_have_count(1)


def test_what_was_missed_is_counted(two: Two) -> None:
    for page in (two.camille, two.guillaume):
        page.goto("/discussions/reseau")
    two.guillaume.goto("/annuaire")
    two.camille.locator("#composer textarea").fill(f"Qui vient au marché {two.how} son panier ?")
    two.camille.get_by_role("button", name="Envoyer").click()
    expect(two.camille.locator(".msg--me", has_text=two.how).last).to_be_visible()
    two.guillaume.reload()
    tab = two.guillaume.locator(".tabbar a", has_text="Discussions")
    expect(tab.locator(".count")).to_be_visible()
