"""Terms of the vocabulary that are merged: questions that ask for them follow, and their proof."""

from __future__ import annotations

from incubator.domain.help.proof import helpers_in, move_questions
from incubator.kernel.events import joins
from incubator.network.members.events import SkillsMerged
from incubator.reactions.bridges.proof_of_help import recount


def merged(event: SkillsMerged) -> None:
    """Questions ask for the term that stays; one that asked for both proves it once."""
    helpers = helpers_in(event.gone_id)
    move_questions(event.gone_id, event.kept_id)
    for member_id in helpers:
        recount(member_id)


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(SkillsMerged, merged)
