"""Members who offer something, and what was asked of them, for tests of routing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.help.routing import asking, passing, waves
from incubator.domain.help.routing.asking_rules import Wishes
from incubator.domain.help.routing.models import HelpRequest
from incubator.kernel.db import as_of, db, transaction
from incubator.network.members.models import MemberSkill

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.members.models import Skill
    from tests.factories import Make


def offers(who: Account, term: Skill, level: int = 2) -> Account:
    """Somebody who offers a skill."""
    with transaction():
        db.session.add(MemberSkill(member_id=who.id, skill_id=term.id, wanted=False, level=level))
    return who


def wishes(make: Make, who: Account, **chosen: Any) -> None:
    """How often somebody wants to be asked."""
    with transaction():
        asking.choose(make.actor(who), Wishes(**chosen), now=make.now)


def asked(question: Question) -> dict[int, str]:
    """Who was asked, in which state it is."""
    rows = db.session.execute(
        select(HelpRequest.member_id, HelpRequest.state)
        .where(HelpRequest.question_id == question.id)
        .order_by(HelpRequest.member_id)
    )
    return dict(rows.all())


def row(question: Question, who: Account) -> HelpRequest:
    """What was asked of somebody."""
    return db.session.get_one(HelpRequest, (question.id, who.id), populate_existing=True)


def advance(question: Question, now: datetime) -> int:
    """The next step, if it is due."""
    with transaction(), as_of(now):
        return waves.advance(question.id, now=now)


def decline(make: Make, who: Account, question: Question) -> None:
    """Not me."""
    with transaction():
        passing.decline(make.actor(who), question.id, now=make.now)


def pass_on(make: Make, who: Account, question: Question, to: Account) -> None:
    """Rather somebody else."""
    with transaction():
        passing.pass_on(make.actor(who), question.id, to_id=to.id, now=make.now)
