"""Pages of what one is told: letters of the week, news of rooms and oneself, in both languages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from incubator.app import create_app
from incubator.kernel.db import db, transaction
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Account
from tests.browser.house import ADMINISTRATOR, LYON, MANAGER, House, go, listen
from tests.browser.test_every_page import inspect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Nobody else’s tests read in their language.
RESIDENT = "ousmane.ba@passerelles.example"
FORGETFUL = "samira.oukil@passerelles.example"
LETTERS = "letters and machines"
# As in the other modules: «page | selector» is where the first such link of the page leads.
PAGES = {
    "news": (
        LYON,
        (
            "/la-semaine",
            "/la-semaine | main a[href*='/la-semaine/2']",
            "/hors-ligne",
            "/discussions/mes-choix",
            "/discussions/reseau/epingles",
            "/discussions/reseau/m/1/actes",
            "/discussions/reseau/m/1/fil",
            "/discussions/recherche?q=salon",
        ),
    ),
    "the desk of the week": (
        MANAGER,
        (
            "/la-semaine/atelier",
            "/la-semaine/atelier | main a[href*='/atelier/']",
            "/la-semaine/atelier | main a[href$='/apercu']",
        ),
    ),
    LETTERS: (
        ADMINISTRATOR,
        (
            "/reseau/lettres/weekly/fr",
            "/reseau/lettres-envoyees",
            "/reseau/lettres-envoyees | main a[href*='/lettres-envoyees/']",
            "/reseau/journal | main tbody b a",
            "/discussions/reseau | .talk__head a[href$='/a-propos']",
        ),
    ),
}
IN_ENGLISH = (
    "/",
    "/notifications",
    "/notifications?all=",
    "/me/letters",
    "/me/activity",
    "/hours/looks",
    "/the-week",
    "/offline",
    "/chat/my-choices",
    "/chat/reports/mine",
)


def walked(page: Page, places: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong with some pages, and what the console said."""
    heard, wrong = listen(page), {}
    for place in places:
        assert go(page, place) == 200, place
        wrong[place] = inspect(page)
    return {place: found for place, found in (wrong | {"console": heard}).items() if found}


def a_letter_is_sent(house: House, email: str) -> None:
    """Somebody forgot their password: a job sends them a letter."""
    page = house.visit()
    page.goto("/connexion/oubli")
    page.locator("#email").fill(FORGETFUL)
    page.locator("#email").press("Enter")
    page.wait_for_url("**/oubli/envoye")
    boss = house.enter(email)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        boss.goto("/reseau/lettres-envoyees")
        if boss.locator("main a[href*='/lettres-envoyees/']").count():
            return
    pytest.fail("no letter was sent")


@pytest.mark.parametrize("part", PAGES)
def test_a_page_of_news_can_be_read_by_everybody(house: House, part: str) -> None:
    email, places = PAGES[part]
    if part == LETTERS:
        a_letter_is_sent(house, email)
    assert walked(house.enter(email), places) == {}


@pytest.fixture
def english(served: str, instance: Path) -> str:
    """The address of somebody who reads English."""
    app = create_app(Settings.load(instance, {"INCUBATOR_BASE_URL": served}))
    with app.app_context():
        with transaction():
            account = db.session.scalars(select(Account).where(Account.email == RESIDENT)).one()
            account.language = "en"
        db.session.remove()
        db.engine.dispose()
    return RESIDENT


def test_pages_of_news_can_be_read_in_english(house: House, english: str) -> None:
    page = house.enter(english, language="en-GB")
    assert walked(page, IN_ENGLISH) == {}
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_report_of_a_message_can_be_read_by_who_decides(house: House) -> None:
    page = house.enter(LYON)
    page.goto("/discussions/lyon/2/signaler")
    page.locator("input[name=reason]").first.check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    place = "/discussions/signalements | main a[href*='/signalements/']:not([href$='les-miens'])"
    assert walked(house.enter(MANAGER), [place]) == {}
