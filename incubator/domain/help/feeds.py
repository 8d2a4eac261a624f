"""Private Atom addresses: made for a search or a thread, shown once, taken back one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help import queries
from incubator.domain.help.follow_models import ThreadFeed
from incubator.domain.help.models import Answer, Question
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import actor_of
from incubator.network.accounts.tokens import hash_token, new_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

NOTED_EVERY: Final = timedelta(hours=1)
MOST: Final = 20
ENTRIES: Final = 30
LONGEST: Final = 400


def make_feed(
    actor: Actor, *, now: datetime, query: str = "", question_id: int | None = None
) -> str:
    """A new address's secret, shown this once: of a search, or of one thread.

    Raise Refusal ``help.feeds_enough`` beyond twenty valid ones, NotFound for a hidden thread.
    """
    if question_id is not None:
        queries.visible_to(actor, question_id)
    db.session.scalar(select(Account.id).where(Account.id == actor.id).with_for_update())
    valid = (ThreadFeed.member_id == actor.id, ThreadFeed.revoked_at.is_(None))
    if (db.session.scalar(select(func.count()).where(*valid)) or 0) >= MOST:
        raise Refusal("help.feeds_enough", most=MOST)
    token = new_token()
    db.session.add(
        ThreadFeed(
            member_id=actor.id,
            token_hash=hash_token(token),
            query=query[:LONGEST],
            question_id=question_id,
            made_at=now,
        )
    )
    db.session.flush()
    return token


def revoke_feed(actor: Actor, feed_id: int, *, now: datetime) -> None:
    """Take an address back: whoever has it reads nothing from now on. Raise NotFound."""
    row = db.session.get(ThreadFeed, feed_id, with_for_update=True)
    if row is None or row.member_id != actor.id:
        raise NotFound("help.feed")
    row.revoked_at = row.revoked_at or now
    db.session.flush()


def feeds_of(member_id: int) -> Sequence[ThreadFeed]:
    """The addresses of a member that are valid, the latest first."""
    return db.session.scalars(
        select(ThreadFeed)
        .where(ThreadFeed.member_id == member_id, ThreadFeed.revoked_at.is_(None))
        .order_by(ThreadFeed.id.desc())
        .limit(MOST)
    ).all()


def read_by(token: str) -> tuple[ThreadFeed, Actor]:
    """An address and who reads by it, with their rights of today; raise NotFound."""
    feed = db.session.scalar(
        select(ThreadFeed).where(
            ThreadFeed.token_hash == hash_token(token), ThreadFeed.revoked_at.is_(None)
        )
    )
    if feed is None:
        raise NotFound("help.feed")
    account = db.session.scalar(
        select(Account)
        .where(Account.id == feed.member_id, Account.deactivated_at.is_(None))
        .options(joinedload(Account.member), selectinload(Account.grants))
    )
    if account is None:
        raise NotFound("help.feed")
    return feed, actor_of(account)


def is_due_to_note(feed: ThreadFeed, *, now: datetime) -> bool:
    """Whether it is an hour since a reading was noted: readers ask often."""
    return feed.last_read_at is None or feed.last_read_at < now - NOTED_EVERY


def note_reading(feed_id: int, *, now: datetime) -> None:
    """Remember when the address was read last, for its owner's eyes."""
    row = db.session.get(ThreadFeed, feed_id)
    if row is not None:
        row.last_read_at = now


def bodies_of(question_ids: Sequence[int]) -> dict[int, str]:
    """The HTML of some questions that a reader was found to see."""
    rows = db.session.execute(
        select(Question.id, Question.body_html).where(Question.id.in_(question_ids))
    )
    return dict(rows.all())


def latest_answers(question_id: int) -> Sequence[Answer]:
    """The latest answers of a thread with their authors, the newest first."""
    return db.session.scalars(
        select(Answer)
        .where(Answer.question_id == question_id, ~Answer.removed)
        .options(joinedload(Answer.author))
        .order_by(Answer.id.desc())
        .limit(ENTRIES)
    ).all()


def titles_of(actor: Actor, feeds: Sequence[ThreadFeed]) -> dict[int, str]:
    """The titles of the threads that some addresses are of and that their owner still reads."""
    ids = [feed.question_id for feed in feeds if feed.question_id is not None]
    return queries.titles_of(actor, ids)
