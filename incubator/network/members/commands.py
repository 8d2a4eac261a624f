"""What changes people: arrival, profile, skills. ``by`` is who acts, or None for the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, markdown_to_html, slugify
from incubator.network.members import policy, rules
from incubator.network.members.events import ProfileChanged, SkillAdded
from incubator.network.members.firm_people import join_firm, set_role_title
from incubator.network.members.firms import edit_firm, found_firm
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member, MemberSkill, Skill, SkillSynonym
from incubator.network.members.ownership import own
from incubator.network.members.words import free_slugs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

__all__ = [
    "add",
    "add_all",
    "add_skill",
    "edit_firm",
    "edit_profile",
    "found_firm",
    "join_firm",
    "set_role_title",
    "set_skills",
]


def add(*, name: str, home_site_id: int | None, now: datetime) -> Member:
    """A new member with a slug of their own; who may add is the caller's policy."""
    return add_all([(name, home_site_id)], now=now)[0]


def add_all(people: Sequence[tuple[str, int | None]], *, now: datetime) -> list[Member]:
    """New members, each a name and a home site, as ``add``."""
    names = [rules.fit(name, "name", most=120, least=1) for name, _ in people]
    slugs = free_slugs(Member.slug, [slugify(name) for name in names])
    members = [
        Member(
            name=name,
            sort_name=fold(name)[:120],
            slug=slug,
            home_site_id=home_site_id,
            joined_at=now,
            active=True,
        )
        for name, slug, (_, home_site_id) in zip(names, slugs, people, strict=True)
    ]
    db.session.add_all(members)
    db.session.flush()
    for member in members:
        index_member(member.id)
    return members


def edit_profile(
    by: Actor | None,
    *,
    member_id: int,
    name: str,
    headline: str = "",
    about: str = "",
    phone: str = "",
    languages: Sequence[str] = (),
) -> Member:
    """Change what a member says of themselves; ``about`` is Markdown, languages are ISO 639.

    Raise NotAllowed ``members.edit``; Refusal ``members.empty``, ``members.too_long``,
    ``members.phone``, ``members.language`` or ``members.too_many_languages``.
    """
    member = own(by, member_id)
    full_name = rules.fit(name, "name", most=120, least=1)
    values = {
        "name": full_name,
        "sort_name": fold(full_name)[:120],
        "headline": rules.fit(headline, "headline", most=160),
        "about_md": rules.fit(about, "about", most=rules.ABOUT_LENGTH),
        "phone": rules.clean_phone(phone),
        "speaks": rules.clean_languages(languages),
    }
    changed = [field for field, value in values.items() if getattr(member, field) != value]
    for field in changed:
        setattr(member, field, values[field])
    if "about_md" in changed:
        member.about_html = markdown_to_html(member.about_md)
    db.session.flush()
    if changed:
        index_member(member_id)
    _tell(by, member, changed)
    return member


def set_skills(
    by: Actor | None,
    *,
    member_id: int,
    offered: Mapping[int, int],
    wanted: Sequence[int] = (),
    ways: Mapping[int, Collection[str]] | None = None,
) -> None:
    """Replace the skills of a member: ``offered`` is skill id to level (1 to 3), best first.

    ``ways`` tells for offered skills how they can help: «by_chat», «by_call», «on_site». What
    is offered is not also wanted. Raise NotAllowed ``members.edit``; Refusal
    ``members.too_many_skills``, ``members.level``, ``members.way`` or
    ``members.skill_unknown``.
    """
    member = own(by, member_id)
    looked_for = [each for each in dict.fromkeys(wanted) if each not in offered]
    rules.check_skills(list(offered.values()), looked_for)
    _check_known({*offered, *looked_for})
    helped = ways or {}
    rows = [
        (skill_id, False, level, *_flags(helped.get(skill_id, ())))
        for skill_id, level in offered.items()
    ]
    rows += [(skill_id, True, 2, *_flags(())) for skill_id in looked_for]
    before = db.session.execute(
        select(*_SAID).where(MemberSkill.member_id == member.id).order_by(MemberSkill.position)
    )
    if [tuple(row) for row in before] == rows:
        return
    db.session.execute(delete(MemberSkill).where(MemberSkill.member_id == member.id))
    db.session.expire(member, ["skills"])
    names = [column.key for column in _SAID]
    db.session.add_all(
        MemberSkill(member_id=member.id, position=place, **dict(zip(names, row, strict=True)))
        for place, row in enumerate(rows)
    )
    index_member(member_id)
    _tell(by, member, ["skills"])


_SAID = (
    MemberSkill.skill_id,
    MemberSkill.wanted,
    MemberSkill.level,
    *(getattr(MemberSkill, way) for way in rules.WAYS),
)


def _flags(ways: Collection[str]) -> tuple[bool, ...]:
    chosen = rules.check_ways(ways)
    return tuple(way in chosen for way in rules.WAYS)


def add_skill(
    by: Actor | None,
    *,
    slug: str,
    name_fr: str,
    name_en: str,
    parent_id: int | None = None,
    synonyms: Sequence[tuple[str, str]] = (),
) -> Skill:
    """Add a term to the vocabulary; ``synonyms`` are pairs of a language and a word.

    Raise NotAllowed ``members.curate``; Refusal ``members.skill_taken`` or ``members.too_long``.
    """
    if not policy.may_curate(by):
        raise NotAllowed("members.curate")
    if db.session.scalar(select(Skill.id).where(Skill.slug == slug)):
        raise Refusal("members.skill_taken", field="slug")
    skill = Skill(
        slug=slugify(slug),
        name_fr=rules.fit(name_fr, "name_fr", most=80, least=1),
        name_en=rules.fit(name_en, "name_en", most=80, least=1),
        parent_id=parent_id,
    )
    db.session.add(skill)
    db.session.flush()
    others = {fold(word): (language, word) for language, word in synonyms}
    db.session.add_all(
        SkillSynonym(
            skill_id=skill.id,
            language=language,
            name=rules.fit(word, "synonyms", most=80),
            folded=folded[:80],
        )
        for folded, (language, word) in others.items()
    )
    db.session.flush()
    record(SkillAdded(actor_id=by.id if by else None, skill_id=skill.id))
    return skill


def _check_known(skill_ids: set[int]) -> None:
    known = db.session.scalars(select(Skill.id).where(Skill.id.in_(skill_ids)))
    if skill_ids - set(known):
        raise Refusal("members.skill_unknown", field="offered")


def _tell(by: Actor | None, member: Member, changed: Sequence[str]) -> None:
    named = tuple(field for field in changed if field != "sort_name")
    if named:
        record(
            ProfileChanged(
                actor_id=by.id if by else None,
                site_id=member.home_site_id,
                member_id=member.id,
                changed=named,
            )
        )
