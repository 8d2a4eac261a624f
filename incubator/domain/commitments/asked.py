"""Reliefs and gifts to read: one's own, and those that wait for a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import policy
from incubator.domain.commitments.ledger_models import Gift, Group, Line, Pool
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.promise_models import Relief
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.network.members.actor import Actor

MOST = 100
MONTHS = 12


def reliefs_of(member_id: int) -> Sequence[Relief]:
    """Every relief of a member, the last to begin first."""
    return db.session.scalars(
        select(Relief)
        .where(Relief.member_id == member_id)
        .order_by(Relief.starts_on.desc(), Relief.id.desc())
        .limit(MOST)
    ).all()


def reliefs_waiting(actor: Actor) -> Sequence[Relief]:
    """The reliefs that wait for this manager, their own left out, the oldest first."""
    query = select(Relief).where(Relief.state == "requested", Relief.member_id != actor.id)
    if not actor.is_administrator:
        query = query.where(Relief.site_id.in_(sorted(actor.managed_site_ids)))
    return db.session.scalars(
        query.options(joinedload(Relief.member)).order_by(Relief.asked_at, Relief.id).limit(MOST)
    ).all()


def relief_visible_to(actor: Actor, relief_id: int) -> Relief:
    """A relief with its member; NotFound when it is none of this person's business."""
    found = db.session.scalar(
        select(Relief).where(Relief.id == relief_id).options(joinedload(Relief.member))
    )
    if found is None or not policy.may_see_relief(actor, found):
        raise NotFound("commitments.relief")
    return found


@dataclass(frozen=True)
class Shown:
    """A gift as one of its sides sees it: who gave is told only where they wished so.

    ``side`` is given (by the reader), received, or asked (of the pool).
    """

    gift: Gift
    side: str
    other: str | None


def gifts_of(member_id: int) -> list[Shown]:
    """What a member gave, received and asked of the pool, the latest first."""
    rows = db.session.scalars(
        select(Gift)
        .where(or_(Gift.giver_id == member_id, Gift.receiver_id == member_id))
        .order_by(Gift.asked_at.desc(), Gift.id.desc())
        .limit(MOST)
    ).all()
    names = names_of(
        {row.receiver_id for row in rows if row.giver_id == member_id}
        | {row.giver_id for row in rows if row.named}
    )
    return [_shown(row, member_id, names) for row in rows]


def _shown(gift: Gift, member_id: int, names: dict[int, str]) -> Shown:
    if gift.giver_id == member_id:
        return Shown(gift, "given", names.get(gift.receiver_id or 0))
    if gift.giver_id is None:
        return Shown(gift, "asked", None)
    return Shown(gift, "received", names.get(gift.giver_id) if gift.named else None)


def draws_waiting(actor: Actor) -> list[tuple[Gift, Member]]:
    """What was asked of the pool and waits for this manager, the oldest first."""
    query = (
        select(Gift, Member)
        .join(Member, Member.id == Gift.receiver_id)
        .where(Gift.state == "asked", Gift.receiver_id != actor.id)
    )
    if not actor.is_administrator:
        query = query.where(Gift.site_id.in_(sorted(actor.managed_site_ids)))
    rows = db.session.execute(query.order_by(Gift.asked_at, Gift.id).limit(MOST))
    return [(row[0], row[1]) for row in rows]


def draw_visible_to(actor: Actor, gift_id: int) -> tuple[Gift, Member]:
    """What a member asked of the pool, for them and their managers; else NotFound."""
    row = db.session.execute(
        select(Gift, Member)
        .join(Member, Member.id == Gift.receiver_id)
        .where(Gift.id == gift_id, Gift.giver_id.is_(None))
    ).first()
    if row is None or not (row[1].id == actor.id or actor.manages(row[0].site_id)):
        raise NotFound("commitments.gift")
    return row[0], row[1]


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of members, by id."""
    known = sorted({one for one in ids if one is not None})
    if not known:
        return {}
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(known)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class Allowance:
    """Minutes of a calendar year: the house's limit, and what is left of it."""

    most: int
    given: int
    drawn: int

    @property
    def left_to_give(self) -> int:
        """What one may still give."""
        return max(0, self.most - self.given)

    @property
    def left_to_draw(self) -> int:
        """What one may still be given by the pool."""
        return max(0, self.most - self.drawn)


def allowance(member_id: int, now: datetime) -> Allowance:
    """How much of the year's limit a member has used, giving and drawing."""
    given = func.sum(case((Gift.giver_id == member_id, Gift.minutes), else_=0))
    drawn = func.sum(case((Gift.giver_id.is_(None), Gift.minutes), else_=0))
    row = db.session.execute(
        select(given, drawn).where(
            or_(Gift.giver_id == member_id, Gift.receiver_id == member_id),
            Gift.state == "granted",
            Gift.decided_at >= datetime(now.year, 1, 1, tzinfo=UTC),
        )
    ).one()
    return Allowance(rule_on(now.date()).gift_cap_year, int(row[0] or 0), int(row[1] or 0))


@dataclass(frozen=True)
class PoolMove:
    """Minutes that came to the pool or left it, and why: ``reason`` is the kind of its group."""

    minutes: int
    reason: str
    at: datetime


def pool_story() -> tuple[int, list[PoolMove]]:
    """What the pool holds, and its last moves, the latest first: nobody is named."""
    balance = db.session.scalar(select(Pool.balance)) or 0
    rows = db.session.execute(
        select(Line.minutes, Group.kind, Line.recorded_at)
        .join(Group, Group.id == Line.group_id)
        .where(Line.member_id.is_(None), Line.firm_id.is_(None))
        .order_by(Line.id.desc())
        .limit(MONTHS)
    )
    return balance, [PoolMove(*row) for row in rows]
