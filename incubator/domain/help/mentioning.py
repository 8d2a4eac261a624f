"""Whom a member may mean by «@» and some letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.help import queries
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.text import fold, words
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from incubator.network.members.actor import Actor

MOST: Final = 6
# Looked at before the letters are compared in the thread.
VOICES_MOST: Final = 60
# Addresses and sort names hold letters, digits and hyphens only: «{» comes right after «z».
LAST: Final = "{"


def suggested(actor: Actor, typed: str, thread_id: int | None) -> list[Member]:
    """Active members whose name or a word of it begins so; who wrote in the thread comes first."""
    start = "-".join(words(typed))
    found = [each for each in _voices(actor, thread_id) if _begins(each, start)]
    if start:
        found += _named(Member.slug, start)
        found += _named(Member.sort_name, fold(typed).strip())
    once = {each.id: each for each in found if each.id != actor.id}
    return list(once.values())[:MOST]


def _begins(member: Member, start: str) -> bool:
    return member.slug.startswith(start) or any(
        part.startswith(start) for part in member.slug.split("-")
    )


def _named(key: InstrumentedAttribute[str], start: str) -> list[Member]:
    query = select(Member).where(key >= start, key < start + LAST, Member.active)
    return list(db.session.scalars(query.order_by(key, Member.id).limit(MOST + 1)))


def _voices(actor: Actor, thread_id: int | None) -> list[Member]:
    """Who wrote in a thread that the reader may read; never whoever asked without their name."""
    try:
        question = queries.visible_to(actor, thread_id) if thread_id else None
    except NotFound:
        question = None
    if question is None:
        return []
    hidden = hidden_author(actor, question)
    ids = {question.author_id}
    for kind in (Answer, Comment):
        wrote = select(kind.author_id).where(kind.question_id == question.id, ~kind.removed)
        ids |= set(db.session.scalars(wrote.distinct().limit(VOICES_MOST)))
    query = select(Member).where(Member.id.in_(ids - {hidden}), Member.active)
    return list(db.session.scalars(query.order_by(Member.sort_name, Member.id)))
