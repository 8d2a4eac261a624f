"""Two members of two cities go through the four pillars, each in a browser of their own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LYON, MONTREAL, PHONE, House

pytestmark = pytest.mark.browser


@pytest.fixture
def camille(house: House) -> Page:
    """Lyon, at a desk."""
    return house.enter(LYON)


@pytest.fixture
def guillaume(house: House) -> Page:
    """Montréal, on a phone."""
    return house.enter(MONTREAL, size=PHONE)


def test_they_find_each_other(camille: Page, guillaume: Page) -> None:
    camille.goto("/annuaire")
    camille.get_by_role("searchbox").last.fill("guillaume roy")
    camille.keyboard.press("Enter")
    camille.get_by_role("link", name="Guillaume Roy").first.click()
    expect(camille.get_by_role("heading", level=1)).to_have_text("Guillaume Roy")
    expect(camille.locator("main")).to_contain_text("Montréal")
    guillaume.goto("/annuaire?q=dervaux")
    expect(guillaume.get_by_role("link", name="Camille Dervaux").first).to_be_visible()


def test_hours_declared_by_one_are_confirmed_by_the_other(camille: Page, guillaume: Page) -> None:
    camille.goto("/heures/declarer")
    camille.get_by_label("Durée").fill("1 h 30")
    camille.locator("select[name=kind]").select_option(index=1)
    camille.locator("[name=receiver]").first.fill("Guillaume Roy")
    camille.get_by_label("Note").fill("Relecture de l’étiquette du miel")
    camille.locator("main form").get_by_role("button").last.click()
    expect(camille.locator("main")).to_contain_text("Relecture de l’étiquette du miel")
    guillaume.goto("/heures")
    row = guillaume.locator("li", has_text="Relecture de l’étiquette du miel")
    row.get_by_role("button", name=re.compile("Confirmer")).click()
    expect(guillaume.locator("li", has_text="Relecture de l’étiquette du miel")).to_have_count(0)
    camille.reload()
    expect(
        camille.locator("tr", has_text="Relecture de l’étiquette du miel")
    ).to_contain_text("confirmée")


def test_a_question_is_asked_answered_and_solved(camille: Page, guillaume: Page) -> None:
    camille.goto("/entraide/demander")
    camille.get_by_label("Titre").fill("Quel papier pour une étiquette qui va au frais ?")
    camille.locator("textarea").first.fill("Elle se décolle au bout de deux jours.")
    camille.locator("input[type=checkbox][name=skills]").first.check()
    camille.locator("main form").get_by_role("button").last.click()
    expect(camille.get_by_role("heading", level=1)).to_contain_text("Quel papier")
    guillaume.goto(camille.url)
    guillaume.locator("textarea").fill("Un papier **couché** avec une colle pour le froid.")
    guillaume.locator("main form").get_by_role("button", name=re.compile("Répondre|Publier")).click()
    expect(guillaume.locator("article strong")).to_have_text("couché")
    camille.reload()
    camille.get_by_role("button", name=re.compile("Accepter|solution")).click()
    expect(camille.locator(".okbar")).to_be_visible()


def test_a_message_arrives_live_and_stays(camille: Page, guillaume: Page) -> None:
    for page in (camille, guillaume):
        page.goto("/discussions/reseau")
    text = "Bonjour de Lyon, il neige chez vous ?"
    camille.locator("form.composer textarea").fill(text)
    camille.keyboard.press("Enter")
    expect(guillaume.locator(".msg", has_text=text)).to_have_count(1)
    expect(camille.locator(".msg", has_text=text)).to_have_count(1)
    guillaume.reload()
    expect(guillaume.locator(".msg", has_text=text)).to_have_count(1)


def test_what_was_missed_is_counted(camille: Page, guillaume: Page) -> None:
    guillaume.goto("/annuaire")
    camille.goto("/discussions/reseau")
    camille.locator("form.composer textarea").fill("Qui vient au marché samedi ?")
    camille.keyboard.press("Enter")
    tab = guillaume.locator(".tabbar a", has_text="Discussions")
    expect(tab.locator(".count")).to_be_visible()
