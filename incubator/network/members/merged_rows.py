"""The movers of what members themselves have: profile, skills, firms, audiences, doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from incubator.kernel.db import db, utcnow
from incubator.kernel.files import drop_later
from incubator.network.members.absence import back_days, set_away, set_here
from incubator.network.members.audience import (
    AUDIENCES,
    DEFAULTS,
    EVERYTHING_AS_USUAL,
    differing,
)
from incubator.network.members.audiences import audiences_of, narrowed_by
from incubator.network.members.firm_models import FirmRequest, FirmRole
from incubator.network.members.indexing import index_member
from incubator.network.members.life_models import Merged
from incubator.network.members.merging import moves, repoint, repoints, unite, unites
from incubator.network.members.models import Member, MemberAudience, MemberSkill
from incubator.network.members.rules import WAYS
from incubator.network.members.whereabouts_models import ArrivalWatch

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.members.merging import Merge

FILLED = ("headline", "phone", "speaks", "pronouns", "links", "portrait")


@moves("audiences", ("members_audience.member_id",))
def audiences(merge: Merge) -> None:
    """Each field has the narrower of the two audiences: a merge shows nobody more."""
    both = audiences_of([merge.kept_id, merge.gone_id])
    kept, gone = (both.get(key, EVERYTHING_AS_USUAL) for key in (merge.kept_id, merge.gone_id))
    ids = (merge.kept_id, merge.gone_id)
    db.session.execute(delete(MemberAudience).where(MemberAudience.member_id.in_(ids)))
    narrower = {name: min(kept.of(name), gone.of(name), key=AUDIENCES.index) for name in DEFAULTS}
    wanted = differing(narrower)
    db.session.add_all(
        MemberAudience(member_id=merge.kept_id, field=name, audience=audience)
        for name, audience in wanted.items()
    )
    db.session.get_one(Member, merge.kept_id).narrowed = narrowed_by(wanted)
    db.session.flush()


@moves("skills", ("members_member_skill.member_id",))
def skills(merge: Merge) -> None:
    """The kept member's skills, then the other's; of two levels the better one, and all ways."""
    rows = db.session.scalars(
        select(MemberSkill)
        .where(MemberSkill.member_id.in_((merge.kept_id, merge.gone_id)))
        .order_by(MemberSkill.member_id != merge.kept_id, MemberSkill.position)
    ).all()
    best: dict[tuple[int, bool], int] = {}
    ways: dict[tuple[int, bool], set[str]] = {}
    for row in rows:
        key = (row.skill_id, row.wanted)
        best[key] = max(best.get(key, 0), row.level)
        ways.setdefault(key, set()).update(row.ways)
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
                **{way: way in ways[skill_id, wanted] for way in WAYS},
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
            beside[0].keeper = beside[0].keeper or role.keeper
            db.session.delete(role)
        else:
            role.member_id = merge.kept_id
    db.session.flush()


@moves(
    "firm_requests",
    (
        "members_firm_request.member_id",
        "members_firm_request.asked_by_id",
        "members_firm_request.decided_by_id",
    ),
)
def firm_requests(merge: Merge) -> None:
    """Requests follow; of two that wait at one firm, the one of the kept member stays."""
    both = (merge.kept_id, merge.gone_id)
    waiting = db.session.scalars(
        select(FirmRequest)
        .where(FirmRequest.member_id.in_(both), FirmRequest.state == "open")
        .order_by(FirmRequest.member_id != merge.kept_id, FirmRequest.id)
    ).all()
    firms_seen: set[int] = set()
    for request in waiting:
        if request.firm_id in firms_seen:
            request.state, request.decided_at = "withdrawn", utcnow()
        firms_seen.add(request.firm_id)
    db.session.flush()
    for column in ("member_id", "asked_by_id", "decided_by_id"):
        repoint(f"members_firm_request.{column}", merge)


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


unites("mentoring", "members_mentoring.member_id")
unites("availability", "members_availability.member_id")
unites("presence", "members_whereabouts.member_id")
repoints("proposals", "members_skill_proposal.proposer_id", "members_skill_proposal.decided_by_id")


@moves("awaited", ("members_arrival_watch.watcher_id", "members_arrival_watch.watched_id"))
def awaited(merge: Merge) -> None:
    """Who waits for whom; nobody waits for themselves."""
    both = (merge.kept_id, merge.gone_id)
    db.session.execute(
        delete(ArrivalWatch).where(
            ArrivalWatch.watcher_id.in_(both), ArrivalWatch.watched_id.in_(both)
        )
    )
    for column in ("members_arrival_watch.watcher_id", "members_arrival_watch.watched_id"):
        unite(column, merge)


@moves("profile", ("members_document.member_id",))
def profile(merge: Merge) -> None:
    """Texts and picture fill what the kept profile left empty; the older day of arrival counts."""
    kept, gone = (db.session.get_one(Member, key) for key in (merge.kept_id, merge.gone_id))
    if not kept.about_md:
        kept.about_md, kept.about_html = gone.about_md, gone.about_html
    for name in FILLED:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    if gone.portrait and gone.portrait != kept.portrait:
        drop_later(gone.portrait)
    gone.portrait = None
    kept.joined_at = min(kept.joined_at, gone.joined_at)
    kept.home_site_id = kept.home_site_id or gone.home_site_id
    gone.active = False
    for member_id in (kept.id, gone.id):
        index_member(member_id)


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
