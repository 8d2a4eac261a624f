"""Who looks after a room makes, changes and revokes its machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import select

from incubator.domain.chat import policy
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.bots import rules
from incubator.domain.chat.bots.events import BotChanged, BotMade, BotRevoked
from incubator.domain.chat.membership import check_open
from incubator.domain.chat.models import CLOSED
from incubator.domain.chat.places import Place, place
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.tokens import hash_token, new_token
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A machine as it is asked for; ``local``: HTTP on this very machine may be told."""

    name: str
    url: str = ""
    to_all: bool = False
    local: bool = False


@dataclass(frozen=True)
class Made:
    """A machine and the secret by which it speaks, told once; its ``salt`` makes the other one."""

    bot: Bot
    token: str


@dataclass(frozen=True)
class Shown:
    """A machine as those who sit in its room see it: ``host`` is told when it is called."""

    bot: Bot
    maker: str
    host: str


def make(actor: Actor, room_id: int, wanted: Wanted, *, now: datetime) -> Made:
    """Give a room a machine.

    Raise NotFound, NotAllowed ``chat.not_yours`` or ``chat.archived``, Refusal ``chat.bot_name``,
    ``chat.bot_name_taken``, ``chat.bot_url``, or ``chat.many_bots`` when there are ten.
    """
    room = _held(actor, room_id)
    name, handle = rules.name_of(wanted.name)
    url = rules.url_of(wanted.url, local=wanted.local)
    check_open(room)
    if len(living(room.id)) >= rules.BOTS_MOST:
        raise Refusal("chat.many_bots", most=rules.BOTS_MOST)
    _check_free(room.id, handle)
    token = new_token()
    bot = Bot(
        room_id=room.id,
        name=name,
        handle=handle,
        token_hash=hash_token(token),
        url=url,
        salt=new_token()[: rules.SALT],
        to_all=wanted.to_all,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(bot)
    db.session.flush()
    record(BotMade(**_about(actor, room, bot), told=host_of(url)))
    return Made(bot, token)


def change(actor: Actor, room_id: int, bot_id: int, *, wanted: Wanted) -> bool:
    """Another name, address or right; whether a new address means a new secret.

    Raise as ``make``, NotFound ``chat.bot``.
    """
    room = _held(actor, room_id)
    bot = _found(room, bot_id)
    name, handle = rules.name_of(wanted.name)
    url = rules.url_of(wanted.url, local=wanted.local)
    if handle != bot.handle:
        _check_free(room.id, handle)
    fresh = bool(url) and url != bot.url
    if fresh:
        bot.salt = new_token()[: rules.SALT]
    bot.name, bot.handle, bot.url, bot.to_all, bot.trouble = name, handle, url, wanted.to_all, ""
    db.session.flush()
    record(BotChanged(**_about(actor, room, bot), told=host_of(url)))
    return fresh


def revoke(actor: Actor, room_id: int, bot_id: int, *, now: datetime) -> None:
    """Let it speak no more. Raise NotFound ``chat.bot``, NotAllowed ``chat.not_yours``."""
    room = _held(actor, room_id)
    bot = _found(room, bot_id)
    bot.revoked_at, bot.revoked_by_id = now, actor.id
    db.session.flush()
    record(BotRevoked(**_about(actor, room, bot)))


def living(room_id: int) -> Sequence[Bot]:
    """The machines of a room, by name."""
    query = select(Bot).where(Bot.room_id == room_id, Bot.revoked_at.is_(None))
    return db.session.scalars(query.order_by(Bot.handle)).all()


def shown(room: RoomView) -> list[Shown]:
    """The machines of a room that its reader sees, with who answers for each."""
    query = (
        select(Bot, Member.name)
        .join(Member, Member.id == Bot.made_by_id)
        .where(Bot.room_id == room.id, Bot.revoked_at.is_(None))
    )
    rows = db.session.execute(query.order_by(Bot.handle))
    return [Shown(bot, maker, host_of(bot.url)) for bot, maker in rows]


def host_of(url: str) -> str:
    """Where an address leads, without its path, which may hold a secret."""
    return urlsplit(url).hostname or ""


def _held(actor: Actor, room_id: int) -> Place:
    room = place(actor, room_id, lock=True)
    if not policy.may_run(actor, room):
        raise NotAllowed("chat.not_yours")
    return room


def _found(room: Place, bot_id: int) -> Bot:
    bot = db.session.get(Bot, bot_id, populate_existing=True)
    if bot is None or bot.room_id != room.id or bot.revoked_at is not None:
        raise NotFound("chat.bot")
    return bot


def _check_free(room_id: int, handle: str) -> None:
    ours = select(Bot.id).where(
        Bot.room_id == room_id, Bot.handle == handle, Bot.revoked_at.is_(None)
    )
    theirs = select(Member.id).where(Member.slug == handle)
    if db.session.scalar(ours) is not None or db.session.scalar(theirs) is not None:
        raise Refusal("chat.bot_name_taken", field="name")


def _about(actor: Actor, room: Place, bot: Bot) -> dict[str, Any]:
    return {
        "actor_id": actor.id,
        "site_id": room.site_id,
        "room_id": room.id,
        "bot_id": bot.id,
        "name": bot.name,
        "private": room.kind in CLOSED,
    }
