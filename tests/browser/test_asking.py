"""Asking in Chromium: skills proposed from the text, and a change begun that waits."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.house import PASTE, PHONE, House, held_back, listen, too_wide, violations
from tests.factories_chatfiles import PICTURE

pytestmark = pytest.mark.browser

RACHID = "rachid.ouali@passerelles.example"


def test_skills_are_proposed_while_typing_and_ticked_once(house: House) -> None:
    page = house.enter(RACHID, size=PHONE)
    heard = listen(page)
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill("Un bail précaire pour un entrepôt")
    alike = page.locator("#similar").get_by_role("link", name="Bail précaire : qui paie la serrure")
    expect(alike).to_be_visible()
    field = page.locator("textarea[name=body]")
    field.press_sequentially("Le loyer, et la TVA ?")
    proposal = page.locator("#told").get_by_label("Baux commerciaux")
    expect(proposal).to_be_visible()
    expect(page.locator("#told").get_by_label("Fiscalité")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("Le loyer, et la TVA ?")
    assert violations(page) == []
    assert too_wide(page) == 0
    proposal.check()
    family = page.locator(".skillpicker").get_by_label("Baux commerciaux", exact=True)
    expect(family).to_be_checked()
    field.press_sequentially(" Merci d’avance.")
    expect(page.locator("#told").get_by_label("Baux commerciaux")).to_have_count(0)
    expect(family).to_be_checked()
    assert heard == []


def test_a_title_typed_before_the_file_came_is_looked_for(house: House) -> None:
    page = house.enter(RACHID, size=PHONE)
    let_go = held_back(page, "**/ui/similar*.js")
    with page.expect_request("**/ui/similar*.js"):
        page.goto("/entraide/demander", wait_until="domcontentloaded")
    page.get_by_label("Votre question en une ligne").fill("Un bail précaire pour un entrepôt")
    let_go()
    alike = page.locator("#similar").get_by_role("link", name="Bail précaire : qui paie la serrure")
    expect(alike).to_be_visible()


def test_a_text_typed_before_the_file_came_proposes_its_skills(house: House) -> None:
    page = house.enter(RACHID, size=PHONE)
    let_go = held_back(page, "**/help/told*.js")
    with page.expect_request("**/help/told*.js"):
        page.goto("/entraide/demander", wait_until="commit")
    page.get_by_label("Votre question en une ligne").fill("Un bail précaire pour un entrepôt")
    page.locator("textarea[name=body]").fill("Le loyer, et la TVA ?")
    let_go()
    expect(page.locator("#told").get_by_label("Baux commerciaux")).to_be_visible()


def test_what_is_written_before_the_file_came_is_kept_as_a_draft(house: House) -> None:
    page = house.enter(RACHID, size=PHONE)
    let_go = held_back(page, "**/help/draft*.js")
    with page.expect_request("**/help/draft*.js"):
        page.goto("/entraide/demander", wait_until="commit")
    page.locator("textarea[name=body]").fill("Écrit avant que tout soit là")
    let_go()
    expect(page.locator(".draftstate")).to_have_text("Brouillon gardé")


def test_a_change_begun_waits_on_the_page_where_it_was_begun(house: House) -> None:
    page = house.enter(RACHID)
    page.goto("/entraide?view=mine")
    page.get_by_role("link", name=re.compile("Partager un transporteur")).first.click()
    page.get_by_role("link", name="Modifier", exact=True).first.click()
    page.wait_for_url(re.compile(r"/modifier$"))
    field = page.locator("textarea[name=body]")
    field.fill("Un texte que je n’ai pas fini de changer")
    expect(page.locator(".draftstate")).to_have_text("Brouillon gardé")
    other = house.enter(RACHID, size=PHONE)
    other.goto(page.url)
    expect(other.locator("textarea[name=body]")).to_have_value(
        "Un texte que je n’ai pas fini de changer"
    )
    assert (violations(other), too_wide(other)) == ([], 0)
    other.get_by_role("button", name="Repartir du texte publié").click()
    other.get_by_role("button", name="Confirmer").click()
    expect(other.locator("textarea[name=body]")).to_have_value(re.compile("demi-palette"))


def test_a_pasted_picture_waits_below_the_text_and_is_seen_in_the_question(house: House) -> None:
    page = house.enter(RACHID, size=PHONE)
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill("À quoi ressemble une palette cassée ?")
    field = page.locator("textarea[name=body]")
    field.fill("Comme sur la photo.")
    field.evaluate(PASTE, base64.b64encode(PICTURE).decode())
    waiting = page.locator(".waiting li")
    expect(waiting).to_contain_text("image.webp")
    waiting.get_by_role("button", name="Retirer image.webp").click()
    expect(waiting).to_have_count(0)
    field.evaluate(PASTE, base64.b64encode(PICTURE).decode())
    expect(waiting).to_have_count(1)
    page.locator(".skillfamily summary", has_text="Export et logistique").click()
    page.locator(".skillpicker").get_by_label("Logistique", exact=True).check()
    page.get_by_role("button", name="Publier la question").click()
    expect(page.locator("#question .attached img")).to_be_visible()
    page.get_by_label("Plus d’actions sur cette question").click()
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer").click()
    expect(page).to_have_url(re.compile("/entraide$"))
