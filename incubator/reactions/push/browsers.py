"""The browsers that a member lets be told: kept, found, let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy import CursorResult, and_, delete, false, func, or_, select, update

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.outward import is_public
from incubator.network.accounts.models import Account, Session
from incubator.reactions.push.keys import bytes_of, text_of
from incubator.reactions.push.models import PushBrowser
from incubator.reactions.push.sealing import SECRET, public_point

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete, Update

    from incubator.network.members.actor import Actor

MOST: Final = 10
ENDPOINT_MOST: Final = 1000
# Who comes back within this time after their session ended finds their browser still known.
ASLEEP: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a browser gives: its address at its push service, its key, its secret."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, kw_only=True)
class Own:
    """A browser as its member knows it; ``awake`` while they are signed in there."""

    row: PushBrowser
    awake: bool


def checked(offer: Offer, *, local: bool) -> Offer:
    """The offer, spelled in one way; raise Refusal ``push.browser`` for what no browser gives.

    ``local`` allows HTTP on this very machine.
    """
    try:
        point, secret = bytes_of(offer.p256dh.rstrip("=")), bytes_of(offer.auth.rstrip("="))
        public_point(point)
        fits = _leads_out(offer.endpoint, local=local)
    except ValueError:
        raise Refusal("push.browser") from None
    if len(secret) != SECRET or len(offer.endpoint) > ENDPOINT_MOST or not fits:
        raise Refusal("push.browser")
    return Offer(endpoint=offer.endpoint, p256dh=text_of(point), auth=text_of(secret))


def _leads_out(endpoint: str, *, local: bool) -> bool:
    """Whether it may lie in the open net; where its name leads is looked at when it is told."""
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port
    written = endpoint.isascii() and all(sign > " " for sign in endpoint)
    if not written or "@" in parts.netloc or parts.fragment or port == 0:
        return False
    try:
        number = ip_address(host)
    except ValueError:
        return parts.scheme == "https" and "." in host.rstrip(".")
    here = local and number.is_loopback
    return (parts.scheme == "https" and is_public(number)) or (here and parts.scheme == "http")


@dataclass(frozen=True, kw_only=True)
class Here:
    """Where somebody says so: under which session, in which browser, for which key of ours."""

    session_id: int
    device: str
    made_for: str


def keep(actor: Actor, offer: Offer, here: Here, *, now: datetime) -> None:
    """Let a browser be told what goes to its member by push; ``offer`` was ``checked``.

    One that is known already is theirs from now on: whoever sits at it says so. Of more than
    ``MOST`` the ones told least lately go.
    """
    values = _fresh(actor, offer, here) | {"created_at": now, "used_at": None}
    if not insert_once(PushBrowser, **values):
        known = update(PushBrowser).where(_at(offer.endpoint)).values(values)
        db.session.execute(known.execution_options(synchronize_session=False))
    lately = func.coalesce(PushBrowser.used_at, PushBrowser.created_at)
    kept = select(PushBrowser.id).where(_of(actor)).order_by(lately.desc(), PushBrowser.id.desc())
    beyond = db.session.scalars(kept.offset(MOST)).all()
    db.session.execute(delete(PushBrowser).where(PushBrowser.id.in_(beyond)))


def renew(actor: Actor, offer: Offer, here: Here, *, former: str) -> None:
    """One's own browser goes on under this session, at this address of its push service.

    Raise NotFound ``push.browser`` unless ``former``, or this one already, is the address of one
    of theirs: two tabs may say it at once.
    """
    there, known = former, select(PushBrowser.id).where(_at(offer.endpoint), _of(actor))
    if db.session.scalar(known):
        there, left = offer.endpoint, and_(_at(former), _of(actor))
    else:
        # Whoever was told at this address before has left this browser.
        left = _at(offer.endpoint)
    if former != offer.endpoint:
        db.session.execute(delete(PushBrowser).where(left))
    _need(update(PushBrowser).where(_at(there), _of(actor)).values(_fresh(actor, offer, here)))


def _fresh(actor: Actor, offer: Offer, here: Here) -> dict[str, object]:
    return {
        "member_id": actor.id,
        **vars(offer),
        **vars(here),
        "device": here.device[:200],
        "trouble": "",
        "rest_until": None,
    }


def stop(actor: Actor, endpoint: str) -> None:
    """One's own browser is told no more; an unknown one changes nothing."""
    mine = delete(PushBrowser).where(_at(endpoint), _of(actor))
    db.session.execute(mine)


def remove(actor: Actor, browser_id: int) -> None:
    """The same, from the list of one's browsers; raise NotFound ``push.browser``."""
    _need(delete(PushBrowser).where(PushBrowser.id == browser_id, _of(actor)))


def need_own(actor: Actor, browser_id: int) -> None:
    """Raise NotFound ``push.browser`` unless it is one of theirs."""
    mine = select(PushBrowser.id).where(PushBrowser.id == browser_id, _of(actor))
    if db.session.scalar(mine) is None:
        raise NotFound("push.browser")


def _of(actor: Actor) -> ColumnElement[bool]:
    return PushBrowser.member_id == actor.id


def _at(endpoint: str) -> ColumnElement[bool]:
    return PushBrowser.endpoint == endpoint


def _need(change: Delete | Update) -> None:
    done = db.session.execute(change.execution_options(synchronize_session=False))
    if isinstance(done, CursorResult) and not done.rowcount:
        raise NotFound("push.browser")


def browsers_of(actor: Actor, *, days: int, now: datetime) -> list[Own]:
    """A member's browsers, the newest first; ``days`` is how long a session lives unseen."""
    query = select(PushBrowser, _goes_on(days, now)).where(_of(actor))
    rows = db.session.execute(query.join(Session).order_by(PushBrowser.id.desc())).all()
    return [Own(row=row, awake=bool(awake)) for row, awake in rows]


def awake(browser_id: int, member_id: int, *, days: int, now: datetime) -> PushBrowser | None:
    """A browser that may be told now: its member's, who is signed in there, in an open account."""
    return db.session.scalar(
        select(PushBrowser)
        .join(Session)
        .join(Account, Account.id == PushBrowser.member_id)
        .where(PushBrowser.id == browser_id, PushBrowser.member_id == member_id)
        .where(_goes_on(days, now), Account.deactivated_at.is_(None))
    )


def ids_of(member_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """The browsers of some members: each with its member."""
    query = select(PushBrowser.id, PushBrowser.member_id)
    query = query.where(PushBrowser.member_id.in_(sorted(member_ids))).order_by(PushBrowser.id)
    return [(browser_id, member_id) for browser_id, member_id in db.session.execute(query)]


def _goes_on(days: int, now: datetime) -> ColumnElement[bool]:
    """Whether the session of a browser is alive, and its member's."""
    return and_(
        Session.account_id == PushBrowser.member_id,
        or_(Session.ended_at.is_(None), Session.ended_at > now),
        Session.seen_at >= now - timedelta(days=days),
    )


def of_session(session_id: int, *, now: datetime) -> None:
    """Who is signed out there is told nothing there; one that is handed over goes on a while."""
    ended = select(Session.id).where(Session.id == session_id, Session.ended_at <= now)
    db.session.execute(
        delete(PushBrowser)
        .where(PushBrowser.session_id.in_(ended))
        .execution_options(synchronize_session=False)
    )


def of_member(member_id: int) -> None:
    """Nothing reaches a member's browsers any more."""
    db.session.execute(delete(PushBrowser).where(PushBrowser.member_id == member_id))


def follow(former_id: int, session_id: int) -> None:
    """A browser goes on under a new session."""
    moved = update(PushBrowser).where(PushBrowser.session_id == former_id)
    moved = moved.values(session_id=session_id).execution_options(synchronize_session=False)
    db.session.execute(moved)


def sweep(*, days: int, made_for: str, now: datetime) -> None:
    """Forget browsers where nobody came back, and those that our key does not reach."""
    old = now - ASLEEP
    lost = PushBrowser.made_for != made_for if made_for else false()
    over = or_(Session.ended_at < old, Session.seen_at < old - timedelta(days=days))
    gone = select(Session.id).where(over, Session.id == PushBrowser.session_id).exists()
    db.session.execute(
        delete(PushBrowser).where(or_(gone, lost)).execution_options(synchronize_session=False)
    )
