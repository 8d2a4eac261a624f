"""Who is in which circle: one rule, in Python for one actor, as ids for SQL and search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement

    from incubator.network.members.actor import Actor


def ids_in(column: str) -> frozenset[int]:
    """The circles that a member's row repeats."""
    return frozenset(int(each) for each in column.split(",") if each)


def read_by(actor: Actor) -> frozenset[int]:
    """The circles whose questions an actor reads: guests sit in none."""
    return frozenset() if actor.is_guest else actor.circle_ids


def circle_of(circle_id: int) -> Circle:
    """The circle of an id; for callers who know that it may be seen."""
    return db.session.get_one(Circle, circle_id)


def settle(member_ids: Iterable[int]) -> None:
    """Repeat in the rows of members which circles they are in, as their places say.

    A closed circle keeps its readers. Call it in the transaction that changed a place.
    """
    db.session.flush()
    for member_id in sorted(set(member_ids)):
        member = db.session.scalars(
            select(Member)
            .where(Member.id == member_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        inside = select(CirclePlace.circle_id).where(
            CirclePlace.member_id == member_id, CirclePlace.state == "in"
        )
        ids = db.session.scalars(inside.order_by(CirclePlace.circle_id))
        member.circles = ",".join(map(str, ids))
    db.session.flush()


def open_circles_of(actor: Actor) -> Sequence[Circle]:
    """The circles that an actor may ask in, by name."""
    ids = read_by(actor)
    if not ids:
        return []
    query = select(Circle).where(Circle.id.in_(sorted(ids)), Circle.closed_at.is_(None))
    return db.session.scalars(query.order_by(Circle.sort_name, Circle.id)).all()


def is_open(circle_id: int) -> bool:
    """Whether questions may still be asked in a circle."""
    query = select(Circle.id).where(Circle.id == circle_id, Circle.closed_at.is_(None))
    return db.session.scalar(query) is not None


def in_circle(circle_id: int) -> ColumnElement[bool]:
    """The members of a query on ``Member`` who are in a circle."""
    return (
        select(CirclePlace.member_id)
        .where(
            CirclePlace.circle_id == circle_id,
            CirclePlace.member_id == Member.id,
            CirclePlace.state == "in",
        )
        .exists()
    )


def inside(circle_id: int, member_ids: Collection[int]) -> set[int]:
    """Which of some members are in a circle."""
    query = select(CirclePlace.member_id).where(
        CirclePlace.circle_id == circle_id,
        CirclePlace.member_id.in_(sorted(member_ids)),
        CirclePlace.state == "in",
    )
    return set(db.session.scalars(query))
