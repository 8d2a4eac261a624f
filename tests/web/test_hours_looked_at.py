"""Every page of the hours on which a manager reads somebody's name tells that member who looked.

The pages are those of the application's own map of addresses: a new one is walked by itself, and
either writes its look or says below why it does not.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select

from incubator.domain.commitments.correction_models import HoursLook
from incubator.edge.pages import ENGLISH
from incubator.edge.state import state_of
from incubator.kernel.db import db, transaction
from tests.factories_commitments import declared, pledged
from tests.factories_hour_pages import hour_pages
from tests.factories_members import a_firm
from tests.factories_slots import a_slot, signed_up

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Make

NAME, FAMILY = "Inès Belkacem", "Belkacem"
FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
# Whose address the slug is; elsewhere it is the site's.
OF_MEMBERS = {"plan", "pause", "lift", "pledge"}
OF_FIRMS = {"firm_pledge"}
# Pages that name a member and write no look, and why nobody looks into their hours there.
PUBLIC = {
    "slot": "who comes to a slot is told to every member",
}
# Addresses that show nothing to a manager of the member's site, and why.
NO_PAGES = {
    "appeal": "the member's own",
    "correct": "the member's own",
    "feed": "whose secret address it is",
    "firm_pledge": "who keeps the firm",
    "rota": "leads to the site's",
    "screen_code": "asked by screens",
    "site_desk": "leads to the site's",
    "when_left": "the member's own",
}
UNREAD = {"site_statement_pdf", "line"}  # a member's hours, though no name in the text says so
NAMED_ONLY = re.compile(r"<datalist.*?</datalist>", re.DOTALL)  # who could be named in a form


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon, name=NAME)


@pytest.fixture
def sophie(make: Make, lyon, ines, frozen):
    made = make.member(lyon, role="manager", name="Sophie Lambert")
    make.now = frozen
    return made


@pytest.fixture
def places(make: Make, sophie, ines, lyon) -> dict[str, Any]:
    """A member of whom every page has something to show: late, present, asking, signed up."""
    pledged(make, ines, sophie, valid_from=FIRST.date())
    found = hour_pages(make, ines, sophie, lyon)
    signed_up(make, ines, a_slot(make, sophie, lyon, day=make.now.date(), local_start=22 * 60))
    free = a_slot(make, sophie, lyon, day=make.now.date() + timedelta(days=20))
    return found | {
        "contribution_id": declared(make, ines).id,
        "slug": lyon.slug,
        "token": found["code"],
        "member": make.actor(ines).slug,
        "firm": a_firm(make, ines).slug,
        "free_slot": free.id,
    }


def addresses(app: Flask, reader: Any, places: dict[str, Any]) -> dict[str, str]:
    """Every page of the hours that somebody may ask for, by the name of its view."""
    access, found = state_of(app).access, {}
    for rule in app.url_map.iter_rules():
        feature, _dot, name = rule.endpoint.partition(".")
        if feature != "commitments" or name.endswith(ENGLISH) or "GET" not in (rule.methods or ()):
            continue
        if access[rule.endpoint].allows(reader):
            values = {one: places[_place(name, one)] for one in rule.arguments}
            found[name] = app.url_map.bind("localhost").build(rule.endpoint, values)
    return found | {"home": "/", "profile": f"/annuaire/{places['member']}"}


def _place(view: str, argument: str) -> str:
    if view == "slot_invite":
        return "free_slot"
    if argument != "slug":
        return argument
    return "member" if view in OF_MEMBERS else "firm" if view in OF_FIRMS else argument


def looks_at(member: Any) -> list[str]:
    return list(db.session.scalars(select(HoursLook.page).where(HoursLook.member_id == member.id)))


def test_every_page_that_names_a_member_to_a_manager_tells_the_member(
    app, make, sign_in, sophie, ines, places
) -> None:
    browser, silent, nothing, seen = sign_in(sophie), set(), set(), set()
    for name, address in addresses(app, make.actor(sophie), places).items():
        with transaction():
            db.session.execute(delete(HoursLook))
        answer = browser.get(address)
        if answer.status_code != 200:
            nothing.add(name)
        elif name in UNREAD or FAMILY in NAMED_ONLY.sub("", answer.get_data().decode("latin-1")):
            seen.add(name)
            if not looks_at(ines):
                silent.add(name)
    assert sorted(silent) == sorted(PUBLIC)
    assert sorted(nothing) == sorted(NO_PAGES)
    assert {"site_today", "site_presence", "session", "gift", "slot_sheet", "site_giving"} <= seen
