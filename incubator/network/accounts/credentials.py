"""Passwords and addresses: signing in, forgetting, changing, confirming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.jobs import job, later
from incubator.network.accounts import sessions
from incubator.network.accounts.commands import save_address
from incubator.network.accounts.events import (
    EmailChanged,
    LinkAsked,
    PasswordChanged,
    SignedIn,
    SignInRefused,
)
from incubator.network.accounts.models import Account, OneTimeLink
from incubator.network.accounts.passwords import check_password, hash_password, is_outdated
from incubator.network.accounts.queries import account_by_email
from incubator.network.accounts.rules import (
    EMAIL_LINK_LASTS,
    RESET_LASTS,
    check_new_password,
    clean_email,
)
from incubator.network.accounts.tokens import hash_token, new_token
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from incubator.network.members.actor import Actor

RESET_JOB = "accounts.reset"


def recognise(email: str, password: str) -> Account | None:
    """The active account of an address and a password; takes as long when there is none."""
    address = email.strip().lower()
    # One statement whether the address is known or not.
    account = db.session.scalar(select(Account).where(Account.email == address))
    fits = check_password(password, account.password_hash if account else None)
    return account if account and fits and account.deactivated_at is None else None


def welcome(account_id: int, password: str) -> None:
    """Note a sign-in that succeeded; an old hash is made anew."""
    account = db.session.get_one(Account, account_id)
    if account.password_hash and is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
    record(SignedIn(actor_id=account_id, member_id=account_id))


def turn_away(email: str) -> None:
    """Note a sign-in that failed."""
    found = db.session.scalar(select(Account.id).where(Account.email == email.strip().lower()))
    record(SignInRefused(actor_id=None, member_id=found))


def forget(email: str) -> None:
    """Ask for a link to a new password.

    Whether the address has an account is looked up later, by a job: the asker can learn it
    neither from the answer nor from its time.
    """
    later(RESET_JOB, {"email": email.strip().lower()})


@job(RESET_JOB)
def send_reset(payload: Mapping[str, Any]) -> None:
    """Send the link of a forgotten password, if the address has an active account."""
    with transaction():
        account = account_by_email(str(payload["email"]))
        if account is None or account.deactivated_at:
            return
        _forget_links(account.id, "reset")
        _send_link(account, "reset", lasts=RESET_LASTS, now=utcnow())


def open_link(token: str, *purposes: str, now: datetime, lock: bool = False) -> OneTimeLink:
    """The link of a secret; raise NotFound when used, expired or forged."""
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == hash_token(token), OneTimeLink.purpose.in_(purposes)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    link = db.session.scalar(query)
    if link is None or link.used_at or link.expires_at <= now:
        raise NotFound("accounts.link")
    return link


def reset_password(token: str, *, password: str, now: datetime) -> Account:
    """Set a new password by a mailed link, once; all sessions end.

    Raise NotFound as ``open_link`` and Refusal for a weak password.
    """
    link = open_link(token, "reset", now=now, lock=True)
    account = db.session.get_one(Account, link.account_id)
    _set_password(account, password, field="password", how="reset")
    link.used_at = now
    sessions.end_all(account.id, now=now)
    return account


def change_password(
    actor: Actor, *, current: str, password: str, session_id: int, now: datetime
) -> None:
    """Set a new password knowing the current one; the other sessions end.

    Raise Refusal ``accounts.password_wrong`` or for a weak password.
    """
    account = _proven(actor, current)
    _set_password(account, password, field="password", how="change")
    _forget_links(account.id, "reset")
    sessions.end_all(account.id, now=now, but=session_id)


def ask_new_email(actor: Actor, *, email: str, current: str, now: datetime) -> None:
    """Ask to change one's address: a link goes to the old one and to the new one.

    Whether the new address has an account is told only to who can read its mail. Raise Refusal
    ``accounts.password_wrong``, ``accounts.email_bad`` or ``accounts.email_same``.
    """
    account = _proven(actor, current)
    address = clean_email(email)
    if address == account.email:
        raise Refusal("accounts.email_same", field="email")
    _forget_links(account.id, "email_old", "email_new")
    for purpose in ("email_old", "email_new"):
        _send_link(account, purpose, lasts=EMAIL_LINK_LASTS, now=now, new_email=address)


def confirm_email(token: str, *, now: datetime) -> bool:
    """Confirm one side of a change of address; whether both are, and the change is done.

    Raise NotFound as ``open_link``, or Refusal ``accounts.email_taken``.
    """
    link = open_link(token, "email_old", "email_new", now=now)
    # The account's lock puts the two sides in a row, whichever comes first.
    account = db.session.get_one(
        Account, link.account_id, with_for_update=True, populate_existing=True
    )
    link = open_link(token, "email_old", "email_new", now=now, lock=True)
    link.used_at = now
    db.session.flush()
    sides = db.session.scalars(
        select(OneTimeLink).where(
            OneTimeLink.account_id == account.id,
            OneTimeLink.purpose.in_(("email_old", "email_new")),
        )
    )
    if {side.purpose for side in sides if side.used_at} != {"email_old", "email_new"}:
        return False
    _move(account, str(link.data["email"]))
    return True


def _move(account: Account, address: str) -> None:
    if db.session.scalar(select(Account.id).where(Account.email == address)):
        raise Refusal("accounts.email_taken")
    old, account.email = account.email, address
    save_address(account)
    _forget_links(account.id, "reset", "email_old", "email_new")
    record(EmailChanged(actor_id=account.id, member_id=account.id, old_email=old))


def _proven(actor: Actor, current: str) -> Account:
    account = db.session.get_one(Account, actor.id, with_for_update=True, populate_existing=True)
    if not check_password(current, account.password_hash):
        raise Refusal("accounts.password_wrong", field="current")
    return account


def _set_password(account: Account, password: str, *, field: str, how: str) -> None:
    name = db.session.get_one(Member, account.id).name
    check_new_password(password, email=account.email, name=name, field=field)
    account.password_hash = hash_password(password)
    record(PasswordChanged(actor_id=account.id, member_id=account.id, how=how))


def _forget_links(account_id: int, *purposes: str) -> None:
    db.session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.account_id == account_id, OneTimeLink.purpose.in_(purposes)
        )
    )


def _send_link(
    account: Account,
    purpose: str,
    *,
    lasts: timedelta,
    now: datetime,
    new_email: str = "",
) -> None:
    token = new_token()
    link = OneTimeLink(
        account_id=account.id,
        purpose=purpose,
        token_hash=hash_token(token),
        data={"email": new_email},
        created_at=now,
        expires_at=now + lasts,
    )
    db.session.add(link)
    db.session.flush()
    record(
        LinkAsked(
            actor_id=account.id,
            member_id=account.id,
            purpose=purpose,
            language=account.language,
            email=new_email if purpose == "email_new" else account.email,
            token=token,
            new_email=new_email,
        )
    )
