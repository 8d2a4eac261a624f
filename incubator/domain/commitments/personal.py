"""What is kept of a member's hours; amounts stay, words may go."""

from __future__ import annotations

from sqlalchemy import update

from incubator.domain.commitments.models import Contribution, Line, Pledge, Standing
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "hours": Part(Contribution, (Contribution.giver_id, Contribution.receiver_id)),
        "promises": Part(Pledge, (Pledge.member_id,)),
        "ledger": Part(Line, (Line.member_id,)),
        "months": Part(Standing, (Standing.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """Take away what a member wrote beside their hours; minutes, days and lines stay."""
    given = Contribution.giver_id == member_id
    db.session.execute(update(Contribution).where(given).values(note="", reason=""))
    db.session.expire_all()
