"""What people read of leaves, transfers, exits and requests to be erased."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, union_all
from sqlalchemy.orm import joinedload

from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_models import Erasure, Process
from incubator.domain.membership.processes import LIVE
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, Statement, Way, keyset_page, ready_page
from incubator.network.members.reader import (
    MANAGED_SITES,
    READER_ID,
    READS_ALL,
    Counter,
    values_of,
)

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
    page = ready_page(_waiting_page, _ASKED, cursor, values=values_of(actor))
    return Page([row[0] for row in page.rows], page.next, page.previous)


def coming_at(actor: Actor, cursor: Cursor) -> Page[Process]:
    """What was agreed to and is not over, at the sites of this person, the nearest day first."""
    running = Process.state.in_(("planned", "active"))
    return keyset_page(
        _whole().where(running, _at_their_sites(actor)), [Process.starts_on, Process.id], cursor
    )


def erasures_for(actor: Actor, cursor: Cursor) -> Page[Erasure]:
    """Requests to be forgotten that wait for this person, the oldest first."""
    page = ready_page(_erasures_page, (Erasure.id,), cursor, values=values_of(actor))
    return Page([row[0] for row in page.rows], page.next, page.previous)


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


# The receiving site's managers are asked for a transfer, the home's for the rest.
_moving = Process.kind == "transfer"
_WAITS = and_(
    Process.state == "asked",
    Process.member_id != READER_ID,
    or_(
        READS_ALL,
        and_(_moving, Process.to_site_id.in_(MANAGED_SITES)),
        and_(~_moving, Process.from_site_id.in_(MANAGED_SITES)),
    ),
)
_TO_ERASE = and_(
    Erasure.state == "asked",
    Erasure.member_id != READER_ID,
    or_(READS_ALL, Erasure.site_id.in_(MANAGED_SITES)),
)
_ASKED = (Process.asked_at, Process.id)
_waiting = union_all(
    select(select(Process.id).where(_WAITS).limit(MOST_COUNTED).subquery()),
    select(select(Erasure.id).where(_TO_ERASE).limit(MOST_COUNTED).subquery()),
).subquery()
# How many requests wait for this person, erasures too.
WAITING = Counter(select(func.count()).select_from(_waiting).scalar_subquery(), MOST_COUNTED)


@cache
def _waiting_page(way: Way) -> Statement:
    return way.narrow(_whole().where(_WAITS).add_columns(*_ASKED), _ASKED)


@cache
def _erasures_page(way: Way) -> Statement:
    theirs = select(Erasure, Erasure.id).where(_TO_ERASE).options(joinedload(Erasure.member))
    return way.narrow(theirs, (Erasure.id,))
