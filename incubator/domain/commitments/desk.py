"""The manager's five minutes: today at a site, and only what needs somebody's hand.

Each list is read through the index of what is open or waiting, so that the page costs the same
after years. One's own facts are another manager's: they are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, literal_column, or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import (
    checkin_rules,
    presence_at_site,
    presence_ends,
    presence_rules,
)
from incubator.domain.commitments.kiosk_models import Device
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.commitments.correction_models import Correction
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site

MOST = 50
SILENT = timedelta(hours=1)
WRONG_CLOCK = 300  # seconds; beyond, what a screen says of the time is not believed
DAY = timedelta(days=1)
# Spelt out, so that SQLite sees that the partial indexes hold them.
_DECLARED = Contribution.state == literal_column("'declared'")
_MANAGERS_TURN = Contribution.state.in_(
    [literal_column("'needs_manager'"), literal_column("'appealed'")]
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A session whose end nobody knows; ``proven`` is the end that something speaks for, if any."""

    session: Presence
    proven: datetime | None


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What waits for a manager of a site."""

    doubts: Sequence[Doubt]
    marked: Sequence[Presence]
    corrections: Sequence[Correction]
    help: Sequence[Contribution]
    rings: Sequence[Contribution]
    screens: Sequence[Device]

    @property
    def count(self) -> int:
        """How many there are."""
        lists = (self.doubts, self.marked, self.corrections, self.help, self.rings, self.screens)
        return sum(len(one) for one in lists)

    @property
    def member_ids(self) -> list[int]:
        """Whose hours are among them; some may be named twice."""
        sessions = [*(one.session for one in self.doubts), *self.marked]
        asked = [one.member_id for one in self.corrections]
        shared = [one.giver_id for one in (*self.help, *self.rings)]
        return [*(one.member_id for one in sessions), *asked, *shared]


@dataclass(frozen=True, slots=True)
class Today:
    """Who is in, of whom ``shown`` let their managers know, and who is still expected."""

    present: int
    shown: Sequence[Presence]
    expected: Sequence[Signup]

    @property
    def member_ids(self) -> list[int]:
        """Who is named; some may be twice."""
        here = [one.member_id for one in self.shown]
        return here + [one.member_id for one in self.expected]


def today_at(actor: Actor, site: Site, *, now: datetime, day: date) -> Today:
    """Today at a site, in three statements."""
    present = db.session.scalar(
        select(func.count())
        .select_from(Presence)
        .where(Presence.site_id == site.id, Presence.ended_at.is_(None))
    )
    in_now = select(Presence.member_id).where(
        Presence.site_id == site.id, Presence.ended_at.is_(None)
    )
    expected = db.session.scalars(
        select(Signup)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(
            Slot.site_id == site.id,
            Slot.state == "planned",
            Slot.ends_at > now,
            Slot.starts_at < presence_rules.day_start(day + DAY, site.time_zone),
            Signup.state == "booked",
            Signup.member_id.not_in(in_now),
        )
        .options(joinedload(Signup.member), joinedload(Signup.slot))
        .order_by(Slot.starts_at, Signup.id)
        .limit(MOST)
    ).all()
    return Today(present or 0, presence_at_site.open_at(actor, site.id), expected)


def exceptions_at(actor: Actor, site_id: int, now: datetime) -> Exceptions:
    """Everything at a site that needs a hand, the oldest first, in seven statements."""
    return Exceptions(
        [Doubt(one, proven_end(one)) for one in presence_at_site.doubtful_at(actor, site_id)],
        presence_at_site.flagged_at(actor, site_id),
        presence_at_site.to_decide(actor, site_id),
        _help(actor, site_id, now),
        _rings(actor, site_id),
        _screens(site_id, now),
    )


def proven_end(session: Presence) -> datetime | None:
    """Until when a presumed session is proven: by what was planned, or by a ping."""
    presumed = presence_ends.as_open(session)
    if session.state != "presumed" or presumed is None or session.ended_at is None:
        return None
    end = checkin_rules.unanswered_end(presumed, provisional=session.ended_at)
    return end if end > session.started_at else None


def _help(actor: Actor, site_id: int, now: datetime) -> Sequence[Contribution]:
    """Help that nobody else decides on: no receiver, a silent one, or an appeal."""
    before = now - timedelta(days=rule_on(now.date()).silence_days)
    nobody = and_(Contribution.receiver_id.is_(None), Contribution.unnamed_id.is_(None))
    silent = and_(_DECLARED, or_(nobody, Contribution.declared_at <= before))
    # Two lists, each with an index of its own.
    found = [
        *_contributions(actor, site_id, silent),
        *_contributions(actor, site_id, _MANAGERS_TURN),
    ]
    return sorted(found, key=lambda one: (one.declared_at, one.id))[:MOST]


def _rings(actor: Actor, site_id: int) -> Sequence[Contribution]:
    return _contributions(
        actor,
        site_id,
        and_(
            Contribution.flags != literal_column("''"),
            Contribution.state.in_(("confirmed", "counted")),
        ),
    )


def _contributions(
    actor: Actor, site_id: int, which: ColumnElement[bool]
) -> Sequence[Contribution]:
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.home_site_id == site_id, Contribution.giver_id != actor.id, which)
        .options(
            joinedload(Contribution.giver),
            joinedload(Contribution.receiver),
            joinedload(Contribution.kind),
        )
        .order_by(Contribution.declared_at, Contribution.id)
        .limit(MOST)
    ).all()


def _screens(site_id: int, now: datetime) -> Sequence[Device]:
    """Enrolled screens that have not been heard of for an hour, or whose clock is wrong."""
    return db.session.scalars(
        select(Device)
        .where(
            Device.site_id == site_id,
            Device.key_hash.is_not(None),
            Device.revoked_at.is_(None),
            or_(
                Device.last_seen_at.is_(None),
                Device.last_seen_at < now - SILENT,
                func.abs(Device.clock_offset_s) > WRONG_CLOCK,
            ),
        )
        .order_by(Device.name, Device.id)
    ).all()
