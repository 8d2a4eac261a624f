"""Whom «@» and some letters may mean in a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.chat.bots.keeping import living
from incubator.domain.chat.models import Seat
from incubator.kernel.db import db
from incubator.kernel.text import fold, words
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from incubator.domain.chat.bot_models import Bot
    from incubator.network.members.actor import Actor

MOST: Final = 6
# The words for the groups, in both languages, as they are suggested.
EVERYBODY: Final = ("room", "salon")
ON_SITE: Final = ("on-site", "sur-place")


def suggested(actor: Actor, room_id: int, typed: str) -> list[Member]:
    """Those who sit in a room and whose name or family name begins so, by name."""
    slug, family = "-".join(words(typed)), fold(typed).strip()
    begins = Member.slug.startswith(slug, autoescape=True) | Member.sort_name.startswith(
        family, autoescape=True
    )
    query = (
        select(Member)
        .join(Seat, Seat.member_id == Member.id)
        .where(Seat.room_id == room_id, Seat.left_at.is_(None), Member.active)
        .where(begins, Member.id != actor.id)
        .order_by(Member.sort_name, Member.id)
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def machines(room_id: int, typed: str) -> list[Bot]:
    """The machines of a room that are told when they are called, and whose name begins so."""
    start = fold(typed).strip()
    return [
        each
        for each in living(room_id)
        if each.url and (fold(each.handle).startswith(start) or fold(each.name).startswith(start))
    ][:MOST]


def groups(typed: str, *, everybody: bool) -> list[str]:
    """Which groups begin so: «room» if one may call everybody, «on-site»."""
    start = fold(typed).strip()
    found = [("room", EVERYBODY)] if everybody else []
    found.append(("on-site", ON_SITE))
    return [name for name, spelled in found if any(each.startswith(start) for each in spelled)]
