"""The screen of a site without its network, a phone before its code, two sites in two zones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import ADMINISTRATOR, LYON, MONTREAL, PHONE, House, listen, shown
from tests.browser.test_every_page import inspect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TABLET = (1024, 768)
KEPT = "async () => Boolean(await caches.match(location.origin + '/kiosque/?lang=en'))"


def enrolled(house: House, boss: Page, city: str) -> Page:
    """A tablet that took the code which a manager had made."""
    boss.goto(f"/heures/site/{city}/ecrans/nouveau")
    boss.get_by_label("Où se trouve-t-il").fill("Entrée")
    boss.get_by_role("button", name="Obtenir le code").click()
    code = boss.locator("#screen-code").inner_text()
    tablet = house.visit(size=TABLET)
    tablet.goto("/kiosque/")
    tablet.get_by_label("Code de l’écran").fill(code)
    tablet.get_by_role("button", name="Faire reconnaître cet écran").click()
    expect(tablet.locator("#pad")).to_be_visible()
    return tablet


def badge_of(boss: Page, city: str, name: str) -> str:
    boss.goto(f"/heures/site/{city}/badges/nouveau")
    boss.get_by_label("Pour qui est ce badge").fill(name)
    boss.get_by_role("button", name="Obtenir le numéro").click()
    return boss.locator("#badge-number").inner_text()


def press(tablet: Page, number: str, way: str) -> None:
    for digit in re.sub(r"\D", "", number):
        tablet.locator(f"[data-key='{digit}']").click()
    tablet.get_by_role("button", name=way).click()


def greets_and_warns(tablet: Page, number: str) -> None:
    press(tablet, number, "I arrive")
    expect(tablet.locator("#said")).to_contain_text("Welcome, Camille")
    press(tablet, number, "I am leaving")
    expect(tablet.locator("#said")).to_contain_text("Goodbye, Camille")
    press(tablet, "123456789", "I arrive")
    expect(tablet.locator("#said")).to_contain_text("cannot be right")


def test_a_screen_keeps_presses_while_its_network_is_away(house: House) -> None:
    boss, camille = house.enter(ADMINISTRATOR), house.enter(LYON, size=PHONE)
    number, tablet = badge_of(boss, "lyon", "Camille Dervaux"), enrolled(house, boss, "lyon")
    heard = listen(tablet)
    wrong = inspect(tablet)
    tablet.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    tablet.wait_for_function(KEPT)
    assert wrong + heard == []
    tablet.context.set_offline(True)
    press(tablet, number, "J’arrive")
    expect(tablet.locator("#said")).to_contain_text("noté sur cet écran")
    expect(tablet.locator("#waiting")).to_contain_text("1 pointage en attente")
    tablet.reload()
    expect(tablet.locator("#waiting")).to_contain_text("1 pointage en attente")
    tablet.get_by_role("link", name="English").click()
    expect(tablet.locator("#waiting")).to_contain_text("1 press waits")
    tablet.context.set_offline(False)
    expect(tablet.locator("#waiting")).to_be_hidden(timeout=60_000)
    camille.goto("/heures/presences")
    shown(camille, "en cours")
    greets_and_warns(tablet, number)


def presses(page: Page, button: str) -> None:
    """A button that is gone once it has done what it says."""
    page.locator(button).click()
    expect(page.locator(button)).to_have_count(0)


def test_a_traveller_checks_in_in_lyon_then_in_montreal(house: House) -> None:
    boss, guillaume = house.enter(ADMINISTRATOR), house.enter(MONTREAL, size=PHONE)
    boss.goto("/heures/site/lyon/codes/nouveau")
    boss.get_by_role("radio", name="Changeant").check()
    boss.get_by_role("button", name="Le créer").click()
    tablet = enrolled(house, boss, "lyon")
    picture = tablet.locator("[data-code]")
    expect(picture).to_be_visible()
    assert tablet.evaluate("document.querySelector('[data-code]').naturalWidth") > 0
    guillaume.goto("/sites/lyon")
    presses(guillaume, "#arrive")
    guillaume.goto("/heures/presences")
    shown(guillaume, "Lyon")
    guillaume.goto("/sites/montreal")
    presses(guillaume, "#arrive")
    guillaume.goto("/heures/presences")
    sessions = guillaume.locator("main .list").first.locator("li")
    expect(sessions.nth(0)).to_contain_text("en cours")
    expect(sessions.nth(1)).to_contain_text("heure de départ ?".replace(" ?", "\u202f?"))
    # The clock of each site, and its city where it differs from the reader's.
    expect(sessions.nth(1)).to_contain_text("(Lyon)")
    presses(guillaume, "#leave-now")
    guillaume.goto("/heures/presences")
    expect(guillaume.locator("#check-in")).to_be_visible()
