"""The directory in Chromium: cards that act, skills while typing, firms that let people in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import (
    DESKTOP,
    LYON,
    MANAGER,
    MONTREAL,
    PHONE,
    House,
    listen,
    shown,
    too_wide,
    violations,
)

pytestmark = pytest.mark.browser

SIZES = {"desk": DESKTOP, "phone": PHONE}
ASKING = {"desk": "amine.cherif", "phone": "anais.delorme"}
FIRM = "/entreprises/atelier-dervaux"


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """At a desk, or on a phone."""
    return str(request.param)


def sound(page: Page) -> None:
    """The page fits, and everybody can read it."""
    assert (too_wide(page), violations(page)) == (0, [])


def menu_of(page: Page, name: str) -> Page:
    """Look for somebody and open the menu of their card."""
    page.goto(f"/annuaire?q={name}")
    page.locator(".acts summary").first.click()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_card_acts(house: House, size: str, script: bool) -> None:
    page = house.enter(LYON, size=SIZES[size], javascript=script)
    heard = listen(page)
    name = "Guillaume Roy"
    menu_of(page, name)
    if script:
        sound(page)
    page.get_by_role("link", name="Écrire un message").click()
    page.wait_for_url(re.compile("/discussions/"))
    menu_of(page, name).get_by_role("link", name=re.compile("Demander de l’aide")).click()
    expect(page.locator("textarea[name=body]")).to_have_value("@guillaume-roy ")
    expect(page.locator("input[name=skills]:checked")).to_have_count(1)
    with page.expect_download() as card:
        menu_of(page, name).get_by_role("link", name="Fiche contact").click()
    assert card.value.suggested_filename == "guillaume-roy.vcf"
    assert heard == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_card_gives_its_address(house: House, script: bool) -> None:
    page = house.enter(LYON, size=PHONE, javascript=script)
    menu_of(page, "Guillaume Roy")
    if script:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("link", name="Copier l’adresse").click()
        expect(page.locator("#toasts")).to_contain_text("copiée")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{house.address}/annuaire/guillaume-roy"
        expect(page.locator(".acts[open]")).to_have_count(0)
    else:
        page.get_by_role("link", name="Copier l’adresse").click()
        expect(page.locator("#address")).to_have_value(re.compile("/annuaire/guillaume-roy$"))


def test_skills_are_suggested_while_typing(house: House, size: str) -> None:
    page = house.enter(LYON, size=SIZES[size])
    page.goto("/annuaire")
    if size == "phone":
        page.get_by_role("button", name="Filtres").click()
    field = page.locator("#pick-skill")
    field.press_sequentially("compta")
    options = page.locator("#list-skill [role=option]")
    expect(options.first).to_contain_text("Comptabilité")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url(re.compile("skill="))
    expect(page.locator(".pcard").first).to_contain_text("Comptabilité")
    page.goto("/moi")
    finder = page.locator("#pick-finder")
    finder.press_sequentially("accounting")
    page.locator("#list-finder [role=option]").first.click()
    expect(page.locator("select[name=offered]:focus")).to_have_count(1)


def ask_to_join(page: Page) -> None:
    """By the page of the firm; then to the list of what one asked."""
    page.goto(FIRM)
    page.get_by_role("link", name="Je travaille ici").click()
    page.locator("[name=title]").fill("Un jour par semaine")
    page.locator("textarea[name=message]").fill("On en parlait mardi.")
    page.get_by_role("button", name="Demander", exact=True).click()
    page.goto("/entreprises/demandes")


def test_a_member_asks_to_join_a_firm_and_hears_yes_or_no(house: House, size: str) -> None:
    page = house.enter(f"{ASKING[size]}@passerelles.example", size=SIZES[size])
    keeper = house.enter(LYON, size=SIZES[size])
    made = page.locator("section:has(#made) .personrow", has_text="Atelier Dervaux")
    ask_to_join(page)
    expect(made.first).to_contain_text("en attente")
    sound(page)
    made.first.get_by_role("button", name="La retirer").click()
    expect(made.first).to_contain_text("retirée")
    ask_to_join(page)
    keeper.goto("/entreprises/demandes")
    name = page.locator(".me b").text_content() or ""
    waiting = keeper.locator(".request", has_text=name)
    sound(keeper)
    waiting.get_by_role("button", name="Accepter" if size == "desk" else "Refuser").click()
    expect(waiting).to_have_count(0)
    page.reload()
    expect(made.first).to_contain_text("acceptée" if size == "desk" else "refusée")
    page.goto(FIRM)
    people = page.locator("section:has(#people)", has_text=name)
    expect(people).to_have_count(1 if size == "desk" else 0)


def test_a_firm_invites_and_the_member_comes(house: House) -> None:
    keeper, invited = house.enter(LYON), house.enter(MONTREAL, size=PHONE)
    keeper.goto(f"{FIRM}/personnes")
    keeper.locator("[name=with_name]").fill("Guillaume Roy")
    keeper.get_by_role("button", name="Inviter", exact=True).click()
    expect(keeper.locator("section:has(#invited)")).to_contain_text("Guillaume Roy")
    sound(keeper)
    invited.goto("/entreprises/demandes")
    asked = invited.locator(".request", has_text="Atelier Dervaux")
    asked.get_by_role("button", name="Accepter").click()
    expect(asked).to_have_count(0)
    invited.goto(FIRM)
    expect(invited.locator("section:has(#people)")).to_contain_text("Guillaume Roy")


def test_the_team_of_a_site_gives_the_keys_of_a_firm_that_nobody_keeps(house: House) -> None:
    manager = house.enter(MANAGER)
    manager.goto("/entreprises/demandes")
    claim = manager.locator(".request", has_text="Clara Vidal")
    claim.get_by_role("button", name="Accepter").click()
    expect(claim).to_have_count(0)
    manager.goto("/entreprises/terre-de-pente")
    shown(manager, "Clara Vidal")
