"""What is kept of a member's choices about letters, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData
from incubator.network.letters.models import DigestPace, LetterChoice, Pause, QuietHours

personal_data = PersonalData(
    {
        "letters-chosen": Part(LetterChoice, (LetterChoice.member_id,)),
        "quiet-hours": Part(QuietHours, (QuietHours.member_id,)),
        "digests-chosen": Part(DigestPace, (DigestPace.member_id,)),
        "letters-paused": Part(Pause, (Pause.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """What they wanted of letters goes: none reaches them any more."""
    for rows in (LetterChoice, QuietHours, DigestPace, Pause):
        db.session.execute(delete(rows).where(rows.member_id == member_id))
