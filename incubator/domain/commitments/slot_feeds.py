"""The private calendar address of a member's slots: made, made anew, taken back, read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.kiosk_models import Feed
from incubator.domain.commitments.slot_events import FeedChanged
from incubator.domain.commitments.slot_store import held_member
from incubator.domain.commitments.status_models import Choice
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.models import Account
from incubator.network.accounts.tokens import hash_token, new_token
from incubator.network.letters import wishes
from incubator.network.letters.kinds import MAIL

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

NOTED_EVERY = timedelta(hours=1)
MOST_REMINDER_DAYS = 14
REMINDER = "slot_reminder"


def make_feed(actor: Actor, *, now: datetime) -> str:
    """A new address's secret, shown this once; the one before leads nowhere any more."""
    if not slot_policy.may_sign_up(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    held_member(actor.id)
    _revoke(actor.id, now=now)
    token = new_token()
    db.session.add(Feed(member_id=actor.id, token_hash=hash_token(token), made_at=now))
    db.session.flush()
    record(FeedChanged(actor_id=actor.id, member_id=actor.id, valid=True))
    return token


def revoke_feed(actor: Actor, *, now: datetime) -> None:
    """Take the address back: whoever has it reads nothing from now on."""
    held_member(actor.id)
    if _revoke(actor.id, now=now):
        record(FeedChanged(actor_id=actor.id, member_id=actor.id, valid=False))


def _revoke(member_id: int, *, now: datetime) -> bool:
    found = feed_of(member_id)
    if found is not None:
        found.revoked_at = now
        db.session.flush()
    return found is not None


def feed_of(member_id: int) -> Feed | None:
    """The address of a member that is valid, or None."""
    return db.session.scalar(
        select(Feed).where(Feed.member_id == member_id, Feed.revoked_at.is_(None))
    )


def reader_of(token: str) -> Account:
    """Whose slots an address shows; raise NotFound for one that is not valid any more."""
    found = db.session.scalar(
        select(Account)
        .join(Feed, Feed.member_id == Account.id)
        .where(
            Feed.token_hash == hash_token(token),
            Feed.revoked_at.is_(None),
            Account.deactivated_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("commitments.feed")
    return found


def is_due_to_note(member_id: int, *, now: datetime) -> bool:
    """Whether it is an hour since a reading was noted: calendars ask often."""
    found = feed_of(member_id)
    return found is not None and (
        found.last_read_at is None or found.last_read_at < now - NOTED_EVERY
    )


def note_reading(member_id: int, *, now: datetime) -> None:
    """Remember when the address was read last, for its owner's eyes."""
    found = feed_of(member_id)
    if found is not None:
        found.last_read_at = now


def reminder_of(member_id: int) -> int | None:
    """How many days before a slot a member wants to be reminded; None is the house's number.

    0 is never: their letters of this kind are switched off.
    """
    if not wishes.wants(member_id, REMINDER):
        return 0
    return db.session.scalar(select(Choice.reminder_days).where(Choice.member_id == member_id))


def choose_reminder(actor: Actor, *, days: int | None) -> None:
    """Be reminded so many days before a slot; 0 is never. Raise ``commitments.reminder_days``."""
    if days is not None and not 0 <= days <= MOST_REMINDER_DAYS:
        raise Refusal("commitments.reminder_days", field="days", most=MOST_REMINDER_DAYS)
    wishes.choose(actor, {(REMINDER, MAIL): days != 0})
    held_member(actor.id)
    row = db.session.get(Choice, actor.id)
    if row is None:
        row = Choice(member_id=actor.id)
        db.session.add(row)
    row.reminder_days = days or None
    db.session.flush()
