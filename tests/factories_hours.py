"""Rows of the hours for tests of the tables themselves: no command writes them here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from incubator.domain.commitments import periods
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.presence_models import Presence, Punch
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import Base, db, transaction

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

Row = TypeVar("Row", bound=Base)


def kept(row: Row) -> Row:
    """A row, written and committed."""
    with transaction():
        db.session.add(row)
    return row


def session_row(make: Make, member: Account, site: Site, **more: Any) -> Presence:
    """A session begun now, open unless it has an end."""
    values: dict[str, Any] = {
        "member_id": member.id,
        "site_id": site.id,
        "day": make.now.date(),
        "started_at": make.now,
        "source": "web",
    }
    if "ended_at" in more:
        values |= {"state": "closed", "end_source": "out"}
    return Presence(**(values | more))


def punch_row(make: Make, member: Account, site: Site, **more: Any) -> Punch:
    """A check-in of now by the button."""
    values = {
        "uid": f"{member.id}-{make.now:%H%M%S}",
        "member_id": member.id,
        "site_id": site.id,
        "kind": "in",
        "occurred_at": make.now,
        "received_at": make.now,
        "source": "web",
    }
    return Punch(**(values | more))


def slot_row(make: Make, site: Site, **more: Any) -> Slot:
    """Three hours of reception in two days, for two."""
    start = make.now + timedelta(days=2)
    values: dict[str, Any] = {
        "site_id": site.id,
        "title": "Accueil",
        "local_date": start.date(),
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
        "capacity_max": 2,
    }
    return Slot(**(values | more))


def signup_row(make: Make, member: Account, slot: Slot, place: int = 1, **more: Any) -> Signup:
    """A place taken by a member for themselves."""
    values: dict[str, Any] = {
        "slot_id": slot.id,
        "member_id": member.id,
        "place": place,
        "booked_by_id": member.id,
        "booked_at": make.now,
        "once": f"{slot.id}-{member.id}-{place}",
    }
    return Signup(**(values | more))


def line_row(make: Make, kind: str, minutes: int, **more: Any) -> Line:
    """A line of this month, known by its kind and account."""
    account = more.get("member_id") or more.get("firm_id") or "pool"
    values: dict[str, Any] = {
        "period_id": periods.ensure_period(make.now.date()).id,
        "kind": kind,
        "minutes": minutes,
        "source_type": "test",
        "key": f"{kind}:{account}:{minutes}",
        "recorded_at": make.now,
    }
    return Line(**(values | more))
