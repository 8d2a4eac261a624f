"""The bell: what comes, and what is read, shows in every tab and on every device, unasked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import DESKTOP, PHONE, House, listen, live, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

# Nobody else’s tests act as these two.
ASKER = "solene.moreau@passerelles.example"
HELPER = "kevin.bouchez@passerelles.example"
# Chromium without an application installed has no badge: what the page asks for is noted.
BADGE = """
const note = async (n = 0) => { document.documentElement.dataset.badge = n; };
Object.assign(navigator, { setAppBadge: note, clearAppBadge: () => note() });
"""


def watched(house: House, size: tuple[int, int]) -> Page:
    """A device of the asker whose badge can be looked at."""
    page = house.enter(ASKER, size=size)
    page.context.add_init_script(BADGE)
    return page


def ask(page: Page, title: str) -> str:
    """A question of the page's person; its address. Who stays there reads its answers at once."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill(title)
    page.locator("textarea[name=body]").fill("Un bac de trempage rouille.")
    page.locator("details.skillfamily", has_text="Communication").locator("summary").click()
    page.get_by_label("Relations presse").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    thread = page.url.partition("?")[0]
    page.goto("/sites")
    return thread


def answer(page: Page, thread: str, words: str) -> None:
    """Answer a question, and see the answer there."""
    page.goto(thread)
    page.locator("form:has(textarea[name=body]) textarea[name=body]").last.fill(words)
    page.get_by_role("button", name=re.compile("^(Répondre|Publier la réponse)")).last.click()
    expect(page.get_by_text(words).first).to_be_visible()


def bell(page: Page) -> Locator:
    """The number at the bell that this width shows; nothing while it is silent."""
    return page.locator("[data-bell]:visible [data-n]:visible")


def shows(page: Page, number: int) -> None:
    """Wait until bell, title and badge of a page say so many."""
    if number:
        expect(bell(page)).to_have_text(str(number))
        expect(page).to_have_title(re.compile(rf"^\({number}\) "))
    else:
        expect(bell(page)).to_have_count(0)
        expect(page).not_to_have_title(re.compile(r"^\("))
    expect(page.locator("html")).to_have_attribute("data-badge", str(number))


def ring_off(page: Page) -> None:
    """Begin with nothing unread."""
    page.goto("/notifications")
    button = page.get_by_role("button", name="Tout marquer comme lu", exact=True)
    if button.count():
        button.click()
    expect(page.get_by_text("Tout est lu")).to_be_visible()


def listens(page: Page, place: str) -> None:
    """Open a page and wait until its line to the server stands."""
    live(page, place, "40/chat,")


@pytest.fixture
def watching(house: House) -> tuple[Page, Page, Page]:
    """Two tabs of a desk and a phone of the asker, with nothing unread."""
    desk, phone = watched(house, DESKTOP), watched(house, PHONE)
    ring_off(desk)
    listens(desk, "/annuaire")
    tab = desk.context.new_page()
    tab.goto("/sites")
    listens(phone, "/documents")
    for page in (desk, tab, phone):
        shows(page, 0)
    return desk, tab, phone


def all_show(pages: tuple[Page, ...], number: int) -> None:
    """Each of these pages, none of which is loaded anew."""
    for page in pages:
        shows(page, number)


def test_news_ring_in_every_tab_and_on_every_device_and_reading_quiets_them(
    house: House, watching: tuple[Page, Page, Page]
) -> None:
    desk, tab, phone = watching
    heard, helper = listen(desk), house.enter(HELPER)
    asking = house.enter(ASKER)
    thread = ask(asking, "Comment dérouiller un bac sans le percer ?")
    for page in (desk, tab):
        page.evaluate("document.body.dataset.mine = 'still here'")
    for words in ("Du vinaigre blanc, une nuit.", "Puis une brosse douce."):
        answer(helper, thread, words)
        # Both are news of one thread: one line, one number.
        all_show(watching, 1)

    phone.locator("[data-bell]:visible").click()
    line = phone.locator(".told", has_text="dérouiller")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Kévin Bouchez")
    expect(line).to_contain_text("2 nouvelles")
    assert (too_wide(phone), violations(phone)) == (0, [])
    line.get_by_role("link").click()
    phone.wait_for_url(re.compile(r"/entraide/\d+-"))
    all_show(watching, 0)
    for page in (desk, tab):
        assert page.evaluate("document.body.dataset.mine") == "still here"
    assert heard == []


def test_what_is_marked_as_read_on_one_device_and_undone_is_so_on_the_others(
    house: House, watching: tuple[Page, Page, Page]
) -> None:
    _desk, tab, phone = watching
    helper, asking = house.enter(HELPER), house.enter(ASKER)
    for number, title in enumerate(("Qui grave le laiton ?", "Qui prête une cintreuse ?"), 1):
        answer(helper, ask(asking, title), f"Moi, le jour {number}.")
        all_show(watching, number)
    listens(phone, "/notifications")
    phone.get_by_role("button", name=re.compile("^Marquer comme lue.*laiton")).click()
    expect(phone.get_by_text("C’est lu.")).to_be_visible()
    all_show(watching, 1)
    phone.get_by_role("button", name="Tout marquer comme lu", exact=True).click()
    expect(phone.get_by_text("1 lue.")).to_be_visible()
    all_show(watching, 0)
    phone.get_by_role("button", name="Annuler").first.click()
    all_show(watching, 1)
    expect(phone.locator(".told", has_text="cintreuse")).to_be_visible()
    tab.goto("/notifications")
    tab.get_by_role("button", name=re.compile("^Ranger.*cintreuse")).click()
    all_show(watching, 0)
    tab.get_by_role("button", name="Annuler").first.click()
    all_show(watching, 1)


def test_without_javascript_the_bell_counts_and_each_act_is_undone(house: House) -> None:
    page, helper = house.enter(ASKER, javascript=False), house.enter(HELPER)
    answer(helper, ask(page, "Qui sait graver une plaque en laiton ?"), "Moi, à la main.")
    page.goto("/annuaire")
    expect(bell(page)).to_have_text(re.compile("[0-9]+"))
    page.goto("/notifications")
    page.get_by_role("button", name=re.compile("^Ranger.*plaque")).click()
    expect(page.get_by_text("Rangée, jusqu’à la prochaine nouvelle.")).to_be_visible()
    page.get_by_role("button", name="Annuler").first.click()
    page.goto("/notifications")
    page.get_by_role("link", name=re.compile("plaque")).click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    page.goto("/notifications?all=")
    again = page.get_by_role("button", name=re.compile("^Marquer comme non lue.*plaque"))
    expect(again).to_be_visible()
