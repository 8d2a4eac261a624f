"""Who gets a letter: people who still have an account, and those who run a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, true

from incubator.kernel.db import db
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable


def accounts_of(ids: Iterable[int | None]) -> list[Account]:
    """The accounts of these members that are not closed."""
    known = sorted(each for each in ids if each is not None)
    if not known:
        return []
    query = select(Account).where(Account.id.in_(known), Account.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.id)))


def members_of(site_id: int) -> list[Account]:
    """Everybody who belongs to a site and has not left: neither its guests nor its alumni."""
    belongs = (
        select(Grant.id)
        .where(
            Grant.account_id == Account.id,
            Grant.ended_at.is_(None),
            Grant.role.not_in(("guest", "alumni")),
        )
        .exists()
    )
    query = (
        select(Account)
        .join(Member, Member.id == Account.id)
        .where(
            Member.home_site_id == site_id,
            Member.active == true(),
            Account.deactivated_at.is_(None),
            belongs,
        )
    )
    return list(db.session.scalars(query.order_by(Account.id)))


def managers_of(site_id: int | None) -> list[Account]:
    """Who runs a site; the administrators of the network where nobody does."""
    live = select(Grant.account_id).where(Grant.ended_at.is_(None))
    here = db.session.scalars(live.where(Grant.role == "manager", Grant.site_id == site_id)).all()
    admins = live.where(Grant.role == "administrator")
    return accounts_of(set(here or db.session.scalars(admins)))
