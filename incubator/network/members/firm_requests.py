"""Requests between members and firms: asked, answered, taken back. None who acts is the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members import firm_policy, firm_rules, rules
from incubator.network.members.events import FirmRequestDecided, FirmRequested
from incubator.network.members.firm_models import Firm, FirmRequest
from incubator.network.members.firm_people import (
    add_role,
    lasting_role,
    locked_firm,
    locked_member,
)
from incubator.network.members.firm_policy import Asked
from incubator.network.members.firm_queries import standing_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

MESSAGE_LENGTH = 500


def ask_to_join(
    by: Actor | None,
    *,
    firm_id: int,
    member_id: int,
    now: datetime,
    today: date,
    title: str = "",
    message: str = "",
    days: tuple[date | None, date | None] = (None, None),
) -> FirmRequest:
    """Ask to be written among the people of a firm; of one that nobody keeps, ask for its keys.

    ``days`` are the first day and the day after the last (both may be None: from now on). Asking
    twice gives the open request. Raise NotAllowed ``firms.ask``; Refusal ``firms.there``,
    ``firms.invited``, ``firms.since``, ``firms.until``, ``firms.order`` or ``firms.overlap``.
    """
    if not firm_policy.may_ask(by, member_id):
        raise NotAllowed("firms.ask")
    firm = locked_firm(firm_id)
    kind = "join" if standing_of(firm, today).is_kept else "claim"
    waiting = open_request(firm_id, member_id)
    if waiting is not None and waiting.kind == "invite":
        raise Refusal("firms.invited")
    if waiting is not None:
        return waiting
    since, until = days
    if kind == "join" and until is None and lasting_role(firm_id, member_id) is not None:
        raise Refusal("firms.there")
    if since is not None:
        firm_rules.check_span(since, until, today)
    elif until is not None:
        raise Refusal("firms.since", field="since_on")
    row = FirmRequest(kind=kind, since_on=since, until_on=until if kind == "join" else None)
    return _ask(by, firm, row, member_id=member_id, words=(title, message), now=now)


def invite(
    by: Actor | None,
    *,
    firm_id: int,
    member_id: int,
    now: datetime,
    today: date,
    title: str = "",
    message: str = "",
) -> FirmRequest:
    """Ask a member to be among the people of a firm; inviting twice gives the open invitation.

    Raise NotAllowed ``firms.edit``; NotFound for who left; Refusal ``firms.there`` or
    ``firms.asked`` when they asked themselves.
    """
    firm = locked_firm(firm_id)
    standing = standing_of(firm, today)
    if not firm_policy.may_keep(by, standing):
        raise NotAllowed("firms.edit")
    member = db.session.get(Member, member_id)
    if member is None or not member.active:
        raise NotFound("members.member")
    if lasting_role(firm_id, member_id) is not None:
        raise Refusal("firms.there", field="with_name")
    waiting = open_request(firm_id, member_id)
    if waiting is not None and waiting.kind != "invite":
        raise Refusal("firms.asked", field="with_name")
    if waiting is not None:
        return waiting
    giver = by.id if by else min(standing.keepers)
    row = FirmRequest(kind="invite", asked_by_id=giver)
    return _ask(by, firm, row, member_id=member_id, words=(title, message), now=now)


def decide(
    by: Actor | None, *, request_id: int, act: str, now: datetime, today: date
) -> FirmRequest:
    """«accept», «decline» or «withdraw» a request; the same again changes nothing.

    Of rival answers the first counts. Raise NotFound; NotAllowed ``firms.answer``; Refusal
    ``firms.request_over``, ``firms.kept_meanwhile``, ``firms.overlap``.
    """
    firm, row = _in_hand(request_id)
    standing = standing_of(firm, today)
    may = firm_policy.may_withdraw if act == "withdraw" else firm_policy.may_answer
    if not may(by, asked(row), standing):
        raise NotAllowed("firms.answer")
    state = firm_rules.decided(row.state, act)
    if state == row.state:
        return row
    if act == "accept":
        if row.kind == "claim" and standing.is_kept:
            raise Refusal("firms.kept_meanwhile")
        _let_in(firm, row, by_id=by.id if by else None, today=today)
    row.state = state
    row.decided_by_id = by.id if by else None
    row.decided_at = now
    db.session.flush()
    record(
        FirmRequestDecided(
            actor_id=by.id if by else None,
            site_id=firm.site_id,
            request_id=row.id,
            firm_id=firm.id,
            member_id=row.member_id,
            kind=row.kind,
            state=state,
        )
    )
    return row


def open_request(firm_id: int, member_id: int) -> FirmRequest | None:
    """What is open between a firm and a member."""
    return db.session.scalar(
        select(FirmRequest).where(
            FirmRequest.firm_id == firm_id,
            FirmRequest.member_id == member_id,
            FirmRequest.state == firm_rules.OPEN,
        )
    )


def asked(row: FirmRequest) -> Asked:
    """What the policy needs to know of a request."""
    return Asked(kind=row.kind, member_id=row.member_id, asked_by_id=row.asked_by_id)


def _ask(
    by: Actor | None,
    firm: Firm,
    row: FirmRequest,
    *,
    member_id: int,
    words: tuple[str, str],
    now: datetime,
) -> FirmRequest:
    row.firm_id, row.member_id = firm.id, member_id
    row.title = rules.fit(words[0], "title", most=80)
    row.message = rules.fit(words[1], "message", most=MESSAGE_LENGTH)
    row.state, row.asked_at = firm_rules.OPEN, now
    row.asked_by_id = row.asked_by_id or member_id
    db.session.add(row)
    db.session.flush()
    record(
        FirmRequested(
            actor_id=by.id if by else None,
            site_id=firm.site_id,
            request_id=row.id,
            firm_id=firm.id,
            member_id=member_id,
            kind=row.kind,
        )
    )
    return row


def _in_hand(request_id: int) -> tuple[Firm, FirmRequest]:
    """A request as it is once its firm is locked."""
    firm_id = db.session.scalar(select(FirmRequest.firm_id).where(FirmRequest.id == request_id))
    if firm_id is None:
        raise NotFound("firms.request")
    firm = locked_firm(firm_id)
    row = db.session.scalars(
        select(FirmRequest)
        .where(FirmRequest.id == request_id)
        .execution_options(populate_existing=True)
    ).one()
    return firm, row


def _let_in(firm: Firm, row: FirmRequest, *, by_id: int | None, today: date) -> None:
    """Write the role that was asked for; a claim brings the keys."""
    member = locked_member(row.member_id)
    if not member.active:
        raise Refusal("firms.member_left")
    role = lasting_role(firm.id, member.id)
    if role is not None and row.until_on is None:
        role.keeper = role.keeper or row.kind == "claim"
        return
    add_role(
        firm,
        member,
        title=row.title,
        since=row.since_on or today,
        until=row.until_on,
        keeper=row.kind == "claim",
        by_id=by_id,
    )
