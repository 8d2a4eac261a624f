"""What letters about a week keep of a member, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from incubator.domain.newsletter.models import Edition, Item
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData({"letters-decided": Part(Edition, (Edition.decided_by_id,))})


def forget(member_id: int) -> None:
    """No letter says any more that they came; that they decided about one was the site's act."""
    db.session.execute(delete(Item).where(Item.kind == "member", Item.subject_id == member_id))


def hand_over(*, from_id: int, to_id: int) -> None:
    """Two members are one: what a letter decided or said of the first is the second's."""
    mine = Edition.decided_by_id == from_id
    db.session.execute(update(Edition).where(mine).values(decided_by_id=to_id))
    named = Item.kind == "member"
    both = select(Item.edition_id).where(named, Item.subject_id == to_id).scalar_subquery()
    gone = (named, Item.subject_id == from_id)
    db.session.execute(delete(Item).where(*gone, Item.edition_id.in_(both)))
    db.session.execute(update(Item).where(*gone).values(subject_id=to_id))
