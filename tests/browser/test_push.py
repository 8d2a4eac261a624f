"""News to a browser: turned on by a click, sealed, taken by a real server, shown, opened, read."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import NARROW, PHONE, House, knock, listen, too_wide, until, violations
from tests.push_browsers import Taker
from tests.receivers import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

# Nobody else’s tests write as these two, or in this thread of the demo network.
TOLD = "margot.benard@passerelles.example"
WRITER = "florian.lefebvre@passerelles.example"
THREAD = "/entraide/33"
PATH = "/moi/appareils"

# What the push service of a browser gives it; there is none where tests run.
SERVICE = """(given) => {
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const made = () => localStorage.service && {
    endpoint: given.endpoint,
    options: { applicationServerKey: bytes(localStorage.service).buffer },
    getKey: (name) => bytes(given[name]).buffer,
    unsubscribe: async () => delete localStorage.service,
  };
  PushManager.prototype.getSubscription = async () => made() || null;
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly) throw new DOMException("silent", "NotAllowedError");
    localStorage.service = btoa(String.fromCharCode(...applicationServerKey));
    return made();
  };
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.length && shown.map(({ title, body, tag, data, lang }) =>
    ({ title, body, tag, lang, address: data.address }));
}"""
# How many of a kind are shown, by their tag.
TAGGED = """async (tag) => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications({ tag })).length;
}"""
# What the server's line says when the number at the bell has moved.
RING = """() => document.dispatchEvent(
  new CustomEvent("told", { detail: { name: "me", payload: { bell: true } } }))"""
# A press on what is shown: nobody but a person can make one, so its window is only told.
PRESS = """async () => {
  const [notification] = await self.registration.getNotifications();
  const opened = [];
  self.clients.openWindow = async (url) => opened.push(url);
  const event = new NotificationEvent("notificationclick", { notification });
  const waited = [];
  Object.defineProperty(event, "waitUntil", { value: (each) => waited.push(each) });
  self.dispatchEvent(event);
  await Promise.all(waited);
  return [opened, (await self.registration.getNotifications()).length];
}"""


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def come_in(
    house: House, email: str, taker: Taker | None = None, *, allowed: bool = True, **kind: Any
) -> Page:
    """A browser of its own, which has a push service if there is a taker."""
    page = house.visit(**kind)
    if taker is not None:
        told = re.sub(r"'", '"', str(taker.offer))
        page.context.add_init_script(f"({SERVICE})({told})")
    if allowed:
        page.context.grant_permissions(["notifications"], origin=house.address)
    knock(page, email)
    return page


def state(page: Page, name: str) -> None:
    """Wait until the page shows this one of its states."""
    expect(page.locator(f"[data-state={name}]")).to_be_visible()
    expect(page.locator("[data-state]:visible")).to_have_count(1)


def deliver(page: Page, text: bytes) -> None:
    """Let the browser hand a push to the worker, as it does once it has unsealed it."""
    devtools = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda it: known.extend(it["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    place, end = page.evaluate("location.origin"), time.monotonic() + 60
    while not known:
        assert time.monotonic() < end, "the browser names no worker"
        page.evaluate("new Promise((soon) => setTimeout(soon, 20))")
    number = known[0]["registrationId"]
    told = {"origin": place, "registrationId": number, "data": text.decode()}
    devtools.send("ServiceWorker.deliverPushMessage", told)
    devtools.detach()


def quiet_nights_off(page: Page) -> None:
    """News come whatever the clock says."""
    page.goto("/moi/lettres")
    page.locator("#nights").uncheck()
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.locator("#toasts")).to_contain_text("C’est noté")


def turn_on(page: Page) -> None:
    """Press the button, and find the browser in the list."""
    page.goto(PATH)
    state(page, "off")
    page.get_by_role("button", name="Activer ici").click()
    state(page, "on")
    expect(page.locator("#told-list")).to_contain_text("ce navigateur")


def named(house: House) -> str:
    """Somebody names the one who is told, in an answer; the title of the thread."""
    writer = house.enter(WRITER)
    writer.goto(THREAD)
    writer.locator("#reply textarea").fill("Une idée pour @margot-benard : comptez large.")
    writer.locator("#reply").get_by_role("button", name="Répondre").click()
    return writer.locator("h1").inner_text()


def test_news_of_a_mention_reach_a_browser_and_lead_to_their_thread(
    house: House, there: Receiver
) -> None:
    taker = Taker(there.url)
    page = come_in(house, TOLD, taker)
    heard = listen(page)
    quiet_nights_off(page)
    turn_on(page)
    assert violations(page) == []
    page.get_by_role("button", name="Essayer").click()
    assert taker.read(there.after(1))["address"] == PATH
    title = named(house)
    deliver(page, taker.opened(there.after(2)))
    (told,) = until(page, SHOWN)
    assert (told["title"], told["lang"]) == (title, "fr")
    assert "Florian Lefebvre" in told["body"]
    (worker,) = page.context.service_workers
    address = house.address + told["address"]
    assert worker.evaluate(PRESS) == [[address], 0]
    page.goto(address)
    expect(page.locator("h1")).to_have_text(title)
    page.goto("/notifications")
    expect(page.locator("#told")).not_to_contain_text(title)
    assert heard == []


def test_a_browser_is_turned_off_and_the_list_knows(house: House, there: Receiver) -> None:
    page = come_in(house, TOLD, Taker(there.url + "/2"), size=PHONE)
    page.goto(PATH)
    page.get_by_role("button", name="Activer ici").click()
    state(page, "on")
    page.reload()
    state(page, "on")
    assert too_wide(page) == 0
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert too_wide(page) == 0
    page.get_by_role("button", name="Désactiver ici").click()
    state(page, "off")
    expect(page.get_by_text("ce navigateur", exact=True)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('push')") is None


def test_signing_out_leaves_nothing_that_could_be_told(house: House, there: Receiver) -> None:
    taker = Taker(there.url + "/3")
    page = come_in(house, WRITER, taker)
    page.goto(PATH)
    page.get_by_role("button", name="Activer ici").click()
    state(page, "on")
    other = house.enter(WRITER)
    other.goto(PATH)
    before = other.locator("#told-list > li").count()
    page.get_by_label("Compte et affichage").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(re.compile("/connexion"))
    other.reload()
    expect(other.locator("#told-list > li")).to_have_count(before - 1)


def test_a_browser_without_a_push_service_says_so(house: House) -> None:
    page = come_in(house, WRITER)
    page.goto(PATH)
    page.get_by_role("button", name="Activer ici").click()
    state(page, "failed")
    expect(page.get_by_role("button", name="Réessayer")).to_be_focused()
    assert violations(page) == []


def test_a_browser_that_refuses_says_how_to_allow_it(house: House) -> None:
    page = come_in(house, WRITER, allowed=False)
    page.goto(PATH)
    page.get_by_role("button", name="Activer ici").click()
    state(page, "denied")
    assert violations(page) == []


def test_without_scripts_the_page_says_why_and_its_list_works(house: House) -> None:
    page = house.enter(WRITER, javascript=False)
    page.goto(PATH)
    state(page, "script")


def pushed(page: Page, tag: str, n: int) -> None:
    """News come to a browser, which shows them."""
    deliver(page, json.dumps({"title": tag, "tag": tag, "n": n}).encode())
    until(page, TAGGED, tag)


def left(page: Page) -> list[str]:
    """What the device shows now."""
    shown = "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"
    return sorted(page.evaluate(f"{shown}.then((all) => all.map(({{ tag }}) => tag))"))


def test_what_was_read_elsewhere_leaves_the_screen_and_nothing_else_does(house: House) -> None:
    page = come_in(house, TOLD)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    held: list[Route] = []
    page.route("**/notifications/nombre", lambda route: held.append(route))  # noqa: PLW0108
    pushed(page, "read since", 1)
    pushed(page, "by push alone", 0)
    with page.expect_request("**/notifications/nombre"):
        page.evaluate(RING)
    pushed(page, "came meanwhile", 1)
    with page.expect_response("**/notifications/nombre"):
        held[0].fulfill(json={"n": 0, "shown": "0", "words": ""})
    until(page, f"async (tag) => !(await ({TAGGED})(tag))", "read since")
    assert left(page) == ["by push alone", "came meanwhile"]


def test_a_push_that_cannot_be_read_still_shows_that_there_are_news(house: House) -> None:
    page = come_in(house, WRITER)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    deliver(page, b"what is this")
    told = until(page, SHOWN)
    assert [(each["title"], each["address"]) for each in told] == [("Passerelles", "/")]
