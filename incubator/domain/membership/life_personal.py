"""What is kept of the course of a membership; days and choices stay, words may go."""

from __future__ import annotations

from sqlalchemy import update

from incubator.domain.membership.life_models import Erasure, Process
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "membership": Part(Process, (Process.member_id,)),
        "erasure-requests": Part(Erasure, (Erasure.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """Take away the reasons that were written; that somebody was away or left stays."""
    theirs = Process.member_id == member_id
    db.session.execute(update(Process).where(theirs).values(reason="", answer=""))
    db.session.expire_all()
