"""Something behind every address of the hours, for walks through all pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import (
    badges,
    commands,
    gifts,
    presence_corrections,
    reliefs,
    site_codes,
)
from incubator.domain.commitments.ledger_models import Line
from incubator.kernel.db import db, transaction
from tests.factories_checkins import badge, presumed, screen, wish
from tests.factories_commitments import declared
from tests.factories_slots import a_series, a_slot, signed_up

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


def hour_pages(make: Make, member: Account, manager: Account, site: Site) -> dict[str, Any]:
    """The values of addresses by the name of their place; ``code`` is a token to scan."""
    slot, series = a_slot(make, manager, site), a_series(make, manager, site)
    session = presumed(make, member, site, make.now, planned_end=make.now + timedelta(hours=2))
    later, secret = make.now + timedelta(days=2), make.settings.secret_key
    device, _key = screen(make, manager, site)
    badge(make, manager, member)
    with transaction():
        correction = presence_corrections.ask_change(
            make.actor(member),
            session.id,
            wish(make.now, 6, why="Un <miel> & du thé"),
            once="walk",
            now=later,
        )
        boss = make.actor(manager)
        code = site_codes.make(boss, site.id, kind="printed", secret=secret, now=make.now)
        token = site_codes.token_of(code, secret=secret, now=make.now)
    assert correction is not None
    return {
        **asked_pages(make, member, manager),
        "session_id": session.id,
        "correction_id": correction.id,
        "device_id": device.id,
        "code_id": code.id,
        "badge_id": badges.of_member(member.id)[0].id,
        "slot_id": slot.id,
        "series_id": series.id,
        "signup_id": signed_up(make, member, slot).id,
        "code": token,
    }


def asked_pages(make: Make, member: Account, manager: Account) -> dict[str, int]:
    """A relief and a draw on the pool that wait, a line of the ledger, refused hours."""
    actor, terms = make.actor(member), reliefs.Terms("leave", 50, make.now.date())
    refused = declared(make, member, minutes=45)
    with transaction():
        relief = reliefs.ask(actor, terms, once="walk", now=make.now)
        draw = gifts.ask_pool(actor, minutes=60, note="Un <mois>", once="walk", now=make.now)
        commands.refuse(make.actor(manager), refused.id, reason="Site <fermé>", now=make.now)
    due = select(Line.id).where(Line.member_id == member.id, Line.kind == "DUE")
    return {
        "relief_id": relief.id,
        "gift_id": draw.id,
        "line_id": db.session.scalars(due.limit(1)).one(),
        "refused_id": refused.id,
    }
