"""Who is behind a session, and with which rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from incubator.kernel.db import db
from incubator.network.accounts.models import Account, Session
from incubator.network.accounts.tokens import hash_token
from incubator.network.members.actor import ROLES, Actor

if TYPE_CHECKING:
    from collections.abc import Sequence


def session_of(token: str) -> Session | None:
    """The live session of a token, with its account, member and grants; None if it ended."""
    return db.session.scalar(
        select(Session)
        .join(Session.account)
        .join(Account.member)
        .options(
            contains_eager(Session.account).contains_eager(Account.member),
            contains_eager(Session.account).selectinload(Account.grants),
        )
        .where(
            Session.token_hash == hash_token(token),
            Session.ended_at.is_(None),
            Account.deactivated_at.is_(None),
        )
    )


def actor_of(account: Account) -> Actor:
    """The rights of an account whose member and grants are loaded."""
    held = {grant.role for grant in account.grants}
    return Actor(
        id=account.id,
        name=account.member.name,
        slug=account.member.slug,
        role=next((role for role in ROLES if role in held), "guest"),
        home_site_id=account.member.home_site_id,
        managed_site_ids=frozenset(
            grant.site_id for grant in account.grants if grant.role == "manager" and grant.site_id
        ),
        language=account.language,
        time_zone=account.time_zone,
    )


def account_of(member_id: int) -> Account | None:
    """The account of a member with its member and grants, whether active or not."""
    return db.session.scalar(_with_rights().where(Account.id == member_id))


def account_by_email(email: str) -> Account | None:
    """The account of an address, upper or lower case alike."""
    return db.session.scalar(_with_rights().where(Account.email == email.strip().lower()))


def live_sessions(account_id: int) -> Sequence[Session]:
    """The devices on which an account is signed in, the last seen first."""
    return db.session.scalars(
        select(Session)
        .where(Session.account_id == account_id, Session.ended_at.is_(None))
        .order_by(Session.seen_at.desc(), Session.id.desc())
        .limit(100)
    ).all()


def _with_rights() -> Select[Account]:
    return (
        select(Account)
        .join(Account.member)
        .options(contains_eager(Account.member), selectinload(Account.grants))
    )
