"""The answers of a month that others found most useful: answers, not people, are compared."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Select, and_, case, exists, or_, select

from incubator.domain.help.anonymity import HIDES_ASKER
from incubator.domain.help.learning.figure_rules import next_month
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.posts import UNNAMED, Author
from incubator.domain.help.queries import READABLE
from incubator.kernel.db import db
from incubator.kernel.text import excerpt, plain_text, slugify
from incubator.network.members.models import Member
from incubator.network.members.reader import values_of
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from incubator.network.members.actor import Actor

MOST: Final = 20
SHOWN: Final = 240
ACCEPTED_WEIGHT: Final = 3
THANKS_WEIGHT: Final = 2


class Best(NamedTuple):
    """An answer of the month, as far as its reader may know of it."""

    id: int
    question_id: int
    title: str
    text: str
    answered_at: datetime
    votes: int
    thanks: int
    accepted: bool
    author: Author

    @property
    def slug(self) -> str:
        """The readable part of its thread's address."""
        return slugify(self.title)


_accepted = exists().where(Acceptance.answer_id == Answer.id)
_score = Answer.votes + THANKS_WEIGHT * Answer.thanks + case((_accepted, ACCEPTED_WEIGHT), else_=0)
_hidden = and_(Answer.author_id == Question.author_id, HIDES_ASKER)
_FOUND = (
    select(
        Answer.id,
        Answer.question_id,
        Question.title,
        Answer.body_html,
        Answer.answered_at,
        Answer.votes,
        Answer.thanks,
        _accepted.label("accepted"),
        _hidden.label("hidden"),
        Member.id.label("author_id"),
        Member.slug,
        Member.name,
        Member.face.label("face"),
        Member.home_site_id,
        Site.city,
        Site.time_zone,
    )
    .join(Question, Question.id == Answer.question_id)
    .join(Member, Member.id == Answer.author_id)
    .outerjoin(Site, Site.id == Member.home_site_id)
    .where(READABLE, ~Answer.removed, _score > 0)
    .order_by(_score.desc(), Answer.id)
    .limit(MOST)
)


def best_of(actor: Actor, month: date) -> list[Best]:
    """The answers given in a month that were of most use, among those the reader may read."""
    start, end = (datetime.combine(day, time(), UTC) for day in (month, next_month(month)))
    return _told(actor, _FOUND.where(Answer.answered_at >= start, Answer.answered_at < end))


def thanked_between(
    actor: Actor, start: datetime, end: datetime, *, site_id: int, most: int
) -> list[Best]:
    """Answers of a span that somebody gave thanks for, asked or given by people of a site."""
    of_site = or_(Question.site_id == site_id, Member.home_site_id == site_id)
    given = (Answer.answered_at >= start, Answer.answered_at < end, Answer.thanks > 0)
    return _told(actor, _FOUND.where(*given, of_site).limit(most))


def chosen(actor: Actor, answer_ids: Collection[int]) -> list[Best]:
    """Those of some answers (twenty at most) that the reader may read and still are of use."""
    return _told(actor, _FOUND.where(Answer.id.in_(answer_ids))) if answer_ids else []


def _told(actor: Actor, query: Select[*tuple[Any, ...]]) -> list[Best]:
    return [
        Best(
            row.id,
            row.question_id,
            row.title,
            excerpt(plain_text(row.body_html), SHOWN),
            row.answered_at,
            row.votes,
            row.thanks,
            bool(row.accepted),
            UNNAMED
            if row.hidden
            else Author(
                row.author_id,
                row.slug,
                row.name,
                row.face,
                row.home_site_id,
                row.city,
                row.time_zone,
            ),
        )
        for row in db.session.execute(query, values_of(actor))
    ]
