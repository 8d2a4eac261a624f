"""What changes accounts: admission, roles, language and time zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record, record_all
from incubator.network.accounts.events import MemberAdmitted, RightsChanged
from incubator.network.accounts.models import Account, Grant
from incubator.network.accounts.passwords import hash_password
from incubator.network.accounts.rules import clean_language, clean_time_zone
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
    return admit_all(by, [person], now=now)[0]


def admit_all(by: Actor | None, people: Sequence[Newcomer], *, now: datetime) -> list[Account]:
    """Admit several people at once, as ``admit``: the table is read and written once for all."""
    addresses = [person.email.strip().lower() for person in people]
    if db.session.scalar(select(Account.id).where(Account.email.in_(addresses)).limit(1)):
        raise Refusal("accounts.email_taken", field="email")
    new = members.add_all([(person.name, person.home_site_id) for person in people], now=now)
    accounts = [
        Account(
            id=member.id,
            member=member,
            email=address,
            password_hash=hash_password(person.password) if person.password else None,
            language=person.language,
            time_zone=person.time_zone,
            created_at=now,
            rights_version=1,
        )
        for member, address, person in zip(new, addresses, people, strict=True)
    ]
    save_address(*accounts)
    _give_first_roles(by, accounts, people, now=now)
    return accounts


def _give_first_roles(
    by: Actor | None, accounts: Sequence[Account], people: Sequence[Newcomer], *, now: datetime
) -> None:
    by_id = by.id if by else None
    given = [
        (account.id, role, site_id)
        for account, person in zip(accounts, people, strict=True)
        for role, site_id in person.roles
    ]
    db.session.add_all(
        Grant(account_id=id_, role=role, site_id=site_id, granted_at=now, granted_by_id=by_id)
        for id_, role, site_id in given
    )
    db.session.flush()
    record_all(
        [
            MemberAdmitted(actor_id=by_id, member_id=id_, role=role, site_id=site_id)
            for id_, role, site_id in given
        ]
    )


def save_address(*accounts: Account) -> None:
    """Write accounts whose address is new; raise Refusal when a rival took one."""
    try:
        with db.session.begin_nested():
            db.session.add_all(accounts)
    except IntegrityError as error:
        raise Refusal("accounts.email_taken", field="email") from error


def give_role(
    by: Actor | None, account_id: int, *, role: str, site_id: int | None, now: datetime
) -> bool:
    """Give a role, on a site unless it is the network's; whether it was new.

    A guest or alumni who becomes a resident of the site is no longer that. ``by`` is None for the
    command line; who may is the caller's policy (``rights``).
    """
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    given = insert_once(
        Grant,
        account_id=account_id,
        role=role,
        site_id=site_id,
        granted_by_id=by.id if by else None,
        granted_at=now,
    )
    if not given:
        return False
    _tell(by, account, role=role, site_id=site_id, given=True)
    if role == "resident":
        for weaker in ("guest", "alumni"):
            take_role(by, account_id, role=weaker, site_id=site_id, now=now)
    return True


def take_role(
    by: Actor | None, account_id: int, *, role: str, site_id: int | None, now: datetime
) -> bool:
    """End a role; whether it was held."""
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    held = db.session.scalar(
        select(Grant)
        .where(Grant.account_id == account_id, Grant.role == role, Grant.ended_at.is_(None))
        .where(Grant.site_id == site_id if site_id is not None else Grant.site_id.is_(None))
    )
    if held is None:
        return False
    held.ended_at = now
    _tell(by, account, role=role, site_id=site_id, given=False)
    return True


def _tell(
    by: Actor | None, account: Account, *, role: str, site_id: int | None, given: bool
) -> None:
    account.rights_version += 1
    db.session.flush()
    record(
        RightsChanged(
            actor_id=by.id if by else None,
            member_id=account.id,
            role=role,
            site_id=site_id,
            given=given,
        )
    )


def choose_language(actor: Actor, language: str) -> None:
    """Show the product to a member in «fr» or «en»; raise Refusal for another."""
    db.session.get_one(Account, actor.id).language = clean_language(language)


def choose_time_zone(actor: Actor, time_zone: str) -> None:
    """Show a member the hours of a zone (IANA name); raise Refusal ``accounts.zone_bad``."""
    db.session.get_one(Account, actor.id).time_zone = clean_time_zone(time_zone)
