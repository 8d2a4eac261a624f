"""A longer text that was left before it was sent comes back, once, to whom it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, held_back, knock, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

# Whom no other test of the browser changes.
WRITER = "coumba.faye@passerelles.example"
NEED = "/echanges/annonces/nouvelle?kind=need"
TITLE = "Un comptoir d’occasion"
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('unsent:')).length"


def begin(page: Page) -> None:
    """Some of the form, as somebody who is called away; kept when the page says so."""
    page.goto(NEED)
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Description").fill("Deux mètres, **propre**.")
    page.get_by_role("group", name="Compétences").get_by_text("Communication").click()
    page.get_by_label("Photo", exact=True).check()
    page.get_by_label("Troc").check()
    page.get_by_label("Distance", exact=True).select_option("Jusqu’à 50 km")
    page.wait_for_function(KEPT)


def note(page: Page) -> Locator:
    """Where the form says that its text is back."""
    return page.locator("[data-unsent-note]").filter(has_text="est de nouveau là")


def is_back(page: Page) -> None:
    """All that was begun stands in the form again."""
    expect(note(page)).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value(TITLE)
    expect(page.get_by_label("Description")).to_have_value("Deux mètres, **propre**.")
    expect(page.get_by_label("Photo", exact=True)).to_be_checked()
    expect(page.get_by_label("Troc")).to_be_checked()
    chosen = page.get_by_label("Distance", exact=True).locator("option:checked")
    expect(chosen).to_have_text("Jusqu’à 50 km")


def test_what_was_begun_comes_back_until_it_is_sent(house: House) -> None:
    page = house.enter(WRITER, size=PHONE)
    heard = listen(page)
    page.goto(NEED)
    expect(note(page)).to_be_hidden()
    begin(page)
    page.goto("/echanges")
    page.goto(NEED)
    is_back(page)
    assert (too_wide(page), violations(page)) == (0, [])
    # An offer is another form.
    page.goto("/echanges/annonces/nouvelle?kind=offer")
    expect(page.get_by_label("Titre")).to_have_value("")
    page.goto(NEED)
    refused_then_sent(page)
    page.goto(NEED)
    expect(page.get_by_label("Titre")).to_have_value("")
    expect(note(page)).to_be_hidden()
    assert page.evaluate(KEPT) == 0
    assert [line for line in heard if "422" not in line] == []


def refused_then_sent(page: Page) -> None:
    """Refused, the form is as it was typed, with the answer's own words; then it is sent."""
    page.get_by_label("De (euros hors taxes)").fill("mille")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("#min_euros-error")).to_be_visible()
    expect(note(page)).to_be_hidden()
    page.get_by_label("De (euros hors taxes)").fill("400")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_it_can_be_thrown_away(house: House) -> None:
    page = house.enter(WRITER)
    begin(page)
    page.reload()
    page.get_by_role("button", name="Repartir de zéro").click()
    expect(page.get_by_label("Titre")).to_have_value("")
    expect(page.get_by_label("Troc")).not_to_be_checked()
    page.reload()
    expect(page.get_by_label("Titre")).to_have_value("")


def test_the_next_person_at_the_browser_finds_nothing(house: House) -> None:
    page = house.visit()
    knock(page, WRITER)
    begin(page)
    page.goto("/")
    page.get_by_label("Compte et affichage").click()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/connexion*")
    assert page.evaluate(KEPT) == 0


def test_a_text_that_somebody_else_changed_meanwhile_is_left_as_it_is(house: House) -> None:
    page = house.enter(WRITER)
    page.goto("/moi")
    about = page.locator("textarea[name=about_md]")
    about.fill("Ce que je n’ai pas fini")
    page.wait_for_function(KEPT)
    second = page.context.new_page()
    second.goto("/moi")
    expect(second.locator("textarea[name=about_md]")).to_have_value("Ce que je n’ai pas fini")
    second.locator("textarea[name=about_md]").fill("Ce qui est fini")
    second.locator("main form[data-unsent] button[type=submit]").last.click()
    second.wait_for_url(lambda url: "/moi" not in url or "?" in url)
    page.goto("/moi")
    expect(page.locator("textarea[name=about_md]")).to_have_value("Ce qui est fini")


def test_what_was_typed_before_the_file_came_is_kept_and_not_written_over(house: House) -> None:
    page = house.enter(WRITER, size=PHONE)
    begin(page)
    let_go = held_back(page, "**/ui/unsent*.js")
    with page.expect_request("**/ui/unsent*.js"):
        page.goto(NEED, wait_until="domcontentloaded")
    page.get_by_label("Titre").fill("Autre chose")
    let_go()
    page.wait_for_function(
        "() => Object.values(localStorage).some((one) => one.includes('Autre chose'))"
    )
    expect(page.get_by_label("Titre")).to_have_value("Autre chose")
    expect(note(page)).to_be_hidden()
