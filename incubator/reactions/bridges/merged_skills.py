"""Terms of the vocabulary that are merged: questions and duties that ask for them follow."""

from __future__ import annotations

from incubator.domain.commitments.slot_series import move_skill
from incubator.domain.exchanges.deals import personal as deals
from incubator.domain.exchanges.listings import personal as listings
from incubator.domain.exchanges.rings import personal as rings
from incubator.domain.help import follows
from incubator.domain.help.learning import measuring
from incubator.domain.help.proof import helpers_in, move_questions
from incubator.domain.help.search_documents import index_threads_about
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.members.events import SkillsMerged
from incubator.reactions.bridges.proof_of_help import recount


def merged(event: SkillsMerged) -> None:
    """Both ask for the term that stays; a question that asked for both proves it once."""
    move_skill(event.gone_id, event.kept_id)
    helpers = helpers_in(event.gone_id)
    move_questions(event.gone_id, event.kept_id)
    follows.move_skill(event.gone_id, event.kept_id)
    measuring.move_skill(event.gone_id, event.kept_id, now=utcnow())
    listings.move_skill(event.gone_id, event.kept_id)
    deals.move_skill(event.gone_id, event.kept_id)
    rings.move_skill(event.gone_id, event.kept_id)
    index_threads_about(event.kept_id)
    for member_id in helpers:
        recount(member_id)


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(SkillsMerged, merged)
