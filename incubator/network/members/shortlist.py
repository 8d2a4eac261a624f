"""The shortlist of who can help now: few candidates by index, then scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select, union_all

from incubator.kernel.db import db
from incubator.kernel.fulltext import Both, Query, marked
from incubator.network.members.audiences import fields_seen
from incubator.network.members.availability import OPEN, availability_on
from incubator.network.members.helpfulness import Facts, score
from incubator.network.members.indexing import INDEX
from incubator.network.members.models import Member, MemberAvailability, MemberSkill
from incubator.network.members.present import here_now
from incubator.network.members.skill_models import MemberDocument, Proof
from incubator.network.members.whereabouts_models import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from incubator.network.members.actor import Actor

MOST_SHOWN = 48


def shortlist(
    reader: Actor,
    wanted: Query,
    skills: Collection[int],
    *,
    now: datetime,
    among: Select[int] | None = None,
) -> list[tuple[int, Facts]]:
    """At most 48 members who answer ``wanted``, those who can help best first, with why.

    ``skills`` are what help is looked for in; ``among`` who may be on the list, if not anybody.
    The reader is not their own helper.
    """
    candidates = (
        _candidates(reader, wanted, skills, now=now)
        if among is None
        else _among(among.limit(4 * MOST_SHOWN), wanted)
    )
    query = select(Member.id, Member.home_site_id).where(
        Member.id.in_(candidates), Member.id != reader.id
    )
    people = db.session.execute(query.order_by(Member.id)).all()
    facts = _facts(reader, people, skills, now=now)
    ranked = sorted(facts.items(), key=lambda pair: (-score(pair[1]), -pair[0]))
    return ranked[:MOST_SHOWN]


def _candidates(
    reader: Actor, wanted: Query, skills: Collection[int], *, now: datetime
) -> Select[tuple[int]]:
    """Who may be on the list: near, expert, proven, present, new; so many of each at most."""
    near = marked(f"_p{reader.home_site_id}")
    expert = marked(*(f"_e{skill}" for skill in skills))
    searches = [INDEX.find(wanted), INDEX.find(Both((wanted, near)))]
    if skills:
        searches += [INDEX.find(Both((wanted, expert))), INDEX.find(Both((wanted, near, expert)))]
    parts = [INDEX.keys(_first(each)) for each in searches]
    parts += [_among(each, wanted) for each in (_proven(skills), _here(reader, now))]
    every = union_all(*(select(part.subquery().c[0]) for part in parts)).subquery()
    return select(every.c[0])


def _first(found: Select[int]) -> Select[int]:
    return found.order_by(found.selected_columns[0]).limit(MOST_SHOWN)


def _proven(skills: Collection[int]) -> Select[int]:
    query = select(Proof.member_id).where(Proof.skill_id.in_(skills))
    return query.order_by(Proof.last_at.desc()).limit(MOST_SHOWN)


def _here(reader: Actor, now: datetime) -> Select[int]:
    query = select(Whereabouts.member_id).where(here_now(now))
    return query.where(Whereabouts.site_id == reader.home_site_id).limit(2 * MOST_SHOWN)


def _among(members: Select[int], wanted: Query) -> Select[int]:
    """Those of some members who answer."""
    some = members.subquery()
    return select(MemberDocument.member_id).where(
        MemberDocument.member_id.in_(select(some.c[0])), INDEX.holds(wanted)
    )


def _facts(
    reader: Actor, people: Sequence[Row[int, int | None]], skills: Collection[int], *, now: datetime
) -> dict[int, Facts]:
    ids = [each.id for each in people]
    seen = fields_seen(reader, people)
    levels = _levels(ids, skills)
    proofs = _proofs(ids, skills)
    states = {
        row.member_id: availability_on(row, now.date()).state
        for row in db.session.scalars(
            select(MemberAvailability).where(MemberAvailability.member_id.in_(ids))
        )
    }
    here = _present(ids, now)
    return {
        each.id: Facts(
            level=levels.get(each.id, 0) if "offers" in seen[each.id] else 0,
            near=reader.home_site_id is not None and each.home_site_id == reader.home_site_id,
            here=each.id in here and "presence" in seen[each.id],
            state=states.get(each.id, OPEN) if "availability" in seen[each.id] else OPEN,
            helped=proofs[each.id][0] if each.id in proofs and "offers" in seen[each.id] else 0,
            since=now - proofs[each.id][1]
            if each.id in proofs and "offers" in seen[each.id]
            else None,
        )
        for each in people
    }


def _levels(ids: Iterable[int], skills: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(MemberSkill.member_id, func.max(MemberSkill.level))
        .where(MemberSkill.member_id.in_(ids), MemberSkill.skill_id.in_(skills))
        .where(~MemberSkill.wanted)
        .group_by(MemberSkill.member_id)
    )
    return dict(rows.all())


def _proofs(ids: Iterable[int], skills: Collection[int]) -> dict[int, tuple[int, datetime]]:
    query = select(Proof.member_id, func.sum(Proof.count), func.max(Proof.last_at)).where(
        Proof.member_id.in_(ids)
    )
    if skills:
        query = query.where(Proof.skill_id.in_(skills))
    rows = db.session.execute(query.group_by(Proof.member_id))
    return {member_id: (int(count), last_at) for member_id, count, last_at in rows}


def _present(ids: Iterable[int], now: datetime) -> frozenset[int]:
    query = select(Whereabouts.member_id).where(Whereabouts.member_id.in_(ids), here_now(now))
    return frozenset(db.session.scalars(query))
