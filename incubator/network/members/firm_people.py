"""What changes who is in a firm, with dates. ``by`` is who acts, or None for the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members import firm_policy, firm_rules, policy, rules
from incubator.network.members.events import (
    FirmJoined,
    FirmLeft,
    FirmRoleChanged,
    ProfileChanged,
)
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.firm_queries import standing_of
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_policy import Standing


class Held(NamedTuple):
    """A role in hand, its firm locked, and who is there."""

    role: FirmRole
    firm: Firm
    standing: Standing


def join_firm(*, firm_id: int, member_id: int, today: date, title: str = "") -> FirmRole:
    """Write that a person is in a firm: for tables that are imported.

    One who is there already stays as they are; the first whom a firm ever had keeps it.
    """
    firm, member = locked_firm(firm_id), locked_member(member_id)
    role = lasting_role(firm_id, member_id)
    if role is not None:
        return role
    known = db.session.scalar(select(FirmRole.id).where(FirmRole.firm_id == firm_id).limit(1))
    return add_role(firm, member, title=title, since=today, keeper=known is None)


def add_role(
    firm: Firm,
    member: Member,
    *,
    since: date,
    title: str = "",
    until: date | None = None,
    keeper: bool = False,
    by_id: int | None = None,
) -> FirmRole:
    """A role of these days, in a firm that the caller holds locked.

    Raise Refusal ``firms.overlap`` or ``members.too_long``.
    """
    firm_rules.check_apart(since, until, _spans(firm.id, member.id))
    role = FirmRole(
        firm_id=firm.id,
        member_id=member.id,
        title=rules.fit(title, "title", most=80),
        keeper=keeper,
        since_on=since,
        until_on=until,
    )
    db.session.add(role)
    db.session.flush()
    index_member(member.id)
    record(FirmJoined(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, member_id=member.id))
    return role


def set_role_title(by: Actor | None, *, role_id: int, title: str) -> None:
    """Say what a member is in a firm: «Gérante», «Cofounder». Raise NotAllowed, NotFound."""
    role = db.session.get(FirmRole, role_id)
    if role is None:
        raise NotFound("firms.role")
    if not policy.may_edit(by, role.member_id):
        raise NotAllowed("members.edit")
    words = rules.fit(title, f"title_{role_id}", most=80)
    if role.title == words:
        return
    role.title = words
    db.session.flush()
    by_id = by.id if by else None
    record(ProfileChanged(actor_id=by_id, member_id=role.member_id, changed=("title",)))


def correct_role(
    by: Actor | None,
    *,
    role_id: int,
    title: str,
    since_on: date,
    until_on: date | None,
    today: date,
) -> None:
    """Correct what a role is called and its days; one that lasts is ended by ``end_role``.

    Raise NotAllowed ``firms.edit``; Refusal ``firms.since``, ``firms.until``, ``firms.order``,
    ``firms.overlap`` or ``members.too_long``.
    """
    role, firm, _ = _in_hand(by, role_id, today)
    if role.until_on is None:
        until_on = None
    elif until_on is None:
        raise Refusal("firms.until", field="until_on")
    firm_rules.check_span(since_on, until_on, today)
    firm_rules.check_apart(since_on, until_on, _spans(firm.id, role.member_id, but=role.id))
    values = {
        "title": rules.fit(title, "title", most=80),
        "since_on": since_on,
        "until_on": until_on,
    }
    changed = tuple(name for name, value in values.items() if getattr(role, name) != value)
    for name in changed:
        setattr(role, name, values[name])
    _changed(by, role, changed)


def set_keeper(by: Actor | None, *, role_id: int, keeper: bool, today: date) -> None:
    """Give the keys of a firm to one of its people, or take them.

    Raise NotAllowed ``firms.edit``; Refusal ``firms.last_keeper`` for the keys of the last one,
    ``firms.role_over`` for somebody who is not there any more.
    """
    role, _, standing = _in_hand(by, role_id, today)
    if not firm_policy.may_keep(by, standing):
        raise NotAllowed("firms.edit")
    if role.until_on is not None:
        raise Refusal("firms.role_over")
    if not keeper and standing.keepers == {role.member_id}:
        raise Refusal("firms.last_keeper", field="keeper")
    if role.keeper != keeper:
        role.keeper = keeper
        _changed(by, role, ("keeper",))


def end_role(
    by: Actor | None,
    *,
    role_id: int,
    today: date,
    heir_id: int | None = None,
    unkept: bool = False,
) -> None:
    """End a role as of today, one's own or as a keeper; ending it again changes nothing.

    The last keeper hands the keys to ``heir_id``, one of the firm's people, or says that it may
    stay ``unkept``. Raise NotAllowed ``firms.edit``; Refusal ``firms.last_keeper`` or
    ``firms.heir``.
    """
    held = _in_hand(by, role_id, today)
    role, firm, standing = held
    if role.until_on is not None:
        return
    if standing.keepers == {role.member_id}:
        _hand_over(by, held, heir_id=heir_id, unkept=unkept)
    if role.since_on < today:
        role.until_on = today
    else:
        # Nobody worked there for no day at all.
        db.session.delete(role)
    db.session.flush()
    index_member(role.member_id)
    by_id = by.id if by else None
    record(
        FirmLeft(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, member_id=role.member_id)
    )


def end_roles(member_id: int, *, on: date) -> int:
    """End what a member is in firms from a day on, their keys with it; how many roles ended.

    For somebody who leaves the network: a firm that nobody keeps any more can be claimed.
    """
    rows = db.session.scalars(
        select(FirmRole).where(
            FirmRole.member_id == member_id,
            or_(FirmRole.until_on.is_(None), FirmRole.until_on > on),
        )
    ).all()
    for role in rows:
        if role.since_on < on:
            role.until_on = on
        else:
            # Nobody worked there for no day at all.
            db.session.delete(role)
    db.session.flush()
    index_member(member_id)
    return len(rows)


def _hand_over(by: Actor | None, held: Held, *, heir_id: int | None, unkept: bool) -> None:
    if heir_id is None:
        if not unkept:
            raise Refusal("firms.last_keeper", field="heir")
        return
    heir = lasting_role(held.firm.id, heir_id)
    if heir is None or heir_id == held.role.member_id or heir_id not in held.standing.people:
        raise Refusal("firms.heir", field="heir")
    heir.keeper = True
    _changed(by, heir, ("keeper",))


def locked_member(member_id: int) -> Member:
    """The member, locked until the end of the transaction; raise NotFound."""
    member = db.session.scalar(
        select(Member).where(Member.id == member_id).with_for_update(key_share=True)
    )
    if member is None:
        raise NotFound("members.member")
    return member


def locked_firm(firm_id: int) -> Firm:
    """The firm, locked until the end of the transaction: whoever changes its people waits."""
    found = db.session.scalar(
        select(Firm)
        .where(Firm.id == firm_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("firms.firm")
    return found


def lasting_role(firm_id: int, member_id: int) -> FirmRole | None:
    """What a member is in a firm at present."""
    return db.session.scalar(
        select(FirmRole)
        .options(joinedload(FirmRole.firm))
        .where(
            FirmRole.firm_id == firm_id,
            FirmRole.member_id == member_id,
            FirmRole.until_on.is_(None),
        )
    )


def _in_hand(by: Actor | None, role_id: int, today: date) -> Held:
    """A role as it is once its firm is locked, if they may change it."""
    firm_id = db.session.scalar(select(FirmRole.firm_id).where(FirmRole.id == role_id))
    if firm_id is None:
        raise NotFound("firms.role")
    firm = locked_firm(firm_id)
    role = db.session.scalar(
        select(FirmRole)
        .where(FirmRole.id == role_id)
        .options(joinedload(FirmRole.firm))
        .execution_options(populate_existing=True)
    )
    if role is None:
        raise NotFound("firms.role")
    standing = standing_of(firm, today)
    if not firm_policy.may_end(by, role.member_id, standing):
        raise NotAllowed("firms.edit")
    return Held(role, firm, standing)


def _spans(firm_id: int, member_id: int, *, but: int = 0) -> list[tuple[date, date | None]]:
    rows = db.session.execute(
        select(FirmRole.since_on, FirmRole.until_on).where(
            FirmRole.firm_id == firm_id, FirmRole.member_id == member_id, FirmRole.id != but
        )
    )
    return [(since, until) for since, until in rows]


def _changed(by: Actor | None, role: FirmRole, changed: tuple[str, ...]) -> None:
    db.session.flush()
    if changed:
        record(
            FirmRoleChanged(
                actor_id=by.id if by else None,
                site_id=role.firm.site_id,
                firm_id=role.firm_id,
                member_id=role.member_id,
                changed=changed,
            )
        )
