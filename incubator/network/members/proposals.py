"""Terms that members miss in the vocabulary: proposed by them, decided by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, slugify
from incubator.network.members import policy, rules, skills
from incubator.network.members.events import SkillProposalDecided, SkillProposed
from incubator.network.members.models import Skill
from incubator.network.members.skill_models import SkillProposal
from incubator.network.members.vocabulary import vocabulary
from incubator.network.members.words import free_slug

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST_OPEN = 5
MOST_SHOWN = 100


def propose(by: Actor, *, name: str, now: datetime) -> SkillProposal:
    """Propose a term; one that is proposed already stays as it is.

    Raise NotAllowed ``members.propose``; Refusal ``members.skill_known`` (with its name),
    ``members.too_many_proposals``, ``members.empty`` or ``members.too_long``.
    """
    if not policy.may_propose(by):
        raise NotAllowed("members.propose")
    said = rules.fit(name, "name", most=80, least=2)
    known = next(filter(None, (vocabulary(code).named(said) for code in ("fr", "en"))), None)
    if known:
        raise Refusal("members.skill_known", field="name", skill=known.name)
    mine = select(func.count()).where(
        SkillProposal.proposer_id == by.id, SkillProposal.state == "open"
    )
    same = select(SkillProposal).where(
        SkillProposal.folded == fold(said)[:80], SkillProposal.state == "open"
    )
    if not db.session.scalar(same) and (db.session.scalar(mine) or 0) >= MOST_OPEN:
        raise Refusal("members.too_many_proposals", field="name", most=MOST_OPEN)
    new = insert_once(
        SkillProposal,
        proposer_id=by.id,
        language=by.language,
        name=said,
        folded=fold(said)[:80],
        state="open",
        proposed_at=now,
        word="",
    )
    row = db.session.scalars(same).one()
    if new:
        record(SkillProposed(actor_id=by.id, member_id=by.id, proposal_id=row.id, name=said))
    return row


def waiting(by: Actor) -> Sequence[SkillProposal]:
    """The proposals that wait for a decision, the oldest first, with who made them."""
    if not policy.may_curate(by):
        return []
    return db.session.scalars(
        select(SkillProposal)
        .where(SkillProposal.state == "open")
        .options(joinedload(SkillProposal.proposer))
        .order_by(SkillProposal.id)
        .limit(MOST_SHOWN)
    ).all()


def own(by: Actor) -> Sequence[SkillProposal]:
    """What somebody proposed, the newest first."""
    query = select(SkillProposal).where(SkillProposal.proposer_id == by.id)
    return db.session.scalars(query.order_by(SkillProposal.id.desc()).limit(MOST_SHOWN)).all()


def count_waiting(by: Actor) -> int:
    """How many proposals wait for a decision."""
    query = select(func.count()).where(SkillProposal.state == "open")
    return int(db.session.scalar(query) or 0) if policy.may_curate(by) else 0


def accept(
    by: Actor, proposal_id: int, *, name_fr: str, name_en: str, parent_id: int | None, now: datetime
) -> Skill:
    """Take a proposal into the vocabulary under these names; raise as ``add_skill``."""
    row = open_one(by, proposal_id)
    slug = free_slug(Skill.slug, slugify(name_fr))
    skill = skills.add_skill(by, slug=slug, name_fr=name_fr, name_en=name_en, parent_id=parent_id)
    if fold(row.name) not in {fold(name_fr), fold(name_en)}:
        skills.add_synonym(skill.id, row.language, row.name)
    _decide(by, row, "accepted", skill_id=skill.id, now=now)
    return skill


def join(by: Actor, proposal_id: int, *, skill_id: int, now: datetime) -> Skill:
    """Let the proposed word mean a term that exists."""
    row = open_one(by, proposal_id)
    skill = skills.skill_of(by, skill_id, lock=True)
    skills.add_synonym(skill_id, row.language, row.name)
    _decide(by, row, "merged", skill_id=skill_id, now=now)
    return skill


def decline(by: Actor, proposal_id: int, *, word: str, now: datetime) -> SkillProposal:
    """Turn a proposal down, with a word to who made it; Refusal ``members.empty`` without."""
    row = open_one(by, proposal_id)
    row.word = rules.fit(word, "word", most=300, least=1)
    _decide(by, row, "declined", skill_id=None, now=now)
    return row


def open_one(by: Actor, proposal_id: int) -> SkillProposal:
    """A proposal that waits, locked, for who may decide; raise NotAllowed, NotFound, Refusal."""
    if not policy.may_curate(by):
        raise NotAllowed("members.curate")
    query = select(SkillProposal).where(SkillProposal.id == proposal_id).with_for_update()
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("members.proposal")
    if row.state != "open":
        raise Refusal("members.proposal_decided")
    return row


def _decide(
    by: Actor, row: SkillProposal, state: str, *, skill_id: int | None, now: datetime
) -> None:
    row.state, row.skill_id = state, skill_id
    row.decided_by_id, row.decided_at = by.id, now
    db.session.flush()
    record(
        SkillProposalDecided(
            actor_id=by.id,
            member_id=row.proposer_id,
            proposal_id=row.id,
            name=row.name,
            state=state,
            skill_id=skill_id,
        )
    )
