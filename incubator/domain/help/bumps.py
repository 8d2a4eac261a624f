"""One notification a thread and member: news raise it, reading lowers it, one letter tells it.

Letters wait a little and are gathered; what was read meanwhile is not sent. A thread has one job
an instant at which letters are due, and a letter is written in the transaction that notes it: it
goes once, whoever runs the job how often.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help.bump_rules import due_at
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.follow_models import Bump, Follow, SiteFollow, SkillFollow
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import BigId, db, insert_each_once, transaction, utcnow
from incubator.kernel.events import record_all
from incubator.kernel.jobs import job, later
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import actor_of
from incubator.network.members.reader import READER_ID, Counter, values_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

TELL: Final = "help.tell"
UNREAD_MOST: Final = 10
# What is older when its letter could go was seen or is past: a machine that slept sends no flood.
STALE_HOURS: Final = 48


_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def without_letters() -> Generator[None]:
    """Raise threads without writing to anybody: for what happened long ago and is told late."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


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
    told = _accounts(readers)
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
    dues = {_raise(question_id, account, now=now) for account in told}
    db.session.flush()
    for due in sorted(filter(None, dues)):
        key = f"{TELL}:{question_id}:{due:%Y%m%dT%H%M%S}"
        later(TELL, {"question_id": question_id}, at=due, key=key)


def _raise(question_id: int, account: Account, *, now: datetime) -> datetime | None:
    row = db.session.get_one(
        Bump,
        {"question_id": question_id, "member_id": account.id},
        with_for_update=True,
        populate_existing=True,
    )
    row.bumped_at, row.read_at = now, None
    if row.due_at is None and not _quiet.get():
        row.due_at = due_at(now, account.time_zone, told_at=row.told_at).replace(microsecond=0)
    return row.due_at


def _accounts(member_ids: Iterable[int]) -> Sequence[Account]:
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
        row.told_answer_id = max(row.told_answer_id, _last_answer(question_id))
        db.session.flush()


def read_before(instant: datetime) -> None:
    """Everybody saw what was raised before an instant."""
    db.session.execute(
        update(Bump)
        .where(Bump.bumped_at < instant, Bump.read_at.is_(None))
        .values(read_at=Bump.bumped_at)
        .execution_options(synchronize_session=False)
    )


def _last_answer(question_id: int) -> int:
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


@job(TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write the letters of a thread that are due."""
    with transaction():
        write_due(int(payload["question_id"]), now=utcnow())


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
    accounts = {account.id: account for account in _accounts(row.member_id for row in rows)}
    last = _last_answer(question_id)
    news = []
    for row in rows:
        reader = accounts.get(row.member_id)
        fresh = (now - row.bumped_at).total_seconds() < STALE_HOURS * 3600
        if reader and fresh and row.read_at is None and _sees(actor_of(reader), question_id):
            news.append(_news(row, last=last))
        row.due_at, row.told_at, row.told_answer_id = None, now, last
    db.session.flush()
    record_all(news)


def _news(row: Bump, *, last: int) -> ThreadNews:
    return ThreadNews(
        actor_id=None,
        question_id=row.question_id,
        member_id=row.member_id,
        why=row.why,
        why_id=row.why_id,
        after_answer_id=row.told_answer_id,
        last_answer_id=last,
        first=row.told_at is None,
    )


_SEEN = select(Question.id).where(Question.id == bindparam("question_id", type_=BigId), READABLE)


def _sees(actor: Actor, question_id: int) -> bool:
    found = db.session.scalar(_SEEN, values_of(actor) | {"question_id": question_id})
    return found is not None
