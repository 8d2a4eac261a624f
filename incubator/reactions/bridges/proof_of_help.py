"""Help that was accepted is proof of a skill; what is taken back proves nothing any more."""

from __future__ import annotations

from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    QuestionEdited,
    QuestionRemoved,
)
from incubator.domain.help.proof import confirmed_help, helper_thanked_for
from incubator.kernel.events import joins
from incubator.network.members.proofs import Confirmed, set_proofs


def recount(member_id: int) -> None:
    """Write anew what the records say of one helper."""
    told = confirmed_help(member_id)
    set_proofs(member_id, {skill_id: Confirmed(*how) for skill_id, how in told.items()})


def accepted(event: AnswerAccepted | AnswerUnaccepted) -> None:
    """One more for the helper, or one less."""
    recount(event.helper_id)


def changed(event: QuestionEdited | QuestionRemoved) -> None:
    """A question asks for other skills, or is gone: its helper's proof follows."""
    for member_id in helper_thanked_for(event.question_id):
        recount(member_id)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(AnswerAccepted, accepted)
    joins(AnswerUnaccepted, accepted)
    joins(QuestionEdited, changed)
    joins(QuestionRemoved, changed)
