"""What is kept of a member's profile, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData
from incubator.kernel.text import fold
from incubator.network.members.absence import set_here
from incubator.network.members.life_models import Absence, Merged
from incubator.network.members.models import (
    FirmRole,
    Member,
    MemberAudience,
    MemberSkill,
    MemberWord,
)
from incubator.network.members.tombstone import NAME
from incubator.network.members.words import free_slug

personal_data = PersonalData(
    {
        "profile": Part(Member, (Member.id,)),
        "audiences": Part(MemberAudience, (MemberAudience.member_id,)),
        "skills": Part(MemberSkill, (MemberSkill.member_id,)),
        "search-words": Part(MemberWord, (MemberWord.member_id,)),
        "firms": Part(FirmRole, (FirmRole.member_id,)),
        "absence": Part(Absence, (Absence.member_id,)),
        "doubles": Part(Merged, (Merged.gone_id, Merged.kept_id)),
    }
)
ERASED_SLUG = "ancien-membre"


def forget(member_id: int) -> None:
    """Take away name, address, texts, phone, languages, skills, firms; the bare row stays."""
    member = db.session.get_one(Member, member_id, with_for_update=True)
    member.name, member.sort_name = NAME, fold(NAME)
    member.slug = free_slug(Member.slug, f"{ERASED_SLUG}-{member_id}")
    member.headline = member.about_md = member.about_html = ""
    member.phone = member.speaks = ""
    member.active = False
    db.session.flush()
    for rows in (MemberAudience, MemberSkill, MemberWord, FirmRole):
        db.session.execute(delete(rows).where(rows.member_id == member_id))
    set_here(member_id)
    db.session.expire_all()
