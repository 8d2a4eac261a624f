"""Asking somebody: one row a member and question, one letter, outside their quiet hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from incubator.domain.help import bumps
from incubator.domain.help.bump_rules import due_at
from incubator.domain.help.follow_models import Bump
from incubator.domain.help.routing.models import OPEN, HelpRequest
from incubator.domain.help.routing.people import engaged, people
from incubator.kernel.db import db, insert_once
from incubator.kernel.jobs import later
from incubator.network.accounts.models import Grant
from incubator.network.letters import wishes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.domain.help.routing.people import Person
    from incubator.domain.help.routing.rules import Reason

TELL: Final = "help.asked"


def number_asked(question_id: int) -> int:
    """How many members were asked so far."""
    query = select(func.count()).where(HelpRequest.question_id == question_id)
    return db.session.scalar(query) or 0


def invite(
    question: Question,
    chosen: Iterable[tuple[Person, list[Reason]]],
    *,
    source: str,
    now: datetime,
    by_id: int | None = None,
) -> list[int]:
    """Ask these members, each of whom is asked once; who was, by id. The caller holds the row."""
    pairs = list(chosen)
    takers = wishes.wanting("help_asked", [person.id for person, _told in pairs])
    asked: list[int] = []
    dues: set[datetime] = set()
    for person, told in pairs:
        due = due_at(now, person.quiet).replace(microsecond=0)
        writes = person.id in takers and not bumps.is_quiet()
        new = insert_once(
            HelpRequest,
            question_id=question.id,
            member_id=person.id,
            source=source,
            by_id=by_id,
            reasons=told,
            state=OPEN,
            invited_at=now,
            settled_at=None,
            due_at=due if writes else None,
            told_at=None,
        )
        if new:
            asked.append(person.id)
            dues |= {due} if writes else set()
            if writes:
                _one_letter(question.id, person.id)
    for due in sorted(dues):
        key = f"{TELL}:{question.id}:{due:%Y%m%dT%H%M%S}"
        later(TELL, {"question_id": question.id}, at=due, key=key)
    return asked


def _one_letter(question_id: int, member_id: int) -> None:
    """Who also follows the skill or the site gets the letter that says why they are asked."""
    db.session.execute(
        update(Bump)
        .where(Bump.question_id == question_id, Bump.member_id == member_id)
        .values(due_at=None)
        .execution_options(synchronize_session=False)
    )


def ask_managers(question: Question, *, now: datetime) -> list[int]:
    """Ask who runs the site where it was asked, whatever they wished for themselves."""
    runs = select(Grant.account_id).where(
        Grant.role == "manager", Grant.site_id == question.site_id, Grant.ended_at.is_(None)
    )
    known = people(set(db.session.scalars(runs)) - engaged(question), question, now=now)
    pairs: list[tuple[Person, list[Reason]]] = [
        (each, [{"code": "manager"}]) for each in known.values() if not each.away
    ]
    return invite(question, pairs, source="manager", now=now)
