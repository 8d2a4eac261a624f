"""What surrounds every page: keyboard, languages, themes, tabs of a phone, the way out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import LYON, PHONE, House, knock, live

pytestmark = pytest.mark.browser

INES = "ines.belkacem@passerelles.example"
# Numbers all that Tab should reach: of a group of radio buttons, the one that is chosen.
NUMBER = """() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const seen = [...document.querySelectorAll(kinds)].filter((one) =>
    !one.disabled && one.type !== "hidden" && one.tabIndex >= 0
    && one.checkVisibility({ visibilityProperty: true }));
  const groups = new Map();
  for (const one of seen)
    if (one.type === "radio" && (one.checked || !groups.has(one.name))) groups.set(one.name, one);
  const kept = seen.filter((one) => one.type !== "radio" || groups.get(one.name) === one);
  kept.forEach((one, place) => { one.dataset.walk = place; });
  return kept.map((one) => one.outerHTML.slice(0, 90));
}"""
# Where the focus is, and whether an outline shows it: its own, its label's or its card's.
WHERE = """() => {
  const one = document.activeElement;
  const outlined = (node) => node && [null, "::before", "::after"].some((part) => {
    const style = getComputedStyle(node, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const frame = one.closest("label, .editor, .composer");
  const near = [one, one.nextElementSibling, one.parentElement, frame];
  return [one.dataset.walk ?? "", near.some(outlined)];
}"""


def come_to_rest(page: Page) -> None:
    """A room opens at what is new: at its end, nothing offers to jump there any more."""
    for log in page.locator("#log").all():
        log.evaluate("log => log.scrollTo({ top: log.scrollHeight })")
        expect(page.locator("#latest")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/annuaire", "/heures/declarer", "/discussions/lyon"])
def test_tab_reaches_everything_and_shows_where_it_is(house: House, path: str) -> None:
    page = house.enter(LYON)
    page.goto(path)
    come_to_rest(page)
    expected = page.evaluate(NUMBER)
    reached: dict[str, bool] = {}
    for _ in range(len(expected) + 5):
        page.keyboard.press("Tab")
        place, seen = page.evaluate(WHERE)
        reached[place] = seen or reached.get(place, False)
    missed = [what for place, what in enumerate(expected) if str(place) not in reached]
    assert missed == []
    hidden = [expected[int(place)] for place, seen in reached.items() if place and not seen]
    assert hidden == []


def test_the_first_tab_jumps_to_the_content(house: House) -> None:
    page = house.enter(LYON)
    page.goto("/annuaire")
    page.keyboard.press("Tab")
    expect(page.locator(".skip a").first).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def settings_menu(page: Page) -> Page:
    page.get_by_label("Compte et affichage").or_(page.get_by_label("Account and display")).click()
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_a_page_is_read_in_english_and_back_in_french(house: House, javascript: bool) -> None:
    page = house.enter(INES, javascript=javascript)
    page.goto("/annuaire")
    settings_menu(page).locator("#me-menu").get_by_role("button", name="English").click()
    page.wait_for_url("/directory")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Directory")
    page.get_by_role("link", name="My hours").first.click()
    page.wait_for_url("/hours")
    settings_menu(page).locator("#me-menu").get_by_role("button", name="Français").click()
    page.wait_for_url("/heures")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("javascript", [True, False])
def test_the_theme_changes_and_stays(house: House, javascript: bool) -> None:
    page = house.enter(INES, javascript=javascript)
    page.goto("/entraide")
    light = ground(page)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        settings_menu(page).locator("#me-menu").get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).not_to_have_css("background-color", light)
    with page.expect_response(re.compile("/heures$")):
        page.goto("/heures")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ground(page) != light


def test_what_few_pages_have_is_fetched_where_it_stands(house: House) -> None:
    page = house.enter(INES)
    page.goto("/entraide/demander")
    page.get_by_role("button", name="Gras").click()
    expect(page.locator(".editor textarea")).to_have_value("****")
    door = house.visit()
    door.goto("/connexion")
    door.get_by_role("button", name="Afficher le mot de passe").click()
    expect(door.locator("#password")).to_have_attribute("type", "text")


def test_a_sign_out_closes_the_socket_of_the_other_tab(house: House) -> None:
    page = house.visit()
    knock(page, INES)
    other = page.context.new_page()
    socket = live(other, "/discussions/reseau", "msg_no")
    settings_menu(page).locator("#sign-out-menu").click()
    expect(page.get_by_role("button", name="Se connecter", exact=True)).to_be_visible()
    expect(other.locator("#state")).to_contain_text("Votre session est terminée")
    assert socket.is_closed()


def test_the_tabs_of_a_phone_lead_everywhere(house: House) -> None:
    page = house.enter(LYON, size=PHONE)
    page.goto("/")
    bar = page.locator(".tabbar")
    names = [name.strip() for name in bar.locator("a").all_inner_texts()]
    assert len(names) == 4
    for place in range(4):
        bar.locator("a").nth(place).click()
        expect(bar.locator("a").nth(place)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_more_opens_the_whole_menu_on_a_phone(house: House) -> None:
    page = house.enter(LYON, size=PHONE)
    page.goto("/annuaire")
    page.locator(".tabbar").get_by_role("button", name="Plus").click()
    sheet = page.locator("#more")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.locator(".tabbar").get_by_role("button", name="Plus").click()
    sheet.get_by_role("link", name="Sites").click()
    page.wait_for_url("/sites")
