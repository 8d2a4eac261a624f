"""The letters to those who are asked: each is written in the transaction that notes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help.bump_letters import sees
from incubator.domain.help.bumps import accounts_of
from incubator.domain.help.models import Question
from incubator.domain.help.routing.events import RequestTold
from incubator.domain.help.routing.models import OPEN, HelpRequest
from incubator.domain.help.routing.waves import waits
from incubator.kernel.db import db
from incubator.kernel.events import record_all
from incubator.network.accounts.queries import actor_of
from incubator.network.letters import wishes

if TYPE_CHECKING:
    from datetime import datetime


def write_due(question_id: int, *, now: datetime) -> None:
    """Let everybody know whose letter is due: who may still read it and is still needed."""
    question = db.session.get(Question, question_id, with_for_update=True, populate_existing=True)
    if question is None:
        return
    rows = db.session.scalars(
        select(HelpRequest)
        .where(HelpRequest.question_id == question_id, HelpRequest.due_at <= now)
        .where(HelpRequest.state == OPEN)
        .order_by(HelpRequest.member_id)
        .execution_options(populate_existing=True)
    ).all()
    accounts = {each.id: each for each in accounts_of(row.member_id for row in rows)}
    takers = wishes.wanting("help_asked", accounts)
    needed, told = waits(question), []
    for row in rows:
        row.due_at = None
        account = accounts.get(row.member_id)
        writes = needed and row.member_id in takers
        if account and writes and sees(actor_of(account), question_id):
            row.told_at = now
            told.append(
                RequestTold(actor_id=None, question_id=question_id, member_id=row.member_id)
            )
    db.session.flush()
    record_all(told)
