"""What changes people: arrival, profile, skills. ``by`` is who acts, or None for the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, markdown_to_html, slugify
from incubator.network.members import rules
from incubator.network.members.events import ProfileChanged
from incubator.network.members.firm_people import join_firm, set_role_title
from incubator.network.members.firms import edit_firm, found_firm
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.ownership import own
from incubator.network.members.skill_choice import as_kept
from incubator.network.members.words import free_slugs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

__all__ = [
    "add",
    "add_all",
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
    is offered is not also wanted; a term that was merged is the one it became.

    Raise NotAllowed ``members.edit``; Refusal ``members.too_many_skills``,
    ``members.level``, ``members.way`` or
    ``members.skill_unknown``.
    """
    member = own(by, member_id)
    rows = _skill_rows(offered, wanted, ways or {})
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


def _skill_rows(
    offered: Mapping[int, int], wanted: Sequence[int], ways: Mapping[int, Collection[str]]
) -> list[tuple[object, ...]]:
    """What ``_SAID`` tells of each skill, the first first."""
    kept = as_kept({*offered, *wanted})
    if kept is None:
        raise Refusal("members.skill_unknown", field="offered")
    levels: dict[int, int] = {}
    for skill_id, level in offered.items():
        levels[kept[skill_id]] = max(level, levels.get(kept[skill_id], 0))
    looked_for = [each for each in dict.fromkeys(kept[one] for one in wanted) if each not in levels]
    rules.check_skills(list(levels.values()), looked_for)
    helped = {kept[skill_id]: each for skill_id, each in ways.items() if skill_id in kept}
    rows: list[tuple[object, ...]] = [
        (skill_id, False, level, *_flags(helped.get(skill_id, ())))
        for skill_id, level in levels.items()
    ]
    return rows + [(skill_id, True, 2, *_flags(())) for skill_id in looked_for]


_SAID = (
    MemberSkill.skill_id,
    MemberSkill.wanted,
    MemberSkill.level,
    *(getattr(MemberSkill, way) for way in rules.WAYS),
)


def _flags(ways: Collection[str]) -> tuple[bool, ...]:
    chosen = rules.check_ways(ways)
    return tuple(way in chosen for way in rules.WAYS)


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
