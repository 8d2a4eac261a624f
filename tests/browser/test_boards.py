"""The manager's five minutes: one thing after the other, then all the rest at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import LYON, MANAGER, PHONE, House, listen, shown, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ON_SITE = "/heures/site/lyon/sur-place"


def waiting(page: Page) -> int:
    """How many lines are still ticked."""
    return page.locator("#exceptions input[name=pick]").count()


def test_a_manager_settles_the_morning_on_a_phone(house: House) -> None:
    page = house.enter(MANAGER, size=PHONE)
    heard = listen(page)
    page.goto("/heures/site")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aujourd’hui")
    says_until_when(page)
    answers_a_wish(page)
    before = waiting(page)
    assert before
    # One is doubted: it stays, the others are settled.
    page.locator("#exceptions input[name=pick]").first.uncheck()
    page.get_by_role("button", name="Accepter ce qui est coché").click()
    expect(page.locator("#toasts")).to_contain_text("réglé")
    assert 1 <= waiting(page) < before
    assert too_wide(page) == 0
    assert heard == []


def says_until_when(page: Page) -> None:
    """Olivier left without a word: a manager knows until when he was there."""
    doubt = page.locator("#exceptions li", has_text="Olivier Faure").filter(has_text="la fin")
    doubt.get_by_role("link").click()
    page.get_by_role("link", name="Changer").click()
    page.get_by_label("Vers").fill("16 h")
    page.get_by_label("Un mot à ce sujet").fill("Je l’ai vu partir à vélo.")
    page.get_by_role("button", name="Changer").click()
    expect(page.locator("#exceptions")).to_be_visible()
    expect(doubt).to_have_count(0)


def answers_a_wish(page: Page) -> None:
    """Inès had her arms full of boxes and did not check in: yes; the list comes back by itself."""
    page.locator("#exceptions").get_by_role("link", name="Répondre").click()
    shown(page, "Les bras pleins de cartons")
    page.get_by_role("button", name="D’accord").click()
    expect(page.locator("#exceptions")).not_to_contain_text("Les bras pleins de cartons")


def test_who_comes_and_goes_is_seen_without_a_reload(house: House) -> None:
    """A manager notes a departure on one screen; a member's first page follows."""
    desk, home = house.enter(MANAGER), house.enter(LYON)
    home.goto("/")
    list_at_home = home.locator("#on-site-now")
    expect(list_at_home).to_contain_text("Rachid Ouali")
    desk.goto(ON_SITE)
    present = desk.locator("#on-site-now li", has_text="Rachid Ouali")
    present.get_by_role("button", name="Est reparti").click()
    expect(present).to_have_count(0)
    expect(list_at_home).not_to_contain_text("Rachid Ouali")
    desk.get_by_label("Qui ?".replace(" ", "\u202f")).fill("Rachid Ouali")
    desk.locator("main button[name=way][value=in]").click()
    expect(present).to_have_count(1)
    expect(list_at_home).to_contain_text("Rachid Ouali")
