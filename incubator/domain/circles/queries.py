"""What can be read of circles. ``visible_to`` is the only door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from incubator.domain.circles import policy
from incubator.domain.circles.rules import MEMBERS_MOST
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.text import fold
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.models import Member
from incubator.network.members.reader import READ_SITES, READER_ID, READS_ALL, Counter, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 30
NEWS_MOST: Final = 20


@dataclass(frozen=True)
class Seen:
    """A circle and the place of the reader in it, if any."""

    circle: Circle
    place: CirclePlace | None


class Line(NamedTuple):
    """A circle of a list, how many are in it, and the state of the reader in it."""

    circle: Circle
    size: int
    state: str | None


_mine = and_(CirclePlace.circle_id == Circle.id, CirclePlace.member_id == READER_ID)
_inside = aliased(CirclePlace)
_size = (
    select(func.count())
    .where(_inside.circle_id == Circle.id, _inside.state == "in")
    .correlate(Circle)
    .scalar_subquery()
)
# Which circles are for the reader's eyes, who is no guest; the same rule as ``policy.may_see``.
SEEN = or_(
    READS_ALL,
    CirclePlace.member_id.is_not(None),
    and_(
        Circle.joining == "request",
        Circle.closed_at.is_(None),
        or_(Circle.site_id.is_(None), Circle.site_id.in_(READ_SITES)),
    ),
)


def visible_to(actor: Actor, circle: int | str, *, lock: bool = False) -> Seen:
    """A circle by id or address part with its site; ``lock`` holds its row.

    Raise NotFound ``circles.circle`` when it is absent or hidden.
    """
    key = Circle.id == circle if isinstance(circle, int) else Circle.slug == circle
    query = select(Circle).where(key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Circle.site))
    found = db.session.scalar(query)
    place = place_of(found.id, actor.id) if found else None
    if found is None or not policy.may_see(actor, found, place):
        raise NotFound("circles.circle")
    return Seen(found, place)


def place_of(circle_id: int, member_id: int) -> CirclePlace | None:
    """The place of a member in a circle, as it is now."""
    return db.session.scalar(
        select(CirclePlace)
        .where(CirclePlace.circle_id == circle_id, CirclePlace.member_id == member_id)
        .execution_options(populate_existing=True)
    )


def page_for(actor: Actor, cursor: Cursor) -> Page[Line]:
    """The circles that a member sees, by name."""
    if actor.is_guest:
        return Page(rows=[])
    query = (
        select(Circle)
        .outerjoin(CirclePlace, _mine)
        .where(SEEN, Circle.closed_at.is_(None))
        .options(joinedload(Circle.site))
        .params(**values_of(actor))
    )
    found = keyset_page(query, (Circle.sort_name, Circle.id), cursor)
    told = {row.id: row[1:] for row in db.session.execute(_told(found.rows), values_of(actor))}
    lines = [Line(circle, *told[circle.id]) for circle in found.rows]
    return Page(lines, found.next, found.previous)


def _told(circles: Sequence[Circle]) -> Select[int, int, str]:
    """How many are in each, and the state of the reader."""
    ids = [circle.id for circle in circles]
    query = select(Circle.id, _size, CirclePlace.state).outerjoin(CirclePlace, _mine)
    return query.where(Circle.id.in_(ids))


def mine(actor: Actor) -> Sequence[Line]:
    """The circles in which a member is, asked or invited: invitations first."""
    if actor.is_guest:
        return []
    query = (
        select(Circle, _size, CirclePlace.state)
        .join(CirclePlace, _mine)
        .options(joinedload(Circle.site))
        .order_by(CirclePlace.state.desc(), Circle.sort_name, Circle.id)
    )
    return [Line(*row) for row in db.session.execute(query, values_of(actor))]


def people_of(circle_id: int) -> Sequence[CirclePlace]:
    """Who is in a circle, asks or is invited: those who ask first, then owners, by name."""
    return db.session.scalars(
        select(CirclePlace)
        .join(Member, Member.id == CirclePlace.member_id)
        .where(CirclePlace.circle_id == circle_id)
        .options(joinedload(CirclePlace.member).joinedload(Member.home_site))
        .order_by(CirclePlace.state, CirclePlace.owner.desc(), Member.sort_name, Member.id)
        .limit(MEMBERS_MOST)
    ).all()


def size_of(circle_id: int) -> int:
    """How many are in a circle."""
    query = select(func.count()).select_from(CirclePlace)
    inside = (CirclePlace.circle_id == circle_id, CirclePlace.state == "in")
    return db.session.scalar(query.where(*inside)) or 0


def meant(who: str) -> int:
    """The member of a name or of the address of a profile.

    Raise Refusal ``circles.nobody`` or ``circles.several``.
    """
    slug = who.strip().rstrip("/").rpartition("/")[2]
    by_name = Member.sort_name == fold(who).strip()
    query = select(Member.id).where((Member.slug == slug) | by_name, Member.active).limit(2)
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise Refusal("circles.several" if found else "circles.nobody", field="who")
    return found[0]


_own = aliased(CirclePlace)
_asks = (
    select(CirclePlace.member_id)
    .join(Circle, Circle.id == CirclePlace.circle_id)
    .outerjoin(
        _own,
        and_(
            _own.circle_id == CirclePlace.circle_id,
            _own.member_id == READER_ID,
            _own.owner,
        ),
    )
    .where(
        Circle.closed_at.is_(None),
        or_(
            and_(CirclePlace.member_id == READER_ID, CirclePlace.state == "invited"),
            and_(_own.member_id.is_not(None), CirclePlace.state == "asked"),
        ),
    )
    .limit(NEWS_MOST)
    .subquery()
)
# Invitations to answer, and people to let in.
WAITING = Counter(select(func.count()).select_from(_asks).scalar_subquery(), NEWS_MOST)
