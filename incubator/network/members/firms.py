"""What changes what a firm says of itself. ``by`` is who acts, or None for the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.files import drop_later
from incubator.kernel.text import fold, markdown_to_html, slugify
from incubator.network.members import firm_policy, firm_rules, rules
from incubator.network.members.events import FirmChanged, FirmFounded
from incubator.network.members.firm_models import Firm, FirmRole, FirmSkill
from incubator.network.members.firm_people import add_role, locked_firm, locked_member
from incubator.network.members.firm_queries import lookalikes, numbered, standing_of
from incubator.network.members.firm_words import write_words
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member
from incubator.network.members.registration import clean_registration, registration_key
from incubator.network.members.skill_choice import as_kept
from incubator.network.members.words import free_slug
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

# Parts of addresses that lead elsewhere.
RESERVED = frozenset({"nouvelle", "new", "demandes", "requests", "logos"})
TRIES = 5


@dataclass(frozen=True, kw_only=True)
class FirmDetails:
    """What a firm says of itself.

    ``about`` is Markdown, ``size`` counts people at work, ``sector`` is a code of the list and
    ``activity`` the firm's own words for it; ``offers`` and ``needs`` are skill ids, the first
    matters most. Without a ``country`` (ISO 3166) the site's counts.
    """

    name: str
    country: str = ""
    city: str = ""
    registration: str = ""
    sector: str = ""
    activity: str = ""
    size: int = 1
    since_year: int | None = None
    since_month: int | None = None
    web: str = ""
    pitch: str = ""
    about: str = ""
    offers: Sequence[int] = ()
    needs: Sequence[int] = ()


def found_firm(
    by: Actor | None,
    *,
    founder_id: int,
    details: FirmDetails,
    today: date,
    title: str = "",
    slug: str = "",
    sure: bool = False,
) -> Firm:
    """Add a firm with its first person, who keeps it, at their site.

    Twice the same name by the same person gives the first one. Raise NotAllowed ``firms.found``;
    Refusal ``firms.lookalike`` unless they are ``sure`` that it is none of those of the site
    that look like it; Refusal as ``edit_firm``.
    """
    if not firm_policy.may_found(by, founder_id):
        raise NotAllowed("firms.found")
    founder = locked_member(founder_id)
    mine = _firm_of(founder_id, details.name)
    if mine is not None:
        return mine
    firm = Firm(site_id=founder.home_site_id)
    values = _checked(firm, details, today)
    for name, value in values.items():
        setattr(firm, name, value)
    firm.about_html = markdown_to_html(firm.about_md)
    if by is not None and not sure and lookalikes(firm.name, firm.site_id):
        raise Refusal("firms.lookalike", field="name")
    _save_new(firm, slugify(slug or firm.name))
    write_words(firm)
    write_skills(firm.id, details.offers, details.needs)
    by_id = by.id if by else None
    record(FirmFounded(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, member_id=founder_id))
    add_role(firm, founder, title=title, since=today, keeper=True)
    return firm


def edit_firm(by: Actor | None, *, firm_id: int, details: FirmDetails, today: date) -> Firm:
    """Change what a firm says of itself; its address stays.

    Raise NotAllowed ``firms.edit``; Refusal ``members.empty``, ``members.too_long``,
    ``members.web``, ``firms.sector``, ``firms.size``, ``firms.year`` and the like,
    ``firms.registration``, ``firms.check_digit`` or ``firms.registration_taken``.
    """
    firm = _kept(by, firm_id, today)
    values = _checked(firm, details, today)
    number = str(values["registration"])
    changed = [name for name, value in values.items() if getattr(firm, name) != value]
    try:
        with db.session.begin_nested():
            for name in changed:
                setattr(firm, name, values[name])
    except IntegrityError as error:
        holder = numbered(str(values["registration_key"]))
        raise _taken(number, holder) from error
    if "about_md" in changed:
        firm.about_html = markdown_to_html(firm.about_md)
    if {"name", "activity", "pitch", "about_md"} & set(changed):
        write_words(firm)
    if "name" in changed:
        for member in _members_of(firm.id):
            index_member(member.id)
    if write_skills(firm.id, details.offers, details.needs):
        changed.append("skills")
    _tell(by, firm, changed)
    return firm


def set_logo(by: Actor | None, *, firm_id: int, logo: str | None, today: date) -> None:
    """Show a stored picture (its key) as the logo, or none; the one before is deleted.

    Raise NotAllowed ``firms.edit``.
    """
    firm = _kept(by, firm_id, today)
    if firm.logo != logo:
        drop_later(firm.logo)
        firm.logo = logo
        db.session.flush()
        _tell(by, firm, ["logo"])


def _kept(by: Actor | None, firm_id: int, today: date) -> Firm:
    """The firm, locked until the end of the transaction, if they may change it."""
    firm = locked_firm(firm_id)
    if not firm_policy.may_keep(by, standing_of(firm, today)):
        raise NotAllowed("firms.edit")
    return firm


def _firm_of(member_id: int, name: str) -> Firm | None:
    """The firm of this name in which they are already."""
    mine = db.session.scalars(
        select(Firm)
        .join(FirmRole, FirmRole.firm_id == Firm.id)
        .where(FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
    )
    return next((firm for firm in mine if fold(firm.name) == fold(name.strip())), None)


def _checked(firm: Firm, details: FirmDetails, today: date) -> dict[str, object]:
    """The values of the row, each by its rule."""
    site = db.session.get(Site, firm.site_id) if firm.site_id else None
    country = details.country or (site.country if site else "")
    if country and not (len(country) == len("FR") and country.isascii() and country.isupper()):
        raise Refusal("firms.country", field="country")
    firm_rules.check_since(details.since_year, details.since_month, today)
    name = rules.fit(details.name, "name", most=120, least=1)
    number = clean_registration(details.registration, country)
    key = registration_key(number, country)
    if key is not None and key != firm.registration_key and (holder := numbered(key)):
        raise _taken(number, holder)
    return {
        "name": name,
        "sort_name": fold(name)[:120],
        "country": country,
        "city": rules.fit(details.city, "city", most=80),
        "registration": number,
        "registration_key": key,
        "sector": firm_rules.check_sector(details.sector),
        "activity": rules.fit(details.activity, "activity", most=80),
        "size": firm_rules.check_size(details.size),
        "since_year": details.since_year,
        "since_month": details.since_month,
        "web": rules.clean_web(details.web),
        "pitch": rules.fit(details.pitch, "pitch", most=200),
        "about_md": rules.fit(details.about, "about_md", most=rules.ABOUT_LENGTH),
    }


def _taken(number: str, holder: Firm | None) -> Refusal:
    name = holder.name if holder else number
    return Refusal("firms.registration_taken", field="registration", firm=name)


def _save_new(firm: Firm, wanted: str) -> None:
    """Insert the row; a rival who took its address meanwhile makes it look for another."""
    start = f"{wanted}-firm" if wanted in RESERVED else wanted
    for _ in range(TRIES):
        firm.slug = free_slug(Firm.slug, start)
        try:
            with db.session.begin_nested():
                db.session.add(firm)
        except IntegrityError as error:
            holder = numbered(firm.registration_key) if firm.registration_key else None
            if holder is not None:
                raise _taken(firm.registration, holder) from error
        else:
            return
    raise Refusal("firms.busy", field="name")


def write_skills(firm_id: int, offers: Sequence[int], needs: Sequence[int]) -> bool:
    """Replace what a firm offers and looks for; whether anything changed."""
    firm_rules.check_skills(set(offers), set(needs) - set(offers))
    kept = as_kept({*offers, *needs})
    if kept is None:
        raise Refusal("firms.skill_unknown", field="offers")
    offered = list(dict.fromkeys(kept[each] for each in offers))
    looked_for = [each for each in dict.fromkeys(kept[one] for one in needs) if each not in offered]
    rows = [(skill_id, False) for skill_id in offered] + [(each, True) for each in looked_for]
    before = db.session.execute(
        select(FirmSkill.skill_id, FirmSkill.wanted)
        .where(FirmSkill.firm_id == firm_id)
        .order_by(FirmSkill.position)
    )
    if [tuple(row) for row in before] == rows:
        return False
    db.session.execute(delete(FirmSkill).where(FirmSkill.firm_id == firm_id))
    db.session.add_all(
        FirmSkill(firm_id=firm_id, skill_id=skill_id, wanted=wanted, position=place)
        for place, (skill_id, wanted) in enumerate(rows)
    )
    db.session.flush()
    return True


def _members_of(firm_id: int) -> Sequence[Member]:
    there = select(FirmRole.member_id).where(
        FirmRole.firm_id == firm_id, FirmRole.until_on.is_(None)
    )
    return db.session.scalars(select(Member).where(Member.id.in_(there))).all()


def _tell(by: Actor | None, firm: Firm, changed: Sequence[str]) -> None:
    named = tuple(each for each in changed if each not in {"sort_name", "registration_key"})
    if named:
        by_id = by.id if by else None
        record(FirmChanged(actor_id=by_id, site_id=firm.site_id, firm_id=firm.id, changed=named))
