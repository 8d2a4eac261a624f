"""Who stands near a question: people who could help."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, select, union_all

from incubator.kernel.db import BigId, db
from incubator.network.members.audiences import chosen_for, shows
from incubator.network.members.circles import ids_in
from incubator.network.members.models import Member, MemberSkill
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.domain.help.models import Question
    from incubator.kernel.keyset import Statement
    from incubator.network.members.actor import Actor

HELPERS_MOST: Final = 5
# Of each skill, this many members are compared: the cost of a thread is not the network's.
COMPARED_PER_SKILL: Final = 60


class Helper(NamedTuple):
    """A member who could help, with the skills of the question they offer."""

    slug: str
    name: str
    face: str | None
    city: str | None
    skill_ids: frozenset[int]


def who_could_help(question: Question, *, reader: Actor, but: Collection[int] = ()) -> list[Helper]:
    """Active members who offer a skill of the question, the nearest first, without some.

    What they offer must be for the reader's eyes.
    Near is the site where it was asked, then its country; then who offers more of the skills
    and knows them better.
    """
    skill_ids = [each.skill_id for each in question.skills]
    left_out = {question.author_id, *but}
    country = question.site.country if question.site else None
    offered: dict[int, set[int]] = {}
    order: dict[int, tuple[int, int]] = {}
    candidates = _candidates(skill_ids)
    people: dict[int, Any] = {}
    for row in candidates:
        member_id, level = row.id, row.level
        if question.circle_id and question.circle_id not in ids_in(row.circles):
            continue
        if member_id in left_out or not shows(reader, row, name="offers", chosen=row.audience):
            continue
        people[member_id] = row
        offered.setdefault(member_id, set()).add(row.skill_id)
        far = 0 if row.home_site_id == question.site_id else 1 if row.country == country else 2
        best = max(level, -order[member_id][1]) if member_id in order else level
        order[member_id] = (far, -best)
    chosen = sorted(order, key=lambda m: (order[m][0], -len(offered[m]), order[m][1], m))
    return [_helper(people[m], frozenset(offered[m])) for m in chosen[:HELPERS_MOST]]


def _candidates(skill_ids: Sequence[int]) -> Sequence[Any]:
    if not skill_ids:
        return []
    values = {f"skill{place}": skill_id for place, skill_id in enumerate(skill_ids)}
    return db.session.execute(_offering(len(skill_ids)), values).all()


@cache
def _offering(skills: int) -> Statement:
    parts = [
        select(
            select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.level)
            .where(
                MemberSkill.skill_id == bindparam(f"skill{place}", type_=BigId),
                ~MemberSkill.wanted,
            )
            .order_by(MemberSkill.member_id.desc())
            .limit(COMPARED_PER_SKILL)
            .subquery()
        )
        for place in range(skills)
    ]
    near = union_all(*parts).subquery()
    return (
        select(
            Member.id,
            near.c.skill_id,
            near.c.level,
            Member.home_site_id,
            Site.country,
            Site.city,
            Member.slug,
            Member.name,
            Member.circles,
            Member.face.label("face"),
            chosen_for("offers").label("audience"),
        )
        .join(near, near.c.member_id == Member.id)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.active)
    )


def _helper(row: Any, skill_ids: frozenset[int]) -> Helper:
    return Helper(row.slug, row.name, row.face, row.city, skill_ids)
