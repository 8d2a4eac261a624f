"""The installed product: reading without a network, one reader a browser, nothing left behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, knock, listen, too_wide, until, violations

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

WHO = "clara.vidal@passerelles.example"
OTHER = "camille.dervaux@passerelles.example"
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("kept:"));
  const found = [];
  for (const name of names) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}"""


def come_in(house: House, email: str) -> Page:
    """A browser of its own, signed in by the form: its session ends with the test."""
    page = house.visit()
    knock(page, email)
    return page


def until_kept(page: Page, path: str) -> None:
    """Wait until the worker has kept a page."""
    until(page, f"async (path) => (await ({KEPT})()).includes(path)", path)


def until_controlled(page: Page) -> None:
    """Wait until the worker stands beside the page."""
    until(page, "async () => navigator.serviceWorker.controller !== null")


def offline(context: BrowserContext, state: bool = True) -> None:
    context.set_offline(state)


def kept(page: Page) -> list[str]:
    return list(page.evaluate(KEPT))


def a_thread(page: Page) -> str:
    """Open the first thread of the list; its path."""
    page.goto("/entraide")
    page.locator(".thread a").first.click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return str(page.evaluate("location.pathname"))


def test_the_first_page_and_a_thread_are_read_without_a_network(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    thread = a_thread(page)
    until_kept(page, thread)
    heading = page.locator("h1").inner_text()
    offline(page.context)
    page.goto("/")
    expect(page.locator("main .note")).to_contain_text(re.compile(r"Lu à \d+\sh\s\d\d, hors ligne"))
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Hanken")
    page.goto(thread)
    expect(page.locator("h1")).to_have_text(heading)
    page.goto("/annuaire")
    expect(page.locator("h1")).to_have_text("Pas de réseau")
    expect(page.get_by_role("link", name=heading)).to_be_visible()
    assert violations(page) == []
    assert too_wide(page) == 0
    offline(page.context, state=False)


def test_nothing_is_sent_from_a_kept_page(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    offline(page.context)
    page.goto("/")
    expect(page.locator("main .note").first).to_contain_text("hors ligne")
    page.get_by_label("Compte et affichage").click()
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("#toasts")).to_contain_text("Rien ne peut partir")
    assert page.evaluate("document.documentElement.lang") == "fr"


def test_signing_out_leaves_nothing_and_other_tabs_show_nothing(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    tab = page.context.new_page()
    thread = a_thread(tab)
    until_kept(tab, thread)
    until_controlled(tab)
    page.goto("/")
    page.get_by_label("Compte et affichage").click()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/connexion")
    tab.wait_for_url(re.compile(r"/connexion\?next="))
    until(page, f"async () => (await ({KEPT})()).length === 0")
    offline(page.context)
    for path in ("/", thread):
        answer = open_offline(page, path)
        assert "Clara" not in answer


def open_offline(page: Page, path: str) -> str:
    """What an address shows without a network, the browser's own error included."""
    try:
        page.goto(path)
    except Exception as error:  # noqa: BLE001 - the browser's own page of errors, by any name
        return str(error)
    return page.content()


def test_whoever_comes_next_reads_nothing_of_who_was_there(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    thread = a_thread(page)
    until_kept(page, thread)
    # The session ends elsewhere: nobody signs out of this browser.
    page.context.clear_cookies()
    knock(page, OTHER)
    until_kept(page, "/")
    until(page, f"async (path) => !(await ({KEPT})()).includes(path)", thread)
    offline(page.context)
    page.goto("/")
    assert "Camille" in page.content()
    page.goto(thread)
    expect(page.locator("h1")).to_have_text("Pas de réseau")


def test_only_the_first_page_and_threads_are_kept(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    for path in ("/discussions", "/moi/reglages/compte", "/heures", "/moi/activite", "/?x=1"):
        page.goto(path)
    thread = a_thread(page)
    until_kept(page, thread)
    assert sorted(kept(page)) == sorted(["/", thread])


def test_a_new_worker_takes_over_without_a_reload(house: House) -> None:
    page = come_in(house, WHO)
    until_kept(page, "/")
    page.goto("/annuaire")
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    heard = listen(page)
    page.evaluate(
        "navigator.serviceWorker.getRegistration().then((worker) => worker.update()).then(() => 1)"
    )
    page.evaluate(
        """async () => {
          const worker = await navigator.serviceWorker.getRegistration();
          await worker.unregister();
          await caches.delete((await caches.keys()).find((name) => name.startsWith("shelf-")));
        }"""
    )
    page.goto("/annuaire")
    until_controlled(page)
    until(page, "async () => (await caches.keys()).some((name) => name.startsWith('shelf-'))")
    assert loads == [page.url]
    assert heard == []


def test_the_browser_finds_that_it_can_be_installed(house: House) -> None:
    page = come_in(house, WHO)
    until_controlled(page)
    page.goto("/")
    devtools: Any = page.context.new_cdp_session(page)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert '"name"' in told["data"]
    wrong = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window without a trace may install nothing: that it says alone.
    assert {each["errorId"] for each in wrong} <= {"in-incognito"}
