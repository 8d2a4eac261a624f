"""What changes accounts: admission, rights, language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.network.accounts.events import MemberAdmitted
from incubator.network.accounts.models import Account, Grant
from incubator.network.accounts.passwords import hash_password
from incubator.network.members import commands as members

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who is admitted: ``roles`` are pairs of a role and its site id (None for the network)."""

    name: str
    email: str
    roles: Sequence[tuple[str, int | None]]
    password: str | None
    time_zone: str
    language: str = "fr"
    home_site_id: int | None = None


def admit(by: Actor | None, person: Newcomer, *, now: datetime) -> Account:
    """Give a person a member row, an account and roles.

    ``by`` is None for the command line; who may admit is the caller's policy (invitation,
    import). Raise Refusal ``accounts.email_taken``.
    """
    address = person.email.strip().lower()
    if db.session.scalar(select(Account.id).where(Account.email == address)):
        raise Refusal("accounts.email_taken", field="email")
    member = members.add(name=person.name, home_site_id=person.home_site_id, now=now)
    account = Account(
        id=member.id,
        email=address,
        password_hash=hash_password(person.password) if person.password else None,
        language=person.language,
        time_zone=person.time_zone,
        created_at=now,
        rights_version=1,
    )
    db.session.add(account)
    db.session.flush()
    for role, site_id in person.roles:
        grant = Grant(account_id=account.id, role=role, site_id=site_id, granted_at=now)
        grant.granted_by_id = by.id if by else None
        db.session.add(grant)
        record(
            MemberAdmitted(
                actor_id=by.id if by else None, member_id=member.id, role=role, site_id=site_id
            )
        )
    db.session.flush()
    return account


def choose_language(actor: Actor, language: str) -> None:
    """Show the product to a member in «fr» or «en»."""
    db.session.get_one(Account, actor.id).language = language
