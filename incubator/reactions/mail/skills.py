"""Who proposed a skill is told what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.network.accounts.models import Account
from incubator.network.members.models import Skill
from incubator.network.members.skill_models import SkillProposal
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from incubator.network.members.events import SkillProposalDecided


def on_decision(event: SkillProposalDecided) -> None:
    """A word to them, unless they decided it themselves or have left."""
    reader = _proposer(event)
    if reader is None:
        return
    row = db.session.get_one(SkillProposal, event.proposal_id)
    skill = db.session.get(Skill, event.skill_id) if event.skill_id else None
    values = {
        "name": reader.member.name,
        "word": row.name,
        "state": event.state,
        "skill": skill.name_in(reader.language) if skill else None,
        "answer": row.word or None,
    }
    about = About("skill", row.id, "skill_decided", title=row.name)
    write("skill_decided", "skill_decided", [reader], values=values, about=about)


def _proposer(event: SkillProposalDecided) -> Account | None:
    if event.actor_id == event.member_id:
        return None
    return db.session.scalar(
        select(Account)
        .where(Account.id == event.member_id, Account.deactivated_at.is_(None))
        .options(joinedload(Account.member))
    )
