"""The first page of who runs a site, while people sign up: its figures follow without a reload."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from incubator.app import create_app
from incubator.domain.commitments import slot_commands
from incubator.domain.commitments.slot_plans import DayPlan
from incubator.kernel.db import db, transaction
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import account_of, actor_of
from tests.browser.house import House, listen, live

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.browser

TITLE = "Rangement de l’atelier"


class Place(NamedTuple):
    """A site by its zone, who runs it, and a member whom no other test lets act."""

    zone: str
    manager: str
    member: str


LILLE = Place("Europe/Paris", "nadia.kaci", "florian.lefebvre")
DAKAR = Place("Africa/Dakar", "aminata.sow", "papa.sene")


def here() -> Place:
    """A site where a slot of the next minutes is still one of today."""
    local = datetime.now(ZoneInfo(DAKAR.zone))
    return LILLE if (local + timedelta(minutes=30)).date() != local.date() else DAKAR


@pytest.fixture
def slot(served: str, instance: Path) -> tuple[Place, int]:
    """A slot that begins in a quarter of an hour, for which nobody comes; where it is."""
    place = here()
    app = create_app(Settings.load(instance, {"INCUBATOR_BASE_URL": served}))
    with app.app_context():
        with transaction():
            email = f"{place.manager}@passerelles.example"
            found = db.session.scalars(select(Account).where(Account.email == email)).one()
            account = account_of(found.id)
            assert account
            by = actor_of(account)
            soon = datetime.now(ZoneInfo(place.zone)) + timedelta(minutes=15)
            plan = DayPlan(
                title=TITLE,
                day=soon.date(),
                local_start=soon.hour * 60 + soon.minute,
                duration=30,
                capacity_max=2,
            )
            now = datetime.now(UTC)
            (site_id,) = by.managed_site_ids
            made = slot_commands.add_slot(by, site_id=site_id, plan=plan, now=now).id
        db.session.remove()
        db.engine.dispose()
    return place, made


def covered(page: Page) -> tuple[int, int]:
    """How many slots of today have people, of how many, as the desk says."""
    tile = page.locator("#part-site-day .tile", has_text="Créneaux couverts").inner_text()
    first, last = re.findall(r"\d+", tile)
    return int(first), int(last)


def test_a_slot_that_somebody_takes_leaves_the_desk_of_its_manager(
    house: House, slot: tuple[Place, int]
) -> None:
    place, number = slot
    desk = house.enter(f"{place.manager}@passerelles.example")
    member = house.enter(f"{place.member}@passerelles.example")
    heard = listen(desk)
    live(desk, "/", "rooms")
    panel = desk.locator("#part-site-day")
    expect(panel.get_by_text(TITLE)).to_be_visible()
    before = covered(desk)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.extend(request.headers.get("x-swap", "").split())

    desk.on("request", note)
    desk.evaluate("document.body.dataset.mine = 'still here'")
    member.goto(f"/heures/creneaux/{number}")
    member.get_by_role("button", name="Je viens").first.click()
    expect(panel.get_by_text(TITLE)).to_have_count(0)
    assert covered(desk) == (before[0] + 1, before[1])
    assert desk.evaluate("document.body.dataset.mine") == "still here"
    assert {"#part-site-day", "#sentence"} <= set(asked)
    assert heard == []
