"""What is told in the product alone, and what is read because its subject was."""

from __future__ import annotations

from sqlalchemy import select

from incubator.domain.notices.events import NoticePublished
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.models import Member
from incubator.reactions.notifications.telling import About, tell


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(NoticePublished, announced)


def announced(event: NoticePublished) -> None:
    """To everybody whom an announcement is for, but who wrote it."""
    readers = select(Account.id).where(Account.deactivated_at.is_(None))
    if event.site_id is not None:
        runs = select(Grant.account_id).where(
            Grant.role == "manager", Grant.site_id == event.site_id, Grant.ended_at.is_(None)
        )
        here = select(Member.id).where(Member.home_site_id == event.site_id)
        readers = readers.where(Account.id.in_(here) | Account.id.in_(runs))
    others = set(db.session.scalars(readers)) - {event.actor_id}
    about = About("notice", event.notice_id, "notice", by=event.actor_id, title=event.title)
    tell("notice", others, about)
