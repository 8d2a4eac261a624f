"""Requests that wait: for a reader's word, for somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, joinedload

from incubator.kernel.db import db
from incubator.network.members.directory import lasting
from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
from incubator.network.members.models import Member
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL, Counter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

MOST = 100
MOST_COUNTED = 100


def waiting_for(reader: Actor, today: date, most: int = MOST) -> Sequence[FirmRequest]:
    """The open requests that the reader may answer, the oldest first."""
    query = _whole().where(_waits_for(reader, today)).order_by(FirmRequest.id).limit(most)
    return db.session.scalars(query).all()


def made_by(reader: Actor) -> Sequence[FirmRequest]:
    """What the reader asked of firms, or was asked and answered, the newest first."""
    query = _whole(with_left=True).where(
        FirmRequest.member_id == reader.id,
        or_(FirmRequest.kind != "invite", FirmRequest.state != "open"),
    )
    return db.session.scalars(query.order_by(FirmRequest.id.desc()).limit(MOST)).all()


def open_at(firm_id: int) -> Sequence[FirmRequest]:
    """Everything open between a firm and members, the oldest first."""
    query = _whole().where(FirmRequest.firm_id == firm_id, FirmRequest.state == "open")
    return db.session.scalars(query.order_by(FirmRequest.id).limit(MOST)).all()


def _whole(*, with_left: bool = False) -> Select[FirmRequest]:
    query = select(FirmRequest).options(
        joinedload(FirmRequest.member), joinedload(FirmRequest.firm)
    )
    return query if with_left else query.where(_by_somebody_here())


def _by_somebody_here() -> ColumnElement[bool]:
    # A probe and not a join: a planner could walk all active members for a few requests.
    who = aliased(Member)
    return exists().where(who.id == FirmRequest.member_id, who.active == true())


def _waits_for(reader: Actor, today: date) -> ColumnElement[bool]:
    """What ``firm_policy.may_answer`` says, for the database."""
    to_me = and_(FirmRequest.kind == "invite", FirmRequest.member_id == reader.id)
    parts = [to_me, and_(_asks(reader), FirmRequest.firm_id.in_(_kept_by(reader, today)))]
    if reader.is_manager:
        parts.append(and_(_asks(reader), _unkept(today), *_at_sites(reader)))
    return and_(FirmRequest.state == "open", or_(*parts))


def _asks(reader: Actor) -> ColumnElement[bool]:
    return and_(FirmRequest.kind != "invite", FirmRequest.member_id != reader.id)


def _kept_by(reader: Actor, today: date) -> Select[int]:
    return select(FirmRole.firm_id).where(
        FirmRole.member_id == reader.id, FirmRole.keeper == true(), lasting(today)
    )


def _unkept(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    who = aliased(Member)
    return ~exists().where(
        FirmRole.firm_id == FirmRequest.firm_id,
        FirmRole.keeper == true(),
        lasting(today),
        who.id == FirmRole.member_id,
        who.active == true(),
    )


def _at_sites(reader: Actor) -> list[ColumnElement[bool]]:
    """Administrators look after every firm, managers after those of their sites."""
    if reader.is_administrator:
        return []
    here = select(Firm.id).where(Firm.site_id.in_(reader.managed_site_ids))
    return [FirmRequest.firm_id.in_(here)]


def _counted() -> ScalarSelect[int]:
    """What ``_waits_for`` says, of the reader as parameters and of the present day."""
    today = func.current_date(type_=Date)
    to_me = and_(FirmRequest.kind == "invite", FirmRequest.member_id == READER_ID)
    asks = and_(FirmRequest.kind != "invite", FirmRequest.member_id != READER_ID)
    keeps = select(FirmRole.firm_id).where(
        FirmRole.member_id == READER_ID, FirmRole.keeper == true(), lasting(today)
    )
    here = exists().where(Firm.id == FirmRequest.firm_id, Firm.site_id.in_(MANAGED_SITES))
    mine = or_(READS_ALL, here)
    some = (
        select(FirmRequest.id)
        .where(_by_somebody_here(), FirmRequest.state == "open")
        .where(
            or_(
                to_me,
                and_(asks, FirmRequest.firm_id.in_(keeps)),
                and_(asks, _unkept(today), mine),
            )
        )
        .limit(MOST_COUNTED)
    )
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


# How many open requests wait for the reader.
WAITING = Counter(_counted(), MOST_COUNTED)
