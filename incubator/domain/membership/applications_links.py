"""Mailed links to an application: minted for each letter, found by the hash of their secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.membership.application_models import Application, ApplicationLink
from incubator.domain.membership.applications_rules import CONFIRM_LASTS, FOLLOW_LASTS
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.accounts.tokens import hash_token, new_token

if TYPE_CHECKING:
    from datetime import datetime

_LASTS = {"confirm": CONFIRM_LASTS, "follow": FOLLOW_LASTS}


def mint(application_id: int, purpose: str, *, now: datetime) -> str:
    """The secret of a new link; the earlier ones go on working."""
    token = new_token()
    db.session.add(
        ApplicationLink(
            application_id=application_id,
            purpose=purpose,
            token_hash=hash_token(token),
            expires_at=now + _LASTS[purpose],
        )
    )
    db.session.flush()
    return token


def follow(token: str, *, now: datetime) -> Application:
    """The application behind a private link, with its site; raise NotFound ``membership.link``."""
    return _application(_open(token, "follow", now=now))


def to_confirm(token: str, *, now: datetime) -> Application:
    """The application that a link confirms; raise NotFound when used, expired or forged."""
    return _application(_open(token, "confirm", now=now))


def use(token: str, *, now: datetime) -> int:
    """Spend a confirmation, once; the id of its application. Raise NotFound as ``to_confirm``."""
    link = _open(token, "confirm", now=now, lock=True)
    link.used_at = now
    db.session.flush()
    return link.application_id


def _open(token: str, purpose: str, *, now: datetime, lock: bool = False) -> ApplicationLink:
    query = select(ApplicationLink).where(
        ApplicationLink.token_hash == hash_token(token),
        ApplicationLink.purpose == purpose,
        ApplicationLink.used_at.is_(None),
        ApplicationLink.expires_at > now,
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("membership.link")
    return found


def _application(link: ApplicationLink) -> Application:
    return db.session.scalars(
        select(Application)
        .where(Application.id == link.application_id)
        .options(joinedload(Application.site), joinedload(Application.invitation))
    ).one()
