"""People to talk with: those of the directory to whom one may write, by the start of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.chat import who
from incubator.domain.chat.meant import meant
from incubator.domain.chat.models import Seat
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import fold
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.network.members.actor import Actor

MOST: Final = 8
# Looked at, since some of them may be guests.
LOOKED_AT: Final = 40
CHOSEN_MOST: Final = 40


def found(
    actor: Actor, typed: str, *, room_id: int | None = None, but: Collection[str] = ()
) -> list[Member]:
    """Members one of whose names begins so, by name: not oneself, nor who sits in the room.

    ``but`` are address parts of those who were chosen already.
    """
    start = " ".join(fold(typed).split())
    if not start:
        return []
    begins = Member.sort_name.startswith(start, autoescape=True)
    within = Member.sort_name.contains(f" {start}", autoescape=True)
    query = (
        select(Member)
        .where(begins | within, Member.active, Member.id != actor.id, Member.slug.not_in(but))
        .options(joinedload(Member.home_site))
        .order_by(Member.sort_name, Member.id)
        .limit(LOOKED_AT)
    )
    if room_id is not None:
        there = select(Seat.member_id).where(Seat.room_id == room_id, Seat.left_at.is_(None))
        query = query.where(Member.id.not_in(there))
    people = db.session.scalars(query).all()
    able = who.able([each.id for each in people])
    return [each for each in people if each.id in able][:MOST]


def chosen(slugs: Sequence[str]) -> list[Member]:
    """Who was chosen, by the address parts of their pages, in the order of the choice."""
    wanted = list(dict.fromkeys(slugs))[:CHOSEN_MOST]
    query = select(Member).where(Member.slug.in_(wanted), Member.active)
    known = {each.slug: each for each in db.session.scalars(query)} if wanted else {}
    return [known[slug] for slug in wanted if slug in known]


def understood(typed: str) -> tuple[list[str], str]:
    """The address parts of those whom a text names, and what of it names nobody for sure."""
    try:
        ids = meant(typed)
    except Refusal:
        return [], typed
    query = select(Member.slug).where(Member.id.in_(ids)).order_by(Member.sort_name)
    return list(db.session.scalars(query)), ""
