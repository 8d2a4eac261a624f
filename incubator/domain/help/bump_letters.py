"""The letters about threads: each is written in the transaction that notes it, so it goes once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from incubator.domain.help import concerns
from incubator.domain.help.bumps import accounts_of, followers, last_answer
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.follow_models import Bump
from incubator.domain.help.models import Question
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import BigId, db
from incubator.kernel.events import record_all
from incubator.network.accounts.queries import actor_of
from incubator.network.letters import wishes
from incubator.network.members.reader import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.help.follow_models import Concern
    from incubator.network.members.actor import Actor

# The kind of letters that what is followed brings.
KINDS: Final = {"thread": "help_threads", "skill": "help_questions", "site": "help_questions"}
# What is older when its letter could go was seen or is past: a machine that slept sends no flood.
STALE_HOURS: Final = 48


def write_due(question_id: int, *, now: datetime) -> None:
    """Let everybody know whose letter is due: what they may read, and have not seen or been told.

    Whoever lost the thread from sight, or read it meanwhile, is told nothing.
    """
    rows = db.session.scalars(
        select(Bump)
        .where(Bump.question_id == question_id, Bump.due_at <= now)
        .order_by(Bump.member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return
    waiting = concerns.of_thread(question_id, [row.member_id for row in rows])
    following = followers(question_id)
    accounts = {account.id: account for account in accounts_of(row.member_id for row in rows)}
    last = last_answer(question_id)
    solved_at = db.session.scalar(select(Question.solved_at).where(Question.id == question_id))
    takers = {kind: wishes.wanting(kind, accounts) for kind in set(KINDS.values())}
    news = []
    for row in rows:
        reader = accounts.get(row.member_id)
        fresh = (now - row.bumped_at).total_seconds() < STALE_HOURS * 3600
        if reader and fresh and row.read_at is None and sees(actor_of(reader), question_id):
            told = waiting.get(row.member_id, ())
            listens = row.member_id in following or (row.told_at is None and row.why != "thread")
            if listens and row.member_id in takers[KINDS[row.why]]:
                news.append(_news(row, told, last=last, solved_at=solved_at))
            elif told:
                news.append(_concern(row, told, last=last))
        row.due_at, row.told_at, row.told_answer_id = None, now, last
    concerns.told([each for found in waiting.values() for each in found])
    record_all(news)


def _named(told: Sequence[Concern]) -> tuple[tuple[str, int, str], ...]:
    return tuple((each.post, each.post_id, each.why) for each in told)


def _concern(row: Bump, told: Sequence[Concern], *, last: int) -> ThreadNews:
    """What concerns somebody who does not follow the thread: nothing else of it."""
    return ThreadNews(
        actor_id=None,
        question_id=row.question_id,
        member_id=row.member_id,
        why="",
        why_id=0,
        after_answer_id=last,
        last_answer_id=last,
        first=False,
        solved=False,
        concerns=_named(told),
    )


def _news(
    row: Bump, told: Sequence[Concern], *, last: int, solved_at: datetime | None
) -> ThreadNews:
    return ThreadNews(
        actor_id=None,
        question_id=row.question_id,
        member_id=row.member_id,
        why=row.why,
        why_id=row.why_id,
        after_answer_id=row.told_answer_id,
        last_answer_id=last,
        first=row.told_at is None,
        solved=solved_at is not None and (row.told_at is None or solved_at > row.told_at),
        concerns=_named(told),
    )


_SEEN = select(Question.id).where(Question.id == bindparam("question_id", type_=BigId), READABLE)


def sees(actor: Actor, question_id: int) -> bool:
    """Whether a thread is for somebody's eyes."""
    found = db.session.scalar(_SEEN, values_of(actor) | {"question_id": question_id})
    return found is not None
