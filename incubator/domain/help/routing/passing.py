"""What somebody does who is asked: not me, or rather somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.help import queries
from incubator.domain.help.routing.events import HelpersAsked, RequestSettled
from incubator.domain.help.routing.inviting import invite
from incubator.domain.help.routing.models import OPEN, HelpRequest, Route
from incubator.domain.help.routing.people import engaged, people
from incubator.domain.help.routing.waves import hurry, waits
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor


def decline(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Not me: nobody is told. A second time changes nothing.

    Raise NotFound ``help.question``, also for who was never asked.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    request = _own(actor, question)
    if request.state == OPEN:
        _settle(actor, question, request, how="declined", now=now)
        hurry(question.id, now=now)


def pass_on(actor: Actor, question_id: int, *, to_id: int, now: datetime) -> None:
    """Rather somebody else: they are asked instead, and told by whom.

    Raise NotFound ``help.question``, also for who was never asked; Refusal ``help.asked_no_more``
    when it waits for the actor no more, ``help.pass_unavailable`` for whom nobody can ask here
    now: who was asked already, asked it themselves, rests, or may not read it. Which is not told.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    request = _own(actor, question)
    if request.state != OPEN or not waits(question):
        raise Refusal("help.asked_no_more")
    person = people({to_id} - engaged(question), question, now=now).get(to_id)
    if person is None or not person.free:
        raise Refusal("help.pass_unavailable", field="person")
    told = [{"code": "passed"}]
    asked = invite(question, [(person, told)], source="passed", by_id=actor.id, now=now)
    _settle(actor, question, request, how="passed", now=now)
    route = db.session.get_one(Route, question.id)
    record(
        HelpersAsked(
            actor_id=None,
            site_id=question.site_id,
            question_id=question.id,
            step=route.step,
            how_many=len(asked),
            member_ids=tuple(asked),
        )
    )


def _own(actor: Actor, question: Question) -> HelpRequest:
    """What was asked of the actor, as it stands now that the question's row is held."""
    key = {"question_id": question.id, "member_id": actor.id}
    found = db.session.get(HelpRequest, key, populate_existing=True)
    if found is None:
        raise NotFound("help.question")
    return found


def _settle(
    actor: Actor, question: Question, request: HelpRequest, *, how: str, now: datetime
) -> None:
    request.state, request.settled_at, request.due_at = how, now, None
    db.session.flush()
    record(RequestSettled(actor_id=actor.id, question_id=question.id, member_id=actor.id, how=how))
