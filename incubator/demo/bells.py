"""A step of the loader: announcements are told, and what is old was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from incubator.demo.exchanges import SEEN_AFTER
from incubator.domain.notices.events import NoticePublished
from incubator.domain.notices.models import Notice
from incubator.kernel.db import as_of, db
from incubator.reactions.mail.told import announced
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.models import Notification

if TYPE_CHECKING:
    from incubator.demo.stage import Stage


def ring(stage: Stage) -> str:
    """Ring the bells of the demo; how many subjects are told."""
    for notice in db.session.scalars(select(Notice).order_by(Notice.id)).all():
        with as_of(notice.published_at):
            announced(
                NoticePublished(
                    actor_id=notice.author_id,
                    site_id=notice.site_id,
                    notice_id=notice.id,
                    title=notice.title,
                )
            )
    reading.read_before(stage.now - SEEN_AFTER)
    # A cause is a random name: the same demo has the same rows.
    db.session.execute(update(Notification).values(cause=""))
    told = db.session.scalar(select(func.count()).select_from(Notification))
    return f"{told} notifications"
