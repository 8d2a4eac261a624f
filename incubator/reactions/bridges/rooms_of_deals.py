"""One conversation a deal: a private room for the people of its firms, and who mediates.

What the room is told bears no title: it names the deal by its address, which each reader sees in
their own words, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import commands as chat
from incubator.domain.chat import subjects
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.rings.events import RingBecameDeal
from incubator.kernel.db import db, utcnow
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import joins
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.events import FirmLeft
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.exchanges.deals.models import Deal
    from incubator.network.members.actor import Actor


def enter(actor: Actor, deal_id: int, *, note: str, now: datetime) -> RoomView:
    """The room of a deal, opened by the first who wants to talk; ``note`` with «{path}» begins it.

    People of its firms read all of it; who mediates reads from when they came. Raise NotFound
    ``deals.deal``, NotAllowed ``deals.not_yours``.
    """
    seen = deals.visible_to(actor, deal_id)
    if not (seen.own or seen.mediates):
        raise NotAllowed("deals.not_yours")
    room, _new = subjects.room_about(actor, _about(seen.deal), whole=bool(seen.own), now=now)
    if subjects.is_silent(room.id):
        told = note.format(path=f"/accords/{deal_id}")
        chat.send(actor, room.id, cid=f"deal-{deal_id:016d}", text=told, now=now)
    return room


def ring_agreed(event: RingBecameDeal) -> None:
    """Firms that a ring brought together have not met yet: their room is there with their deal."""
    account = account_of(event.actor_id or 0)
    if account is not None:
        deal = deals.whole(event.deal_id)
        subjects.room_about(actor_of(account), _about(deal), whole=True, now=utcnow())


def _about(deal: Deal) -> subjects.About:
    people = deals.people_of([party.firm_id for party in deal.parties])
    return subjects.About(key=_key(deal.id), name=deal.title, member_ids=people)


def _key(deal_id: int) -> str:
    return f"deal.{deal_id}"


def firm_left(event: FirmLeft) -> None:
    """Who works in no firm of a deal any more leaves its room."""
    member = db.session.get_one(Member, event.member_id)
    for deal_id in deals.talked_for(event.firm_id, but_for=event.member_id):
        subjects.leave(member, _key(deal_id), now=utcnow())


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(FirmLeft, firm_left)
    joins(RingBecameDeal, ring_agreed)
