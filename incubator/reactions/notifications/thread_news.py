"""News of a thread in the product: at once, while letters gather."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help.models import Question
from incubator.kernel.db import db
from incubator.reactions.notifications.telling import About
from incubator.reactions.notifications.telling import tell as raise_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.domain.help.events import HelpEvent


def tell(event: HelpEvent, kind: str, readers: Iterable[int], *, what: str) -> None:
    """Raise the thread for some members, but whoever did it themselves.

    Who asked without their name is named in no row.
    """
    others = {each for each in readers if each != event.actor_id}
    if not others:
        return
    asker = select(Question.author_id).where(Question.id == event.question_id, Question.anonymous)
    unnamed = db.session.scalar(asker)
    by = event.actor_id if event.actor_id != unnamed else None
    raise_for(kind, others, About("thread", event.question_id, what, by=by))
