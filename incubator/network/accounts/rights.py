"""What changes the rights of others: roles given and taken, accounts closed and reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts import commands, policy
from incubator.network.accounts.closing import close_account, lock_administrators
from incubator.network.accounts.events import MemberReactivated
from incubator.network.accounts.models import Account, Grant
from incubator.network.accounts.personal import is_forgotten
from incubator.network.accounts.queries import account_of, actor_of, visible_to
from incubator.network.members.actor import ROLES
from incubator.network.members.indexing import index_member
from incubator.network.members.merged_rows import any_double
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


def check_role(role: str, site_id: int | None) -> None:
    """Raise Refusal unless the role exists and has a site, which only the network's lacks.

    Nobody is made an alumni by hand: it is what an exit leaves.
    """
    if role not in ROLES or role == "alumni":
        raise Refusal("accounts.role_bad", field="role")
    if (role == "administrator") != (site_id is None):
        raise Refusal("accounts.site_needed", field="site_id")
    if site_id is not None and db.session.get(Site, site_id) is None:
        raise Refusal("accounts.site_needed", field="site_id")


def give(actor: Actor, *, member_id: int, role: str, site_id: int | None, now: datetime) -> None:
    """Give a member a role; giving it again changes nothing.

    Raise NotFound, NotAllowed ``accounts.not_yours_to_give``, Refusal ``accounts.role_bad``,
    ``accounts.site_needed`` or ``accounts.deactivated``.
    """
    account = visible_to(actor, member_id)
    check_role(role, site_id)
    if not policy.may_grant(actor, role, site_id):
        raise NotAllowed("accounts.not_yours_to_give")
    if account.deactivated_at:
        raise Refusal("accounts.deactivated")
    commands.give_role(actor, member_id, role=role, site_id=site_id, now=now)
    member = db.session.get_one(Member, member_id)
    if role == "resident" and member.home_site_id is None:
        member.home_site_id = site_id
    # Whoever had left is of the network again.
    member.active = True
    index_member(member.id)


def take(actor: Actor, *, member_id: int, grant_id: int, now: datetime) -> None:
    """Take a role from a member; a role already taken changes nothing.

    Raise NotFound, NotAllowed, Refusal ``accounts.last_administrator`` or
    ``accounts.last_role`` (an account without a role is closed instead).
    """
    administrators = lock_administrators()
    visible_to(actor, member_id)
    db.session.get_one(Account, member_id, with_for_update=True, populate_existing=True)
    held = _held(member_id)
    grant = next((grant for grant in held if grant.id == grant_id), None)
    if grant is None:
        raise NotFound("accounts.grant")
    if not policy.may_grant(actor, grant.role, grant.site_id):
        raise NotAllowed("accounts.not_yours_to_give")
    if grant.role == "administrator" and list(administrators) == [member_id]:
        raise Refusal("accounts.last_administrator")
    if len(held) == 1:
        raise Refusal("accounts.last_role")
    commands.take_role(actor, member_id, role=grant.role, site_id=grant.site_id, now=now)


def deactivate(actor: Actor, *, member_id: int, now: datetime) -> None:
    """Close an account at once: pages and sockets stop, links die, the directory forgets it.

    Raise NotFound, NotAllowed or Refusal ``accounts.last_administrator``.
    """
    administrators = lock_administrators()
    account = _closable(actor, member_id)
    if account.deactivated_at:
        return
    if list(administrators) == [member_id]:
        raise Refusal("accounts.last_administrator")
    close_account(actor, db.session.get_one(Member, member_id), now=now)


def reactivate(actor: Actor, *, member_id: int) -> None:
    """Open a closed account again, with the roles it had.

    Who had left the network before stays out of its directory until a role is given. Raise
    NotFound, NotAllowed or Refusal ``accounts.closed_for_good``.
    """
    account = _closable(actor, member_id)
    if account.deactivated_at is None:
        return
    if closed_for_good(account):
        raise Refusal("accounts.closed_for_good")
    account.deactivated_at = None
    member = db.session.get_one(Member, member_id)
    member.active = any(grant.role != "alumni" for grant in _held(member_id))
    index_member(member_id)
    record(MemberReactivated(actor_id=actor.id, member_id=member_id, site_id=member.home_site_id))


def closed_for_good(account: Account) -> bool:
    """Whether an account stays closed: its person was forgotten, or is another one's double."""
    return is_forgotten(account) or any_double(account.id)


def _held(member_id: int) -> Sequence[Grant]:
    return db.session.scalars(
        select(Grant).where(Grant.account_id == member_id, Grant.ended_at.is_(None))
    ).all()


def _closable(actor: Actor, member_id: int) -> Account:
    visible_to(actor, member_id)
    account = db.session.get_one(Account, member_id, with_for_update=True, populate_existing=True)
    loaded = account_of(member_id)
    if loaded is None or not policy.may_deactivate(actor, actor_of(loaded)):
        raise NotAllowed("accounts.not_yours_to_close")
    return account
