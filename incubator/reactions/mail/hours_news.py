"""Letters that the calendar of the hours makes: where a member stands, what they are asked.

Each warning says what may follow, from when on, and what lifts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments.events import StandingChanged
from incubator.domain.commitments.presence_events import SessionPresumed
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.slot_models import Slot
from incubator.domain.commitments.telling_events import DeskWaits, HalfTimeCome, StatementReady
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.sites.models import Site
from incubator.reactions.mail.readers import accounts_of, managers_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of the reasons why a standing changes, those that are told. What was watched and is held is not.
TOLD = frozenset({"behind", "debt", "plan_broken", "plan_agreed", "plan_kept", "decided", "lifted"})


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(SessionPresumed, presumed)
    joins(StandingChanged, stands)
    joins(StatementReady, closed)
    joins(HalfTimeCome, half)
    joins(DeskWaits, desk)


def presumed(event: SessionPresumed) -> None:
    """To whoever forgot to check out; who has just acted is asked on the page itself."""
    if event.actor_id == event.member_id:
        return
    row = db.session.get_one(Presence, event.session_id)
    site = db.session.get_one(Site, row.site_id)
    values = {
        "session_id": str(row.id),
        "site": site.name,
        "starts_at": row.started_at.isoformat(),
        "zone": site.time_zone,
    }
    about = About("session", row.id, "presumed", title=site.name)
    reader = accounts_of([event.member_id])
    write("hours_presumed", "hours_presumed", reader, values=values, about=about)


def stands(event: StandingChanged) -> None:
    """To the member, when something follows for them or no longer does."""
    if event.reason in TOLD:
        day_on = event.pause_from.isoformat() if event.pause_from else None
        _news(event.member_id, event.reason, minutes=str(abs(event.minutes)), day_on=day_on)


def closed(event: StatementReady) -> None:
    """To the member: the figures of a month in which nothing changes any more."""
    _news(
        event.member_id,
        "closed",
        given=str(event.given),
        owed=str(event.owed),
        minutes=str(event.balance),
        day_on=event.starts_on.isoformat(),
    )


def half(event: HalfTimeCome) -> None:
    """To the member who has something left to give: how much, until when, and what would fit."""
    _news(
        event.member_id,
        "half",
        given=str(event.given),
        owed=str(event.owed),
        minutes=str(event.planned),
        day_on=event.last_day.isoformat(),
        slots=_duties(event.slots),
    )


def _duties(ids: Iterable[int]) -> list[dict[str, str]]:
    query = select(Slot).where(Slot.id.in_(tuple(ids))).options(joinedload(Slot.site))
    return [
        {
            "title": slot.title,
            "site": slot.site.name,
            "zone": slot.site.time_zone,
            "starts_at": slot.starts_at.isoformat(),
        }
        for slot in db.session.scalars(query.order_by(Slot.starts_at))
    ]


def _news(member_id: int, what: str, **values: object) -> None:
    usual: dict[str, object] = {"given": "0", "owed": "0", "slots": []}
    sort = {"closed": "hours_closed", "half": "hours_half"}.get(what, "hours_standing")
    about = About("hours", 0, sort)
    told = usual | values | {"what": what}
    write(sort, "hours_news", accounts_of([member_id]), values=told, about=about)


def desk(event: DeskWaits) -> None:
    """To the managers of the site, at most once a morning."""
    site = db.session.get_one(Site, event.site_id)
    values = {
        "slug": site.slug,
        "site": site.name,
        "presumed": str(event.presumed),
        "screens": list(event.screens),
    }
    about = About("desk", site.id, "desk_morning", title=site.name, site_id=site.id)
    write("desk_morning", "hours_desk", managers_of(event.site_id), values=values, about=about)
