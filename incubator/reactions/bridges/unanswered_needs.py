"""Questions that nobody answered for two days: their askers hear that they may become needs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from incubator.domain.exchanges.listings.queries import firm_ids_of
from incubator.domain.help.models import Question
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import job, later
from incubator.kernel.schedule import hourly
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Mapping

HINT: Final = "exchanges.hint"
UNANSWERED: Final = timedelta(hours=48)
# Found again for a day, if the machine was off; the key of the job lets each be told once.
FOUND_FOR: Final = timedelta(hours=24)
AT_ONCE: Final = 200


@hourly("exchanges.unanswered")
def look(payload: Mapping[str, Any]) -> None:
    """Write a job for each question that waits for an answer since two days."""
    del payload
    until = utcnow() - UNANSWERED
    waiting = (
        select(Question.id)
        .where(
            Question.state == "open",
            Question.answer_count == 0,
            Question.asked_at <= until,
            Question.asked_at > until - FOUND_FOR,
        )
        .order_by(Question.id)
        .limit(AT_ONCE)
    )
    with transaction():
        for question_id in db.session.scalars(waiting).all():
            later(HINT, {"question_id": question_id}, key=f"{HINT}:{question_id}")


@job(HINT)
def hint(payload: Mapping[str, Any]) -> None:
    """Tell an asker who has a firm, if still nobody has answered."""
    with transaction():
        question = db.session.get(Question, int(payload["question_id"]))
        if question is None or question.state != "open" or question.answer_count:
            return
        if firm_ids_of(question.author_id):
            about = About("thread", question.id, "to_need")
            write_lines("listing_hint", {question.author_id}, about)


def subscribe() -> None:
    """Nothing to hear: the clock brings it."""
