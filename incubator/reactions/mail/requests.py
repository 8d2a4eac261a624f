"""Letters to those who are asked: the question whole, why they, and what they can do with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help import policy
from incubator.domain.help.models import Question
from incubator.domain.help.routing.events import RequestTold
from incubator.domain.help.routing.models import HelpRequest
from incubator.domain.help.routing.telling import told
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.queries import account_of, actor_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(RequestTold, asked)


def asked(event: RequestTold) -> None:
    """To who is asked; whoever asked without their name is named to nobody who may not know."""
    account = account_of(event.member_id)
    request = db.session.scalar(
        select(HelpRequest)
        .where(
            HelpRequest.question_id == event.question_id, HelpRequest.member_id == event.member_id
        )
        .options(
            joinedload(HelpRequest.by),
            joinedload(HelpRequest.question).joinedload(Question.author),
            joinedload(HelpRequest.question).joinedload(Question.site),
        )
    )
    if account is None or request is None:
        return
    question = request.question
    named = policy.knows_asker(actor_of(account), question)
    values = {
        "id": str(question.id),
        "title": question.title,
        "html": question.body_html,
        "text": question.body_md,
        "author": question.author.name if named else "",
        "city": question.site.city if question.site else "",
        "by": request.by.name if request.by else "",
        "reasons": [each._asdict() for each in told(request.reasons, account.language)],
        "needed_on": question.needed_on.isoformat() if question.needed_on else None,
    }
    about = About("thread", question.id, "asked", by=request.by_id)
    write("help_asked", "asked", [account], values=values, about=about)
