"""Requests to be forgotten: a member asks, a person handles it, nothing brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.applications_retention import forget_sender
from incubator.domain.membership.life_events import DataTaken, ErasureAsked, ErasureWithdrawn
from incubator.domain.membership.life_models import Erasure
from incubator.domain.membership.life_rows import hold, live_of, person_of, today_of
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany
from incubator.kernel.events import record
from incubator.kernel.text import fold
from incubator.kernel.throttle import spend
from incubator.network.accounts.closing import close_account
from incubator.network.accounts.models import Account
from incubator.network.accounts.moving import check_not_last_administrator, leave_network
from incubator.network.members.events import MemberErased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.network.members.actor import Actor

COPIES_A_DAY = 5
DAY_SECONDS = 86_400


def take_data(actor: Actor, *, now: datetime) -> None:
    """Note that a member takes a copy of their data; raise TooMany ``membership.copies``."""
    wait = spend(
        f"membership.data:{actor.id}", limit=COPIES_A_DAY, per_seconds=DAY_SECONDS, now=now
    )
    if wait:
        raise TooMany("membership.copies", retry_after=wait, most=COPIES_A_DAY)
    record(DataTaken(actor_id=actor.id, site_id=actor.home_site_id, member_id=actor.id))


def ask_erasure(actor: Actor, *, now: datetime) -> Erasure:
    """Ask to be forgotten; asking again gives the request that waits.

    Raise Refusal ``accounts.last_administrator``.
    """
    hold(actor.id)
    check_not_last_administrator(actor.id)
    new = insert_once(
        Erasure, member_id=actor.id, site_id=actor.home_site_id, state="asked", asked_at=now
    )
    erasure = db.session.scalars(_waiting(actor.id)).one()
    if new:
        told = ErasureAsked(
            actor_id=actor.id,
            site_id=actor.home_site_id,
            member_id=actor.id,
            erasure_id=erasure.id,
        )
        record(told)
    return erasure


def withdraw_erasure(actor: Actor, *, now: datetime) -> None:
    """No longer ask to be forgotten; nothing when no request waits."""
    hold(actor.id)
    erasure = db.session.scalar(_waiting(actor.id))
    if erasure is None:
        return
    erasure.state, erasure.handled_at = "withdrawn", now
    db.session.flush()
    told = ErasureWithdrawn(
        actor_id=actor.id, site_id=erasure.site_id, member_id=actor.id, erasure_id=erasure.id
    )
    record(told)


def erase(
    actor: Actor,
    erasure_id: int,
    *,
    typed: str,
    forget: Iterable[Callable[[int], None]],
    now: datetime,
) -> None:
    """Forget who asked for it: every feature takes away what says who they were.

    So do applications from their address, even those by which they did not come in.

    ``typed`` is the member's name, so that nobody does this by mistake. Raise NotFound
    ``membership.erasure``, NotAllowed ``membership.not_yours_to_erase``, Refusal
    ``membership.name_differs``, ``membership.too_late`` or ``accounts.last_administrator``.
    """
    erasure = db.session.get(Erasure, erasure_id)
    if erasure is None or not actor.manages(erasure.site_id):
        raise NotFound("membership.erasure")
    member = hold(erasure.member_id)
    person = person_of(erasure.member_id)
    db.session.refresh(erasure)
    if member is None or not policy.may_erase(actor, erasure, person):
        raise NotAllowed("membership.not_yours_to_erase")
    if erasure.state != "asked":
        raise Refusal("membership.too_late")
    if fold(typed.strip()) != fold(member.name):
        raise Refusal("membership.name_differs", field="typed", name=member.name)
    _leave(actor, member.id, now=now)
    forget_sender(_address_of(member.id), now=now)
    record(MemberErased(actor_id=actor.id, site_id=erasure.site_id, member_id=member.id))
    for one in forget:
        one(member.id)
    erasure.state, erasure.handled_by_id, erasure.handled_at = "done", actor.id, now
    db.session.flush()


def _leave(actor: Actor, member_id: int, *, now: datetime) -> None:
    """Let the person be out of the network, whatever was planned."""
    for process in live_of(member_id):
        process.state, process.ended_at = "cancelled", now
    db.session.flush()
    member = hold(member_id)
    if member is None:
        return
    if member.active:
        today = today_of(member_id, now)
        leave_network(actor, member_id=member_id, keep_window=False, today=today, now=now)
    else:
        close_account(actor, member, now=now)


def _address_of(member_id: int) -> str:
    return db.session.scalars(select(Account.email).where(Account.id == member_id)).one()


def _waiting(member_id: int) -> Select[Erasure]:
    return select(Erasure).where(Erasure.member_id == member_id, Erasure.state == "asked")
