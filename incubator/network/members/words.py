"""How people and firms are found: their words in the index, their parts of addresses."""

from __future__ import annotations

from collections import Counter
from itertools import chain, count
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from incubator.kernel.db import Base, db
from incubator.kernel.text import words
from incubator.network.members.models import Firm, FirmRole, MemberWord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import InstrumentedAttribute

    from incubator.network.members.models import Member

_FIRM_NAMES = (
    select(Firm.name)
    .join(FirmRole)
    .where(FirmRole.member_id == bindparam("member_id"), FirmRole.until_on.is_(None))
)
_WORDS = select(MemberWord.word).where(MemberWord.member_id == bindparam("member_id"))
_NEW_WORDS = insert(Base.metadata.tables[MemberWord.__tablename__])


def index_words(member: Member) -> None:
    """Rewrite the words by which a member is found: their name and those of their firms.

    Firms that not the whole network sees find nobody: whoever searches would learn of them.
    """
    hidden = "firms" in member.narrowed.split(",")
    firms = [] if hidden else db.session.scalars(_FIRM_NAMES, {"member_id": member.id}).all()
    found = {word[:60] for text in (member.name, *firms) for word in words(text)}
    old = set(db.session.scalars(_WORDS, {"member_id": member.id}))
    if old - found:
        db.session.execute(
            delete(MemberWord).where(
                MemberWord.member_id == member.id, MemberWord.word.in_(old - found)
            )
        )
    _write({member.id: found - old})


def index_new(members: Sequence[Member]) -> None:
    """Write the words of members who have just come: no firm yet, and no word to take away."""
    _write({member.id: {word[:60] for word in words(member.name)} for member in members})


def _write(found: Mapping[int, set[str]]) -> None:
    rows = [{"word": word, "member_id": id_} for id_, new in found.items() for word in sorted(new)]
    if rows:
        db.session.execute(_NEW_WORDS, rows)


def free_slug(column: InstrumentedAttribute[str], wanted: str) -> str:
    """The wanted part of an address, or the first of «wanted-2», «wanted-3»… that is free."""
    return free_slugs(column, [wanted])[0]


def free_slugs(column: InstrumentedAttribute[str], wanted: Sequence[str]) -> list[str]:
    """A free part of an address for each of ``wanted``, as ``free_slug``; no two are the same."""
    taken = set(db.session.scalars(select(column).where(column.in_(wanted))))
    for slug in sorted(taken | {slug for slug, times in Counter(wanted).items() if times > 1}):
        span = (column >= f"{slug}-", column < f"{slug}.")
        taken.update(db.session.scalars(select(column).where(*span)))
    return [_take(slug, taken) for slug in wanted]


def _take(wanted: str, taken: set[str]) -> str:
    """The first free one, which is free no more."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    found = next(slug for slug in chain([wanted], numbered) if slug not in taken)
    taken.add(found)
    return found
