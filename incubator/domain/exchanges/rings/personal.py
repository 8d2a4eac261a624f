"""What rings keep of a member: that they answered for their firm, and why not, in their words."""

from __future__ import annotations

from sqlalchemy import update

from incubator.domain.exchanges.rings.models import RingMember
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

# A row is of one firm and its own listings: it does not say who else is in the ring.
personal_data = PersonalData({"ring_answers": Part(RingMember, (RingMember.said_by_id,))})


def forget(member_id: int) -> None:
    """Let go of the reasons they gave."""
    theirs = update(RingMember).where(RingMember.said_by_id == member_id)
    db.session.execute(theirs.values(reason=""))


def move_skill(gone_id: int, kept_id: int) -> None:
    """What a ring gives by a merged term is given by the one that stays."""
    named = update(RingMember).where(RingMember.skill_id == gone_id)
    db.session.execute(named.values(skill_id=kept_id))
