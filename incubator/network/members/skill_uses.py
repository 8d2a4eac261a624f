"""Who uses a term of the vocabulary, and how uses follow when it becomes another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from incubator.kernel.db import db
from incubator.network.members.firm_models import FirmSkill
from incubator.network.members.models import MemberSkill
from incubator.network.members.skill_models import Proof, SkillProposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def uses(skill_ids: Iterable[int] | None = None) -> tuple[dict[int, int], dict[int, int]]:
    """How many members offer each term, and how many look for it."""
    query = select(MemberSkill.skill_id, MemberSkill.wanted, func.count()).group_by(
        MemberSkill.skill_id, MemberSkill.wanted
    )
    if skill_ids is not None:
        query = query.where(MemberSkill.skill_id.in_(list(skill_ids)))
    offered: dict[int, int] = {}
    wanted: dict[int, int] = {}
    for skill_id, wants, count in db.session.execute(query):
        (wanted if wants else offered)[skill_id] = count
    return offered, wanted


def uses_by_firms(skill_ids: Iterable[int] | None = None) -> dict[int, int]:
    """How many firms offer each term or look for it."""
    firms = func.count(func.distinct(FirmSkill.firm_id))
    query = select(FirmSkill.skill_id, firms).group_by(FirmSkill.skill_id)
    if skill_ids is not None:
        query = query.where(FirmSkill.skill_id.in_(list(skill_ids)))
    return dict(db.session.execute(query).all())


def move_uses(gone_id: int, kept_id: int) -> None:
    """Let members, firms, proofs and proposals name ``kept_id`` where they named ``gone_id``."""
    _move_members(gone_id, kept_id)
    _move_firms(gone_id, kept_id)
    _move_proofs(gone_id, kept_id)
    became = SkillProposal.skill_id == gone_id
    db.session.execute(update(SkillProposal).where(became).values(skill_id=kept_id))


def _move_members(gone_id: int, kept_id: int) -> None:
    """Who offers either offers the kept one, at their better level; who wants either wants it."""
    rows = db.session.execute(
        select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.wanted, MemberSkill.level)
        .where(MemberSkill.skill_id.in_((gone_id, kept_id)))
        .where(
            MemberSkill.member_id.in_(
                select(MemberSkill.member_id).where(MemberSkill.skill_id == gone_id)
            )
        )
    ).all()
    held: dict[int, list[tuple[int, bool, int]]] = {}
    for member_id, skill_id, wanted, level in rows:
        held.setdefault(member_id, []).append((skill_id, wanted, level))
    doubled = {member_id: uses for member_id, uses in held.items() if len(uses) > 1}
    for member_id, several in doubled.items():
        _fold_uses(member_id, several, kept_id)
    db.session.execute(
        update(MemberSkill).where(MemberSkill.skill_id == gone_id).values(skill_id=kept_id)
    )


def _fold_uses(member_id: int, several: Sequence[tuple[int, bool, int]], kept_id: int) -> None:
    """Keep one use of several: offering over wanting, the kept term over the other."""
    best = min(several, key=lambda use: (use[1], use[0] != kept_id))
    level = max(level for _skill, wanted, level in several if wanted == best[1])
    for skill_id, wanted, _level in several:
        here = (
            MemberSkill.member_id == member_id,
            MemberSkill.skill_id == skill_id,
            MemberSkill.wanted == wanted,
        )
        if (skill_id, wanted) == best[:2]:
            db.session.execute(update(MemberSkill).where(*here).values(level=level))
        else:
            db.session.execute(delete(MemberSkill).where(*here))


def _move_firms(gone_id: int, kept_id: int) -> None:
    """What a firm says of either it says of the kept one: offering over looking, best place."""
    touched = select(FirmSkill.firm_id).where(FirmSkill.skill_id == gone_id)
    either = (FirmSkill.skill_id.in_((gone_id, kept_id)), FirmSkill.firm_id.in_(touched))
    rows = db.session.execute(
        select(FirmSkill.firm_id, FirmSkill.wanted, FirmSkill.position)
        .where(*either)
        .order_by(FirmSkill.wanted, FirmSkill.position)
    ).all()
    best: dict[int, dict[str, int | bool]] = {}
    for firm_id, wanted, position in rows:
        best.setdefault(firm_id, {"wanted": wanted, "position": position})
    if best:
        db.session.execute(delete(FirmSkill).where(*either))
        kept = [{"firm_id": each, "skill_id": kept_id, **said} for each, said in best.items()]
        db.session.execute(insert(FirmSkill), kept)


def _move_proofs(gone_id: int, kept_id: int) -> None:
    kept = {
        row.member_id: row
        for row in db.session.scalars(select(Proof).where(Proof.skill_id == kept_id))
    }
    for row in db.session.scalars(select(Proof).where(Proof.skill_id == gone_id)).all():
        same = kept.get(row.member_id)
        if same is None:
            row.skill_id = kept_id
        else:
            same.count += row.count
            same.minutes += row.minutes
            same.last_at = max(same.last_at, row.last_at)
            db.session.delete(row)
    db.session.flush()
