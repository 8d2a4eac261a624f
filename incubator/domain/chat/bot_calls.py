"""A machine that is called by its name is told, by a job that is written with the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.models import BY_SEAT, Message, Room, Seat
from incubator.kernel.db import db
from incubator.kernel.jobs import later
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

CALL: Final = "chat.call_bot"
TROUBLE_MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a machine is told, where, and which message a reply hangs on."""

    bot: Bot
    root: int
    told: dict[str, Any]


def note(room_id: int, handles: Collection[str], *, message_id: int) -> None:
    """Write a job for each machine of a room that a message names and that has an address."""
    query = select(Bot.id).where(Bot.room_id == room_id, Bot.handle.in_(handles), *_hears())
    for bot_id in db.session.scalars(query.order_by(Bot.id)):
        key = f"{CALL}:{bot_id}:{message_id}"
        later(CALL, {"bot": bot_id, "message": message_id}, key=key)


def call_of(bot_id: int, message_id: int) -> Call | None:
    """What is to be told now; None when the machine or the message is gone meanwhile.

    A machine hears no more than its maker may: nothing once they left the network, or a private
    room.
    """
    root = aliased(Message)
    query = (
        select(Bot, Message, Room, Member.name, root.no, Site.name)
        .select_from(Bot)
        .join(Message, Message.id == message_id)
        .join(Room, Room.id == Bot.room_id)
        .join(Member, Member.id == Message.author_id)
        .outerjoin(root, root.id == Message.root_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Bot.id == bot_id, *_hears())
    )
    row = db.session.execute(query).one_or_none()
    if row is None or row[1].gone_at is not None:
        return None
    bot, message, room, author, root_no, site = row
    told = {
        "id": f"{bot.id}-{message.id}",
        "bot": bot.handle,
        "room": {"id": room.id, "name": site or room.name, "address": room.slug},
        "message": {
            "no": message.no,
            "at": message.at.isoformat(timespec="milliseconds"),
            "author": author,
            "text": message.body_md,
            "thread": root_no,
        },
    }
    return Call(bot=bot, root=root_no or message.no, told=told)


def _hears() -> tuple[ColumnElement[bool], ...]:
    maker, seat = aliased(Member), aliased(Seat)
    active = select(maker.id).where(maker.id == Bot.made_by_id, maker.active).exists()
    sits = select(seat.member_id).where(seat.room_id == Bot.room_id, seat.left_at.is_(None))
    taken = sits.where(seat.member_id == Bot.made_by_id).exists()
    room = aliased(Room)
    open_to_all = select(room.id).where(room.id == Bot.room_id, room.kind.not_in(BY_SEAT))
    return Bot.revoked_at.is_(None), Bot.url != "", active, or_(taken, open_to_all.exists())


def note_trouble(bot_id: int, trouble: str) -> None:
    """Keep how the last call ended, for those who look after the room: empty when well."""
    bot = db.session.get(Bot, bot_id, with_for_update=True, populate_existing=True)
    if bot is not None and bot.trouble != trouble[:TROUBLE_MOST]:
        bot.trouble = trouble[:TROUBLE_MOST]
        db.session.flush()
