"""What a letter about a week tells of the threads: numbers of questions a reader may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, literal_column, or_, select, true

from incubator.domain.help.models import Acceptance, Question
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import db
from incubator.network.members.reader import values_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def solved_between(
    actor: Actor, start: datetime, end: datetime, *, site_id: int, own: bool, most: int
) -> list[int]:
    """Questions solved by an answer accepted in a span: a site's first, the liveliest first.

    Those of a site's ``own`` alone, or of all that the reader may read.
    """
    accepted = select(Acceptance.question_id).where(
        Acceptance.accepted_at >= start, Acceptance.accepted_at < end
    )
    here = case((Question.site_id == site_id, 0), else_=1)
    query = (
        select(Question.id)
        .where(
            Question.id.in_(accepted),
            Question.state == "solved",
            Question.solved_at >= start,
            READABLE,
            Question.site_id == site_id if own else true(),
        )
        .order_by(here, (Question.votes + Question.answer_count).desc(), Question.id)
        .limit(most)
    )
    return list(db.session.scalars(query, values_of(actor)))


def waiting(
    actor: Actor, since: datetime, until: datetime, *, site_id: int, most: int
) -> list[int]:
    """Open questions asked in a span that nobody has replied to: a site's first, the oldest first.

    Those of other sites are told where the whole network reads them.
    """
    here = case((Question.site_id == site_id, 0), else_=1)
    query = (
        select(Question.id)
        .where(
            # Spelt out, so that SQLite sees that the partial index holds them.
            Question.state == literal_column("'open'"),
            Question.first_reply_at.is_(None),
            Question.asked_at >= since,
            Question.asked_at < until,
            or_(Question.site_id == site_id, Question.audience == "network"),
            READABLE,
        )
        .order_by(here, Question.asked_at, Question.id)
        .limit(most)
    )
    return list(db.session.scalars(query, values_of(actor)))
