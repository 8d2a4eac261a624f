"""What members do with circles; each command holds the circle's row first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from incubator.domain.circles import policy, queries, rules
from incubator.domain.circles.events import (
    CircleAsked,
    CircleChanged,
    CircleClosed,
    CircleInvited,
    CircleJoined,
    CircleLeft,
    CircleMade,
    CircleOwnerNamed,
)
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, slugify
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.circles import settle
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.circles.events import CircleEvent
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said of a circle; without ``site_id`` it is the whole network's."""

    name: str
    description: str = ""
    joining: str = "request"
    site_id: int | None = None


def make(actor: Actor, details: Details, *, once: str, now: datetime) -> Circle:
    """Open a circle and run it; the same ``once`` gives the same circle.

    Raise NotAllowed ``circles.guest``, Refusal on the details or ``circles.too_many``.
    """
    if not policy.may_make(actor):
        raise NotAllowed("circles.guest")
    name = rules.clean_name(details.name)
    if not policy.fits(actor, details.site_id):
        raise Refusal("circles.site", field="site")
    values = {"name": name, "sort_name": fold(name)[: rules.NAME_LENGTH.stop - 1]}
    values["description"] = rules.clean_description(details.description)
    values["joining"] = rules.clean_joining(details.joining)
    own = select(Circle).where(Circle.created_by_id == actor.id, Circle.once == once)
    found = db.session.scalar(own)
    if found is not None:
        return found
    slug = _free_slug(name)
    numbers = {"site_id": details.site_id, "created_by_id": actor.id, "closed_at": None}
    if insert_once(Circle, **values, **numbers, slug=slug, once=once, created_at=now):
        found = db.session.scalars(own).one()
        _tell(CircleMade, actor, found)
        _put(actor, found, actor.id, owner=True, now=now)
    return db.session.scalars(own).one()


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:70] or "cercle"
    taken = set(db.session.scalars(select(Circle.slug).where(Circle.slug.like(f"{wanted}%"))))
    taken |= {"nouveau", "new"}
    if wanted not in taken:
        return wanted
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)


def edit(actor: Actor, circle_id: int, details: Details) -> Circle:
    """Change what is said of a circle; raise NotAllowed ``circles.not_yours``, Refusal."""
    circle = _run(actor, circle_id)
    name = rules.clean_name(details.name)
    circle.name, circle.sort_name = name, fold(name)[: rules.NAME_LENGTH.stop - 1]
    circle.description = rules.clean_description(details.description)
    circle.joining = rules.clean_joining(details.joining)
    db.session.flush()
    _tell(CircleChanged, actor, circle)
    return circle


def close(actor: Actor, circle_id: int, *, now: datetime) -> None:
    """Ask nothing more in a circle; raise NotAllowed ``circles.not_yours``."""
    circle = _run(actor, circle_id)
    if circle.closed_at is None:
        circle.closed_at = now
        waiting = CirclePlace.state != "in"
        db.session.execute(delete(CirclePlace).where(CirclePlace.circle_id == circle.id, waiting))
        _tell(CircleClosed, actor, circle)


def ask(actor: Actor, circle_id: int, *, now: datetime) -> str:
    """Ask to join, or accept an invitation; the state of their place: «asked» or «in».

    Raise NotFound for a hidden circle, Refusal ``circles.closed``, ``circles.site``,
    ``circles.too_many`` or ``circles.full``.
    """
    seen = queries.visible_to(actor, circle_id, lock=True)
    circle, place = seen.circle, queries.place_of(circle_id, actor.id)
    _check_open(circle)
    if not policy.fits(actor, circle.site_id):
        raise Refusal("circles.site")
    if place is not None and place.state == "invited":
        _put(actor, circle, actor.id, now=now)
        return "in"
    if place is None:
        _place(circle, actor.id, state="asked", by_id=None, now=now)
        _tell(CircleAsked, actor, circle, member_id=actor.id)
        return "asked"
    return place.state


def leave(actor: Actor, circle_id: int) -> None:
    """Go out of a circle, or no longer ask or be invited; nothing for who has no place in it."""
    circle = queries.visible_to(actor, circle_id, lock=True).circle
    take_out(circle, actor.id, by_id=actor.id)


def invite(actor: Actor, circle_id: int, member_id: int, *, now: datetime) -> str:
    """Invite a member, or let in whoever asked; the state of their place.

    Raise NotAllowed ``circles.not_yours``, Refusal ``circles.nobody``, ``circles.site_theirs``,
    ``circles.closed`` or as ``ask``.
    """
    circle = _run(actor, circle_id)
    _check_open(circle)
    account = account_of(member_id)
    if account is None or account.deactivated_at or actor_of(account).is_guest:
        raise Refusal("circles.nobody", field="who")
    if not policy.fits(actor_of(account), circle.site_id):
        raise Refusal("circles.site_theirs", field="who")
    place = queries.place_of(circle.id, member_id)
    if place is not None and place.state == "asked":
        _put(actor, circle, member_id, now=now)
        return "in"
    if place is None:
        _place(circle, member_id, state="invited", by_id=actor.id, now=now)
        _tell(CircleInvited, actor, circle, member_id=member_id)
        return "invited"
    return place.state


def remove(actor: Actor, circle_id: int, member_id: int) -> None:
    """Take a member out, or say no; raise NotAllowed ``circles.not_yours``."""
    circle = _run(actor, circle_id)
    take_out(circle, member_id, by_id=actor.id)


def name_owner(actor: Actor, circle_id: int, member_id: int, *, owner: bool) -> None:
    """Let a member run the circle too, or no longer.

    Raise NotAllowed ``circles.not_yours``, NotFound ``circles.member``, Refusal
    ``circles.last_owner``.
    """
    circle = _run(actor, circle_id)
    place = queries.place_of(circle.id, member_id)
    if place is None or place.state != "in":
        raise NotFound("circles.member")
    if place.owner == owner:
        return
    if not owner and _owners(circle.id) == 1:
        raise Refusal("circles.last_owner")
    place.owner = owner
    db.session.flush()
    _tell(CircleOwnerNamed, actor, circle, member_id=member_id, owner=owner)


def take_out(circle: Circle, member_id: int, *, by_id: int | None) -> None:
    """End a place in a circle whose row is held; without an owner the oldest member is one."""
    place = queries.place_of(circle.id, member_id)
    if place is None:
        return
    db.session.delete(place)
    settle([member_id])
    _event(CircleLeft, by_id, circle, member_id=member_id)
    if circle.closed_at is None and not _owners(circle.id):
        _find_owner(circle, by_id)


def _find_owner(circle: Circle, by_id: int | None) -> None:
    inside = (CirclePlace.circle_id == circle.id, CirclePlace.state == "in")
    by_age = (CirclePlace.since, CirclePlace.member_id)
    oldest = db.session.scalar(select(CirclePlace).where(*inside).order_by(*by_age).limit(1))
    if oldest is not None:
        oldest.owner = True
        db.session.flush()
        _event(CircleOwnerNamed, by_id, circle, member_id=oldest.member_id, owner=True)


def _owners(circle_id: int) -> int:
    query = select(func.count()).select_from(CirclePlace)
    return (
        db.session.scalar(query.where(CirclePlace.circle_id == circle_id, CirclePlace.owner)) or 0
    )


def _run(actor: Actor, circle_id: int) -> Circle:
    seen = queries.visible_to(actor, circle_id, lock=True)
    if not policy.may_run(actor, queries.place_of(circle_id, actor.id)):
        raise NotAllowed("circles.not_yours")
    return seen.circle


def _check_open(circle: Circle) -> None:
    if circle.closed_at is not None:
        raise Refusal("circles.closed")


def _put(
    actor: Actor, circle: Circle, member_id: int, *, now: datetime, owner: bool = False
) -> None:
    """Let a member in."""
    db.session.scalars(select(Member.id).where(Member.id == member_id).with_for_update()).one()
    inside = CirclePlace.state == "in"
    of = select(func.count()).select_from(CirclePlace).where(inside)
    if (db.session.scalar(of.where(CirclePlace.member_id == member_id)) or 0) >= rules.CIRCLES_MOST:
        raise Refusal("circles.too_many", most=rules.CIRCLES_MOST)
    if queries.size_of(circle.id) >= rules.MEMBERS_MOST:
        raise Refusal("circles.full", most=rules.MEMBERS_MOST)
    place = queries.place_of(circle.id, member_id)
    if place is None:
        place = _place(circle, member_id, state="in", by_id=actor.id, now=now)
    place.state, place.owner, place.since, place.by_id = "in", owner, now, actor.id
    settle([member_id])
    _tell(CircleJoined, actor, circle, member_id=member_id)


def _place(
    circle: Circle, member_id: int, *, state: str, by_id: int | None, now: datetime
) -> CirclePlace:
    place = CirclePlace(circle_id=circle.id, member_id=member_id, state=state, owner=False)
    place.since, place.by_id = now, by_id
    db.session.add(place)
    db.session.flush()
    return place


def _tell(kind: type[CircleEvent], actor: Actor, circle: Circle, **more: Any) -> None:
    _event(kind, actor.id, circle, **more)


def _event(kind: type[CircleEvent], by_id: int | None, circle: Circle, **more: Any) -> None:
    record(kind(actor_id=by_id, site_id=circle.site_id, circle_id=circle.id, **more))
