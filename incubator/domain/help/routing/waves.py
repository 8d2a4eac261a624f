"""A question on its way: the first few are asked at once, then the next, then the managers.

Whoever moves it on holds the question's row, and looks again whether it is time: two runners at
once ask nobody twice. The instant it goes on at is a row of its own (``Route``), which a job an
hour looks at; a job at the very instant makes it punctual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from incubator.domain.help import bumps
from incubator.domain.help.locking import lock_of
from incubator.domain.help.models import Question
from incubator.domain.help.routing.events import HelpersAsked
from incubator.domain.help.routing.inviting import ask_managers, invite, number_asked
from incubator.domain.help.routing.models import OPEN, HelpRequest, Route
from incubator.domain.help.routing.opening import timetable
from incubator.domain.help.routing.pace_rules import (
    A_WAVE,
    ASKED_MOST,
    WAVES,
    Course,
    following,
    pace_of,
)
from incubator.domain.help.routing.people import people
from incubator.domain.help.routing.ranking import offering, ranked, wanted
from incubator.kernel.db import db, insert_once
from incubator.kernel.events import record
from incubator.kernel.jobs import later
from incubator.network.accounts.queries import account_of, actor_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ADVANCE: Final = "help.route"
AT_ONCE: Final = 500


def start(question_id: int, *, now: datetime) -> None:
    """Ask the first few; a second time changes nothing."""
    if insert_once(Route, question_id=question_id, step=0, found=0, next_at=now):
        advance(question_id, now=now)


def restart(question_id: int, *, now: datetime) -> None:
    """The question asks for something else: whoever can answer that is asked, in the same way."""
    question, route = _held(question_id)
    if question and route and waits(question):
        _let_go(question, now=now)
        route.step, route.next_at = 0, now
        advance(question_id, now=now)


def _let_go(question: Question, *, now: datetime) -> None:
    """Ask no more of those who may not read it any more, or offer nothing that it asks for."""
    open_ones = db.session.scalars(
        select(HelpRequest).where(
            HelpRequest.question_id == question.id,
            HelpRequest.state == OPEN,
            HelpRequest.source == "match",
        )
    ).all()
    readers = people({each.member_id for each in open_ones}, question, now=now)
    still = offering(readers, wanted(question))
    for each in open_ones:
        if each.member_id not in still:
            each.state, each.settled_at, each.due_at = "over", now, None
    db.session.flush()


def advance(question_id: int, *, now: datetime) -> int:
    """Take the next step if it is due; how many were asked."""
    question, route = _held(question_id)
    if question is None or route is None or route.next_at is None or route.next_at > now:
        return 0
    if not waits(question):
        route.next_at = None
        return 0
    asked = _step(question, route, now=now)
    _plan(question, route, now=now)
    return asked


def _step(question: Question, route: Route, *, now: datetime) -> int:
    route.step += 1
    if route.step > WAVES:
        asked = ask_managers(question, now=now)
    else:
        room = ASKED_MOST - number_asked(question.id)
        account = account_of(question.author_id)
        chosen = ranked(question, actor_of(account), now=now) if account and room > 0 else []
        wave = chosen[: min(A_WAVE, room)]
        pairs = [(each.person, each.reasons) for each in wave]
        asked = invite(question, pairs, source="match", now=now)
    route.found = len(asked)
    db.session.flush()
    _told(question, asked, route.step)
    return len(asked)


def _told(question: Question, member_ids: Sequence[int], step: int) -> None:
    if member_ids:
        record(
            HelpersAsked(
                actor_id=None,
                site_id=question.site_id,
                question_id=question.id,
                step=step,
                how_many=len(member_ids),
                member_ids=tuple(member_ids),
            )
        )


def waits(question: Question) -> bool:
    """Whether nobody but its asker has answered a question that everybody may answer."""
    unanswered = question.state == "open" and question.first_reply_at is None
    return unanswered and lock_of(question) is None


def hurry(question_id: int, *, now: datetime) -> None:
    """Nobody is left who could still answer: the next step is due at once."""
    question, route = _held(question_id)
    if question is None or route is None or route.next_at is None or not waits(question):
        return
    left = select(func.count()).where(
        HelpRequest.question_id == question_id, HelpRequest.state == OPEN
    )
    if not db.session.scalar(left):
        route.next_at = now
        advance(question_id, now=now)


def settle(question_id: int, *, now: datetime) -> None:
    """Follow what became of a question: who answered, whether others are still needed."""
    question, route = _held(question_id)
    if question is None or route is None:
        return
    if waits(question):
        _set_all(question_id, "covered", OPEN, now=None)
        if route.next_at is None:
            _plan(question, route, now=now)
        return
    route.next_at = None
    _set_all(question_id, OPEN, "covered", now=now)
    db.session.flush()


def _set_all(question_id: int, before: str, after: str, *, now: datetime | None) -> None:
    db.session.execute(
        update(HelpRequest)
        .where(HelpRequest.question_id == question_id, HelpRequest.state == before)
        .values(state=after, settled_at=now, due_at=None)
        .execution_options(synchronize_session=False)
    )


def due(now: datetime) -> list[int]:
    """The questions whose next step is due, the longest waiting first."""
    query = select(Route.question_id).where(Route.next_at <= now)
    return list(db.session.scalars(query.order_by(Route.next_at, Route.question_id).limit(AT_ONCE)))


def _held(question_id: int) -> tuple[Question | None, Route | None]:
    """The question, whose row is held from here on, and how far it came."""
    db.session.flush()
    question = db.session.get(Question, question_id, with_for_update=True, populate_existing=True)
    route = db.session.get(Route, question_id, with_for_update=True, populate_existing=True)
    return question, route


def _plan(question: Question, route: Route, *, now: datetime) -> None:
    table = timetable(question, now)
    today = now.astimezone(ZoneInfo(table.time_zone)).date()
    course = Course(step=route.step, found=route.found, asked_at=question.asked_at, now=now)
    step, at = following(course, pace_of(question.needed_on, today), table)
    route.step, route.next_at = step, at.replace(microsecond=0) if at else None
    db.session.flush()
    if route.next_at and not bumps.is_quiet():
        key = f"{ADVANCE}:{question.id}:{route.next_at:%Y%m%dT%H%M%S}"
        later(ADVANCE, {"question_id": question.id}, at=route.next_at, key=key)
