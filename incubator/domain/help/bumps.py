"""One notification a thread and member: news raise it, reading lowers it, one letter tells it.

Letters wait a little and are gathered; what was read meanwhile is not sent. A thread has one job
an instant at which letters are due (``bump_letters``).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help.bump_rules import due_at
from incubator.domain.help.follow_models import Bump, Concern, Follow, SiteFollow, SkillFollow
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import db, insert_each_once
from incubator.kernel.jobs import later
from incubator.network.accounts.models import Account
from incubator.network.letters.delivery import quiets_of
from incubator.network.members.reader import READER_ID, Counter

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.network.letters.quiet_rules import Quiet

TELL: Final = "help.tell"
UNREAD_MOST: Final = 10


_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def without_letters() -> Generator[None]:
    """Raise threads without writing to anybody: for what happened long ago and is told late."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether nobody is written to: it happened long ago."""
    return _quiet.get()


class Why(NamedTuple):
    """What a member follows that brings them news: «thread», «skill» or «site», and its id."""

    kind: str
    id: int


def followers(question_id: int) -> dict[int, Why]:
    """Who follows a thread."""
    rows = db.session.scalars(
        select(Follow.member_id).where(Follow.question_id == question_id, Follow.active)
    )
    return {member_id: Why("thread", question_id) for member_id in rows}


def followers_of(skill_ids: Iterable[int], site_id: int | None) -> dict[int, Why]:
    """Who follows one of these skills, or a site: each once, for a skill rather than the site."""
    of_site = select(SiteFollow.member_id).where(SiteFollow.site_id == site_id)
    found = {member_id: Why("site", site_id or 0) for member_id in db.session.scalars(of_site)}
    of_skill = select(SkillFollow.member_id, SkillFollow.skill_id).where(
        SkillFollow.skill_id.in_(list(skill_ids))
    )
    rows = db.session.execute(of_skill.order_by(SkillFollow.skill_id.desc()))
    return found | {member_id: Why("skill", skill_id) for member_id, skill_id in rows}


def bump(question_id: int, readers: Mapping[int, Why], *, now: datetime) -> None:
    """Raise a thread for some members; whoever has it raised already has it once."""
    told = accounts_of(readers)
    if not told:
        return
    rows = [
        {
            "question_id": question_id,
            "member_id": account.id,
            "why": readers[account.id].kind,
            "why_id": readers[account.id].id,
            "bumped_at": now,
            "read_at": now,
            "due_at": None,
            "told_at": None,
            "told_answer_id": 0,
        }
        for account in told
    ]
    insert_each_once(Bump, rows)
    quiets = quiets_of([account.id for account in told])
    dues = {_raise(question_id, each, quiet, now=now) for each, quiet in quiets.items()}
    db.session.flush()
    for due in sorted(filter(None, dues)):
        key = f"{TELL}:{question_id}:{due:%Y%m%dT%H%M%S}"
        later(TELL, {"question_id": question_id}, at=due, key=key)


def _raise(question_id: int, member_id: int, quiet: Quiet, *, now: datetime) -> datetime | None:
    row = db.session.get_one(
        Bump,
        {"question_id": question_id, "member_id": member_id},
        with_for_update=True,
        populate_existing=True,
    )
    row.bumped_at, row.read_at = now, None
    if row.due_at is None and not _quiet.get():
        row.due_at = due_at(now, quiet, told_at=row.told_at).replace(microsecond=0)
    return row.due_at


def accounts_of(member_ids: Iterable[int]) -> Sequence[Account]:
    """The accounts of some members that are not closed, with their rights."""
    return db.session.scalars(
        select(Account)
        .where(Account.id.in_(sorted(member_ids)), Account.deactivated_at.is_(None))
        .options(joinedload(Account.member), selectinload(Account.grants))
        .order_by(Account.id)
    ).all()


def read(member_id: int, question_id: int, *, now: datetime) -> None:
    """A member saw what is new in a thread: no letter need tell it."""
    row = db.session.get(
        Bump,
        {"question_id": question_id, "member_id": member_id},
        with_for_update=True,
        populate_existing=True,
    )
    if row is not None and row.read_at is None:
        row.read_at, row.due_at = now, None
        row.told_answer_id = max(row.told_answer_id, last_answer(question_id))
        db.session.flush()
        db.session.execute(
            delete(Concern)
            .where(Concern.question_id == question_id, Concern.member_id == member_id)
            .execution_options(synchronize_session=False)
        )


def mark(member_id: int, question_ids: Select[int], *, now: datetime) -> None:
    """A member says that they know what is new in some threads; ``now`` is the key to undo it.

    The letter that waits stays silent, unless they undo it before its hour.
    """
    mine = update(Bump).where(Bump.member_id == member_id, Bump.question_id.in_(question_ids))
    news = mine.where(Bump.read_at.is_(None)).values(read_at=now)
    db.session.execute(news.execution_options(synchronize_session=False))


def unmark(
    member_id: int, *, at: datetime | None = None, question_ids: Select[int] | None = None
) -> None:
    """Undo what was marked at an instant, or let the news of some threads be new again."""
    again = update(Bump).where(Bump.member_id == member_id)
    if at is not None:
        again = again.where(Bump.read_at == at)
    if question_ids is not None:
        again = again.where(Bump.question_id.in_(question_ids))
    unread = again.values(read_at=None).execution_options(synchronize_session=False)
    db.session.execute(unread)


def read_before(instant: datetime) -> None:
    """Everybody saw what was raised before an instant."""
    db.session.execute(
        update(Bump)
        .where(Bump.bumped_at < instant, Bump.read_at.is_(None))
        .values(read_at=Bump.bumped_at)
        .execution_options(synchronize_session=False)
    )


def last_answer(question_id: int) -> int:
    """The number of the latest answer of a thread, 0 without any."""
    query = select(func.max(Answer.id)).where(Answer.question_id == question_id)
    return db.session.scalar(query) or 0


_unread = (
    select(Bump.question_id)
    .join(Question, Question.id == Bump.question_id)
    .where(Bump.member_id == READER_ID, Bump.read_at.is_(None), READABLE)
    .limit(UNREAD_MOST)
    .subquery()
)
# In how many threads that the reader follows something is new.
UNREAD = Counter(select(func.count()).select_from(_unread).scalar_subquery(), UNREAD_MOST)
