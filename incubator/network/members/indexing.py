"""Keeping what search knows of members in step with what they say, in the same transaction."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.kernel import spelling
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.fulltext import Index, anywhere, number_of, words_among
from incubator.kernel.jobs import job, later
from incubator.kernel.schedule import hourly
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.members.audience_rows import audiences_of
from incubator.network.members.documents import Known, documents_of, known_of, spelled_in
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.models import Member, MemberMentoring
from incubator.network.members.skill_models import MemberDocument

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

INDEX = Index(MemberDocument.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
INDEX_ALL = "members.index_all"
BATCH = 200
# For so long after such an end the hourly look catches up.
ENDED = timedelta(days=3)


_postponed: ContextVar[set[int] | None] = ContextVar("postponed", default=None)


@contextmanager
def once_at_the_end() -> Generator[None]:
    """Index each member once when the block ends, in the same transaction: for many changes."""
    waiting: set[int] = set()
    token = _postponed.set(waiting)
    try:
        yield
    finally:
        _postponed.reset(token)
    ids = sorted(waiting)
    for start in range(0, len(ids), BATCH):
        _index(ids[start : start + BATCH])


def index_member(member_id: int) -> None:
    """Rewrite what search knows of a member; call it in the transaction of the change."""
    waiting = _postponed.get()
    if waiting is not None:
        waiting.add(member_id)
        return
    _index([member_id])


def _index(member_ids: Sequence[int]) -> None:
    """Rewrite what search knows of some members, in as many statements as of one."""
    db.session.flush()
    members = db.session.scalars(
        select(Member).where(Member.id.in_(member_ids)).order_by(Member.id)
    ).all()
    known, audiences = known_of(members), audiences_of(member_ids)
    before = _stored(member_ids)
    told = _Told()
    for member in members:
        chosen = audiences.get(member.id, EVERYTHING_AS_USUAL)
        texts = documents_of(member, known[member.id], chosen)
        after = {number_of(member.id, part): text for part, text in enumerate(texts)}
        old = before.get(member.id, {})
        if {number: row.tokens for number, row in old.items()} != after:
            told.note(member, known[member.id], after=after, old=old)
            _write(member.id, old, after)
    db.session.flush()
    told.learn()


def _stored(member_ids: Sequence[int]) -> dict[int, dict[int, MemberDocument]]:
    rows = db.session.scalars(
        select(MemberDocument).where(MemberDocument.member_id.in_(member_ids))
    )
    found: dict[int, dict[int, MemberDocument]] = {}
    for row in rows:
        found.setdefault(row.member_id, {})[row.id] = row
    return found


def _write(member_id: int, old: dict[int, MemberDocument], after: Mapping[int, str]) -> None:
    for number in old.keys() - after.keys():
        db.session.delete(old[number])
    for number, tokens in after.items():
        if number not in old:
            db.session.add(MemberDocument(id=number, member_id=member_id, tokens=tokens))
        elif old[number].tokens != tokens:
            old[number].tokens = tokens


@dataclass
class _Told:
    """What the dictionary learns of some documents: new words come in, others may go."""

    spelled: dict[str, str] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def note(
        self, member: Member, known: Known, *, after: Mapping[int, str], old: Mapping[int, Any]
    ) -> None:
        """Note the words of a member, before the old documents are written over."""
        holds = {word for tokens in after.values() for word in words_among(tokens)}
        held = {word for row in old.values() for word in words_among(row.tokens)}
        spelled = spelled_in(known) if holds - held else {}
        self.spelled |= {word: spelled.get(word, word) for word in holds}
        self.public |= words_among(after[number_of(member.id)]) if member.active else set()
        self.left |= held - holds

    def learn(self) -> None:
        """Write the new words, drop those that nobody has any more."""
        if self.spelled:
            spelling.learn(self.spelled, self.public)
        gone = {word for word in self.left if not anywhere(word)}
        if gone:
            spelling.forget(gone)


@job(INDEX_ALL)
def index_all(payload: Mapping[str, Any]) -> None:
    """Index everybody from ``after`` on, a batch a job; for a database from before the index."""
    after = int(payload.get("after", 0))
    with transaction():
        query = select(Member.id).where(Member.id > after).order_by(Member.id).limit(BATCH)
        ids = db.session.scalars(query).all()
        _index(ids)
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
        _index(sorted(set(db.session.scalars(ended.union(rested)))))
