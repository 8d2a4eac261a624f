"""Firms, their people and their past, as far as a reader may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members import firm_rules
from incubator.network.members.audience import EVERYTHING_AS_USUAL, reach
from incubator.network.members.audiences import audiences_of
from incubator.network.members.directory import lasting
from incubator.network.members.firm_models import Firm, FirmRole, FirmSkill, FirmWord
from incubator.network.members.firm_policy import Standing
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

MOST_PEOPLE = 200
MOST_PAST = 60
MOST_ALIKE = 5
CANDIDATES = 60
FIELD = "firms"


def firm_with(slug: str) -> Firm:
    """The firm of an address with its site and skills; raise NotFound."""
    found = db.session.scalar(
        select(Firm)
        .where(Firm.slug == slug)
        .options(
            joinedload(Firm.site),
            selectinload(Firm.skills).joinedload(FirmSkill.skill),
        )
    )
    if found is None:
        raise NotFound("firms.firm")
    return found


def names_of(slugs: Collection[str]) -> dict[str, str]:
    """The names of the firms of some addresses, by address."""
    query = select(Firm.slug, Firm.name).where(Firm.slug.in_(slugs))
    return dict(db.session.execute(query).all()) if slugs else {}


def with_id(firm_id: int) -> Firm:
    """A firm by its id; raise NotFound."""
    found = db.session.get(Firm, firm_id)
    if found is None:
        raise NotFound("firms.firm")
    return found


def standing_of(firm: Firm, today: date) -> Standing:
    """Who of the active members is in a firm, and who keeps it."""
    rows = db.session.execute(
        select(FirmRole.member_id, FirmRole.keeper)
        .join(FirmRole.member)
        .where(FirmRole.firm_id == firm.id, lasting(today), Member.active == true())
    ).all()
    return Standing(
        site_id=firm.site_id,
        people=frozenset(member_id for member_id, _ in rows),
        keepers=frozenset(member_id for member_id, keeper in rows if keeper),
    )


def people_of(firm_id: int, today: date) -> Sequence[FirmRole]:
    """The active members who work in a firm at present, each with their site."""
    return db.session.scalars(
        select(FirmRole)
        .join(FirmRole.member)
        .where(FirmRole.firm_id == firm_id, lasting(today), Member.active == true())
        .options(joinedload(FirmRole.member).joinedload(Member.home_site))
        .order_by(FirmRole.since_on, FirmRole.id)
        .limit(MOST_PEOPLE)
    ).all()


def past_people_of(firm_id: int, today: date) -> Sequence[FirmRole]:
    """What active members were in a firm, the latest first."""
    return db.session.scalars(
        select(FirmRole)
        .join(FirmRole.member)
        .where(FirmRole.firm_id == firm_id, FirmRole.until_on <= today, Member.active == true())
        .options(joinedload(FirmRole.member).joinedload(Member.home_site))
        .order_by(FirmRole.until_on.desc(), FirmRole.id.desc())
        .limit(MOST_PAST)
    ).all()


def past_roles_of(member_id: int, today: date) -> Sequence[FirmRole]:
    """What a member was in which firm, the latest first."""
    return db.session.scalars(
        select(FirmRole)
        .where(FirmRole.member_id == member_id, FirmRole.until_on <= today)
        .options(joinedload(FirmRole.firm))
        .order_by(FirmRole.until_on.desc(), FirmRole.id.desc())
        .limit(MOST_PAST)
    ).all()


def shown_to(reader: Actor, roles: Sequence[FirmRole]) -> list[FirmRole]:
    """Of these roles (members loaded), those whose members let ``reader`` see their firms."""
    chosen = audiences_of({role.member_id for role in roles})
    return [
        role
        for role in roles
        if FIELD
        in chosen.get(role.member_id, EVERYTHING_AS_USUAL).seen_by(
            reach(reader, role.member_id, role.member.home_site_id)
        )
    ]


def names_seen(reader: Actor, member_ids: Iterable[int]) -> dict[int, str]:
    """The firm of each of some members that ``reader`` sees; the latest of several."""
    roles = db.session.scalars(
        select(FirmRole)
        .where(FirmRole.member_id.in_(sorted(set(member_ids))), FirmRole.until_on.is_(None))
        .options(joinedload(FirmRole.firm), joinedload(FirmRole.member))
        .order_by(FirmRole.since_on, FirmRole.id)
    ).all()
    return {role.member_id: role.firm.name for role in shown_to(reader, roles)}


def role_with(role_id: int, firm_id: int) -> FirmRole:
    """A role of a firm with its member; raise NotFound."""
    found = db.session.scalar(
        select(FirmRole)
        .where(FirmRole.id == role_id, FirmRole.firm_id == firm_id)
        .options(joinedload(FirmRole.member))
    )
    if found is None:
        raise NotFound("firms.role")
    return found


def numbered(key: str) -> Firm | None:
    """The firm that has a registration number, by its key."""
    return db.session.scalar(select(Firm).where(Firm.registration_key == key))


def lookalikes(name: str, site_id: int | None) -> list[Firm]:
    """The firms of a site whose name may be another writing of this one."""
    words = sorted(firm_rules.telling(name))
    if site_id is None or not words:
        return []
    # A letter more or less at the end is looked for too; «{» comes right after «z».
    stems = [word[:60][: max(len("abc"), len(word) - 1)] for word in words]
    spans = [and_(FirmWord.word >= stem, FirmWord.word < stem + "{") for stem in stems]
    found = db.session.scalars(
        select(Firm)
        .where(
            Firm.site_id == site_id,
            Firm.id.in_(select(FirmWord.firm_id).where(or_(*spans))),
        )
        .order_by(Firm.sort_name, Firm.id)
        .limit(CANDIDATES)
    )
    return [firm for firm in found if firm_rules.alike(firm.name, name)][:MOST_ALIKE]
