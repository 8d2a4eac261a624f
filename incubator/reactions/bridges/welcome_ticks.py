"""What the product sees done in the welcome of a newcomer is ticked by itself."""

from __future__ import annotations

from incubator.domain.help.events import AnswerAccepted
from incubator.domain.help.models import Question
from incubator.domain.membership import welcome
from incubator.kernel.db import db, utcnow
from incubator.kernel.events import joins
from incubator.network.members.events import ProfileChanged


def profile_changed(event: ProfileChanged) -> None:
    """Their portrait is there."""
    if "portrait" in event.changed:
        welcome.tick_by_itself(event.member_id, "portrait", now=utcnow())


def answer_accepted(event: AnswerAccepted) -> None:
    """Their answer helped somebody else."""
    if db.session.get_one(Question, event.question_id).author_id != event.helper_id:
        welcome.tick_by_itself(event.helper_id, "first_help", now=utcnow())


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(ProfileChanged, profile_changed)
    joins(AnswerAccepted, answer_accepted)
