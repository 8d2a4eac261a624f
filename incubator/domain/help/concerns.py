"""Posts that concern somebody: they are named there, or what they wrote is commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, select, update

from incubator.domain.help.bumps import is_quiet
from incubator.domain.help.follow_models import Concern, Follow
from incubator.domain.help.models import Answer, Question
from incubator.kernel.db import db, insert_each_once
from incubator.network.letters import wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MENTION: Final = "mention"
COMMENT: Final = "comment"
# Each is a kind of letters.
KINDS: Final = {MENTION: "help_mentions", COMMENT: "help_comments"}


class Post(NamedTuple):
    """A post of a thread: «question», «answer» or «comment», and its number."""

    kind: str
    id: int


def note(question_id: int, member_ids: Collection[int], post: Post, *, why: str) -> set[int]:
    """Note for whom a letter has to tell a post; who does not want such letters is left out.

    Nobody while letters are quiet: it happened long ago.
    """
    if is_quiet():
        return set()
    told = wishes.wanting(KINDS[why], member_ids)
    rows = [
        {
            "question_id": question_id,
            "member_id": member_id,
            "post": post.kind,
            "post_id": post.id,
            "why": why,
        }
        for member_id in sorted(told)
    ]
    if rows:
        insert_each_once(Concern, rows)
    return told


def author_to_tell(question_id: int, answer_id: int | None) -> int | None:
    """Who wrote the post that is commented on, unless they would hear no more of the thread."""
    wrote = select(Question.author_id).where(Question.id == question_id)
    if answer_id is not None:
        wrote = select(Answer.author_id).where(Answer.id == answer_id)
    author_id = db.session.scalar(wrote)
    given_up = db.session.scalar(
        select(Follow.member_id).where(
            Follow.question_id == question_id, Follow.member_id == author_id, ~Follow.active
        )
    )
    return None if given_up else author_id


def of_thread(question_id: int, member_ids: Collection[int]) -> dict[int, list[Concern]]:
    """What waits to be told of a thread, by member."""
    rows = db.session.scalars(
        select(Concern)
        .where(Concern.question_id == question_id, Concern.member_id.in_(sorted(member_ids)))
        .order_by(Concern.post, Concern.post_id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Concern]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    return found


def moved(question_id: int, old: Post, new: Post) -> None:
    """A post became another one: whom it names still has to be told, and once.

    Who would only have heard of a comment under their words follows, and hears of an answer so.
    """
    here = (
        Concern.question_id == question_id,
        Concern.post == old.kind,
        Concern.post_id == old.id,
    )
    named = update(Concern).where(*here, Concern.why == MENTION)
    db.session.execute(named.values(post=new.kind, post_id=new.id))
    db.session.execute(delete(Concern).where(*here))


def told(rows: Sequence[Concern]) -> None:
    """Nothing of this waits any more."""
    for row in rows:
        db.session.delete(row)
    db.session.flush()
