"""What deals keep of a member: what they wrote and signed for a firm, which the firm keeps.

A deal is the firms': who leaves or is forgotten stays in it as the person that their row says,
without a name once it is forgotten, since the other firm relies on the signature.
"""

from __future__ import annotations

from sqlalchemy import update

from incubator.domain.exchanges.deals.models import (
    Deal,
    DealLeg,
    DealParty,
    DealSignature,
    DealStep,
    Dispute,
)
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "deals": Part(Deal, (Deal.created_by_id,), secret=("once",)),
        "deal_parties": Part(DealParty, (DealParty.person_id,)),
        "deal_signatures": Part(DealSignature, (DealSignature.person_id,)),
        "deal_events": Part(DealStep, (DealStep.by_id,)),
        "deal_disputes": Part(Dispute, (Dispute.opened_by_id, Dispute.mediator_id)),
    }
)


def move_skill(gone_id: int, kept_id: int) -> None:
    """Legs that named a merged term name the one that stays; no signature speaks of it."""
    named = update(DealLeg).where(DealLeg.skill_id == gone_id)
    db.session.execute(named.values(skill_id=kept_id))
