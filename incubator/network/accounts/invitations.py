"""Ways in: an invitation by mail or from hand to hand, used once, within fourteen days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts import commands, policy
from incubator.network.accounts.events import (
    InvitationAccepted,
    InvitationRevoked,
    MemberInvited,
)
from incubator.network.accounts.models import Account, Invitation
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.accounts.rights import check_role
from incubator.network.accounts.rules import (
    INVITATION_LASTS,
    check_new_password,
    clean_email,
    clean_language,
    clean_name,
    clean_time_zone,
)
from incubator.network.accounts.tokens import hash_token, new_token
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.members.actor import Actor


class Issued(NamedTuple):
    """An invitation and its secret, shown once; None when the same form came twice."""

    invitation: Invitation
    token: str | None


@dataclass(frozen=True, kw_only=True)
class Guest:
    """What the person at the door says of themselves."""

    name: str
    email: str
    password: str
    language: str
    time_zone: str


def invite(
    actor: Actor,
    *,
    role: str,
    site_id: int | None,
    email: str | None,
    language: str,
    once: str,
    now: datetime,
    starts_on: date | None = None,
) -> Issued:
    """Invite somebody to a role at a site: by mail, or without an address by a link to hand over.

    Before ``starts_on``, a day at the site, nobody comes in; the fourteen days run from it.
    Raise NotAllowed ``accounts.not_yours_to_give``, Refusal ``accounts.role_bad``,
    ``accounts.site_needed``, ``accounts.email_bad`` or ``accounts.already_member``.
    """
    check_role(role, site_id)
    if not policy.may_invite(actor, role, site_id):
        raise NotAllowed("accounts.not_yours_to_give")
    address = clean_email(email) if email else None
    if address and db.session.scalar(select(Account.id).where(Account.email == address)):
        raise Refusal("accounts.already_member", field="email")
    token = new_token()
    made = insert_once(
        Invitation,
        token_hash=hash_token(token),
        once=once[:40],
        email=address,
        role=role,
        site_id=site_id,
        language=clean_language(language),
        invited_by_id=actor.id,
        created_at=now,
        expires_at=_expiry(starts_on, now),
        starts_on=starts_on,
    )
    row = db.session.scalars(
        select(Invitation).where(Invitation.invited_by_id == actor.id, Invitation.once == once[:40])
    ).one()
    if not made:
        return Issued(row, None)
    _tell(actor, row, token=token, again=False)
    return Issued(row, token)


def send_again(actor: Actor, *, invitation_id: int, now: datetime) -> Issued:
    """A fresh secret and fourteen more days; the former link dies.

    Raise NotFound, or Refusal ``accounts.invitation_over`` when it was used or revoked.
    """
    row = _of(actor, invitation_id)
    if row.used_at or row.revoked_at:
        raise Refusal("accounts.invitation_over")
    token = new_token()
    row.token_hash, row.expires_at = hash_token(token), _expiry(row.starts_on, now)
    _tell(actor, row, token=token, again=True)
    return Issued(row, token)


def revoke(actor: Actor, *, invitation_id: int, now: datetime) -> None:
    """Withdraw an invitation; raise NotFound, or Refusal when somebody came in by it."""
    row = _of(actor, invitation_id)
    if row.used_at:
        raise Refusal("accounts.invitation_over")
    if row.revoked_at is None:
        row.revoked_at = now
        record(InvitationRevoked(actor_id=actor.id, invitation_id=row.id, site_id=row.site_id))


def hold(invitation_id: int | None) -> Invitation | None:
    """An invitation, locked as by who accepts it; None for none. Who may is the caller's policy."""
    if invitation_id is None:
        return None
    return db.session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)


def open_from(row: Invitation, starts_on: date, *, now: datetime) -> None:
    """Let a held invitation open from another day; the fourteen days run from it, its link stays.

    Raise Refusal ``accounts.invitation_over`` when it was used or revoked.
    """
    if row.used_at or row.revoked_at:
        raise Refusal("accounts.invitation_over")
    row.starts_on, row.expires_at = starts_on, _expiry(starts_on, now)


def cancel(invitation_id: int | None, *, now: datetime) -> None:
    """Close an invitation whose reason is gone; nothing for none, or one used or revoked.

    Who may is the caller's policy.
    """
    row = hold(invitation_id)
    if row is not None and not row.used_at and row.revoked_at is None:
        row.revoked_at = now
        record(InvitationRevoked(actor_id=None, invitation_id=row.id, site_id=row.site_id))


def open_invitation(token: str, *, now: datetime, lock: bool = False) -> Invitation:
    """The invitation of a secret; raise NotFound when used, expired, revoked or forged.

    It is worth what its giver may still give: it dies with their rights.
    """
    query = select(Invitation).where(Invitation.token_hash == hash_token(token))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None or row.state(now) != "open":
        raise NotFound("accounts.invitation")
    giver = account_of(row.invited_by_id)
    if giver is None or giver.deactivated_at:
        raise NotFound("accounts.invitation")
    if not policy.may_invite(actor_of(giver), row.role, row.site_id):
        raise NotFound("accounts.invitation")
    return row


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What an invitation says to the person who opens it."""

    role: str
    email: str | None
    language: str
    site: str | None
    time_zone: str | None
    giver: str
    starts_on: date | None

    def is_early(self, now: datetime) -> bool:
        """Whether its first day has not come yet, on the clock of the site."""
        return _is_early(self.starts_on, self.time_zone, now)


def offer_of(token: str, *, now: datetime) -> Offer:
    """What a secret offers; raise NotFound as ``open_invitation``."""
    row = open_invitation(token, now=now)
    site = db.session.get(Site, row.site_id) if row.site_id else None
    return Offer(
        role=row.role,
        email=row.email,
        language=row.language,
        site=site.name if site else None,
        time_zone=site.time_zone if site else None,
        giver=db.session.get_one(Member, row.invited_by_id).name,
        starts_on=row.starts_on,
    )


def accept(token: str, guest: Guest, *, now: datetime) -> Account:
    """Come in by an invitation, once: of two at the same instant one gets the account.

    Raise NotFound as ``open_invitation``, Refusal ``accounts.invitation_early`` before its
    first day, and for a bad name, address (a mailed invitation keeps its own), password,
    language or zone.
    """
    row = open_invitation(token, now=now, lock=True)
    site = db.session.get(Site, row.site_id) if row.site_id else None
    if _is_early(row.starts_on, site.time_zone if site else None, now):
        raise Refusal("accounts.invitation_early")
    address, name = row.email or clean_email(guest.email), clean_name(guest.name)
    check_new_password(guest.password, email=address, name=name)
    giver = account_of(row.invited_by_id)
    person = commands.Newcomer(
        name=name,
        email=address,
        roles=_roles(row),
        password=guest.password,
        time_zone=clean_time_zone(guest.time_zone),
        language=clean_language(guest.language),
        home_site_id=row.site_id,
    )
    account = commands.admit(actor_of(giver) if giver else None, person, now=now)
    row.used_at, row.used_by_id = now, account.id
    record(
        InvitationAccepted(
            actor_id=account.id, invitation_id=row.id, member_id=account.id, site_id=row.site_id
        )
    )
    return account


def _is_early(starts_on: date | None, time_zone: str | None, now: datetime) -> bool:
    return bool(starts_on and now.astimezone(ZoneInfo(time_zone or "UTC")).date() < starts_on)


def _expiry(starts_on: date | None, now: datetime) -> datetime:
    """Fourteen days from now, or from the end of the first day wherever the site lies."""
    if starts_on is None:
        return now + INVITATION_LASTS
    begins = datetime.combine(starts_on, time(), UTC) + timedelta(days=1)
    return max(now, begins) + INVITATION_LASTS


def _roles(row: Invitation) -> list[tuple[str, int | None]]:
    """A manager is also a resident of the site."""
    roles: list[tuple[str, int | None]] = [(row.role, row.site_id)]
    return [*roles, ("resident", row.site_id)] if row.role == "manager" else roles


def _of(actor: Actor, invitation_id: int) -> Invitation:
    row = db.session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if row is None or not policy.may_invite(actor, row.role, row.site_id):
        raise NotFound("accounts.invitation")
    return row


def _tell(actor: Actor, row: Invitation, *, token: str, again: bool) -> None:
    record(
        MemberInvited(
            actor_id=actor.id,
            invitation_id=row.id,
            role=row.role,
            site_id=row.site_id,
            language=row.language,
            email=row.email,
            token=token,
            again=again,
        )
    )
