"""Whom a question could be brought to: what decides whether they are asked, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, or_, select, union

from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment, Draft
from incubator.domain.help.routing.asking_rules import Wishes
from incubator.domain.help.routing.models import OPEN, Asking, HelpRequest
from incubator.domain.help.routing.rules import WEEK
from incubator.kernel.db import db
from incubator.network.accounts.models import Account, Grant
from incubator.network.letters.delivery import quiets_of
from incubator.network.members.availability import AWAY
from incubator.network.members.availability import OPEN as AVAILABLE
from incubator.network.members.circles import in_circle
from incubator.network.members.life_models import Absence
from incubator.network.members.models import Member, MemberAvailability
from incubator.network.members.whereabouts_models import Whereabouts
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from incubator.network.letters.quiet_rules import Quiet

WHO_HELP: Final = ("administrator", "manager", "resident")


class Asked(NamedTuple):
    """How many questions were brought to somebody in a week, and how many still wait for them."""

    times: int = 0
    open: int = 0


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member who may answer here, and whether they can be asked now.

    ``today`` is the day where they live; ``here`` whether they are on site at this instant.
    """

    id: int
    home_site_id: int | None
    country: str | None
    languages: frozenset[str]
    state: str
    away: bool
    quiet: Quiet
    awake: bool
    here: bool
    wishes: Wishes
    asked: Asked
    today: date

    @property
    def free(self) -> bool:
        """Whether one more question may be brought to them."""
        absent = self.away or self.state == AWAY
        return not absent and self.wishes.welcomes(self.asked.times, self.today)


_PEOPLE = (
    select(
        Member.id,
        Member.home_site_id,
        Member.speaks,
        Site.country,
        Account.language,
        MemberAvailability.state,
        MemberAvailability.until,
        Absence.back_on,
        Whereabouts.until.label("here_until"),
        Asking.weekly_cap,
        Asking.paused,
        Asking.paused_until,
    )
    .join(Account, Account.id == Member.id)
    .outerjoin(Site, Site.id == Member.home_site_id)
    .outerjoin(MemberAvailability, MemberAvailability.member_id == Member.id)
    .outerjoin(Absence, Absence.member_id == Member.id)
    .outerjoin(Whereabouts, Whereabouts.member_id == Member.id)
    .outerjoin(Asking, Asking.member_id == Member.id)
    .where(Member.active, Account.deactivated_at.is_(None))
)


def people(member_ids: Iterable[int], question: Question, *, now: datetime) -> dict[int, Person]:
    """Those of some members who may answer a question, by id."""
    ids = sorted(member_ids)
    if not ids:
        return {}
    asked, quiets = _asked(ids, now), quiets_of(ids)
    rows = db.session.execute(_PEOPLE.where(Member.id.in_(ids), _may_answer(question)))
    return {
        row.id: _person(row, asked.get(row.id, Asked()), quiets[row.id], now=now) for row in rows
    }


def _may_answer(question: Question) -> Any:
    """No guest answers; a thread of a site is for those who live there and those who run it.

    One of a circle is for those who are in it.
    """
    mine = and_(Grant.account_id == Member.id, Grant.ended_at.is_(None))
    helps = select(Grant.id).where(mine, Grant.role.in_(WHO_HELP)).exists()
    if question.audience == "network":
        return helps
    if question.circle_id is not None:
        return and_(helps, in_circle(question.circle_id))
    runs = or_(
        Grant.role == "administrator",
        and_(Grant.role == "manager", Grant.site_id == question.site_id),
    )
    return and_(
        helps,
        or_(
            Member.home_site_id == question.site_id,
            select(Grant.id).where(mine, runs).exists(),
        ),
    )


def _person(row: Any, asked: Asked, quiet: Quiet, *, now: datetime) -> Person:
    today = now.astimezone(ZoneInfo(quiet.zone)).date()
    lasts = row.state is not None and (row.until is None or row.until >= today)
    told = row.weekly_cap is not None
    return Person(
        id=row.id,
        home_site_id=row.home_site_id,
        country=row.country,
        languages=frozenset(filter(None, row.speaks.split(","))) | {row.language},
        state=row.state if lasts else AVAILABLE,
        away=row.back_on is not None and row.back_on > today,
        quiet=quiet,
        awake=not quiet.holds(now),
        here=row.here_until is not None and row.here_until > now,
        wishes=Wishes(row.weekly_cap, row.paused, row.paused_until) if told else Wishes(),
        asked=asked,
        today=today,
    )


def _asked(ids: list[int], now: datetime) -> dict[int, Asked]:
    """What was brought to some members in the last seven days."""
    waits = func.sum(case((HelpRequest.state == OPEN, 1), else_=0))
    rows = db.session.execute(
        select(HelpRequest.member_id, func.count(), waits)
        .where(HelpRequest.member_id.in_(ids), HelpRequest.invited_at > now - WEEK)
        .where(HelpRequest.source != "manager")
        .group_by(HelpRequest.member_id)
    )
    return {member_id: Asked(times, int(waiting or 0)) for member_id, times, waiting in rows}


def engaged(question: Question) -> set[int]:
    """Who is in a thread already: asked it, wrote in it, began to answer, or was asked before."""
    return {question.author_id, *db.session.scalars(_engaged(question.id))}


def _engaged(question_id: int) -> Select[Any]:
    parts = [
        select(Answer.author_id).where(Answer.question_id == question_id, ~Answer.removed),
        select(Comment.author_id).where(Comment.question_id == question_id, ~Comment.removed),
        select(Draft.author_id).where(Draft.question_id == question_id),
        select(HelpRequest.member_id).where(HelpRequest.question_id == question_id),
    ]
    every = union(*parts).subquery()
    return select(every.c[0])
