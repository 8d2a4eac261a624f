"""The audiences that members chose for their fields, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from incubator.kernel.db import db
from incubator.kernel.events import record
from incubator.network.members.audience import EVERYTHING_AS_USUAL, differing, reach
from incubator.network.members.audience_rows import audiences_of
from incubator.network.members.events import ProfileChanged
from incubator.network.members.indexing import index_member
from incubator.network.members.models import Member, MemberAudience
from incubator.network.members.ownership import own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

__all__ = ["audiences_of", "seen_fields", "set_audiences"]


def seen_fields(reader: Actor, member: Member) -> frozenset[str]:
    """The fields of a member that ``reader`` sees."""
    audiences = audiences_of([member.id]).get(member.id, EVERYTHING_AS_USUAL)
    return audiences.seen_by(reach(reader, member.id, member.home_site_id))


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
    index_member(member_id)
    by_id = by.id if by else None
    changed = ProfileChanged(
        actor_id=by_id, site_id=member.home_site_id, member_id=member_id, changed=("audiences",)
    )
    record(changed)
