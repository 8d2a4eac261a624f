"""What is kept of a member's profile, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete, or_

from incubator.kernel.db import db
from incubator.kernel.files import drop_later
from incubator.kernel.personal import Part, PersonalData
from incubator.kernel.text import fold
from incubator.network.members.absence import set_here
from incubator.network.members.firm_models import FirmRequest, FirmRole
from incubator.network.members.indexing import index_member
from incubator.network.members.life_models import Absence, Merged
from incubator.network.members.models import (
    Member,
    MemberAudience,
    MemberAvailability,
    MemberMentoring,
    MemberSkill,
)
from incubator.network.members.nobody import NAME
from incubator.network.members.skill_models import MemberDocument, Proof, SkillProposal
from incubator.network.members.whereabouts_models import ArrivalWatch, Whereabouts
from incubator.network.members.words import free_slug

personal_data = PersonalData(
    {
        "profile": Part(Member, (Member.id,)),
        "audiences": Part(MemberAudience, (MemberAudience.member_id,)),
        "skills": Part(MemberSkill, (MemberSkill.member_id,)),
        "mentoring": Part(MemberMentoring, (MemberMentoring.member_id,)),
        "availability": Part(MemberAvailability, (MemberAvailability.member_id,)),
        "confirmed-help": Part(Proof, (Proof.member_id,)),
        "proposed-skills": Part(SkillProposal, (SkillProposal.proposer_id,)),
        "search": Part(MemberDocument, (MemberDocument.member_id,)),
        "presence": Part(Whereabouts, (Whereabouts.member_id,)),
        "arrivals-awaited": Part(ArrivalWatch, (ArrivalWatch.watcher_id,)),
        "firms": Part(FirmRole, (FirmRole.member_id,)),
        "firm-requests": Part(FirmRequest, (FirmRequest.member_id, FirmRequest.asked_by_id)),
        "absence": Part(Absence, (Absence.member_id,)),
        "doubles": Part(Merged, (Merged.gone_id, Merged.kept_id)),
    }
)
ERASED_SLUG = "ancien-membre"
OWN_ROWS = (
    MemberAudience,
    MemberSkill,
    MemberMentoring,
    MemberAvailability,
    Proof,
    Whereabouts,
    FirmRequest,
    FirmRole,
)


def forget(member_id: int) -> None:
    """Take away name, address, texts, picture, skills, firms, whereabouts; the bare row stays."""
    member = db.session.get_one(Member, member_id, with_for_update=True)
    member.name, member.sort_name = NAME, fold(NAME)
    member.slug = free_slug(Member.slug, f"{ERASED_SLUG}-{member_id}")
    member.headline = member.about_md = member.about_html = ""
    member.phone = member.speaks = member.pronouns = member.narrowed = ""
    member.links, member.hint_rests_until = [], None
    drop_later(member.portrait)
    member.portrait = None
    member.active = False
    db.session.flush()
    for rows in OWN_ROWS:
        db.session.execute(delete(rows).where(rows.member_id == member_id))
    watches = or_(ArrivalWatch.watcher_id == member_id, ArrivalWatch.watched_id == member_id)
    db.session.execute(delete(ArrivalWatch).where(watches))
    set_here(member_id)
    db.session.expire_all()
    index_member(member_id)
