"""Badges: a number that speaks for a member at the screens of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import kiosk_rules, presence_policy
from incubator.domain.commitments.kiosk_models import Badge
from incubator.domain.commitments.presence_events import BadgeIssued, BadgeRevoked
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from incubator.network.members.actor import Actor

MOST_SHOWN = 500
HINT = 3


def issue(actor: Actor, member_id: int, *, secret: str, now: datetime) -> tuple[Badge, str]:
    """Give a member a number, shown this once; the one before is revoked.

    Raise NotFound; NotAllowed ``commitments.not_your_site``.
    """
    member = db.session.get(Member, member_id)
    if member is None or not member.active:
        raise NotFound("members.member")
    if not presence_policy.may_issue_badge(actor, member.home_site_id):
        raise NotAllowed("commitments.not_your_site")
    for before in of_member(member_id):
        _revoke(before, actor, home_site_id=member.home_site_id, now=now)
    number = kiosk_rules.new_number()
    badge = Badge(
        member_id=member_id,
        token_hash=_hash(secret, number),
        hint=number[-HINT:],
        key_mark=kiosk_rules.mark(secret),
        issued_by_id=actor.id,
        issued_at=now,
    )
    db.session.add(badge)
    db.session.flush()
    record(
        BadgeIssued(
            actor_id=actor.id,
            site_id=member.home_site_id,
            member_id=member_id,
            badge_id=badge.id,
        )
    )
    return badge, number


def revoke(actor: Actor, badge_id: int, *, now: datetime) -> Badge:
    """Let a number speak for nobody: its member may, too, when it is lost. Raise NotFound."""
    badge = db.session.get(Badge, badge_id)
    home = db.session.get_one(Member, badge.member_id).home_site_id if badge else None
    if badge is None or not (
        badge.member_id == actor.id or presence_policy.may_issue_badge(actor, home)
    ):
        raise NotFound("commitments.badge")
    if badge.revoked_at is None:
        _revoke(badge, actor, home_site_id=home, now=now)
    return badge


def _revoke(badge: Badge, actor: Actor, *, home_site_id: int | None, now: datetime) -> None:
    badge.revoked_at, badge.revoked_by_id = now, actor.id
    db.session.flush()
    record(
        BadgeRevoked(
            actor_id=actor.id,
            site_id=home_site_id,
            member_id=badge.member_id,
            badge_id=badge.id,
        )
    )


def holder(number: str, *, secret: str, now: datetime) -> int:
    """The member for whom a number speaks; raise Refusal ``commitments.badge_unknown``."""
    digits = kiosk_rules.clean_number(number)
    badge = (
        db.session.scalar(
            select(Badge)
            .join(Member, Member.id == Badge.member_id)
            .where(
                Badge.token_hash == _hash(secret, digits),
                Badge.revoked_at.is_(None),
                Member.active,
            )
        )
        if digits
        else None
    )
    if badge is None:
        raise Refusal("commitments.badge_unknown", field="number")
    badge.last_used_at, badge.key_mark = now, kiosk_rules.mark(secret)
    return badge.member_id


def unreadable(secret: str) -> int:
    """How many valid badges were made with another secret: they speak for nobody until it is back.

    Those of before badges said which, have no mark and are not counted.
    """
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Badge)
            .where(Badge.revoked_at.is_(None), Badge.key_mark != kiosk_rules.mark(secret))
        )
        or 0
    )


def of_member(member_id: int) -> Sequence[Badge]:
    """The numbers that speak for a member."""
    return db.session.scalars(
        select(Badge)
        .where(Badge.member_id == member_id, Badge.revoked_at.is_(None))
        .order_by(Badge.id)
    ).all()


def at_home(site_id: int) -> Sequence[Row[Badge, Member]]:
    """The numbers of the members of a site, with their members, by name."""
    return db.session.execute(
        select(Badge, Member)
        .join(Member, Member.id == Badge.member_id)
        .where(Member.home_site_id == site_id, Badge.revoked_at.is_(None), Member.active)
        .order_by(Member.sort_name, Member.id)
        .limit(MOST_SHOWN)
    ).all()


def _hash(secret: str, digits: str) -> str:
    return kiosk_rules.keyed(secret, "badge", digits)
