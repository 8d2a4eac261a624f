"""Letters that ask those quoted from a private room whether they agree to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help import policy
from incubator.domain.help.bump_letters import sees
from incubator.domain.help.bumps import accounts_of
from incubator.domain.help.events import QuestionMadeOfMessages
from incubator.domain.help.models import Question
from incubator.domain.help.talks.models import Quote
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.kernel.text import plain_text
from incubator.network.accounts.queries import actor_of
from incubator.network.members.models import Member
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Sequence


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(QuestionMadeOfMessages, quoted)


def quoted(event: QuestionMadeOfMessages) -> None:
    """To each whose word is waited for: their own messages, and the title if they may read it."""
    question = db.session.get_one(Question, event.question_id)
    asker = db.session.get_one(Member, question.author_id)
    asked: dict[int, list[Quote]] = {}
    for row in _waiting(question.id):
        asked.setdefault(row.author_id, []).append(row)
    for reader in accounts_of(asked):
        actor = actor_of(reader)
        values = {
            "id": str(question.id),
            "title": question.title if sees(actor, question.id) else "",
            "by": asker.name if policy.knows_asker(actor, question) else "",
            "messages": [
                {"html": each.body_html, "text": plain_text(each.body_html)}
                for each in asked[reader.id]
            ],
        }
        about = About("consent", question.id, "consent")
        write("help_quotes", "consent", [reader], values=values, about=about)


def _waiting(question_id: int) -> Sequence[Quote]:
    query = select(Quote).where(Quote.question_id == question_id, Quote.consent == "asked")
    return db.session.scalars(query.order_by(Quote.seq)).all()
