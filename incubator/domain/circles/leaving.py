"""Who leaves the network or a site leaves its circles; two who are one have one place."""

from __future__ import annotations

from sqlalchemy import String, cast, delete, literal, select, update

from incubator.domain.circles.commands import take_out
from incubator.kernel.db import db
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.circles import settle

STRENGTH = {"in": 2, "invited": 1, "asked": 0}


def leave_all(member_id: int, *, by_id: int | None, of_site_id: int | None = None) -> None:
    """End all places of a member, or those in circles of a site."""
    query = (
        select(Circle)
        .join(CirclePlace, CirclePlace.circle_id == Circle.id)
        .where(CirclePlace.member_id == member_id)
    )
    if of_site_id is not None:
        query = query.where(Circle.site_id == of_site_id)
    for circle in db.session.scalars(query.order_by(Circle.id).with_for_update(of=Circle)).all():
        take_out(circle, member_id, by_id=by_id)


def hand_over(*, from_id: int, to_id: int) -> None:
    """Let another member be the maker of circles that one made, and who let others in."""
    once = literal("moved-").concat(cast(Circle.id, String))
    made = update(Circle).where(Circle.created_by_id == from_id)
    for change in (
        made.values(created_by_id=to_id, once=once),
        update(CirclePlace).where(CirclePlace.by_id == from_id).values(by_id=to_id),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))


def merge(*, from_id: int, to_id: int) -> None:
    """Give one member's places to another, who keeps the nearer one where both have one."""
    rows = db.session.scalars(
        select(CirclePlace).where(CirclePlace.member_id.in_((from_id, to_id))).with_for_update()
    ).all()
    theirs = {row.circle_id: row for row in rows if row.member_id == to_id}
    for row in rows:
        if row.member_id != from_id:
            continue
        own = theirs.get(row.circle_id)
        if own is None:
            values = {"circle_id": row.circle_id, "member_id": to_id, "since": row.since}
            own = CirclePlace(**values, state=row.state, owner=row.owner, by_id=row.by_id)
            db.session.add(own)
        elif STRENGTH[row.state] > STRENGTH[own.state]:
            own.state, own.since, own.by_id = row.state, row.since, row.by_id
        own.owner = own.state == "in" and (own.owner or row.owner)
    db.session.flush()
    db.session.execute(delete(CirclePlace).where(CirclePlace.member_id == from_id))
    hand_over(from_id=from_id, to_id=to_id)
    settle([from_id, to_id])
