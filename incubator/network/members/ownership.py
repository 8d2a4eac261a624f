"""Taking a member's row in hand to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.network.members import policy
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def own(by: Actor | None, member_id: int) -> Member:
    """The member, locked until the end of the transaction, if ``by`` may change them.

    Raise NotAllowed ``members.edit`` or NotFound ``members.member``.
    """
    if not policy.may_edit(by, member_id):
        raise NotAllowed("members.edit")
    member = db.session.scalar(
        select(Member).where(Member.id == member_id).with_for_update(key_share=True)
    )
    if member is None:
        raise NotFound("members.member")
    return member
