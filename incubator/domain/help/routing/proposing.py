"""Whom somebody who is asked could pass a question on to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from incubator.domain.help.routing.ranking import ranked
from incubator.kernel.db import db
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor

PROPOSED_MOST: Final = 5


class Proposed(NamedTuple):
    """Somebody who could be asked instead."""

    id: int
    name: str
    city: str | None


def proposed(actor: Actor, question: Question, *, now: datetime) -> list[Proposed]:
    """Who comes next, by what they show to ``actor``: nobody who was asked or rests."""
    ids = [each.person.id for each in ranked(question, actor, now=now)][:PROPOSED_MOST]
    rows = db.session.execute(
        select(Member.id, Member.name, Site.city)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.id.in_(ids))
    )
    found = {row.id: Proposed(*row) for row in rows}
    return [found[each] for each in ids]
