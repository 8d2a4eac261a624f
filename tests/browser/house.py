"""The served product, people who come in by its door, and what may be asked of a page."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import axe_playwright_python
from playwright.sync_api import expect

from incubator.demo import loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, WebSocket

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
DESKTOP, PHONE, NARROW = (1440, 900), (390, 844), (320, 640)
LYON = "camille.dervaux@passerelles.example"
MONTREAL = "guillaume.roy@passerelles.example"
MANAGER = "sophie.lambert@passerelles.example"
ADMINISTRATOR = "gaelle.riou@passerelles.example"
NEWCOMER = "theo.blanchard@passerelles.example"
GUEST = "olga.kowalska@passerelles.example"
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
REPEATED = [f"{one}:nth-child(n+5)" for one in (".people > *", "tbody > tr", "li", ".thread")]


@dataclass
class House:
    """The served product and its door. Who signed in once comes back by the kept cookie."""

    address: str
    browser: Browser
    cookies: dict[str, list[dict[str, Any]]]
    opened: list[BrowserContext] = field(default_factory=list)

    def visit(
        self,
        *,
        size: tuple[int, int] = DESKTOP,
        javascript: bool = True,
        language: str = "fr-FR",
        bypass_csp: bool = False,
    ) -> Page:
        """A browser of its own, signed in as nobody; one may ignore our security policy."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale=language,
            reduced_motion="reduce",
            bypass_csp=bypass_csp,
        )
        self.opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def enter(self, email: str, **kind: Any) -> Page:
        """The same, signed in: by the form the first time, by the kept cookie afterwards."""
        page = self.visit(**kind)
        if email not in self.cookies:
            knock(page, email)
            self.cookies[email] = cast("Any", page.context.cookies())
        page.context.add_cookies(cast("Any", self.cookies[email]))
        return page

    def leave(self) -> None:
        """Close every browser."""
        for context in self.opened:
            context.close()


def knock(page: Page, email: str) -> None:
    """Sign in by the form."""
    page.goto("/connexion")
    # By its parts, not its words: the form speaks the language of the browser.
    page.locator("#email").fill(email)
    page.locator("#password").fill(loader.PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url("/")


def listen(page: Page) -> list[str]:
    """What the console of a page will say of errors and of the content security policy."""
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    return heard


def told(page: Page, known: Callable[[], bool], what: str) -> None:
    """Wait for what the browser tells us by itself, a minute at most."""
    end = time.monotonic() + 2 * PATIENCE / 1_000
    while not known():
        assert time.monotonic() < end, f"nothing told of {what}"
        # It is heard while something is asked of the browser.
        page.evaluate("() => new Promise(requestAnimationFrame)")


def live(page: Page, place: str, said: str) -> WebSocket:
    """Open a page; return its line to the server once one has brought a frame with these words.

    From its beginning, since the frame may come before the page is there; and the next line, since
    a busy server may not keep the first.
    """
    lines: list[WebSocket] = []

    def begun(line: WebSocket) -> None:
        line.on("framereceived", lambda frame: lines.append(line) if said in str(frame) else None)

    page.on("websocket", begun)
    page.goto(place)
    told(page, lambda: bool(lines), f"{said} on a line of {place}")
    return lines[0]


# Our policy lets no page make a script of a text: the condition stands in the script itself.
UNTIL = """async (arg) => {
  const end = Date.now() + 60_000;
  let found;
  while (!(found = await (CONDITION)(arg))) {
    if (Date.now() > end) throw new Error("not within a minute: " + CONDITION);
    await new Promise((soon) => setTimeout(soon, 50));
  }
  return found;
}"""


def until(page: Page, condition: str, arg: object = None) -> Any:
    """Wait until an asynchronous condition holds in the page, a minute at most; its value."""
    return page.evaluate(UNTIL.replace("CONDITION", f"({condition})"), arg)


def held_back(page: Page, pattern: str) -> Callable[[], None]:
    """Requests for such addresses wait until what is returned is called: then they go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def let_go() -> None:
        told(page, lambda: bool(held), f"a request for {pattern}")
        for route in held:
            route.continue_()
        page.unroute(pattern)

    page.route(pattern, hold)
    return let_go


def go(page: Page, place: str) -> int:
    """Open an address, or «address | selector»: where the first such link of that page leads."""
    path, _, link = place.partition(" | ")
    answer = page.goto(path)
    if link:
        answer = page.goto(page.locator(link).first.get_attribute("href") or "")
    assert answer is not None
    return answer.status


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds on the page as it stands: by all its rules, or by these.

    What comes after the fourth of a list is left out: it is drawn by the same lines.
    """
    page.wait_for_load_state("domcontentloaded")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Nothing to fetch beforehand: our styles are of this origin, and there is no film.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    place: dict[str, Any] = {"include": ["html"], "exclude": REPEATED}
    if rules:
        options["runOnly"] = list(rules)
    # Only what is wrong crosses to us: all that is right would be sorted and told as well.
    run = "async ([place, options]) => (await axe.run(place, options)).violations"
    found = page.evaluate(run, [place, options])
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways, once it is there."""
    page.wait_for_load_state("domcontentloaded")
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


SIDEWAYS = """() => {
  for (const closed of document.querySelectorAll("main details.more")) closed.open = true;
  const moves = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && moves(e))
    .filter((e) => !e.querySelector(":scope > svg"))
    .map((e) => `${e.outerHTML.slice(0, 90)} by ${e.scrollWidth - e.clientWidth} px`);
}"""


def scrolls_sideways(page: Page) -> list[str]:
    """What scrolls sideways on its own in the page, all its parts open; a chart may."""
    return [str(one) for one in page.evaluate(SIDEWAYS)]


# What a browser gives when a picture is pasted into a field.
PASTE = """(field, data) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "image.png", { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
}"""


def words(*texts: str) -> re.Pattern[str]:
    """A pattern that finds one of these texts."""
    return re.compile("|".join(map(re.escape, texts)))


def shown(page: Page, text: str) -> None:
    """Wait until the page's own part says this."""
    expect(page.locator("main")).to_contain_text(text)
