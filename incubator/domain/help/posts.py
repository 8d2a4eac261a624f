"""What stands under a question found to be readable, as its page says it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, distinct, func, select

from incubator.domain.help.models import Answer
from incubator.kernel.db import BigId, db
from incubator.kernel.keyset import Cursor, Page, Statement, Way, ready_page
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question

ANSWERS_SHOWN: Final = 50


class Author(NamedTuple):
    """Who wrote, and where they live; both None without a home site."""

    id: int
    slug: str
    name: str
    face: str | None
    home_site_id: int | None
    city: str | None
    time_zone: str | None


class Said(NamedTuple):
    """An answer."""

    id: int
    author_id: int
    body_html: str
    answered_at: datetime
    edited_at: datetime | None
    author: Author


def author_of(question: Question) -> Author:
    """Who asked a question whose author and their home are loaded."""
    asker, home = question.author, question.author.home_site
    place = (home.city, home.time_zone) if home else (None, None)
    return Author(asker.id, asker.slug, asker.name, asker.face, asker.home_site_id, *place)


_QUESTION = bindparam("question_id", type_=BigId)
_ANSWERS = (
    select(
        Answer.id,
        Answer.author_id,
        Answer.body_html,
        Answer.answered_at,
        Answer.edited_at,
        Member.slug,
        Member.name,
        Member.face.label("face"),
        Member.home_site_id,
        Site.city,
        Site.time_zone,
        Answer.id.label("key"),
    )
    .join(Member, Member.id == Answer.author_id)
    .outerjoin(Site, Site.id == Member.home_site_id)
)
# No answer has the number 0: without one to leave out, none is.
_SHOWN = _ANSWERS.where(
    Answer.question_id == _QUESTION, ~Answer.removed, Answer.id != bindparam("but", type_=BigId)
)
_ONE = _ANSWERS.where(Answer.id == bindparam("answer_id"))
_KEYS = (Answer.id,)


def answers_of(question: Question, cursor: Cursor, *, but: int | None = None) -> Page[Said]:
    """The answers of a question in the order they came, without one."""
    values = {"question_id": question.id, "but": but or 0}
    found = ready_page(_page, _KEYS, cursor, values=values)
    return Page([_said(row) for row in found.rows], found.next, found.previous)


@cache
def _page(way: Way) -> Statement:
    return way.narrow(_SHOWN, _KEYS)


def one_answer(answer_id: int) -> Said:
    """An answer that is known to be there."""
    return _said(db.session.execute(_ONE, {"answer_id": answer_id}).one())


def _said(row: Any) -> Said:
    home = (row.home_site_id, row.city, row.time_zone)
    author = Author(row.author_id, row.slug, row.name, row.face, *home)
    return Said(row.id, row.author_id, row.body_html, row.answered_at, row.edited_at, author)


_CITIES = (
    select(func.count(distinct(Member.home_site_id)))
    .select_from(Answer)
    .join(Member, Member.id == Answer.author_id)
    .where(Answer.question_id == _QUESTION, ~Answer.removed)
)


def cities_of(question: Question) -> int:
    """From how many cities it was answered."""
    return db.session.scalar(_CITIES, {"question_id": question.id}) or 0
