"""Closing an account, and the administrators who must not all go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db
from incubator.kernel.events import record
from incubator.network.accounts import sessions
from incubator.network.accounts.events import MemberDeactivated
from incubator.network.accounts.models import Account, Grant, OneTimeLink
from incubator.network.members.indexing import index_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


def lock_administrators() -> Sequence[int]:
    """The ids of the active administrators, locked in one order: the last one must stay.

    Their keys stay free: whoever is told something refers to them, and must not wait for it.
    """
    return db.session.scalars(
        select(Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == "administrator", Grant.ended_at.is_(None))
        .where(Account.deactivated_at.is_(None))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    ).all()


def close_account(by: Actor | None, member: Member, *, now: datetime) -> None:
    """Let nobody in by this account any more; a closed one stays as it is."""
    account = db.session.get(
        Account, member.id, with_for_update={"key_share": True}, populate_existing=True
    )
    if account is None or account.deactivated_at:
        return
    account.deactivated_at = now
    account.rights_version += 1
    member.active = False
    index_member(member.id)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == member.id))
    by_id = by.id if by else None
    sessions.end_all(member.id, now=now, by=by_id)
    record(MemberDeactivated(actor_id=by_id, member_id=member.id, site_id=member.home_site_id))
