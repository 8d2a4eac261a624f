"""What a manager sees of a site: its members' months, and the hours to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Bundle, joinedload

from incubator.domain.commitments import queries, rules
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.periods import period_on
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import db
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor

VIEWS = ("late", "name", "none")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A member's month on the list, in minutes; ``pledge`` is None without a promise."""

    id: int
    slug: str
    name: str
    face: str | None
    owed: int
    given: int
    waiting: int
    pledge: Pledge | None


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A site's month: minutes owed and given; declarations waiting, up to a hundred."""

    owed: int
    given: int
    waiting: int
    oldest: datetime | None


def members_page(site_id: int, day: date, *, view: str, cursor: Cursor) -> Page[Row]:
    """The active members of a site with their month: late first, by name, or without a promise."""
    period = period_on(day)
    span = period.span if period else rules.month_of(day)
    if view == "late":
        query, by = _late(site_id, period.id if period else None)
    else:
        query, by = _by_name(site_id, span if view == "none" else None)
    page: Page[Any] = keyset_page(query, by, cursor)
    return Page(_rows(page.rows, period, span), page.next, page.previous)


def _person() -> Bundle[Any]:
    face = Member.face.label("face")
    return Bundle("person", Member.id, Member.slug, Member.name, face, Member.joined_at)


def _late(site_id: int, period_id: int | None) -> tuple[Select[Any], list[Any]]:
    query = (
        select(_person())
        .join(Standing, Standing.member_id == Member.id)
        .where(
            Standing.period_id == period_id,
            Standing.home_site_id == site_id,
            Member.active == true(),
        )
    )
    return query, [Standing.balance, Standing.member_id]


def _by_name(site_id: int, without_pledge: Span | None) -> tuple[Select[Any], list[Any]]:
    query = select(_person()).where(Member.home_site_id == site_id, Member.active == true())
    if without_pledge:
        held = exists().where(
            Pledge.member_id == Member.id,
            Pledge.minutes_per_period > 0,
            Pledge.valid_from < without_pledge.ends_on,
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > without_pledge.starts_on),
            or_(Pledge.valid_to.is_(None), Pledge.valid_to > Pledge.valid_from),
        )
        query = query.where(~held)
    return query, [Member.sort_name, Member.id]


def _rows(people: Sequence[Any], period: Period | None, span: Span) -> list[Row]:
    ids = [person.id for person in people]
    sums = _sums(ids, period)
    waiting = queries.waiting_minutes(ids, span)
    pledges = queries.pledges_of(ids, span)
    return [
        Row(
            id=person.id,
            slug=person.slug,
            name=person.name,
            face=person.face,
            owed=sums.get(person.id, (0, 0))[0],
            given=sums.get(person.id, (0, 0))[1],
            waiting=waiting.get(person.id, 0),
            pledge=pledges.get(person.id),
        )
        for person in people
    ]


def _sums(ids: Sequence[int], period: Period | None) -> dict[int, tuple[int, int]]:
    if period is None:
        return {}
    rows = db.session.execute(
        select(Standing.member_id, Standing.owed, Standing.done + Standing.help).where(
            Standing.period_id == period.id, Standing.member_id.in_(ids)
        )
    )
    return {member_id: (owed, given) for member_id, owed, given in rows}


def totals(site_id: int, day: date) -> Totals:
    """The month of a whole site."""
    period = period_on(day)
    owed, given = db.session.execute(
        select(
            func.coalesce(func.sum(Standing.owed), 0),
            func.coalesce(func.sum(Standing.done + Standing.help), 0),
        ).where(
            and_(
                Standing.period_id == (period.id if period else None),
                Standing.home_site_id == site_id,
            )
        )
    ).one()
    some = (
        select(Contribution.declared_at)
        .where(Contribution.home_site_id == site_id, Contribution.state.in_(queries.TO_DECIDE))
        .order_by(Contribution.declared_at)
        .limit(queries.MOST_COUNTED)
        .subquery()
    )
    waiting, oldest = db.session.execute(select(func.count(), func.min(some.c.declared_at))).one()
    return Totals(owed=int(owed), given=int(given), waiting=waiting, oldest=oldest)


def queue(actor: Actor, site_id: int, cursor: Cursor) -> Page[Contribution]:
    """Hours of a site's members to decide on, the oldest first, without the reader's own."""
    return keyset_page(
        select(Contribution)
        .where(
            Contribution.home_site_id == site_id,
            Contribution.state.in_(queries.TO_DECIDE),
            Contribution.giver_id != actor.id,
        )
        .options(
            joinedload(Contribution.giver),
            joinedload(Contribution.receiver),
            joinedload(Contribution.kind),
        ),
        [Contribution.declared_at, Contribution.id],
        cursor,
    )
