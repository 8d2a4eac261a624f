"""Inviting many at once: addresses read from a text, each with what stands in its way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.network.accounts import invitations
from incubator.network.accounts.models import Account, Invitation
from incubator.network.accounts.rules import clean_email

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST_LINES = 200
FAULTS = ("bad", "twice", "member", "invited")
_BRACKETED = re.compile(r"<([^<>]*)>\s*$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the text: its number, what it says, the address read, and one of ``FAULTS``.

    ``fault`` is empty for an address that can be invited.
    """

    number: int
    text: str
    address: str
    fault: str


def read_lines(text: str) -> list[Line]:
    """The lines that hold something, «Ada <ada@example.org>» or a bare address; pure.

    Commas and semicolons separate addresses too. Raise Refusal ``accounts.too_many_lines`` or
    ``accounts.no_address``.
    """
    parts = [part.strip() for part in re.split(r"[\n,;]", text)]
    found: list[Line] = []
    seen: set[str] = set()
    for part in filter(None, parts):
        address = _address_in(part)
        fault = "" if address else "bad"
        if address in seen:
            fault = "twice"
        seen |= {address} if address else set()
        found.append(Line(number=len(found) + 1, text=part[:120], address=address, fault=fault))
    if not found:
        raise Refusal("accounts.no_address", field="addresses")
    if len(found) > MOST_LINES:
        raise Refusal("accounts.too_many_lines", field="addresses", most=MOST_LINES)
    return found


def _address_in(part: str) -> str:
    bracketed = _BRACKETED.search(part)
    try:
        return clean_email(bracketed[1] if bracketed else part)
    except Refusal:
        return ""


def examined(lines: Sequence[Line], *, now: datetime) -> list[Line]:
    """The same lines, with those marked who are members or hold an open invitation."""
    wanted = {line.address for line in lines if not line.fault}
    members = _members_among(wanted)
    invited = _invited_among(wanted, now)
    return [
        Line(number=line.number, text=line.text, address=line.address, fault=fault)
        for line in lines
        for fault in [line.fault or _fault(line.address, members, invited)]
    ]


def _fault(address: str, members: Collection[str], invited: Collection[str]) -> str:
    if address in members:
        return "member"
    return "invited" if address in invited else ""


def _members_among(addresses: Collection[str]) -> set[str]:
    return set(db.session.scalars(select(Account.email).where(Account.email.in_(addresses))))


def _invited_among(addresses: Collection[str], now: datetime) -> set[str]:
    found = db.session.scalars(
        select(Invitation.email).where(
            Invitation.email.in_(addresses),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
    )
    return {address for address in found if address}


def invite_all(
    actor: Actor,
    *,
    text: str,
    role: str,
    site_id: int | None,
    language: str,
    once: str,
    now: datetime,
) -> int:
    """Invite every address of a text that nothing stands in the way of; how many they are.

    The same form sent twice invites once. Raise as ``read_lines`` and ``invitations.invite``;
    Refusal ``accounts.nobody_to_invite``.
    """
    lines = examined(read_lines(text), now=now)
    sound = [line for line in lines if not line.fault]
    if not sound:
        raise Refusal("accounts.nobody_to_invite", field="addresses")
    for line in sound:
        invitations.invite(
            actor,
            role=role,
            site_id=site_id,
            email=line.address,
            language=language,
            once=f"{once[:32]}:{line.number}",
            now=now,
        )
    return len(sound)
