"""What one member asked, answered and decided becomes another's: a merge, or a name that goes."""

from __future__ import annotations

from sqlalchemy import String, cast, func, literal, select, update

from incubator.domain.help.events import ThreadsHandedOver
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    Removal,
    Revision,
)
from incubator.kernel.db import db
from incubator.kernel.events import record

DECISIONS = (Acceptance, Closure, Removal, Revision)


def hand_over(*, from_id: int, to_id: int, by_id: int | None) -> int:
    """Let another member be the author of all that one wrote in threads; how many texts.

    Questions and answers get a new ``once``: no form waits for them any more. States and figures
    of the threads stay as they were.
    """
    number = 0
    for written in (Question, Answer):
        own = written.author_id == from_id
        number += db.session.scalar(select(func.count()).select_from(written).where(own)) or 0
        once = literal("moved-").concat(cast(written.id, String))
        change = update(written).where(own).values(author_id=to_id, once=once)
        db.session.execute(change.execution_options(synchronize_session=False))
    for decided in DECISIONS:
        change = update(decided).where(decided.by_id == from_id).values(by_id=to_id)
        db.session.execute(change.execution_options(synchronize_session=False))
    record(ThreadsHandedOver(actor_id=by_id, from_id=from_id, to_id=to_id, how_many=number))
    return number
