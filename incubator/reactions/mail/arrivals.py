"""Who waited for somebody is told, once, that they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import actor_of
from incubator.network.members.audiences import seen_fields
from incubator.network.members.events import MemberArrived
from incubator.network.members.models import Member
from incubator.network.members.whereabouts import take_watchers
from incubator.network.sites.models import Site
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Sequence


def subscribe() -> None:
    """Hear who arrives."""
    joins(MemberArrived, on_arrival)


def on_arrival(event: MemberArrived) -> None:
    """Write to those who waited and may still know where this member is."""
    member = db.session.get_one(Member, event.member_id)
    site = db.session.get_one(Site, event.site_id)
    for account in _waiting(take_watchers(event.member_id)):
        if "presence" not in seen_fields(actor_of(account), member):
            continue
        values = {"name": account.member.name, "who": member.name, "site": site.name}
        about = About("arrival", member.id, "arrived", by=member.id)
        write("arrivals", "arrived", [account], values=values, about=about)


def _waiting(member_ids: Sequence[int]) -> Sequence[Account]:
    return (
        db.session.scalars(
            select(Account)
            .where(Account.id.in_(member_ids), Account.deactivated_at.is_(None))
            .options(joinedload(Account.member), joinedload(Account.grants))
            .order_by(Account.id)
        )
        .unique()
        .all()
    )
