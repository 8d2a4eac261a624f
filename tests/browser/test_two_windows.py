"""The same text edited in two windows: whoever saves last sees both, and none is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

AUTHOR = "sandrine.cote@passerelles.example"
FIRST = "Le communiqué part lundi, avec une photo de l’atelier."
SECOND = "Le communiqué part mardi, sans photo."


def ask(page: Page) -> str:
    """A question of the author's; its address."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill("Un communiqué tenu en dix lignes ?")
    page.locator("textarea[name=body]").fill("Le communiqué part bientôt.")
    page.locator("details.skillfamily", has_text="Communication").locator("summary").click()
    page.get_by_label("Relations presse").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return page.url.partition("?")[0]


@pytest.mark.parametrize("javascript", [True, False])
def test_an_edit_that_comes_second_shows_both_texts(house: House, *, javascript: bool) -> None:
    desk = house.enter(AUTHOR, javascript=javascript)
    phone = house.enter(AUTHOR, size=PHONE, javascript=javascript)
    heard, thread = listen(phone), ask(desk)
    edit = re.sub(r"(/\d+)-.*", r"\1/modifier", thread)
    for page in (desk, phone):
        page.goto(edit)
    desk.locator("textarea[name=body]").fill(FIRST)
    desk.get_by_role("button", name="Enregistrer").click()
    expect(desk.locator("#question")).to_contain_text(FIRST)

    phone.locator("textarea[name=body]").fill(SECOND)
    phone.get_by_role("button", name="Enregistrer").click()
    theirs = phone.locator("section[aria-labelledby=theirs-title]")
    expect(theirs).to_contain_text(FIRST)
    expect(phone.locator("textarea[name=body]")).to_have_value(SECOND)
    assert too_wide(phone) == 0
    if javascript:
        assert violations(phone) == []
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.locator("#question")).to_contain_text(SECOND)
    phone.goto(edit.replace("modifier", "historique"))
    expect(phone.locator("article.card").first).to_contain_text("mardi")
    expect(phone.locator("article.card").first.locator("del").first).to_be_visible()
    assert [line for line in heard if "status of 4" not in line] == []
