"""What people read of leaves, transfers, exits and requests to be erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_models import Erasure, Process
from incubator.domain.membership.processes import LIVE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

MOST_PAST = 50
MOST_COUNTED = 100


def visible_to(actor: Actor, process_id: int) -> Process:
    """A process with its people and sites; raise NotFound when it is not theirs to see."""
    found = db.session.scalar(_whole().where(Process.id == process_id))
    if found is None or not policy.may_see(actor, found):
        raise NotFound("membership.process")
    return found


def live_of(member_id: int) -> Sequence[Process]:
    """What waits, is planned or lasts for a member, the nearest day first."""
    mine = _whole().where(Process.member_id == member_id, Process.state.in_(LIVE))
    return db.session.scalars(mine.order_by(Process.starts_on, Process.id)).all()


def past_of(member_id: int) -> Sequence[Process]:
    """What is over for a member, the latest first."""
    over = _whole().where(Process.member_id == member_id, Process.state.not_in(LIVE))
    return db.session.scalars(over.order_by(Process.id.desc()).limit(MOST_PAST)).all()


def waiting_for(actor: Actor, cursor: Cursor) -> Page[Process]:
    """What waits for this person's word, the oldest first."""
    return keyset_page(_whole().where(_waits_for(actor)), [Process.asked_at, Process.id], cursor)


def coming_at(actor: Actor, cursor: Cursor) -> Page[Process]:
    """What was agreed to and is not over, at the sites of this person, the nearest day first."""
    running = Process.state.in_(("planned", "active"))
    return keyset_page(
        _whole().where(running, _at_their_sites(actor)), [Process.starts_on, Process.id], cursor
    )


def count_waiting_for(actor: Actor) -> int:
    """How many requests wait for this person, erasures too, counted up to a hundred."""
    some = select(Process.id).where(_waits_for(actor)).limit(MOST_COUNTED).subquery()
    others = select(Erasure.id).where(_to_erase(actor)).limit(MOST_COUNTED).subquery()
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in (some, others))
    row = db.session.execute(select(*counts)).one()
    return min(sum(row), MOST_COUNTED)


def erasures_for(actor: Actor, cursor: Cursor) -> Page[Erasure]:
    """Requests to be forgotten that wait for this person, the oldest first."""
    query = select(Erasure).where(_to_erase(actor)).options(joinedload(Erasure.member))
    return keyset_page(query, [Erasure.id], cursor)


def erasure_for(actor: Actor, erasure_id: int) -> Erasure:
    """A request to be forgotten at a site they run; raise NotFound ``membership.erasure``."""
    found = db.session.scalar(
        select(Erasure).where(Erasure.id == erasure_id).options(joinedload(Erasure.member))
    )
    if found is None or not actor.manages(found.site_id):
        raise NotFound("membership.erasure")
    return found


def erasure_of(member_id: int) -> Erasure | None:
    """The request to be forgotten that a member has made and that waits."""
    return db.session.scalar(
        select(Erasure).where(Erasure.member_id == member_id, Erasure.state == "asked")
    )


def _whole() -> Select[Process]:
    return select(Process).options(
        joinedload(Process.member),
        joinedload(Process.asked_by),
        joinedload(Process.decided_by),
        joinedload(Process.from_site),
        joinedload(Process.to_site),
    )


def _at_their_sites(actor: Actor) -> ColumnElement[bool]:
    if actor.is_administrator:
        return true()
    sites = sorted(actor.managed_site_ids)
    return or_(Process.from_site_id.in_(sites), Process.to_site_id.in_(sites))


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """The receiving site's managers are asked for a transfer, the home's for the rest."""
    sites = sorted(actor.managed_site_ids)
    asked = and_(Process.state == "asked", Process.member_id != actor.id)
    theirs: ColumnElement[bool] = false()
    if sites:
        moving = Process.kind == "transfer"
        theirs = or_(
            and_(moving, Process.to_site_id.in_(sites)),
            and_(~moving, Process.from_site_id.in_(sites)),
        )
    if actor.is_administrator:
        theirs = true()
    return and_(asked, theirs)


def _to_erase(actor: Actor) -> ColumnElement[bool]:
    waits = and_(Erasure.state == "asked", Erasure.member_id != actor.id)
    if actor.is_administrator:
        return waits
    return and_(waits, Erasure.site_id.in_(sorted(actor.managed_site_ids)))
