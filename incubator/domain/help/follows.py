"""Following threads, skills and sites, and keeping threads to read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, select, update

from incubator.domain.help import queries
from incubator.domain.help.follow_models import (
    Bump,
    Concern,
    Follow,
    SiteFollow,
    SkillFollow,
)
from incubator.domain.help.models import Question
from incubator.domain.help.search_models import Saved
from incubator.domain.help.search_usefulness import reweigh
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.network.members.models import Skill
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

SHOWN_MOST = 200


class Kept(NamedTuple):
    """What a thread is to a reader."""

    followed: bool
    saved: bool
    unread: bool


def follow(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Hear of what comes in a thread. Raise NotAllowed for guests, NotFound."""
    _no_guest(actor)
    queries.visible_to(actor, question_id)
    _set(question_id, actor.id, active=True, now=now)


def unfollow(member_id: int, question_id: int, *, now: datetime) -> None:
    """Hear no more of a thread, even after answering in it; what waits is not sent.

    Raise NotFound for a thread that is not there at all.
    """
    if db.session.get(Question, question_id) is None:
        raise NotFound("help.question")
    _set(question_id, member_id, active=False, now=now)
    db.session.execute(
        update(Bump)
        .where(Bump.question_id == question_id, Bump.member_id == member_id)
        .values(due_at=None, read_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(Concern)
        .where(Concern.question_id == question_id, Concern.member_id == member_id)
        .execution_options(synchronize_session=False)
    )


def _set(question_id: int, member_id: int, *, active: bool, now: datetime) -> None:
    values = {"question_id": question_id, "member_id": member_id}
    if insert_once(Follow, **values, active=active, since=now):
        return
    row = db.session.get_one(Follow, values, populate_existing=True)
    row.active = active
    db.session.flush()


def follow_by_default(question_id: int, member_id: int, *, now: datetime) -> None:
    """Who asks or answers follows, unless they said otherwise before."""
    insert_once(Follow, question_id=question_id, member_id=member_id, active=True, since=now)


def save(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Keep a thread to read again. Raise NotAllowed for guests, NotFound."""
    _no_guest(actor)
    queries.visible_to(actor, question_id)
    insert_once(Saved, member_id=actor.id, question_id=question_id, saved_at=now)
    reweigh(question_id)


def unsave(actor: Actor, question_id: int) -> None:
    """Keep a thread no longer."""
    db.session.execute(
        delete(Saved).where(Saved.member_id == actor.id, Saved.question_id == question_id)
    )
    reweigh(question_id)


def follow_skill(actor: Actor, skill_id: int, *, now: datetime) -> None:
    """Hear of each new question that asks for a skill. Raise NotAllowed for guests, NotFound."""
    _no_guest(actor)
    if db.session.get(Skill, skill_id) is None:
        raise NotFound("help.skill")
    insert_once(SkillFollow, skill_id=skill_id, member_id=actor.id, since=now)


def follow_site(actor: Actor, site_id: int, *, now: datetime) -> None:
    """Hear of each new question asked from a site. Raise NotAllowed for guests, NotFound."""
    _no_guest(actor)
    if db.session.get(Site, site_id) is None:
        raise NotFound("sites.site")
    insert_once(SiteFollow, site_id=site_id, member_id=actor.id, since=now)


def unfollow_skill(member_id: int, skill_id: int) -> None:
    """Hear no more of a skill."""
    _drop(SkillFollow, member_id, SkillFollow.skill_id == skill_id)


def unfollow_site(member_id: int, site_id: int) -> None:
    """Hear no more of a site."""
    _drop(SiteFollow, member_id, SiteFollow.site_id == site_id)


def _drop(model: Any, member_id: int, which: Any) -> None:
    db.session.execute(delete(model).where(model.member_id == member_id, which))


def _no_guest(actor: Actor) -> None:
    if actor.is_guest:
        raise NotAllowed("help.guest")


def skills_followed(member_id: int) -> Sequence[Skill]:
    """The skills that a member follows, the latest first."""
    return db.session.scalars(
        select(Skill)
        .join(SkillFollow, SkillFollow.skill_id == Skill.id)
        .where(SkillFollow.member_id == member_id)
        .order_by(SkillFollow.since.desc(), Skill.id)
        .limit(SHOWN_MOST)
    ).all()


def sites_followed(member_id: int) -> Sequence[Site]:
    """The sites that a member follows, by city."""
    return db.session.scalars(
        select(Site)
        .join(SiteFollow, SiteFollow.site_id == Site.id)
        .where(SiteFollow.member_id == member_id)
        .order_by(Site.city, Site.id)
        .limit(SHOWN_MOST)
    ).all()


def follows_skill(member_id: int, skill_id: int) -> bool:
    """Whether a member follows a skill."""
    return db.session.get(SkillFollow, (skill_id, member_id)) is not None


def follows_site(member_id: int, site_id: int) -> bool:
    """Whether a member follows a site."""
    return db.session.get(SiteFollow, (site_id, member_id)) is not None


def move_skill(gone_id: int, kept_id: int) -> None:
    """Who follows a skill follows the one that it became."""
    both = select(SkillFollow.member_id).where(SkillFollow.skill_id == kept_id)
    gone = SkillFollow.skill_id == gone_id
    for change in (
        delete(SkillFollow).where(gone, SkillFollow.member_id.in_(both)),
        update(SkillFollow).where(gone).values(skill_id=kept_id),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
