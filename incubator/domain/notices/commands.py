"""Announcing, correcting, withdrawing, and saying «I read it»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.domain.notices import policy, rules
from incubator.domain.notices.events import NoticeEdited, NoticePublished, NoticeWithdrawn
from incubator.domain.notices.models import Notice, NoticeRead
from incubator.domain.notices.queries import visible_to
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def publish(
    actor: Actor,
    *,
    site_id: int | None,
    title: str,
    body: str,
    expires_at: datetime,
    once: str,
    now: datetime,
) -> Notice:
    """Tell a site, or the network (None), something until ``expires_at``; ``body`` is Markdown.

    The same form sent twice gives one announcement. Raise NotAllowed ``notices.publish``;
    Refusal ``notices.empty``, ``notices.too_long``, ``notices.over`` or ``notices.too_far``.
    """
    if not policy.may_publish(actor, site_id):
        raise NotAllowed("notices.publish")
    text = rules.clean(body, "body", rules.BODY_MOST)
    rules.check_end(expires_at, now)
    made = insert_once(
        Notice,
        site_id=site_id,
        author_id=actor.id,
        once=once[:40],
        title=rules.clean(title, "title", rules.TITLE_MOST),
        body_md=text,
        body_html=markdown_to_html(text),
        published_at=now,
        expires_at=expires_at,
    )
    notice = db.session.scalars(
        select(Notice).where(Notice.author_id == actor.id, Notice.once == once[:40])
    ).one()
    if made:
        record(
            NoticePublished(
                actor_id=actor.id, site_id=site_id, notice_id=notice.id, title=notice.title
            )
        )
    return notice


def edit(
    actor: Actor, notice_id: int, *, title: str, body: str, expires_at: datetime, now: datetime
) -> Notice:
    """Correct an announcement; those who read another text are asked again.

    Raise NotFound, NotAllowed ``notices.publish``; Refusal as ``publish`` or
    ``notices.withdrawn``.
    """
    notice = _held(actor, notice_id)
    if notice.withdrawn_at:
        raise Refusal("notices.withdrawn")
    values = {
        "title": rules.clean(title, "title", rules.TITLE_MOST),
        "body_md": rules.clean(body, "body", rules.BODY_MOST),
    }
    if expires_at != notice.expires_at:
        rules.check_end(expires_at, now)
        notice.expires_at = expires_at
    changed = [name for name, value in values.items() if getattr(notice, name) != value]
    for name in changed:
        setattr(notice, name, values[name])
    if changed:
        notice.body_html, notice.edited_at = markdown_to_html(notice.body_md), now
        db.session.execute(delete(NoticeRead).where(NoticeRead.notice_id == notice_id))
    record(NoticeEdited(actor_id=actor.id, site_id=notice.site_id, notice_id=notice_id))
    return notice


def withdraw(actor: Actor, notice_id: int, *, now: datetime) -> None:
    """Take an announcement back; doing it twice changes nothing. Raise NotFound, NotAllowed."""
    notice = _held(actor, notice_id)
    if notice.withdrawn_at is None:
        notice.withdrawn_at = now
        record(NoticeWithdrawn(actor_id=actor.id, site_id=notice.site_id, notice_id=notice_id))


def mark_read(actor: Actor, notice_id: int, *, now: datetime) -> None:
    """Say that one read it; saying it twice keeps the first time. Raise NotFound."""
    visible_to(actor, notice_id)
    insert_once(NoticeRead, notice_id=notice_id, member_id=actor.id, read_at=now)


def _held(actor: Actor, notice_id: int) -> Notice:
    """The announcement, locked until the end of the transaction, if ``actor`` may change it."""
    visible_to(actor, notice_id)
    notice = db.session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    if not policy.may_change(actor, notice):
        raise NotAllowed("notices.publish")
    return notice
