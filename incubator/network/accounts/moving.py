"""Changes of home: another site, or none any more. Who may is the caller's policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.network.accounts import commands
from incubator.network.accounts.closing import close_account, lock_administrators
from incubator.network.accounts.events import MemberMoved
from incubator.network.accounts.models import Grant
from incubator.network.members.absence import set_here
from incubator.network.members.firm_people import end_roles
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


def move_home(by: Actor | None, *, member_id: int, to_site_id: int, now: datetime) -> bool:
    """Give a member another home site, with the resident's role there instead of here.

    Roles of a manager stay: they are given and taken by people. Whether anything changed.
    """
    member = db.session.get_one(Member, member_id, with_for_update={"key_share": True})
    left = member.home_site_id
    if left == to_site_id:
        return False
    commands.give_role(by, member_id, role="resident", site_id=to_site_id, now=now)
    if left is not None:
        commands.take_role(by, member_id, role="resident", site_id=left, now=now)
    member.home_site_id = to_site_id
    db.session.flush()
    index_member(member_id)
    record(
        MemberMoved(
            actor_id=by.id if by else None,
            site_id=to_site_id,
            member_id=member_id,
            from_site_id=left,
            to_site_id=to_site_id,
        )
    )
    return True


def check_not_last_administrator(member_id: int) -> None:
    """Raise Refusal ``accounts.last_administrator`` when nobody else runs the network."""
    if list(lock_administrators()) == [member_id]:
        raise Refusal("accounts.last_administrator")


def leave_network(
    by: Actor | None, *, member_id: int, keep_window: bool, today: date, now: datetime
) -> None:
    """End every role of a member: they are an alumni of their site, or their account closes.

    Their roles in firms end too, and the directory forgets them. ``keep_window`` asks for the
    alumni's role, which needs a home site. Raise Refusal ``accounts.last_administrator``.
    """
    check_not_last_administrator(member_id)
    member = db.session.get_one(Member, member_id, with_for_update={"key_share": True})
    held = db.session.scalars(
        select(Grant).where(Grant.account_id == member_id, Grant.ended_at.is_(None))
    ).all()
    site_id = member.home_site_id
    if keep_window and site_id is not None:
        commands.give_role(by, member_id, role="alumni", site_id=site_id, now=now)
    for grant in held:
        if grant.role != "alumni":
            commands.take_role(by, member_id, role=grant.role, site_id=grant.site_id, now=now)
    set_here(member_id)
    end_roles(member_id, on=today)
    member.active = False
    db.session.flush()
    index_member(member_id)
    if not keep_window or site_id is None:
        close_account(by, member, now=now)
