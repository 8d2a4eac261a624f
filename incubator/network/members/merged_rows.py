"""The movers of what members themselves have: profile, skills, firms, audiences, doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from incubator.kernel.db import db
from incubator.network.members.absence import back_days, set_away, set_here
from incubator.network.members.audience import AUDIENCES, DEFAULTS, EVERYTHING_AS_USUAL
from incubator.network.members.audiences import audiences_of
from incubator.network.members.life_models import Merged
from incubator.network.members.merging import moves
from incubator.network.members.models import (
    FirmRole,
    Member,
    MemberAudience,
    MemberSkill,
    MemberWord,
)
from incubator.network.members.words import index_words

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.members.merging import Merge

FILLED = ("headline", "phone", "speaks")


@moves("audiences", ("members_audience.member_id",))
def audiences(merge: Merge) -> None:
    """Each field has the narrower of the two audiences: a merge shows nobody more."""
    both = audiences_of([merge.kept_id, merge.gone_id])
    kept, gone = (both.get(key, EVERYTHING_AS_USUAL) for key in (merge.kept_id, merge.gone_id))
    ids = (merge.kept_id, merge.gone_id)
    db.session.execute(delete(MemberAudience).where(MemberAudience.member_id.in_(ids)))
    for name, usual in DEFAULTS.items():
        narrower = min(kept.of(name), gone.of(name), key=AUDIENCES.index)
        if narrower != usual:
            db.session.add(MemberAudience(member_id=merge.kept_id, field=name, audience=narrower))
    db.session.flush()


@moves("skills", ("members_member_skill.member_id",))
def skills(merge: Merge) -> None:
    """The kept member's skills, then the other's; of two levels the better one."""
    rows = db.session.scalars(
        select(MemberSkill)
        .where(MemberSkill.member_id.in_((merge.kept_id, merge.gone_id)))
        .order_by(MemberSkill.member_id != merge.kept_id, MemberSkill.position)
    ).all()
    best: dict[tuple[int, bool], int] = {}
    for row in rows:
        key = (row.skill_id, row.wanted)
        best[key] = max(best.get(key, 0), row.level)
    offered = {skill_id for skill_id, wanted in best if not wanted}
    ids = (merge.kept_id, merge.gone_id)
    db.session.execute(delete(MemberSkill).where(MemberSkill.member_id.in_(ids)))
    kept = [key for key in best if not (key[1] and key[0] in offered)]
    for place, (skill_id, wanted) in enumerate(kept):
        db.session.add(
            MemberSkill(
                member_id=merge.kept_id,
                skill_id=skill_id,
                wanted=wanted,
                level=best[skill_id, wanted],
                position=place,
            )
        )
    db.session.flush()


@moves("firms", ("members_firm_role.member_id",))
def firms(merge: Merge) -> None:
    """Roles follow, save those in a firm where the kept member has one at the same time."""
    roles = db.session.scalars(
        select(FirmRole)
        .where(FirmRole.member_id.in_((merge.kept_id, merge.gone_id)))
        .order_by(FirmRole.since_on, FirmRole.id)
    ).all()
    own = [role for role in roles if role.member_id == merge.kept_id]
    for role in roles:
        if role.member_id == merge.kept_id:
            continue
        beside = [mine for mine in own if mine.firm_id == role.firm_id and _overlap(mine, role)]
        if beside:
            beside[0].title = beside[0].title or role.title
            db.session.delete(role)
        else:
            role.member_id = merge.kept_id
    db.session.flush()


def _overlap(one: FirmRole, other: FirmRole) -> bool:
    return one.since_on == other.since_on or (
        _before_end(one.since_on, other.until_on) and _before_end(other.since_on, one.until_on)
    )


def _before_end(day: date, until: date | None) -> bool:
    return until is None or day < until


@moves("absence", ("members_absence.member_id",))
def absence(merge: Merge) -> None:
    """Away if either was: until the later day."""
    days = back_days([merge.kept_id, merge.gone_id])
    if days:
        set_here(merge.gone_id)
        set_away(merge.kept_id, back_on=max(days.values()))


@moves(
    "doubles", ("members_merged.gone_id", "members_merged.kept_id", "members_merged.merged_by_id")
)
def doubles(merge: Merge) -> None:
    """Rows that led to the one that goes lead to the one that stays."""
    led = Merged.kept_id == merge.gone_id
    db.session.execute(update(Merged).where(led).values(kept_id=merge.kept_id))


@moves("profile", ("members_word.member_id",))
def profile(merge: Merge) -> None:
    """Texts fill what the kept profile left empty; the older day of arrival counts."""
    kept, gone = (db.session.get_one(Member, key) for key in (merge.kept_id, merge.gone_id))
    if not kept.about_md:
        kept.about_md, kept.about_html = gone.about_md, gone.about_html
    for name in FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.joined_at = min(kept.joined_at, gone.joined_at)
    kept.home_site_id = kept.home_site_id or gone.home_site_id
    gone.active = False
    db.session.execute(delete(MemberWord).where(MemberWord.member_id == gone.id))
    db.session.flush()
    index_words(kept)


def kept_slug(slug: str) -> str | None:
    """The part of the address of who a double became; None for any other."""
    double = select(Member.id).where(Member.slug == slug).scalar_subquery()
    return db.session.scalar(
        select(Member.slug)
        .join(Merged, Merged.kept_id == Member.id)
        .where(Merged.gone_id == double)
    )


def any_double(*member_ids: int) -> bool:
    """Whether one of these rows was merged into another before."""
    found = select(Merged.gone_id).where(Merged.gone_id.in_(member_ids)).limit(1)
    return db.session.scalar(found) is not None
