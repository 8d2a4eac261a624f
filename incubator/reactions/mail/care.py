"""Letters to whoever wrote a post: it was hidden, a manager writes to them, a move is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.help.care.events import AuthorWarned, CareEvent, MoveOffered, PostHidden
from incubator.domain.help.models import Question
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from typing import Final

KINDS: Final[dict[type[CareEvent], str]] = {
    PostHidden: "hidden",
    AuthorWarned: "word",
    MoveOffered: "offer",
}


def subscribe() -> None:
    """Hear what must be told by mail."""
    for kind in KINDS:
        joins(kind, told)


def told(event: CareEvent) -> None:
    """To the author of the post, with the manager's words and name."""
    words = event.reason if isinstance(event, PostHidden) else getattr(event, "note", "")
    by = db.session.get(Member, event.actor_id) if event.actor_id else None
    values = {
        "id": str(event.question_id),
        "what": KINDS[type(event)],
        "title": db.session.get_one(Question, event.question_id).title,
        "by": by.name if by else None,
        "words": words,
    }
    about = About("thread", event.question_id, f"care_{values['what']}")
    write("help_care", "care", accounts_of([event.member_id]), values=values, about=about)
