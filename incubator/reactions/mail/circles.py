"""Letters to those who are invited into a circle."""

from __future__ import annotations

from incubator.domain.circles.events import CircleInvited
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.members.circle_models import Circle
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(CircleInvited, invited)


def invited(event: CircleInvited) -> None:
    """Who invites, into what: nothing of what is asked in it."""
    circle = db.session.get_one(Circle, event.circle_id)
    by = db.session.get(Member, event.actor_id) if event.actor_id else None
    values = {
        "slug": circle.slug,
        "circle": circle.name,
        "description": circle.description,
        "by": by.name if by else None,
    }
    about = About("circle", circle.id, "circle_invited", by=event.actor_id)
    reader = accounts_of([event.member_id])
    write("circle_invited", "circle_invited", reader, values=values, about=about)
