"""How people and firms are found: their words in the index, their parts of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db
from incubator.kernel.text import words
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import MemberWord

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from incubator.network.members.models import Member


def index_words(member: Member) -> None:
    """Rewrite the words by which a member is found: their name and those of their firms."""
    firms = db.session.scalars(
        select(Firm.name)
        .join(FirmRole)
        .where(FirmRole.member_id == member.id, FirmRole.until_on.is_(None))
    )
    found = {word[:60] for text in (member.name, *firms) for word in words(text)}
    old = set(db.session.scalars(select(MemberWord.word).where(MemberWord.member_id == member.id)))
    if old - found:
        db.session.execute(
            delete(MemberWord).where(
                MemberWord.member_id == member.id, MemberWord.word.in_(old - found)
            )
        )
    db.session.add_all(MemberWord(word=word, member_id=member.id) for word in sorted(found - old))
    db.session.flush()


def free_slug(column: InstrumentedAttribute[str], wanted: str) -> str:
    """The wanted part of an address, or the first of «wanted-2», «wanted-3»… that is free."""
    if not db.session.scalar(select(column).where(column == wanted)):
        return wanted
    span = (column >= f"{wanted}-", column < f"{wanted}.")
    taken = set(db.session.scalars(select(column).where(*span)))
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)
