"""A manager reads the draft of a week on a phone, changes it and sends it, in Chromium."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from incubator.app import create_app
from incubator.domain.newsletter import commands
from incubator.domain.newsletter.rules import Plan, Week
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from tests.browser.house import PHONE, House, go, listen, too_wide, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Runs the site that this test alone writes to.
KEEPER = "thomas.le-goff@passerelles.example"
CITY = "Nantes"
# Weeks that no clock asks for: one for each test.
LONG_AGO = count(1)
TITLE = "Une semaine d’embruns"


@pytest.fixture
def draft(served: str, instance: Path) -> int:
    """A draft about three people of a site, of a week that nobody else has."""
    app = create_app(Settings.load(instance, {"INCUBATOR_BASE_URL": served}))
    with app.app_context():
        with transaction():
            site = db.session.scalars(select(Site).where(Site.city == CITY)).one()
            here = select(Member.id).where(Member.home_site_id == site.id, Member.active)
            people = db.session.scalars(here.order_by(Member.id).limit(3)).all()
            now = utcnow()
            plan = Plan(
                week=Week(2001, next(LONG_AGO)),
                since=now - timedelta(days=7),
                until=now,
                leaves_at=now + timedelta(days=1),
            )
            made = commands.draft(site.id, plan, [("member", each) for each in people], now=now)
            assert made
        db.session.remove()
        db.engine.dispose()
    return made


def sound(page: Page) -> None:
    """The page fits, and everybody can read it."""
    assert (too_wide(page), violations(page)) == (0, [])


@pytest.mark.parametrize("javascript", [False, True])
def test_a_manager_edits_on_a_phone(house: House, draft: int, *, javascript: bool) -> None:
    page = house.enter(KEEPER, size=PHONE, javascript=javascript)
    assert go(page, f"/la-semaine/atelier/{draft}") == 200
    names = page.locator(".weekitem label.check b")
    first, last = names.first.inner_text(), names.last.inner_text()
    page.locator(".weekitem input[type=number]").last.fill("0")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("La lettre est enregistrée.").first).to_be_visible()
    assert (names.first.inner_text(), names.last.inner_text() != last) == (last, True)
    assert first in names.all_inner_texts()


def test_a_manager_edits_and_sends_on_a_phone(house: House, draft: int) -> None:
    page = house.enter(KEEPER, size=PHONE)
    heard = listen(page)
    page.goto("/la-semaine/atelier")
    sound(page)
    page.goto(f"/la-semaine/atelier/{draft}")
    sound(page)
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Vos mots").fill("Le vent est **tombé**.")
    struck = page.locator(".weekitem label.check b").first.inner_text()
    page.locator(".weekitem input[type=checkbox]").first.uncheck()
    page.get_by_label("Votre ligne").last.fill("Bienvenue à bord")
    page.get_by_role("button", name="Enregistrer et regarder").click()
    page.wait_for_url("**/apercu")
    sound(page)
    letter = page.locator("article.week")
    expect(letter).to_contain_text("Bienvenue à bord")
    expect(letter).not_to_contain_text(struck)
    # What was saved is said over the end of the page for a while.
    page.locator("details.card summary").press("Enter")
    expect(page.locator(".weekmail")).to_contain_text(TITLE)
    sound(page)
    _send(page)
    assert heard == []


def _send(page: Page) -> None:
    """From the preview to the page that members read."""
    page.locator("#send").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("La lettre est en route.").first).to_be_visible()
    page.get_by_role("link", name="La page que lisent les membres").click()
    page.wait_for_url("**/la-semaine/2001-*/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    sound(page)
