"""What is decided about reported messages, and how each of it is undone.

A hidden message counts as gone everywhere: its words leave its row and lie with the case alone, so
that no list, search, quote or log can show them; its files hang on it and are not handed out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.chat import log, mentions, muting
from incubator.domain.chat.care import doors, records, rules
from incubator.domain.chat.care.events import JudgementUndone, MessageJudged, RoomReportsAnswered
from incubator.domain.chat.events import RoomMoved
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.models import BY_SEAT, Message
from incubator.domain.chat.places import place_of
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.care.models import ChatCase
    from incubator.domain.chat.places import Place
    from incubator.network.members.actor import Actor


def decide(
    actor: Actor,
    case_id: int,
    *,
    what: str,
    note: str,
    seen: int,
    now: datetime,
    hours: int | None = None,
) -> ChatCase:
    """Do one of the DECISIONS about a case as its version ``seen`` was.

    To ``mute`` takes ``hours``. Raise NotFound ``chat.case``, Conflict ``care.meanwhile``,
    Refusal ``care.act``, on the note, which the room reads when a message is hidden, or
    as ``muting.silence``.
    """
    case = doors.case_seen_by(actor, case_id, lock=True)
    if case.version != seen:
        raise Conflict("care.meanwhile")
    if what not in doors.decisions_on(actor, case) or (what == "mute") != (hours is not None):
        raise Refusal("care.act", field="act")
    hides = what == "hide"
    why = rules.words_of(note, needed=hides, most=rules.WHY_MOST if hides else rules.WORDS_MOST)
    if hides:
        _hide(actor, case, why=why, now=now)
    until = _silence(actor, case, hours, now=now) if hours is not None else None
    if case.waiting_since is not None:
        since = case.waiting_since
        record(RoomReportsAnswered(actor_id=actor.id, case_id=case.id, what=what, since=since))
    records.take(actor, case, what, note=why, now=now, until=until)
    record(
        MessageJudged(
            actor_id=actor.id,
            site_id=case.site_id,
            case_id=case.id,
            member_id=case.author_id,
            what=what,
            note=why,
        )
    )
    return case


def undo(actor: Actor, measure_id: int, *, now: datetime) -> ChatCase:
    """Take a decision back; both stay written down. Raise as ``doors.measure_seen_by``."""
    case, measure = doors.measure_seen_by(actor, measure_id)
    if measure.kind == "hide":
        _show(actor, case, now=now)
    elif measure.until is not None:
        muting.lift(actor, _room(actor, case), case.author_id, until=measure.until, now=now)
    records.undo(actor, case, measure, now=now)
    record(
        JudgementUndone(
            actor_id=actor.id,
            site_id=case.site_id,
            case_id=case.id,
            member_id=case.author_id,
            what=measure.kind,
        )
    )
    return case


def _hide(actor: Actor, case: ChatCase, *, why: str, now: datetime) -> None:
    message = _message(case)
    if message.gone_at is not None:
        raise Refusal("chat.message_gone")
    mentions.withdraw(actor, _room(actor, case), message)
    case.text_md, case.text_html = message.body_md, message.body_html
    message.body_md = message.body_html = ""
    message.gone_at, message.gone_reason, message.file_count = now, why, 0
    _tell(actor, case, message, kind="del", now=now)


def _show(actor: Actor, case: ChatCase, *, now: datetime) -> None:
    message = _message(case)
    message.body_md, message.body_html = case.text_md, case.text_html
    message.gone_at = message.gone_reason = None
    files = select(func.count()).select_from(ChatFile).where(ChatFile.message_id == message.id)
    message.file_count = db.session.scalar(files) or 0
    mentions.recall(_room(actor, case), message)
    _tell(actor, case, message, kind="edit", now=now)


def _silence(actor: Actor, case: ChatCase, hours: int, *, now: datetime) -> datetime:
    muting.silence(actor, _room(actor, case), case.author_id, hours=hours, now=now)
    return now + timedelta(hours=hours)


def _room(actor: Actor, case: ChatCase) -> Place:
    return place_of(actor.id, case.room_id)


def _message(case: ChatCase) -> Message:
    return db.session.get_one(Message, case.message_id, populate_existing=True)


def _tell(actor: Actor, case: ChatCase, message: Message, *, kind: str, now: datetime) -> None:
    """One entry in the log of the room: pages and whoever catches up follow."""
    db.session.flush()
    seq = log.next_entry(case.room_id)
    data: dict[str, Any] = {"no": message.no, "rev": message.rev}
    if case.room.kind in BY_SEAT:
        # Some who sit there may not read what was said before they came.
        data["by_seat"] = True
    log.write(case.room_id, seq, actor, kind=kind, message_id=message.id, data=data, at=now)
    record(RoomMoved(actor_id=actor.id, site_id=case.site_id, room_id=case.room_id, seq=seq))
