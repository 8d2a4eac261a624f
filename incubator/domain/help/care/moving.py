"""A thread that belongs elsewhere: another site's, or for other readers.

Whoever asked chose who reads it. More readers, or managers who would learn who asked without a
name, need their consent: the move is offered and waits. Fewer readers need none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from incubator.domain.help import queries
from incubator.domain.help.care import policy, records, rules
from incubator.domain.help.care.events import MoveAnswered, MoveOffered, ThreadMoved
from incubator.domain.help.care_models import Case
from incubator.domain.help.records import tell
from incubator.domain.help.rules import clean_audience
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.care_models import Measure
    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor

    Place = tuple[str, int | None]


def move(
    actor: Actor, question_id: int, *, audience: str, site_id: int | None, now: datetime
) -> Measure:
    """Move a thread, or offer it to its asker when more people would read it or know who asked.

    The measure is a «move» or an «offer». Raise NotAllowed ``help.run_not_manager``, Refusal
    ``help.care_circle``, ``help.care_site`` for a site they do not run, ``help.care_same`` or
    ``help.care_offered``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not actor.manages(question.site_id):
        raise NotAllowed("help.run_not_manager")
    if not policy.may_move_to(actor, site_id):
        raise Refusal("help.care_site", field="site")
    if question.audience == "circle":
        raise Refusal("help.care_circle", field="audience")
    new, old = (clean_audience(audience, site_id, ())[0], site_id), _place(question)
    if new == old:
        raise Refusal("help.care_same", field="audience")
    case = records.case_of(question, question)
    if records.standing(case, "offer"):
        raise Refusal("help.care_offered", field="audience")
    unveils = question.anonymous and new[1] != old[1]
    if question.author_id != actor.id and (rules.is_wider(old, new) or unveils):
        return _offer(actor, question, case, new=new, now=now)
    return _apply(actor, question, case, new=new, now=now)


def answer_offer(actor: Actor, question_id: int, *, agreed: bool, now: datetime) -> None:
    """The asker says whether their thread may be moved as it was offered.

    Raise NotAllowed ``help.care_not_asker``, Conflict ``care.undone``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if question.author_id != actor.id:
        raise NotAllowed("help.care_not_asker")
    case = records.find_case(question)
    offer = records.standing(case, "offer") if case else None
    if case is None or offer is None:
        raise Conflict("care.undone")
    offer.answer = "agreed" if agreed else "refused"
    records.undo(actor, case, offer, now=now)
    tell_answer(actor, question, case, answer=offer.answer)
    if agreed:
        _apply(actor, question, case, new=(offer.audience, offer.site_id), now=now)


def tell_answer(actor: Actor, question: Question, case: Case, *, answer: str) -> None:
    """An offer is answered, or no longer made when the answer is empty."""
    told = {"case_id": case.id, "member_id": case.author_id}
    tell(MoveAnswered, actor, question, **told, answer=answer)


def move_back(
    actor: Actor, question: Question, case: Case, *, measure: Measure, now: datetime
) -> None:
    """Undo a move: what its asker chose, or agreed to, needs no consent again.

    Raise Conflict ``help.care_moved_on`` when it was moved since, NotAllowed
    ``help.run_not_manager`` for a site that they do not run.
    """
    if _place(question) != (measure.audience, measure.site_id):
        raise Conflict("help.care_moved_on")
    if not actor.manages(measure.old_site_id):
        raise NotAllowed("help.run_not_manager")
    records.undo(actor, case, measure, now=now)
    _put(actor, question, case, new=(measure.old_audience, measure.old_site_id))


def _place(question: Question) -> Place:
    return question.audience, question.site_id


def _offer(actor: Actor, question: Question, case: Case, *, new: Place, now: datetime) -> Measure:
    where = {"audience": new[0], "site_id": new[1]}
    offer = records.take(actor, case, "offer", now=now, **where, **_old(question))
    told = {"case_id": case.id, "member_id": case.author_id, "audience": new[0]}
    tell(MoveOffered, actor, question, **told)
    return offer


def _old(question: Question) -> dict[str, object]:
    return {"old_audience": question.audience, "old_site_id": question.site_id}


def _apply(actor: Actor, question: Question, case: Case, *, new: Place, now: datetime) -> Measure:
    where = {"audience": new[0], "site_id": new[1]}
    taken = records.take(actor, case, "move", now=now, **where, **_old(question))
    _put(actor, question, case, new=new)
    return taken


def _put(actor: Actor, question: Question, case: Case, *, new: Place) -> None:
    old_site_id = question.site_id
    question.audience, question.site_id = new
    of_thread = update(Case).where(Case.question_id == question.id).values(site_id=new[1])
    db.session.execute(of_thread.execution_options(synchronize_session=False))
    db.session.flush()
    told = {"case_id": case.id, "member_id": case.author_id, "audience": new[0]}
    tell(ThreadMoved, actor, question, **told, from_site_id=old_site_id)
