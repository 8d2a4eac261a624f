"""Writing to many members at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, true

from incubator.domain.mailings import rules
from incubator.domain.mailings.events import MailingSent, MembersExported
from incubator.domain.mailings.models import Mailing, Recipient
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, TooMany
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html
from incubator.kernel.throttle import spend
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def send(
    actor: Actor,
    *,
    member_ids: Collection[int],
    subject: str,
    body: str,
    site_id: int | None,
    once: str,
    now: datetime,
) -> Mailing:
    """Write to members whom ``actor`` looks after; ``body`` is Markdown.

    Those who cannot be reached (closed accounts) are left out. The same form sent twice sends
    once. Raise NotAllowed ``mailings.not_yours`` when one of them is looked after by others;
    Refusal ``mailings.empty``, ``mailings.too_long``, ``mailings.nobody``,
    ``mailings.too_many``; TooMany ``mailings.often`` beyond ten a day.
    """
    title = rules.clean_subject(subject)
    text = rules.clean(body, "body", rules.BODY_MOST)
    reached = _reached(actor, member_ids)
    made = insert_once(
        Mailing,
        author_id=actor.id,
        once=once[:40],
        site_id=site_id,
        subject=title,
        body_md=text,
        body_html=markdown_to_html(text),
        sent_at=now,
        how_many=len(reached),
    )
    mailing = db.session.scalars(
        select(Mailing).where(Mailing.author_id == actor.id, Mailing.once == once[:40])
    ).one()
    if made:
        _brake(actor, now)
        _address(actor, mailing, reached)
    return mailing


def _reached(actor: Actor, member_ids: Collection[int]) -> list[int]:
    """Those of the members who can be written to, all of them looked after by ``actor``."""
    rules.check_recipients(member_ids)
    _check_mine(actor, member_ids)
    reached = _reachable(member_ids)
    rules.check_recipients(reached)
    return reached


def _address(actor: Actor, mailing: Mailing, member_ids: Collection[int]) -> None:
    db.session.add_all(Recipient(mailing_id=mailing.id, member_id=each) for each in member_ids)
    db.session.flush()
    record(
        MailingSent(
            actor_id=actor.id,
            site_id=mailing.site_id,
            mailing_id=mailing.id,
            how_many=len(member_ids),
            subject=mailing.subject,
        )
    )


def _check_mine(actor: Actor, member_ids: Collection[int]) -> None:
    if actor.is_administrator:
        return
    sites = actor.managed_site_ids
    held = (
        select(Grant.id)
        .where(Grant.account_id == Member.id, Grant.ended_at.is_(None), Grant.site_id.in_(sites))
        .exists()
    )
    mine = select(Member.id).where(
        Member.id.in_(member_ids), or_(Member.home_site_id.in_(sites), held)
    )
    if set(member_ids) - set(db.session.scalars(mine)):
        raise NotAllowed("mailings.not_yours")


def _reachable(member_ids: Collection[int]) -> list[int]:
    return sorted(
        db.session.scalars(
            select(Account.id)
            .join(Member, Member.id == Account.id)
            .where(Account.id.in_(member_ids), Account.deactivated_at.is_(None))
            .where(Member.active == true())
        )
    )


def _brake(actor: Actor, now: datetime) -> None:
    wait = spend(f"mailing:{actor.id}", limit=rules.MOST_A_DAY, per_seconds=rules.A_DAY, now=now)
    if wait:
        raise TooMany("mailings.often", retry_after=wait, most=rules.MOST_A_DAY)


def note_export(actor: Actor, *, how_many: int) -> None:
    """Leave a trace in the log of a list of members that left as a file."""
    record(MembersExported(actor_id=actor.id, how_many=how_many))
