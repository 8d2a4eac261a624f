"""What a first visit downloads, with a cold cache, headers included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.house import House

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000
# Of Lyon; other tests only read in her name.
READER = "clara.vidal@passerelles.example"


def downloaded(page: Page, path: str) -> dict[str, int]:
    """Bytes on the wire of each thing a page loads, headers included."""
    # A sign-in leads to the first page, whose late pictures are not of this one.
    page.goto("about:blank")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    # Whoever signed in just now may have its worker already, which keeps files.
    devtools.send("Network.setBypassServiceWorker", {"bypass": True})
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def begin(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["response"]["url"]

    def end(event: dict[str, Any]) -> None:
        sizes[names.get(event["requestId"], "?")] = int(event["encodedDataLength"])

    devtools.on("Network.responseReceived", begin)
    devtools.on("Network.loadingFinished", end)
    page.goto(path, wait_until="networkidle")
    return sizes


@pytest.mark.parametrize(
    ("email", "path"),
    [
        ("", "/connexion"),
        (READER, "/"),
        (READER, "/annuaire"),
        (READER, "/entraide"),
        (READER, "/heures"),
        (READER, "/discussions"),
        (READER, "/discussions/lyon"),
        (READER, "/discussions/reseau"),
    ],
)
def test_a_first_visit_stays_light(house: House, email: str, path: str) -> None:
    sizes = downloaded(house.enter(email) if email else house.visit(), path)
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert 40_000 < sum(sizes.values()) <= MOST_BYTES, heaviest
