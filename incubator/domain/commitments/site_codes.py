"""Codes of a site to be scanned: printed for the wall, or rotating on its screen.

No token is kept: a printed one is reckoned anew from its number and the server's secret when it
is printed again, a rotating one from its salt and the time.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import kiosk_rules, presence_policy
from incubator.domain.commitments.kiosk_models import SiteCode
from incubator.domain.commitments.kiosk_rules import Token
from incubator.domain.commitments.presence_events import SiteCodeMade, SiteCodeRevoked
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.accounts.tokens import hash_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

KINDS = ("printed", "rotating")
LONGEST_PLACE = 60
MOST_CODES = 20


def make(
    actor: Actor, site_id: int, *, kind: str, place: str = "", secret: str, now: datetime
) -> SiteCode:
    """A new code for a site, which has one rotating code at most: asked again, it is the same.

    Raise NotAllowed ``commitments.not_your_site``; Refusal ``commitments.code_kind``,
    ``text_too_long`` or ``too_many_codes``.
    """
    if not presence_policy.may_run_screens(actor, site_id):
        raise NotAllowed("commitments.not_your_site")
    words = one_line(place)
    if kind not in KINDS:
        raise Refusal("commitments.code_kind", field="kind")
    if len(words) > LONGEST_PLACE:
        raise Refusal("commitments.text_too_long", field="place", most=LONGEST_PLACE)
    shown = rotating_at(site_id) if kind == "rotating" else None
    if shown is not None:
        return shown
    if len(valid_at(site_id)) >= MOST_CODES:
        raise Refusal("commitments.too_many_codes", most=MOST_CODES)
    rotating = kind == "rotating"
    code = SiteCode(
        site_id=site_id,
        kind=kind,
        place=words,
        salt=secrets.token_hex(16) if rotating else None,
        # Its own number is part of what a printed token is made from.
        token_hash=None if rotating else hash_token(secrets.token_hex(16)),
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(code)
    db.session.flush()
    if not rotating:
        code.token_hash = hash_token(_printed(code, secret))
        db.session.flush()
    record(SiteCodeMade(actor_id=actor.id, site_id=site_id, code_id=code.id, kind=kind))
    return code


def revoke(actor: Actor, code_id: int, *, now: datetime) -> SiteCode:
    """Let a code open nothing any more; twice changes nothing. Raise NotFound."""
    code = theirs(actor, code_id)
    if code.revoked_at is None:
        code.revoked_at, code.revoked_by_id = now, actor.id
        db.session.flush()
        record(SiteCodeRevoked(actor_id=actor.id, site_id=code.site_id, code_id=code.id))
    return code


def theirs(actor: Actor, code_id: int) -> SiteCode:
    """A code of a site that this person runs; NotFound otherwise."""
    code = db.session.get(SiteCode, code_id)
    if code is None or not presence_policy.may_run_screens(actor, code.site_id):
        raise NotFound("commitments.code")
    return code


def valid_at(site_id: int) -> Sequence[SiteCode]:
    """The codes of a site that were not revoked, oldest first."""
    return db.session.scalars(
        select(SiteCode)
        .where(SiteCode.site_id == site_id, SiteCode.revoked_at.is_(None))
        .order_by(SiteCode.id)
    ).all()


def rotating_at(site_id: int) -> SiteCode | None:
    """The rotating code that the screens of a site show."""
    return next((code for code in valid_at(site_id) if code.kind == "rotating"), None)


def token_of(code: SiteCode, *, secret: str, now: datetime) -> str:
    """What stands in the address of a code at an instant."""
    if code.salt is None:
        return _printed(code, secret)
    step = kiosk_rules.step_of(now)
    return kiosk_rules.write(Token(code.id, kiosk_rules.proof(secret, salt=code.salt, step=step)))


def _printed(code: SiteCode, secret: str) -> str:
    return kiosk_rules.write(Token(code.id, kiosk_rules.proof(secret, salt=str(code.id))))


def opened(text: str, *, secret: str, now: datetime, acts: bool = False) -> SiteCode:
    """The code of an address; who ``acts`` may have opened it some minutes ago.

    Raise Refusal ``commitments.code_unknown``, or ``code_old`` for a rotating one of before.
    """
    token = kiosk_rules.read(text)
    code = db.session.get(SiteCode, token.code_id) if token else None
    if token is None or code is None or code.revoked_at is not None:
        raise Refusal("commitments.code_unknown")
    if code.salt is None:
        if not hmac.compare_digest(hash_token(text.lower()), code.token_hash or ""):
            raise Refusal("commitments.code_unknown")
        return code
    steps = kiosk_rules.ACT_STEPS if acts else kiosk_rules.SHOWN_STEPS
    if not kiosk_rules.is_fresh(secret, token.proof, salt=code.salt, now=now, steps=steps):
        raise Refusal("commitments.code_old")
    return code
