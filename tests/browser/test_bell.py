"""The bell: news ring at once on every page and device, and what is read there is read here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import DESKTOP, PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

ASKER = "agathe.rivoire@passerelles.example"
HELPER = "bruno.sauvage@passerelles.example"


def ask(page: Page, title: str) -> str:
    """A question of the page's person; its address."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill(title)
    page.locator("textarea[name=body]").fill("Un bac de trempage rouille.")
    page.locator("details.skillfamily", has_text="Communication").locator("summary").click()
    page.get_by_label("Relations presse").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return page.url.partition("?")[0]


def answer(page: Page, thread: str) -> None:
    page.goto(thread)
    page.locator("form:has(textarea[name=body]) textarea[name=body]").last.fill("Du vinaigre.")
    page.get_by_role("button", name=re.compile("^(Répondre|Publier la réponse)")).last.click()
    expect(page.get_by_text("Du vinaigre.").first).to_be_visible()


def bell(page: Page) -> Locator:
    """The number at the bell that this width shows."""
    return page.locator("[data-bell]:visible [data-n]:visible")


def ring_off(page: Page) -> None:
    page.goto("/notifications")
    button = page.get_by_role("button", name="Tout marquer comme lu")
    if button.count():
        button.click()
    expect(page.get_by_text("Tout est lu")).to_be_visible()


def test_news_ring_on_every_device_and_reading_quiets_them(house: House) -> None:
    desk, phone = house.enter(ASKER, size=DESKTOP), house.enter(ASKER, size=PHONE)
    heard, helper = listen(desk), house.enter(HELPER)
    thread = ask(desk, "Comment dérouiller un bac sans le percer ?")
    ring_off(desk)
    desk.goto("/annuaire")
    phone.goto("/heures")
    expect(bell(desk)).to_have_count(0)
    desk.wait_for_timeout(3_500)
    answer(helper, thread)
    for page in (desk, phone):
        expect(bell(page)).to_have_text("1", timeout=15_000)
        expect(page).to_have_title(re.compile(r"^\(1\) "))

    phone.locator("[data-bell]:visible").click()
    expect(phone.get_by_role("link", name=re.compile("dérouiller"))).to_be_visible()
    assert too_wide(phone) == 0
    assert violations(phone) == []
    phone.get_by_role("button", name="Tout marquer comme lu").click()
    expect(phone.get_by_text("1 lue.")).to_be_visible()
    expect(bell(desk)).to_have_count(0, timeout=15_000)
    phone.get_by_role("button", name="Annuler").first.click()
    expect(bell(desk)).to_have_text("1", timeout=15_000)

    phone.get_by_role("link", name=re.compile("dérouiller")).click()
    phone.wait_for_url(re.compile(r"/entraide/\d+-"))
    expect(bell(desk)).to_have_count(0, timeout=15_000)
    assert heard == []


def test_without_javascript_the_bell_counts_and_each_act_is_undone(house: House) -> None:
    page, helper = house.enter(ASKER, javascript=False), house.enter(HELPER)
    thread = ask(page, "Qui sait graver une plaque en laiton ?")
    answer(helper, thread)
    page.goto("/annuaire")
    expect(bell(page)).to_have_text(re.compile("[0-9]+"))
    page.goto("/notifications")
    page.get_by_role("button", name=re.compile("^Ranger.*laiton")).click()
    expect(page.get_by_text("Rangée, jusqu’à la prochaine nouvelle.")).to_be_visible()
    page.get_by_role("button", name="Annuler").first.click()
    page.goto("/notifications")
    page.get_by_role("link", name=re.compile("laiton")).click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    page.goto("/notifications?all=")
    expect(
        page.get_by_role("button", name=re.compile("^Marquer comme non lue.*laiton"))
    ).to_be_visible()
