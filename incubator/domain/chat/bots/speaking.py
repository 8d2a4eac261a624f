"""A machine speaks in its room: the same log, the same limits of length, once per key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import mentions, rules
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.bots.rules import SPOKEN, check_pace, cid_of
from incubator.domain.chat.muting import check_may_talk
from incubator.domain.chat.places import place_of
from incubator.domain.chat.saying import Sent, Words, add, same, stored
from incubator.domain.chat.spans import WHOLE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.text import markdown_to_html
from incubator.kernel.throttle import spend
from incubator.network.accounts.tokens import hash_token
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a machine says: ``key`` is its own name for it, ``root`` the message it replies to."""

    text: str
    key: str
    root: int | None = None


@dataclass(frozen=True)
class _Maker:
    """Who answers for a machine."""

    id: int


def by_token(token: str) -> Bot:
    """The machine that a secret lets speak; raise NotFound ``chat.bot``.

    What is revoked, unknown, or made by somebody who has left is all the same.
    """
    query = select(Bot).join(Member, Member.id == Bot.made_by_id)
    known = Bot.token_hash == hash_token(token)
    bot = db.session.scalar(query.where(known, Bot.revoked_at.is_(None), Member.active))
    if bot is None:
        raise NotFound("chat.bot")
    return bot


def count(bot: Bot, *, now: datetime) -> int:
    """Count a try of a machine; the seconds to wait. Commit it also when the try fails."""
    limit, seconds = SPOKEN
    return spend(f"chat.bot:{bot.id}", limit=limit, per_seconds=seconds, now=now)


def speak(bot: Bot, spoken: Spoken, *, now: datetime, wait: int = 0) -> Sent:
    """Say something in the room of a machine, once per key.

    Raise as ``commands.say`` does for a member who sits there; Refusal ``chat.bot_key``, TooMany
    ``chat.bot_fast`` when ``count`` told to ``wait``, NotFound ``chat.bot`` when it was revoked or
    its maker has left.
    """
    body, cid = rules.said(spoken.text), cid_of(bot.id, spoken.key)
    named = mentions.named_in(body)
    html = markdown_to_html(body, named.links)
    words = Words(key=cid, body=body, html=html, named=named, root=spoken.root, bot_id=bot.id)
    # What is read of the room is told to nobody: any of its messages may be replied to.
    room = replace(place_of(bot.made_by_id, bot.room_id, lock=True), span=WHOLE)
    db.session.refresh(bot)
    if bot.revoked_at is not None or not db.session.get_one(Member, bot.made_by_id).active:
        raise NotFound("chat.bot")
    maker = _Maker(bot.made_by_id)
    before = stored(maker, cid)
    if before:
        return same(before, room.id, words)
    check_pace(wait)
    check_may_talk(room, now=now)
    called = mentions.called_by_machine(room, named, to_all=bot.to_all)
    bot.spoke_at = now
    return add(maker, room, words, called=called, now=now)
