"""Merging two accounts that are one person: who may, what is refused, and the accounts' rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts import commands, policy
from incubator.network.accounts.closing import close_account
from incubator.network.accounts.models import Grant, OneTimeLink
from incubator.network.accounts.queries import account_of, actor_of, visible_to
from incubator.network.members import merging
from incubator.network.members.events import MembersMerged
from incubator.network.members.life_models import Merged
from incubator.network.members.merged_rows import any_double
from incubator.network.members.merging import Merge, moves, repoints, stays
from incubator.network.members.models import Member
from incubator.network.members.tombstone import is_tombstone

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def check(actor: Actor, *, kept_id: int, gone_id: int) -> None:
    """Raise what ``merge`` would raise, and change nothing.

    NotFound for somebody they do not look after, NotAllowed ``accounts.merge``, Refusal
    ``accounts.merge_self``, ``merge_done`` or ``merge_administrators``.
    """
    if kept_id == gone_id:
        raise Refusal("accounts.merge_self", field="other")
    kept, gone = _person(actor, kept_id), _person(actor, gone_id)
    if any_double(kept_id, gone_id):
        raise Refusal("accounts.merge_done", field="other")
    if kept.is_administrator and gone.is_administrator:
        raise Refusal("accounts.merge_administrators", field="other")
    if not policy.may_merge(actor, kept, gone):
        raise NotAllowed("accounts.merge")


def merge(actor: Actor, *, kept_id: int, gone_id: int, now: datetime) -> None:
    """Say that two members are one person: everything of ``gone_id`` becomes ``kept_id``'s.

    The row that goes stays as a signpost. Of two merges at once, one happens. Raise as ``check``.
    """
    rows = db.session.scalars(
        select(Member)
        .where(Member.id.in_((kept_id, gone_id)))
        .order_by(Member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(is_tombstone(row) for row in rows):
        raise NotFound("accounts.member")
    check(actor, kept_id=kept_id, gone_id=gone_id)
    first = insert_once(
        Merged, gone_id=gone_id, kept_id=kept_id, merged_by_id=actor.id, merged_at=now
    )
    if not first:
        raise Refusal("accounts.merge_done", field="other")
    merging.run(Merge(kept_id=kept_id, gone_id=gone_id, by=actor, now=now))
    home = next(row.home_site_id for row in rows if row.id == kept_id)
    record(MembersMerged(actor_id=actor.id, site_id=home, kept_id=kept_id, gone_id=gone_id))


def _person(actor: Actor, member_id: int) -> Actor:
    visible_to(actor, member_id)
    account = account_of(member_id)
    if account is None:
        raise NotFound("accounts.member")
    return actor_of(account)


@moves(
    "accounts",
    ("accounts_grant.account_id", "accounts_session.account_id", "accounts_link.account_id"),
)
def accounts(merge: Merge) -> None:
    """Roles follow, the door of the double closes: its devices are signed out, its links die.

    An alumni or guest who is a resident by the other row is only a resident.
    """
    held = db.session.scalars(
        select(Grant).where(Grant.account_id == merge.gone_id, Grant.ended_at.is_(None))
    ).all()
    for grant in held:
        role, site_id = grant.role, grant.site_id
        commands.take_role(merge.by, merge.gone_id, role=role, site_id=site_id, now=merge.now)
        if not _stronger_there(merge.kept_id, role, site_id):
            commands.give_role(merge.by, merge.kept_id, role=role, site_id=site_id, now=merge.now)
    close_account(merge.by, db.session.get_one(Member, merge.gone_id), now=merge.now)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == merge.gone_id))


def _stronger_there(member_id: int, role: str, site_id: int | None) -> bool:
    """Whether somebody already is a resident where they would become a guest or an alumni."""
    if role not in {"guest", "alumni"}:
        return False
    resident = select(Grant.id).where(
        Grant.account_id == member_id,
        Grant.role == "resident",
        Grant.site_id == site_id,
        Grant.ended_at.is_(None),
    )
    return db.session.scalar(resident.limit(1)) is not None


repoints(
    "invitations",
    "accounts_grant.granted_by_id",
    "accounts_invitation.invited_by_id",
    "accounts_invitation.used_by_id",
)
stays("accounts_account.id", "the account of the double stays closed, so that its address is known")
