"""Signed-in devices: starting, touching and ending their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import Event, record
from incubator.network.accounts.models import Account, Session
from incubator.network.accounts.tokens import hash_token, new_token

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

# What was on its way while a session was handed over still comes in under the former one.
GRACE: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionsEnded(Event):
    """Sessions of an account ended: its open sockets must close. None means all of them."""

    account_id: int
    session_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionFollowed(Event):
    """A browser goes on under a new session: what hung on the former one hangs on that."""

    former_id: int
    session_id: int


def start(account_id: int, *, address: str, device: str, now: datetime) -> str:
    """Open a session and return its token."""
    token = new_token()
    account = db.session.get_one(Account, account_id)
    row = Session(
        token_hash=hash_token(token),
        account_id=account_id,
        rights_version=account.rights_version,
        created_at=now,
        seen_at=now,
        address=address[:45],
        device=device[:200],
    )
    db.session.add(row)
    db.session.flush()
    return token


def touch(session_id: int, *, now: datetime) -> None:
    """Note that a session is in use."""
    db.session.execute(update(Session).where(Session.id == session_id).values(seen_at=now))


def hand_over(account_id: int, session_id: int, *, now: datetime) -> bool:
    """End a session that a new one follows, after ``GRACE``; whether it was not followed yet."""
    query = update(Session).where(Session.id == session_id, Session.ended_at.is_(None))
    query = query.values(ended_at=now + GRACE)
    if db.session.scalar(query.returning(Session.id)) is None:
        return False
    record(SessionsEnded(actor_id=account_id, account_id=account_id, session_id=session_id))
    return True


def follow(account_id: int, former_id: int, session_id: int) -> None:
    """Tell that a session was handed over to this one, of the same browser."""
    record(SessionFollowed(actor_id=account_id, former_id=former_id, session_id=session_id))


def end(session_id: int, *, now: datetime) -> None:
    """End one session; ending it again changes nothing."""
    row = db.session.get(Session, session_id)
    if row is None or (row.ended_at is not None and row.ended_at <= now):
        return
    row.ended_at = now
    record(SessionsEnded(actor_id=row.account_id, account_id=row.account_id, session_id=row.id))


def end_all(
    account_id: int, *, now: datetime, but: int | None = None, by: int | None = None
) -> None:
    """End every session of an account, but one if named. ``by`` is who does it, if not its owner.

    One event tells that all ended; with one kept, each that ended has its own.
    """
    mine = (Session.account_id == account_id, _goes_on(now))
    rows = [but] if but is None else _others(account_id, but, now)
    query = update(Session).where(*mine)
    if but is not None:
        query = query.where(Session.id != but)
    db.session.execute(query.values(ended_at=now))
    for ended in rows:
        record(SessionsEnded(actor_id=by or account_id, account_id=account_id, session_id=ended))


def end_own(account_id: int, session_id: int, *, now: datetime) -> None:
    """End one of a member's own sessions; raise NotFound for another's."""
    row = db.session.get(Session, session_id)
    if row is None or row.account_id != account_id:
        raise NotFound("accounts.session")
    end(session_id, now=now)


def _goes_on(now: datetime) -> ColumnElement[bool]:
    return or_(Session.ended_at.is_(None), Session.ended_at > now)


def _others(account_id: int, but: int, now: datetime) -> list[int | None]:
    query = select(Session.id).where(
        Session.account_id == account_id, _goes_on(now), Session.id != but
    )
    return list(db.session.scalars(query))
