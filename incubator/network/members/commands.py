"""What changes members: their arrival, their profile, their skills, their firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db
from incubator.kernel.text import fold, slugify, words
from incubator.network.members.models import Firm, FirmRole, Member, MemberWord

if TYPE_CHECKING:
    from datetime import datetime


def add(*, name: str, home_site_id: int | None, now: datetime) -> Member:
    """A new member with a slug of their own; who may add is the caller's policy."""
    member = Member(
        name=name.strip(),
        sort_name=fold(name.strip()),
        slug=_free_slug(slugify(name)),
        home_site_id=home_site_id,
        joined_at=now,
        active=True,
    )
    db.session.add(member)
    db.session.flush()
    index_words(member)
    return member


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Member.slug).where(Member.slug.like(f"{wanted}%"))))
    if wanted not in taken:
        return wanted
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)


def index_words(member: Member) -> None:
    """Rewrite the words by which a member is found: their name and their firms'."""
    firms = db.session.scalars(
        select(Firm.name).join(FirmRole).where(FirmRole.member_id == member.id)
    )
    found = {word[:60] for text in (member.name, *firms) for word in words(text)}
    db.session.execute(delete(MemberWord).where(MemberWord.member_id == member.id))
    db.session.add_all(MemberWord(word=word, member_id=member.id) for word in sorted(found))
    db.session.flush()
