"""The audiences that members chose for their fields, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, false, func, or_, select, true

from incubator.kernel.db import db
from incubator.kernel.events import record
from incubator.network.members.audience import (
    AUDIENCES,
    DEFAULTS,
    EVERYTHING_AS_USUAL,
    NETWORK,
    Reach,
    differing,
    needed,
    reach,
)
from incubator.network.members.audience_rows import audiences_of
from incubator.network.members.events import ProfileChanged
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member, MemberAudience
from incubator.network.members.ownership import own

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    from incubator.network.members.actor import Actor

    class Placed(Protocol):
        """Somebody of whom is known where they belong: a row of members, or part of one."""

        @property
        def id(self) -> int:
            """The id of the member."""

        @property
        def home_site_id(self) -> int | None:
            """Their site."""


__all__ = [
    "audiences_of",
    "chosen_for",
    "fields_seen",
    "narrowed_by",
    "seen_fields",
    "set_audience",
    "set_audiences",
    "shows",
    "visible_in_lists",
]


def seen_fields(reader: Actor, member: Member) -> frozenset[str]:
    """The fields of a member that ``reader`` sees."""
    audiences = audiences_of([member.id]).get(member.id, EVERYTHING_AS_USUAL)
    return audiences.seen_by(reach(reader, member.id, member.home_site_id))


def visible_in_lists(reader: Actor, name: str) -> ColumnElement[bool]:
    """The members of a query on ``Member`` whose field the reader sees: ``reach``, as SQL."""
    audience = func.coalesce(chosen_for(name), DEFAULTS[name])
    near = {each: [a for a in AUDIENCES if needed(name, a) <= each] for each in Reach}
    managed = (
        true() if reader.is_administrator else Member.home_site_id.in_(reader.managed_site_ids)
    )
    others = near[Reach.GUEST] if reader.is_guest else near[Reach.NETWORK]
    neighbour = false() if reader.is_guest else Member.home_site_id == reader.home_site_id
    return or_(
        Member.id == reader.id,
        audience.in_(others),
        and_(neighbour, audience.in_(near[Reach.SITE])),
        and_(managed, audience.in_(near[Reach.MANAGER])),
    )


def chosen_for(name: str) -> ScalarSelect[str]:
    """The audience that each member of a query on ``Member`` chose for a field; NULL for none."""
    return (
        select(MemberAudience.audience)
        .where(MemberAudience.member_id == Member.id, MemberAudience.field == name)
        .scalar_subquery()
    )


def shows(reader: Actor, person: Placed, *, name: str, chosen: str | None) -> bool:
    """Whether ``reader`` sees a field of somebody whose audience is read as ``chosen_for``."""
    near = reach(reader, person.id, person.home_site_id)
    return near >= needed(name, chosen or DEFAULTS[name])


def fields_seen(reader: Actor, people: Iterable[Placed]) -> dict[int, frozenset[str]]:
    """The fields of each of some members that ``reader`` sees, by id, in one statement."""
    known = list(people)
    chosen = audiences_of(each.id for each in known) if known else {}
    return {
        each.id: chosen.get(each.id, EVERYTHING_AS_USUAL).seen_by(
            reach(reader, each.id, each.home_site_id)
        )
        for each in known
    }


def set_audiences(by: Actor | None, *, member_id: int, chosen: Mapping[str, str]) -> None:
    """Choose who sees which field; what is not named gets its usual audience.

    Raise NotAllowed ``members.edit``; Refusal ``members.audience``.
    """
    wanted = differing(chosen)
    member = own(by, member_id)
    before = audiences_of([member_id]).get(member_id, EVERYTHING_AS_USUAL).chosen
    if dict(before) == wanted:
        return
    db.session.execute(delete(MemberAudience).where(MemberAudience.member_id == member_id))
    db.session.add_all(
        MemberAudience(member_id=member_id, field=name, audience=audience)
        for name, audience in wanted.items()
    )
    member.narrowed = narrowed_by(wanted)
    index_member(member_id)
    by_id = by.id if by else None
    changed = ProfileChanged(
        actor_id=by_id, site_id=member.home_site_id, member_id=member_id, changed=("audiences",)
    )
    record(changed)


def narrowed_by(chosen: Mapping[str, str]) -> str:
    """The fields that not the whole network sees by these audiences, as a member's row has it."""
    return ",".join(sorted(name for name in chosen if chosen[name] != NETWORK))


def set_audience(by: Actor, *, name: str, audience: str) -> None:
    """Choose who sees one field of one's own and leave the others; raise as ``set_audiences``."""
    own(by, by.id)
    before = audiences_of([by.id]).get(by.id, EVERYTHING_AS_USUAL).chosen
    set_audiences(by, member_id=by.id, chosen={**before, name: audience})
