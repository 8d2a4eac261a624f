"""A message changes or goes: its author for a day, a moderator with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.domain.chat import mentions, message_policy, message_rules, rules
from incubator.domain.chat.acting import Act, Changed, begin
from incubator.domain.chat.events import MessageChanged, MessageRemoved
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.message_models import Pin, Reaction, Revision
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def edit(
    actor: Actor, room_id: int, *, no: int, cid: str, text: str, base_rev: int, now: datetime
) -> Changed:
    """Change what one said; ``base_rev`` is the revision that was before the author's eyes.

    The old text stays readable in the history. Raise as ``acting.begin``; NotAllowed
    ``chat.not_yours`` or ``chat.not_seated``; Refusal ``chat.blank``, ``chat.too_long``,
    ``chat.too_old`` or ``chat.message_gone``; Conflict ``chat.edited_meanwhile`` when the text is
    no longer that of ``base_rev``; TooMany; and as ``mentions.named_in``.
    """
    body = rules.said(text)
    named = mentions.named_in(body)
    html = markdown_to_html(body, named.links)
    act = begin(actor, room_id, no=no, kind="edit", cid=cid, now=now)
    message = act.message
    if act.before:
        return _edited_before(act, body)
    if message.speaker_id != actor.id:
        raise NotAllowed("chat.not_yours")
    act.check_seated()
    act.check_there()
    message_rules.check_age(message.at, now)
    if message.rev != base_rev:
        raise Conflict("chat.edited_meanwhile", field="text")
    if message.body_md == body:
        return Changed(room_id=act.room.id, no=no, rev=message.rev, html=message.body_html)
    message_rules.slow_down(actor, "edit", now)
    _keep(
        message.id,
        rev=message.rev,
        md=message.body_md,
        html=message.body_html,
        at=message.edited_at or message.at,
    )
    message.body_md, message.body_html = body, html
    message.rev, message.edited_at = base_rev + 1, now
    db.session.flush()
    mentions.renote(actor, act.room, named, message=message, now=now)
    seq = act.write({"rev": message.rev}, with_text=True)
    record(_changed(act, seq))
    return Changed(room_id=act.room.id, no=no, seq=seq, rev=message.rev, html=html)


def _keep(message_id: int, *, rev: int, md: str, html: str, at: datetime) -> None:
    db.session.add(Revision(message_id=message_id, rev=rev, body_md=md, body_html=html, at=at))


def _changed(act: Act, seq: int) -> MessageChanged:
    room, message = act.room, act.message
    return MessageChanged(
        actor_id=act.actor.id,
        site_id=room.site_id,
        room_id=room.id,
        seq=seq,
        message_id=message.id,
        no=message.no,
    )


def _edited_before(act: Act, body: str) -> Changed:
    """The same answer again; raise Conflict ``chat.cid_reused`` if the words were others."""
    done, message = act.before, act.message
    rev = done.data["rev"] if done else 0
    query = select(Revision.body_md).where(Revision.message_id == message.id, Revision.rev == rev)
    then = message.body_md if message.rev == rev else db.session.scalar(query)
    if message.gone_at is None and then != body:
        raise Conflict("chat.cid_reused")
    return Changed(
        room_id=act.room.id,
        no=message.no,
        seq=done.seq if done else 0,
        rev=message.rev,
        html=message.body_html,
        again=True,
    )


def take_away(
    actor: Actor, room_id: int, *, no: int, cid: str, reason: str = "", now: datetime
) -> Changed:
    """Leave only a trace of a message: its author, or with a reason who moderates the room.

    Its text and former texts, reactions, pin and mentions go. Raise as ``acting.begin``;
    NotAllowed ``chat.not_yours``, Refusal ``chat.reason_missing``, TooMany.
    """
    act = begin(actor, room_id, no=no, kind="del", cid=cid, now=now)
    message, room = act.message, act.room
    if act.before or (message.gone_at is not None and message.speaker_id == actor.id):
        seq = act.before.seq if act.before else 0
        return Changed(room_id=room.id, no=no, seq=seq, rev=message.rev, again=True)
    act.check_there()
    if not message_policy.may_delete(actor, room, message):
        raise NotAllowed("chat.not_yours")
    mine = message.speaker_id == actor.id
    why = None if mine else message_rules.reason(reason)
    message_rules.slow_down(actor, "del", now)
    seq = strip(act, why=why)
    return Changed(room_id=room.id, no=no, seq=seq, rev=message.rev)


def strip(act: Act, *, why: str | None) -> int:
    """Leave only a trace of the message of an act; ``why`` a moderator did. The entry's ``seq``."""
    message = act.message
    mentions.withdraw(act.actor, act.room, message)
    for rows in (Revision, Reaction, Pin, ChatFile):
        db.session.execute(delete(rows).where(rows.message_id == message.id))
    message.body_md = message.body_html = ""
    message.gone_at, message.gone_reason, message.file_count = act.now, why, 0
    db.session.flush()
    seq = act.write({}, with_text=True)
    record(_changed(act, seq) if why is None else _removed(act, seq, why))
    return seq


def _removed(act: Act, seq: int, why: str) -> MessageRemoved:
    room, message = act.room, act.message
    return MessageRemoved(
        actor_id=act.actor.id,
        site_id=room.site_id,
        room_id=room.id,
        seq=seq,
        message_id=message.id,
        no=message.no,
        member_id=message.author_id,
        reason=why,
    )
