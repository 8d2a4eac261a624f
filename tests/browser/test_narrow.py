"""On a phone nothing but a chart scrolls sideways: every page that a role can walk to by links."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tests.browser.house import (
    ADMINISTRATOR,
    LYON,
    MANAGER,
    PHONE,
    House,
    scrolls_sideways,
    too_wide,
)
from tests.browser.planning import plan_slot

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page
    from werkzeug.routing import MapAdapter

pytestmark = pytest.mark.browser

ROLES = {"resident": LYON, "manager": MANAGER, "administrator": ADMINISTRATOR}
# What members and managers work with, beside the hours.
AROUND = {"admin", "circles", "help", "membership", "roster", "sites", "notices"}
STARTS = (
    "/heures",
    "/heures/plan/camille-dervaux",
    "/heures/pause/camille-dervaux",
    "/heures/reprise/camille-dervaux",
    "/heures/entreprise/atelier-dervaux",
)
# No page to look at: files, feeds, pictures, the screen (it has a test of its own) and its worker.
FILES = {
    "code_image",
    "export_csv",
    "feed",
    "file",
    "image",
    "screen",
    "screen_code",
    "site_statement_file",
    "site_statement_pdf",
    "slot_file",
    "statement_csv",
    "statement_pdf",
    "worker",
}
# Seen only while something is so: a badge or code just made, a doubt that another test may settle.
PASSING = {"appeal", "code", "correct", "correction", "forgotten", "gift", "poster", "when_left"}
OWN = "es => es.map(e => e.getAttribute('href')).filter(h => h && h.startsWith('/'))"


def endpoint(addresses: MapAdapter, address: str) -> str:
    """What an address leads to, the English spelling too; nothing when it is no page of ours."""
    try:
        found, _ = addresses.match(address.partition("?")[0].partition("#")[0], method="GET")
    except HTTPException:
        return ""
    return str(found).removesuffix("__en")


def worth(name: str) -> bool:
    """Whether this walk looks at such a page."""
    feature, _, page = name.partition(".")
    if feature == "commitments":
        return page not in FILES
    files = page in FILES or page.endswith(("file", "download", "data_zip"))
    return feature in AROUND and not files


def too_wide_here(page: Page) -> list[str]:
    wrong = scrolls_sideways(page)
    if excess := too_wide(page):
        wrong.append(f"the page, by {excess} px")
    return wrong


def walk(page: Page, addresses: MapAdapter, *first: str) -> tuple[set[str], dict[str, list[str]]]:
    """Go from link to link, once to each kind of page; what was seen, and what was too wide."""
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    waiting = [*first, *STARTS]
    for address in waiting:
        name = endpoint(addresses, address)
        if name in seen or not worth(name) or "kind=" in address:
            continue
        seen.add(name)
        answer = page.goto(address)
        if answer is None or not answer.ok:
            continue
        if found := too_wide_here(page):
            wrong[address] = found
        waiting += page.eval_on_selector_all("a[href]", OWN)
    return seen, wrong


@pytest.mark.parametrize("role", ROLES)
def test_nothing_but_charts_scrolls_sideways_on_a_phone(
    house: House, app: Flask, role: str
) -> None:
    page = house.enter(ROLES[role], size=PHONE)
    addresses = app.url_map.bind("")
    # A slot to come, so that what its managers may do to it is there whatever the hour.
    seen, wrong = walk(page, addresses, urlsplit(plan_slot(house)).path)
    assert wrong == {}
    if role == "administrator":
        pages = {rule.endpoint.removesuffix("__en") for rule in app.url_map.iter_rules()}
        hours = {name for name in pages if name.startswith("commitments.") and worth(name)}
        rare = {f"commitments.{name}" for name in PASSING}
        assert {name for name in hours - seen - rare if "GET" in methods(app, name)} == set()


def methods(app: Flask, name: str) -> set[str]:
    """What an endpoint answers to."""
    return {method for rule in app.url_map.iter_rules(name) for method in rule.methods or set()}


def test_a_table_that_scrolls_is_found_and_a_chart_is_not(house: House) -> None:
    page = house.visit(size=PHONE, bypass_csp=True)
    page.goto("/connexion")
    page.set_content(
        "<div id='wide' style='overflow-x:auto'><table><tr><td style='min-width:900px'>x</table>"
        "</div><div id='chart' style='overflow-x:auto'><svg width='900' height='9'></svg></div>"
    )
    assert len(scrolls_sideways(page)) == 1
    page.set_content("<div style='width:900px'>x</div>")
    assert too_wide(page) > 0
