"""Help accepted, or whose time was confirmed, is proof of a skill; what is taken back is none."""

from __future__ import annotations

from incubator.domain.commitments import thread_help
from incubator.domain.commitments.events import HoursConfirmed, HoursWithdrawn
from incubator.domain.help.care.events import PostHidden, PostShown
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
    timed = thread_help.confirmed_threads(member_id)
    told = confirmed_help(member_id, timed)
    set_proofs(member_id, {skill_id: Confirmed(*how) for skill_id, how in told.items()})


def accepted(event: AnswerAccepted | AnswerUnaccepted) -> None:
    """One more for the helper, or one less."""
    recount(event.helper_id)


def changed(event: QuestionEdited | QuestionRemoved | PostHidden | PostShown) -> None:
    """A question asks for other skills, or a post is gone or there again: proof follows."""
    timed = thread_help.givers_in(event.question_id)
    for member_id in sorted({*helper_thanked_for(event.question_id), *timed}):
        recount(member_id)


def hours_decided(event: HoursConfirmed | HoursWithdrawn) -> None:
    """Minutes of help in a thread count, or no longer."""
    if event.kind == thread_help.KIND:
        recount(event.giver_id)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(AnswerAccepted, accepted)
    joins(AnswerUnaccepted, accepted)
    joins(QuestionEdited, changed)
    joins(QuestionRemoved, changed)
    joins(PostHidden, changed)
    joins(PostShown, changed)
    joins(HoursConfirmed, hours_decided)
    joins(HoursWithdrawn, hours_decided)
