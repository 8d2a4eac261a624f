"""Help that was accepted is proof of a skill; what is taken back proves nothing any more."""

from __future__ import annotations

from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerRemoved,
    QuestionEdited,
    QuestionRemoved,
    QuestionReopened,
)
from incubator.domain.help.proof import confirmed_help, helper_of, helper_thanked_for
from incubator.kernel.events import joins
from incubator.network.members.proofs import Confirmed, set_proofs


def recount(member_id: int) -> None:
    """Write anew what the records say of one helper."""
    told = confirmed_help(member_id)
    set_proofs(member_id, {skill_id: Confirmed(*how) for skill_id, how in told.items()})


def accepted(event: AnswerAccepted) -> None:
    """One more for the helper, one less for whoever was thanked before."""
    before = helper_of(event.instead_of) if event.instead_of else None
    for member_id in sorted({event.helper_id, *([before] if before else [])}):
        recount(member_id)


def reopened(event: QuestionReopened) -> None:
    """One less for whoever was thanked."""
    _recount_author(event.answer_id)


def removed(event: AnswerRemoved) -> None:
    """The same for an answer that was taken away."""
    _recount_author(event.answer_id)


def changed(event: QuestionEdited | QuestionRemoved) -> None:
    """A question asks for other skills, or is gone: its helper's proof follows."""
    for member_id in helper_thanked_for(event.question_id):
        recount(member_id)


def _recount_author(answer_id: int | None) -> None:
    helper = helper_of(answer_id) if answer_id else None
    if helper:
        recount(helper)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(AnswerAccepted, accepted)
    joins(QuestionReopened, reopened)
    joins(AnswerRemoved, removed)
    joins(QuestionEdited, changed)
    joins(QuestionRemoved, changed)
