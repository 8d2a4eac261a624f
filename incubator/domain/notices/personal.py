"""What announcements keep of a member, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.domain.notices.models import Notice, NoticeRead
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "announcements": Part(Notice, (Notice.author_id,), secret=("once",)),
        "read": Part(NoticeRead, (NoticeRead.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """Take away what they read; what they announced was the site's word."""
    db.session.execute(delete(NoticeRead).where(NoticeRead.member_id == member_id))
