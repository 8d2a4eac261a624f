"""What stands under a question found to be readable, as its page says it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Integer, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.post_models import Comment, Thanks, Vote
from incubator.kernel.db import BigId, db
from incubator.kernel.keyset import Cursor, Page, Statement, Way, ready_page
from incubator.network.members.models import Member
from incubator.network.members.reader import READER_ID
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ANSWERS_SHOWN: Final = 50
# Of each post; the others are one tap away.
COMMENTS_SHOWN: Final = 8
COMMENTS_MOST: Final = 500


class Author(NamedTuple):
    """Who wrote, and where they live; both None without a home site."""

    id: int
    slug: str
    name: str
    face: str | None
    home_site_id: int | None
    city: str | None
    time_zone: str | None


# Whoever asked without their name, for all who may not know it: no member has the number 0.
UNNAMED: Final = Author(0, "unnamed", "", None, None, None, None)


class Said(NamedTuple):
    """An answer; ``author_id`` is who wrote it, ``author`` who the reader may know.

    ``voted`` and ``thanked``: the reader finds it useful, thanked for it; ``of_use``: the asker
    thanked for it.
    """

    id: int
    author_id: int
    body_html: str
    answered_at: datetime
    edited_at: datetime | None
    votes: int
    thanks: int
    voted: bool
    thanked: bool
    of_use: bool
    author: Author


class Remark(NamedTuple):
    """A comment, on the question without ``answer_id``; authors as in ``Said``."""

    id: int
    answer_id: int | None
    author_id: int
    body_html: str
    written_at: datetime
    edited_at: datetime | None
    author: Author


def author_of(question: Question, hidden: int | None = None) -> Author:
    """Who asked a question whose author and their home are loaded, unless that is ``hidden``."""
    if question.author_id == hidden:
        return UNNAMED
    asker, home = question.author, question.author.home_site
    place = (home.city, home.time_zone) if home else (None, None)
    return Author(asker.id, asker.slug, asker.name, asker.face, asker.home_site_id, *place)


_QUESTION = bindparam("question_id", type_=BigId)
_AUTHOR = (
    Member.slug,
    Member.name,
    Member.face.label("face"),
    Member.home_site_id,
    Site.city,
    Site.time_zone,
)
_ANSWERS = (
    select(
        Answer.id,
        Answer.author_id,
        Answer.body_html,
        Answer.answered_at,
        Answer.edited_at,
        Answer.votes,
        Answer.thanks,
        exists(literal(1))
        .where(Vote.answer_id == Answer.id, Vote.member_id == READER_ID)
        .label("voted"),
        exists(literal(1))
        .where(Thanks.answer_id == Answer.id, Thanks.member_id == READER_ID)
        .label("thanked"),
        exists(literal(1))
        .where(
            Thanks.answer_id == Answer.id,
            Question.id == Answer.question_id,
            Thanks.member_id == Question.author_id,
        )
        .label("of_use"),
        *_AUTHOR,
        Answer.id.label("key"),
    )
    .join(Member, Member.id == Answer.author_id)
    .outerjoin(Site, Site.id == Member.home_site_id)
)
_SHOWN = _ANSWERS.where(
    Answer.question_id == _QUESTION,
    ~Answer.removed,
    Answer.id.not_in(bindparam("but", type_=BigId, expanding=True)),
)
_ONE = _ANSWERS.where(Answer.id == bindparam("answer_id", type_=BigId))
_ACCEPTED = (
    _ANSWERS.add_columns(Acceptance)
    .join(Acceptance, Acceptance.answer_id == Answer.id)
    .where(Acceptance.question_id == _QUESTION, ~Answer.removed)
    .options(joinedload(Acceptance.by))
    .order_by(Acceptance.accepted_at, Acceptance.id)
)
_KEYS = (Answer.id,)


def answers_of(
    question: Question,
    cursor: Cursor,
    *,
    reader_id: int,
    but: Sequence[int] = (),
    hidden: int | None = None,
) -> Page[Said]:
    """The answers of a question in the order they came, without some; see ``anonymity``."""
    values = {"question_id": question.id, "but": list(but), "reader_id": reader_id}
    found = ready_page(_page, _KEYS, cursor, values=values)
    return Page([_said(row, hidden) for row in found.rows], found.next, found.previous)


@cache
def _page(way: Way) -> Statement:
    return way.narrow(_SHOWN, _KEYS)


def accepted_of(
    question: Question, *, reader_id: int, hidden: int | None = None
) -> list[tuple[Said, Acceptance]]:
    """The answers that solved it and are there, each with who said so, as they were accepted."""
    rows = db.session.execute(_ACCEPTED, {"question_id": question.id, "reader_id": reader_id})
    return [(_said(row, hidden), row.Acceptance) for row in rows]


def one_answer(answer_id: int, *, reader_id: int, hidden: int | None = None) -> Said:
    """An answer that is known to be there."""
    row = db.session.execute(_ONE, {"answer_id": answer_id, "reader_id": reader_id}).one()
    return _said(row, hidden)


def _said(row: Any, hidden: int | None) -> Said:
    told = (row.id, row.author_id, row.body_html, row.answered_at, row.edited_at)
    marks = (bool(row.voted), bool(row.thanked), bool(row.of_use))
    return Said(*told, row.votes, row.thanks, *marks, _author(row, hidden))


def _author(row: Any, hidden: int | None) -> Author:
    if row.author_id == hidden:
        return UNNAMED
    home = (row.home_site_id, row.city, row.time_zone)
    return Author(row.author_id, row.slug, row.name, row.face, *home)


_numbered = (
    select(
        Comment,
        func.row_number()
        .over(partition_by=Comment.answer_id, order_by=Comment.id.desc())
        .label("place"),
        func.count().over(partition_by=Comment.answer_id).label("number"),
    )
    .where(
        Comment.question_id == _QUESTION,
        ~Comment.removed,
        or_(
            Comment.answer_id.is_(None),
            Comment.answer_id.in_(bindparam("answer_ids", type_=BigId, expanding=True)),
        ),
    )
    .subquery()
)
_COMMENTS = (
    select(_numbered, *_AUTHOR)
    .join(Member, Member.id == _numbered.c.author_id)
    .outerjoin(Site, Site.id == Member.home_site_id)
    .where(_numbered.c.place <= bindparam("most", type_=Integer))
    .order_by(_numbered.c.id)
)


class Remarks(NamedTuple):
    """The latest comments of a post in the order they came, and how many there are in all."""

    shown: tuple[Remark, ...] = ()
    number: int = 0


def comments_of(
    question: Question,
    answer_ids: Sequence[int],
    *,
    hidden: int | None = None,
    most: int = COMMENTS_SHOWN,
) -> dict[int | None, Remarks]:
    """The latest comments of a question (None) and of some of its answers."""
    values = {"question_id": question.id, "answer_ids": list(answer_ids), "most": most}
    found: dict[int | None, list[Any]] = {}
    for row in db.session.execute(_COMMENTS, values):
        found.setdefault(row.answer_id, []).append(row)
    return {
        post: Remarks(tuple(_remark(row, hidden) for row in rows), rows[0].number)
        for post, rows in found.items()
    }


def _remark(row: Any, hidden: int | None) -> Remark:
    told = (row.id, row.answer_id, row.author_id, row.body_html, row.written_at, row.edited_at)
    return Remark(*told, _author(row, hidden))
