"""Keeping what search knows of members in step with what they say, in the same transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.kernel import spelling
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.fulltext import Index, Token, number_of, words_among
from incubator.kernel.jobs import job, later
from incubator.kernel.schedule import hourly
from incubator.network.members.documents import documents_of, spelled_in
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.models import Member, MemberMentoring
from incubator.network.members.skill_models import MemberDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = Index(MemberDocument.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
INDEX_ALL = "members.index_all"
BATCH = 200
# For so long after such an end the hourly look catches up.
ENDED = timedelta(days=3)


def index_member(member_id: int) -> None:
    """Rewrite what search knows of a member; call it in the transaction of the change."""
    db.session.flush()
    member = db.session.get_one(Member, member_id)
    before = _stored(member_id)
    after = {number_of(member_id, part): t for part, t in enumerate(documents_of(member))}
    if {number: row.tokens for number, row in before.items()} == after:
        return
    held = {word for row in before.values() for word in words_among(row.tokens)}
    for number in before.keys() - after.keys():
        db.session.delete(before[number])
    for number, tokens in after.items():
        if number not in before:
            db.session.add(MemberDocument(id=number, member_id=member_id, tokens=tokens))
        elif before[number].tokens != tokens:
            before[number].tokens = tokens
    db.session.flush()
    _learn(member, after, held)


def _stored(member_id: int) -> dict[int, MemberDocument]:
    rows = db.session.scalars(select(MemberDocument).where(MemberDocument.member_id == member_id))
    return {row.id: row for row in rows}


def _learn(member: Member, after: Mapping[int, str], held: set[str]) -> None:
    """The dictionary follows: new words come in, words that nobody has any more go."""
    holds = {word for tokens in after.values() for word in words_among(tokens)}
    public = words_among(after[number_of(member.id)]) if member.active else set()
    new = holds - held
    spelled = spelled_in(member) if new else {}
    spelling.learn({word: spelled.get(word, word) for word in holds}, public)
    gone = {word for word in held - holds if not _anywhere(word)}
    if gone:
        spelling.forget(gone)


def _anywhere(word: str) -> bool:
    return any(INDEX.at_most(Token(letter + word), 0) for letter in "abcd")


@job(INDEX_ALL)
def index_all(payload: Mapping[str, Any]) -> None:
    """Index everybody from ``after`` on, a batch a job; for a database from before the index."""
    after = int(payload.get("after", 0))
    with transaction():
        query = select(Member.id).where(Member.id > after).order_by(Member.id).limit(BATCH)
        ids = db.session.scalars(query).all()
        for member_id in ids:
            index_member(member_id)
        if len(ids) == BATCH:
            later(INDEX_ALL, {"after": ids[-1]})


@hourly("members.index_ended")
def index_ended(payload: Mapping[str, Any]) -> None:
    """Let what ends by a date named before change what finds people: roles, pauses of mentors."""
    del payload
    today = utcnow().date()
    ended = select(FirmRole.member_id).where(FirmRole.until_on.between(today - ENDED, today))
    rested = select(MemberMentoring.member_id).where(
        MemberMentoring.paused_until.between(today - ENDED, today)
    )
    with transaction():
        for member_id in sorted(set(db.session.scalars(ended.union(rested)))):
            index_member(member_id)
