"""What changes firms and the people in them. ``by`` is who acts, or None for the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.events import record
from incubator.kernel.text import fold, markdown_to_html, slugify
from incubator.network.members import policy, rules
from incubator.network.members.events import FirmChanged, FirmFounded, FirmJoined, ProfileChanged
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Firm, FirmRole, Member
from incubator.network.members.words import free_slug
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

_LOCKED = select(Member).where(Member.id == bindparam("member_id")).with_for_update()
_ROLES_OF = (
    select(FirmRole)
    .where(FirmRole.member_id == bindparam("member_id"), FirmRole.until_on.is_(None))
    .options(joinedload(FirmRole.firm))
)


@dataclass(frozen=True, kw_only=True)
class FirmDetails:
    """What a firm says of itself: ``about`` is Markdown, ``size`` counts people at work."""

    name: str
    sector: str = ""
    size: int = 1
    since_year: int | None = None
    web: str = ""
    pitch: str = ""
    about: str = ""
    registration: str = ""


def found_firm(
    by: Actor | None,
    *,
    founder_id: int,
    details: FirmDetails,
    today: date,
    title: str = "",
    slug: str = "",
) -> Firm:
    """Add a firm with its first person, at their site; twice the same name gives the first one.

    Raise NotAllowed ``members.found``; Refusal as ``edit_firm``.
    """
    if not policy.may_found(by, founder_id):
        raise NotAllowed("members.found")
    founder = _locked_member(founder_id)
    for role in _roles_of(founder_id):
        if fold(role.firm.name) == fold(details.name.strip()):
            return role.firm
    firm = Firm(site_id=founder.home_site_id)
    _describe(firm, details, today)
    firm.slug = free_slug(Firm.slug, slugify(slug or firm.name))
    db.session.add(firm)
    db.session.flush()
    _add_role(firm, founder, title=title, today=today)
    by_id = by.id if by else None
    record(FirmFounded(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, member_id=founder_id))
    return firm


def edit_firm(by: Actor | None, *, firm_id: int, details: FirmDetails, today: date) -> Firm:
    """Change what a firm says of itself; its address stays.

    Raise NotAllowed ``members.edit_firm``; Refusal ``members.empty``, ``members.too_long``,
    ``members.web``, ``members.siren``, ``members.registration``, ``members.size`` or
    ``members.year``.
    """
    firm = _changeable(by, firm_id, today)
    changed = _describe(firm, details, today)
    db.session.flush()
    if changed:
        for member in _people_of(firm.id, today):
            index_member(member.id)
    if changed:
        by_id = by.id if by else None
        record(FirmChanged(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, changed=changed))
    return firm


def join_firm(
    by: Actor | None, *, firm_id: int, member_id: int, today: date, title: str = ""
) -> FirmRole:
    """Add a person to a firm; one who is there already stays as they are.

    Raise NotAllowed ``members.edit_firm``: only its people add others.
    """
    firm = _changeable(by, firm_id, today)
    member = _locked_member(member_id)
    role = next((each for each in _roles_of(member_id) if each.firm_id == firm_id), None)
    if role is not None:
        return role
    role = _add_role(firm, member, title=title, today=today)
    by_id = by.id if by else None
    record(FirmJoined(actor_id=by_id, site_id=firm.site_id, firm_id=firm_id, member_id=member_id))
    return role


def set_role_title(by: Actor | None, *, role_id: int, title: str) -> None:
    """Say what a member is in a firm: «Gérante», «Cofounder». Raise NotAllowed, NotFound."""
    role = db.session.get(FirmRole, role_id)
    if role is None:
        raise NotFound("members.firm")
    if not policy.may_edit(by, role.member_id):
        raise NotAllowed("members.edit")
    words = rules.fit(title, f"title_{role_id}", most=80)
    if role.title == words:
        return
    role.title = words
    index_member(role.member_id)
    by_id = by.id if by else None
    record(ProfileChanged(actor_id=by_id, member_id=role.member_id, changed=("title",)))


def end_roles(member_id: int, *, on: date) -> int:
    """End what a member is in firms from a day on; how many roles ended."""
    rows = db.session.scalars(
        select(FirmRole).where(
            FirmRole.member_id == member_id,
            or_(FirmRole.until_on.is_(None), FirmRole.until_on > on),
        )
    ).all()
    for role in rows:
        role.until_on = max(role.since_on, on)
    db.session.flush()
    return len(rows)


def _locked_member(member_id: int) -> Member:
    member = db.session.scalar(_LOCKED, {"member_id": member_id})
    if member is None:
        raise NotFound("members.member")
    return member


def _changeable(by: Actor | None, firm_id: int, today: date) -> Firm:
    firm = db.session.scalar(select(Firm).where(Firm.id == firm_id).with_for_update())
    if firm is None:
        raise NotFound("members.firm")
    if not policy.may_edit_firm(by, [person.id for person in _people_of(firm_id, today)]):
        raise NotAllowed("members.edit_firm")
    return firm


def _people_of(firm_id: int, today: date) -> Sequence[Member]:
    lasts = or_(FirmRole.until_on.is_(None), FirmRole.until_on > today)
    return db.session.scalars(
        select(Member).join(Member.firms).where(FirmRole.firm_id == firm_id, lasts)
    ).all()


def _roles_of(member_id: int) -> Sequence[FirmRole]:
    return db.session.scalars(_ROLES_OF, {"member_id": member_id}).all()


def _add_role(firm: Firm, member: Member, *, title: str, today: date) -> FirmRole:
    role = FirmRole(
        firm_id=firm.id,
        member_id=member.id,
        title=rules.fit(title, "title", most=80),
        since_on=today,
    )
    db.session.add(role)
    db.session.flush()
    index_member(member.id)
    return role


def _describe(firm: Firm, details: FirmDetails, today: date) -> tuple[str, ...]:
    """Write what changed and name it."""
    site = db.session.get(Site, firm.site_id) if firm.site_id else None
    country = site.country if site else ""
    values = {
        "name": rules.fit(details.name, "name", most=120, least=1),
        "sector": rules.fit(details.sector, "sector", most=80),
        "size": rules.check_size(details.size),
        "since_year": rules.check_year(details.since_year, today.year),
        "web": rules.clean_web(details.web),
        "pitch": rules.fit(details.pitch, "pitch", most=200),
        "about_md": rules.fit(details.about, "about", most=rules.ABOUT_LENGTH),
        "registration": rules.clean_registration(details.registration, country),
    }
    changed = tuple(name for name, value in values.items() if getattr(firm, name) != value)
    for name in changed:
        setattr(firm, name, values[name])
    if "about_md" in changed:
        firm.about_html = markdown_to_html(firm.about_md)
    return changed
