"""Profiles, as far as a reader may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, exists, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members import policy
from incubator.network.members.audiences import seen_fields
from incubator.network.members.directory import lasting
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.models import Member, MemberSkill

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

MOST_PEOPLE_SHOWN = 200


def profile(reader: Actor, slug: str) -> Member:
    """A member with their site and skills; who left is seen by themselves and their managers.

    Raise NotFound for anybody else. What a guest may not see is the page's policy.
    """
    member = db.session.scalar(_whole().where(Member.slug == slug))
    if member is None or not policy.may_see(reader, member):
        raise NotFound("members.member")
    return member


def names_of(reader: Actor, slugs: Collection[str]) -> dict[str, str]:
    """The names of those of some addresses whose profile they may open, by address."""
    found = db.session.scalars(select(Member).where(Member.slug.in_(slugs)))
    return {each.slug: each.name for each in found if policy.may_see(reader, each)}


def own_profile(reader: Actor) -> Member:
    """The reader's own profile."""
    return db.session.scalars(_whole().where(Member.id == reader.id)).one()


def _whole() -> Select[Member]:
    return select(Member).options(
        joinedload(Member.home_site),
        joinedload(Member.mentoring),
        joinedload(Member.availability),
        selectinload(Member.skills).joinedload(MemberSkill.skill),
    )


def check_portrait(reader: Actor, slug: str, portrait: str) -> None:
    """Raise NotFound unless this is the picture of that member and ``reader`` may see it."""
    member = db.session.scalar(
        select(Member).where(Member.slug == slug, Member.portrait == portrait)
    )
    shown = member and policy.may_see(reader, member)
    if member is None or not shown or "portrait" not in seen_fields(reader, member):
        raise NotFound("members.portrait")


def said_by(member_id: int) -> frozenset[str]:
    """Which steps of completeness a member has behind."""
    of_member = MemberSkill.member_id == Member.id
    row = db.session.execute(
        select(
            Member.headline,
            Member.about_md.label("about"),
            Member.portrait,
            Member.speaks.label("languages"),
            Member.links,
            exists().where(of_member, MemberSkill.wanted != true()).label("offers"),
            exists().where(of_member, MemberSkill.wanted == true()).label("wants"),
        ).where(Member.id == member_id)
    ).one()
    return frozenset(step for step, said in row._asdict().items() if said)


def roles_of(member_id: int, today: date) -> Sequence[FirmRole]:
    """What a member is in which firm at present, the oldest first."""
    return db.session.scalars(
        select(FirmRole)
        .where(FirmRole.member_id == member_id, lasting(today))
        .options(joinedload(FirmRole.firm))
        .order_by(FirmRole.since_on, FirmRole.id)
        .limit(MOST_PEOPLE_SHOWN)
    ).all()


def with_id(member_id: int) -> Member:
    """The member of an id; raise NotFound."""
    found = db.session.get(Member, member_id)
    if found is None:
        raise NotFound("members.member")
    return found
