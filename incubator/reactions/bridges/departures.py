"""Who moved or left: seats follow, hours are summed up, the name goes if they wish so."""

from __future__ import annotations

from incubator.domain.chat import handing as rooms
from incubator.domain.chat import seats, succession
from incubator.domain.circles import leaving as circles
from incubator.domain.commitments import leaving, ledger, signups
from incubator.domain.exchanges.listings import personal as listings
from incubator.domain.help import handing as threads
from incubator.domain.membership import exits, welcome
from incubator.domain.membership.life_events import MemberExited
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.accounts.events import MemberMoved
from incubator.network.members.tombstone import tombstone


def member_moved(event: MemberMoved) -> None:
    """They sit in the room of their new home, not in the former one, and are welcomed there."""
    now = utcnow()
    seats.seat_members([event.member_id], now=now)
    succession.settle_seats(event.member_id, left_site_id=event.from_site_id, now=now)
    if event.from_site_id is not None:
        circles.leave_all(event.member_id, by_id=event.actor_id, of_site_id=event.from_site_id)
    welcome.start(event.member_id, event.to_site_id, now=now)


def member_exited(event: MemberExited) -> None:
    """What is theirs no more (seats, slots, a welcome), their hours, their name if it shall go."""
    now = utcnow()
    welcome.stop(event.member_id, now=now)
    signups.release(event.member_id, since=now, until=None, by_id=event.actor_id, now=now)
    succession.settle_seats(event.member_id, left_site_id=event.site_id, now=now)
    circles.leave_all(event.member_id, by_id=event.actor_id)
    listings.release(event.member_id)
    leaving.end_promises(event.member_id, on=event.left_on, now=now)
    exits.keep_balance(event.process_id, minutes=ledger.balance(event.member_id))
    leaving.settle(event.member_id, to_pool=event.hours == "pool", by_id=event.actor_id, now=now)
    if event.anonymise:
        nobody = tombstone(now=now)
        rooms.hand_over(from_id=event.member_id, to_id=nobody, by_id=event.actor_id, now=now)
        threads.hand_over(from_id=event.member_id, to_id=nobody, by_id=event.actor_id)
        circles.hand_over(from_id=event.member_id, to_id=nobody)
        listings.hand_over(from_id=event.member_id, to_id=nobody)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(MemberMoved, member_moved)
    joins(MemberExited, member_exited)
