"""Terms of the vocabulary that are merged: the questions that ask for them follow."""

from __future__ import annotations

from incubator.domain.help.proof import move_questions
from incubator.kernel.events import joins
from incubator.network.members.events import SkillsMerged


def merged(event: SkillsMerged) -> None:
    """Questions ask for the term that stays."""
    move_questions(event.gone_id, event.kept_id)


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(SkillsMerged, merged)
