"""The first page while others act: what changed comes without a reload, and only that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, listen, live

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.browser

# Nobody else’s tests act as these two.
GIVER = "caroline.michaud@passerelles.example"
HELPED = "benedicte.carlier@passerelles.example"
# What may be asked for by itself when nothing of hours changes.
QUIET = {"#part-confirm", "#sentence", "#part-chat", "#ribbon", "#on-site-now", "#asked"}
NOTE = "Une heure sur le dossier de la foire"


def share(page: Page) -> None:
    """One declares an hour with the other."""
    page.goto("/heures/declarer")
    page.locator("label.kind", has_text="Entraide").click()
    page.get_by_label("Avec qui").fill("Bénédicte Carlier")
    page.get_by_label("Ou une autre durée").fill("1 h")
    page.get_by_label("Un mot à ce sujet").fill(NOTE)
    page.get_by_role("button", name="Déclarer").click()
    expect(page.locator("main")).to_contain_text(NOTE)


def take_back(page: Page) -> None:
    """The hour is withdrawn by whoever declared it."""
    page.goto("/heures")
    page.locator("tr", has_text=NOTE).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/heures/.*\d"))
    page.get_by_role("button", name="Retirer").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.locator("main")).to_contain_text("retirée")


def test_hours_that_wait_come_and_go_on_the_page_of_who_was_helped(house: House) -> None:
    giver, helped = house.enter(GIVER), house.enter(HELPED)
    heard = listen(helped)
    live(helped, "/", "rooms")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.extend(request.headers.get("x-swap", "").split())

    helped.on("request", note)
    helped.evaluate("document.body.dataset.mine = 'still here'")
    panel = helped.locator("#part-confirm")
    expect(panel.get_by_text(NOTE)).to_have_count(0)
    share(giver)
    expect(panel.get_by_text(NOTE)).to_be_visible()
    expect(helped.locator("#sentence")).to_contain_text("Caroline Michaud attend votre accord")
    take_back(giver)
    expect(panel.get_by_text(NOTE)).to_have_count(0)
    # The page was never loaded again, and of its parts these alone were asked for.
    assert helped.evaluate("document.body.dataset.mine") == "still here"
    assert {"#part-confirm", "#sentence"} <= set(asked) <= QUIET
    assert heard == []
