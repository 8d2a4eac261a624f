"""What happens to a suggestion: it is shown, or a member wants to hear no more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, update

from incubator.domain.suggestions.models import Suggested
from incubator.domain.suggestions.rules import ORDER
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.members.actor import Actor


def note_shown(actor: Actor, key: str, *, day: date) -> None:
    """A suggestion stands before the member's eyes: it counts once a day, in however many tabs."""
    _known(key)
    insert_once(Suggested, member_id=actor.id, key=key, days=0, last_on=None, ended=False)
    new_day = or_(Suggested.last_on.is_(None), Suggested.last_on < day)
    mine = update(Suggested).where(Suggested.member_id == actor.id, Suggested.key == key, new_day)
    db.session.execute(mine.values(days=Suggested.days + 1, last_on=day))


def end(actor: Actor, key: str, *, day: date) -> None:
    """Never suggest it to them again; nothing else comes that day. Again changes nothing."""
    _known(key)
    insert_once(Suggested, member_id=actor.id, key=key, days=0, last_on=None, ended=False)
    mine = update(Suggested).where(Suggested.member_id == actor.id, Suggested.key == key)
    db.session.execute(mine.values(ended=True, last_on=day))


def _known(key: str) -> None:
    """Raise NotFound ``suggestions.key`` for what nobody suggests."""
    if key not in ORDER:
        raise NotFound("suggestions.key")
