"""Links that lead members of the network into a room, until they expire or are revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import policy, rules, who
from incubator.domain.chat.comings import come_in
from incubator.domain.chat.events import LinkMade, LinkRevoked
from incubator.domain.chat.membership import check_open
from incubator.domain.chat.models import CLOSED, Link, Room
from incubator.domain.chat.places import place, place_of
from incubator.domain.chat.succession import succeed
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.tokens import hash_token, new_token
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor


def make(actor: Actor, room_id: int, *, days: int, whole: bool = False, now: datetime) -> str:
    """A secret that leads into a room for some days; told once, only its hash is kept.

    Raise NotFound, NotAllowed ``chat.not_yours`` or ``chat.archived``, Refusal
    ``chat.bad_days``, or ``chat.many_links`` when there are ten.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_link(actor, room):
        raise NotAllowed("chat.not_yours")
    check_open(room)
    if days not in rules.LINK_DAYS:
        raise Refusal("chat.bad_days", field="days")
    if len(living(actor, room_id, now=now)) >= rules.LINKS_MOST:
        raise Refusal("chat.many_links", most=rules.LINKS_MOST)
    token = new_token()
    link = Link(
        room_id=room.id,
        made_by_id=actor.id,
        token_hash=hash_token(token),
        whole=whole and room.kind == "private",
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    closed = room.kind in CLOSED
    record(LinkMade(actor_id=actor.id, room_id=room.id, link_id=link.id, private=closed))
    return token


def revoke(actor: Actor, room_id: int, link_id: int, *, now: datetime) -> bool:
    """Let a link lead nowhere; whether it led anywhere. Raise NotFound, NotAllowed."""
    room = place(actor, room_id, lock=True)
    if not policy.may_link(actor, room):
        raise NotAllowed("chat.not_yours")
    link = db.session.get(Link, link_id, with_for_update=True, populate_existing=True)
    if link is None or link.room_id != room.id:
        raise NotFound("chat.link")
    if link.revoked_at is not None:
        return False
    link.revoked_at = now
    db.session.flush()
    closed = room.kind in CLOSED
    record(LinkRevoked(actor_id=actor.id, room_id=room.id, link_id=link.id, private=closed))
    return True


def living(actor: Actor, room_id: int, *, now: datetime) -> Sequence[tuple[Link, str]]:
    """The links that lead into a room and who made them, the newest first; for who may make some.

    Raise NotFound, NotAllowed ``chat.not_yours``.
    """
    room = place(actor, room_id)
    if not policy.may_link(actor, room):
        raise NotAllowed("chat.not_yours")
    query = (
        select(Link, Member.name)
        .join(Member, Member.id == Link.made_by_id)
        .where(Link.room_id == room.id, Link.revoked_at.is_(None), Link.expires_at > now)
        .order_by(Link.id.desc())
    )
    return [(link, name) for link, name in db.session.execute(query)]


@dataclass(frozen=True, kw_only=True)
class Door:
    """What a link shows to who was given it: the room's name, purpose and size, nothing said."""

    room_id: int
    name: str
    purpose: str
    private: bool
    whole: bool
    size: int


def look(actor: Actor, token: str, *, now: datetime) -> Door:
    """Where a link leads. Raise NotFound ``chat.link`` when nowhere, or for guests."""
    link = _found(actor, token, now=now)
    room = db.session.get_one(Room, link.room_id)
    return Door(
        room_id=room.id,
        name=room.name,
        purpose=room.purpose,
        private=room.kind == "private",
        whole=link.whole,
        size=who.size(room.id),
    )


def enter(actor: Actor, token: str, *, now: datetime) -> int:
    """Take a seat by a link; the room. A second time changes nothing.

    Raise NotFound ``chat.link``, NotAllowed ``chat.archived`` or ``chat.removed``.
    """
    room = place_of(actor.id, _found(actor, token, now=now).room_id, lock=True)
    # Asked again under the lock: revoked before our turn is revoked.
    link = _found(actor, token, now=now)
    if room.seated:
        return room.id
    check_open(room)
    if room.removed:
        raise NotAllowed("chat.removed")
    come_in(actor, room, actor.id, act="joined", whole=link.whole, now=now)
    succeed(actor, room, now=now)
    return room.id


def _found(actor: Actor, token: str, *, now: datetime) -> Link:
    query = select(Link).where(
        Link.token_hash == hash_token(token),
        Link.revoked_at.is_(None),
        Link.expires_at > now,
    )
    link = db.session.scalar(query.execution_options(populate_existing=True))
    if link is None or not policy.may_sit(actor):
        raise NotFound("chat.link")
    return link
