"""What is kept of what a member was suggested, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.domain.suggestions.models import Suggested
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData({"suggested": Part(Suggested, (Suggested.member_id,))})


def forget(member_id: int) -> None:
    """It goes with them."""
    db.session.execute(delete(Suggested).where(Suggested.member_id == member_id))
