"""Who is behind a socket: the session of its cookie, asked again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Request
from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.accounts.models import Account, Session
from incubator.network.accounts.queries import session_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from flask import Flask

    from incubator.network.members.actor import Actor

COOKIE_KEY = "_user_id"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A signed-in person at an instant."""

    token: str
    session_id: int
    actor: Actor


def token_of(app: Flask, environ: dict[str, object]) -> str | None:
    """The session token in the signed cookie of a request, if any."""
    cookie = app.session_interface.open_session(app, Request(environ))
    token = cookie.get(COOKIE_KEY) if cookie else None
    return token if isinstance(token, str) else None


def person_of(token: str | None, *, days: int, now: datetime) -> Person | None:
    """The person of a session that lives; None when it ended, expired or lost its rights."""
    row = session_of(token) if token else None
    if row is None or token is None or row.seen_at < now - timedelta(days=days):
        return None
    if row.outdated or row.ended_at is not None:
        return None
    return Person(token=token, session_id=row.id, actor=row.actor)


def living(session_ids: Collection[int], *, days: int, now: datetime) -> set[int]:
    """Those of these sessions that may go on."""
    query = (
        select(Session.id)
        .join(Account, Account.id == Session.account_id)
        .where(
            Session.id.in_(session_ids),
            Session.ended_at.is_(None),
            Session.rights_version == Account.rights_version,
            Session.seen_at >= now - timedelta(days=days),
            Account.deactivated_at.is_(None),
        )
    )
    return set(db.session.scalars(query))
