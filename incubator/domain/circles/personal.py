"""What circles keep of a member, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.circles import settle

personal_data = PersonalData(
    {
        "circles-made": Part(Circle, (Circle.created_by_id,), secret=("once",)),
        "circles": Part(CirclePlace, (CirclePlace.member_id, CirclePlace.by_id)),
    }
)


def forget(member_id: int) -> None:
    """Take away where they were; circles that they made are those of who is in them."""
    db.session.execute(delete(CirclePlace).where(CirclePlace.member_id == member_id))
    settle([member_id])
