"""Who is behind a session, and with which rights; whom managers and administrators look after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from incubator.kernel.db import db, rows
from incubator.kernel.errors import NotFound
from incubator.kernel.fulltext import Both
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.stems import search_words
from incubator.network.accounts.models import Account, Grant, Invitation, Session
from incubator.network.accounts.tokens import hash_token
from incubator.network.members.actor import ROLES, Actor
from incubator.network.members.circles import ids_in
from incubator.network.members.indexing import INDEX
from incubator.network.members.models import Member
from incubator.network.members.scopes import looked_after
from incubator.network.members.search import MOST_WORDS, named_so
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class LiveSession:
    """A session, read in one statement, and who acts in it.

    ``outdated`` tells that the rights changed since it began; ``ended_at`` may be to come.
    """

    id: int
    seen_at: datetime
    ended_at: datetime | None
    outdated: bool
    actor: Actor


_LIVE = (
    select(
        Session.id,
        Session.seen_at,
        Session.ended_at,
        (Session.rights_version != Account.rights_version).label("outdated"),
        Account.id.label("member_id"),
        Account.language,
        Account.time_zone,
        Member.name,
        Member.slug,
        Member.portrait,
        Member.home_site_id,
        Member.circles,
        Grant.role,
        Grant.site_id,
    )
    .join(Account, Account.id == Session.account_id)
    .join(Member, Member.id == Account.id)
    .outerjoin(Grant, and_(Grant.account_id == Account.id, Grant.ended_at.is_(None)))
    .where(
        Session.token_hash == bindparam("hash"),
        Account.deactivated_at.is_(None),
    )
)


def session_of(token: str) -> LiveSession | None:
    """The session of a token, which may have ended; None if its member was deactivated."""
    found = rows(_LIVE, {"hash": hash_token(token)}).all()
    if not found:
        return None
    first = found[0]
    actor = Actor(
        id=first.member_id,
        name=first.name,
        slug=first.slug,
        role=_strongest({row.role for row in found}),
        home_site_id=first.home_site_id,
        managed_site_ids=frozenset(r.site_id for r in found if r.role == "manager" and r.site_id),
        language=first.language,
        time_zone=first.time_zone,
        face=first.portrait,
        circle_ids=ids_in(first.circles),
    )
    return LiveSession(
        id=first.id,
        seen_at=first.seen_at,
        ended_at=first.ended_at,
        outdated=bool(first.outdated),
        actor=actor,
    )


def _strongest(held: set[str | None]) -> str:
    return next((role for role in ROLES if role in held), "guest")


def actor_of(account: Account) -> Actor:
    """The rights of an account whose member and grants are loaded."""
    return Actor(
        id=account.id,
        name=account.member.name,
        slug=account.member.slug,
        role=_strongest({grant.role for grant in account.grants}),
        home_site_id=account.member.home_site_id,
        managed_site_ids=frozenset(
            grant.site_id for grant in account.grants if grant.role == "manager" and grant.site_id
        ),
        language=account.language,
        time_zone=account.time_zone,
        face=account.member.portrait,
        circle_ids=ids_in(account.member.circles),
    )


class Contact(NamedTuple):
    """Where and when somebody is reached: the fields «email» and «time_zone» of a member."""

    email: str
    time_zone: str


def contact_of(member_id: int) -> Contact | None:
    """How to reach a member; what of it a reader may see is for ``audiences.seen_fields``."""
    row = db.session.execute(
        select(Account.email, Account.time_zone).where(Account.id == member_id)
    ).one_or_none()
    return Contact(*row) if row else None


def account_of(member_id: int) -> Account | None:
    """The account of a member with its member and grants, whether active or not."""
    return next(iter(with_rights([member_id])), None)


def with_rights(member_ids: Sequence[int]) -> Sequence[Account]:
    """The accounts of some members with members and grants, whether active or not."""
    return db.session.scalars(_OF_MEMBERS, {"member_ids": member_ids}).all()


def members_among(member_ids: Collection[int]) -> frozenset[int]:
    """Those of some people who belong to the network today: neither its guests nor its alumni."""
    return frozenset(db.session.scalars(_BELONGING, {"member_ids": list(member_ids)}))


def account_by_email(email: str) -> Account | None:
    """The account of an address, upper or lower case alike."""
    return db.session.scalar(_with_rights().where(Account.email == email.strip().lower()))


def live_sessions(account_id: int, *, since: datetime) -> Sequence[Session]:
    """The devices on which an account is signed in and was seen ``since``, the last seen first."""
    return db.session.scalars(
        select(Session)
        .where(Session.account_id == account_id, Session.ended_at.is_(None))
        .where(Session.seen_at >= since)
        .order_by(Session.seen_at.desc(), Session.id.desc())
        .limit(100)
    ).all()


@dataclass(frozen=True, kw_only=True)
class People:
    """Which accounts to list; an empty field does not choose."""

    text: str = ""
    role: str = ""
    state: str = ""
    site_id: int | None = None


def people_for(actor: Actor, which: People, cursor: Cursor) -> Page[Account]:
    """Accounts that a manager or administrator looks after, by name, with member and grants."""
    query = _with_rights().where(_looked_after_by(actor))
    for condition in _chosen(actor, which):
        query = query.where(condition)
    return keyset_page(query, (Member.sort_name, Member.id), cursor)


def guests_for(actor: Actor, most: int = 8) -> Sequence[Account]:
    """The newest active guests: those who may be admitted as residents."""
    guest = _holds(Grant.role == "guest")
    query = _with_rights().where(_looked_after_by(actor), guest, Account.deactivated_at.is_(None))
    return db.session.scalars(query.order_by(Account.id.desc()).limit(most)).all()


def visible_to(actor: Actor, member_id: int) -> Account:
    """The account of somebody that ``actor`` looks after; raise NotFound otherwise."""
    found = db.session.scalar(
        _with_rights().where(Account.id == member_id, _looked_after_by(actor))
    )
    if found is None:
        raise NotFound("accounts.member")
    return found


def invitations_for(actor: Actor, cursor: Cursor) -> Page[Invitation]:
    """Invitations to the sites of a manager, or all of them, the newest first."""
    query = select(Invitation).options(
        joinedload(Invitation.site),
        joinedload(Invitation.invited_by),
        joinedload(Invitation.used_by),
    )
    if not actor.is_administrator:
        local = Invitation.role.in_(("resident", "guest"))
        query = query.where(Invitation.site_id.in_(actor.managed_site_ids), local)
    return keyset_page(query, (Invitation.id,), cursor, newest_first=True)


def sites_of(actor: Actor) -> Sequence[Site]:
    """The sites that somebody runs, by name."""
    query = select(Site).order_by(Site.name, Site.id)
    if not actor.is_administrator:
        query = query.where(Site.id.in_(actor.managed_site_ids))
    return db.session.scalars(query).all()


def managers_by_site() -> dict[int, list[Member]]:
    """The people who run each site, by the site's id."""
    found: dict[int, list[Member]] = {}
    query = (
        select(Grant.site_id, Member)
        .join(Member, Member.id == Grant.account_id)
        .where(Grant.role == "manager", Grant.ended_at.is_(None), Member.active)
        .order_by(Member.sort_name, Member.id)
    )
    for site_id, member in db.session.execute(query):
        if site_id is not None:
            found.setdefault(site_id, []).append(member)
    return found


def _looked_after_by(actor: Actor) -> ColumnElement[bool]:
    if actor.is_administrator:
        return true()
    sites = actor.managed_site_ids
    return or_(Member.home_site_id.in_(sites), _holds(Grant.site_id.in_(sites)))


def _holds(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    live = (Grant.account_id == Account.id, Grant.ended_at.is_(None))
    return select(Grant.id).where(*live, *conditions).exists()


def _chosen(actor: Actor, which: People) -> list[ColumnElement[bool]]:
    conditions = []
    if which.text:
        named = [
            Member.id.in_(INDEX.keys(INDEX.find(Both((looked_after(actor), named_so(word))))))
            for word in search_words(which.text, MOST_WORDS)
        ]
        address = Account.email.startswith(which.text.strip().lower(), autoescape=True)
        conditions.append(or_(and_(*named), address) if named else address)
    if which.role:
        conditions.append(_holds(Grant.role == which.role))
    if which.site_id:
        here = _holds(Grant.site_id == which.site_id)
        conditions.append(or_(Member.home_site_id == which.site_id, here))
    if which.state:
        closed = which.state == "closed"
        conditions.append(
            Account.deactivated_at.is_not(None) if closed else Account.deactivated_at.is_(None)
        )
    return conditions


def _with_rights() -> Select[Account]:
    return (
        select(Account)
        .join(Account.member)
        .options(contains_eager(Account.member), selectinload(Account.grants))
    )


_BELONGING = select(Grant.account_id).where(
    Grant.account_id.in_(bindparam("member_ids", expanding=True)),
    Grant.ended_at.is_(None),
    Grant.role.not_in(("guest", "alumni")),
)
_OF_MEMBERS = _with_rights().where(Account.id.in_(bindparam("member_ids", expanding=True)))
