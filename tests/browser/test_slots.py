"""On a phone: a place is taken, given up, taken over; a sheet is filled in and locked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.house import LYON, MANAGER, PHONE, House, shown, too_wide, violations
from tests.browser.planning import plan_slot

pytestmark = pytest.mark.browser

# Of another city: nobody of theirs is signed up in Lyon, on whatever day this is run.
VISITOR = "Ruth Okafor"
INES = "ines.belkacem@passerelles.example"


def test_a_place_is_taken_given_up_and_taken_over_on_a_phone(house: House) -> None:
    where = plan_slot(house)
    first, second = house.enter(LYON, size=PHONE), house.enter(INES, size=PHONE)
    first.goto(where)
    first.get_by_role("button", name="Je viens").click()
    shown(first, "On compte sur vous")
    first.get_by_label("Un empêchement").fill("Train supprimé")
    first.get_by_role("button", name="Je ne peux pas venir").click()
    shown(first, "cherche quelqu’un")
    second.goto(where)
    assert too_wide(second) == 0
    second.get_by_role("button", name="Je viens à sa place").click()
    shown(second, "On compte sur vous")
    first.reload()
    shown(first, "Toutes les places sont prises")


def test_the_sheet_takes_who_came_besides_and_is_locked_on_a_phone(house: House) -> None:
    page = house.enter(MANAGER, size=PHONE)
    page.goto("/heures/site/lyon/aujourd-hui")
    sheets = page.locator("section[aria-labelledby=sheets] a")
    waiting = sheets.count()
    sheets.first.click()
    lock = page.get_by_role("button", name="Verrouiller la feuille")
    expect(lock).to_be_visible()
    before = page.locator("fieldset.sheetline").count()
    if before:
        page.locator("fieldset.sheetline").first.get_by_text("a tenu le créneau").click()
    page.get_by_label("Quelqu’un est venu").fill(VISITOR)
    page.get_by_role("button", name="Ajouter à la feuille").click()
    expect(page.locator("fieldset.sheetline")).to_have_count(before + 1)
    newcomer = page.locator("fieldset.sheetline", has_text=VISITOR)
    expect(newcomer.get_by_label("a tenu le créneau")).to_be_checked()
    if before:
        first = page.locator("fieldset.sheetline").first
        expect(first.get_by_label("a tenu le créneau")).to_be_checked()
    assert violations(page) == []
    assert too_wide(page) == 0
    lock.click()
    expect(page.locator("#toasts")).to_contain_text("verrouillée")
    page.goto("/heures/site/lyon/aujourd-hui")
    expect(sheets).to_have_count(waiting - 1)
