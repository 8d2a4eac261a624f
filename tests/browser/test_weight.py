"""What a first visit downloads."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LYON, House

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000


def downloaded(house: House, email: str, path: str) -> dict[str, int]:
    """Bytes on the wire of each thing a page loads, with a cold cache."""
    page = house.enter(email) if email else house.visit()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]}))
    devtools.on(
        "Network.loadingFinished",
        lambda e: sizes.update({names.get(e["requestId"], "?"): int(e["encodedDataLength"])}),
    )
    page.goto(path, wait_until="networkidle")
    return sizes


@pytest.mark.parametrize(
    ("email", "path"),
    [
        ("", "/connexion"),
        (LYON, "/"),
        (LYON, "/annuaire"),
        (LYON, "/entraide"),
        (LYON, "/heures"),
        (LYON, "/discussions/lyon"),
    ],
)
def test_a_first_visit_stays_light(house: House, email: str, path: str) -> None:
    sizes = downloaded(house, email, path)
    total = sum(sizes.values())
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    assert total <= MOST_BYTES, (total, heaviest)
