"""The manager's five minutes: come, look, accept what is ticked, done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import MANAGER, PHONE, House, listen

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def waiting(page: Page) -> int:
    """How many lines are still ticked."""
    return page.locator("#exceptions input[name=pick]").count()


def test_a_manager_settles_the_morning_on_a_phone(house: House) -> None:
    page = house.enter(MANAGER, size=PHONE)
    heard = listen(page)
    page.goto("/heures/site")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Aujourd’hui")
    before = waiting(page)
    assert before
    # One is doubted: it stays, the others are settled.
    page.locator("#exceptions input[name=pick]").first.uncheck()
    page.get_by_role("button", name="Accepter ce qui est coché").click()
    expect(page.locator("#toasts")).to_contain_text("réglé")
    assert 1 <= waiting(page) < before
    assert heard == []
