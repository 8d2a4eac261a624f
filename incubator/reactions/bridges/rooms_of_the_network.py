"""A site that opens gets its room; a person who is admitted or promoted, their seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import seats, succession
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins, joins_all
from incubator.network.accounts.events import MemberAdmitted, MemberDeactivated, RightsChanged
from incubator.network.sites.events import SiteOpened

if TYPE_CHECKING:
    from collections.abc import Sequence


def site_opened(event: SiteOpened) -> None:
    """Its room opens with it."""
    del event
    seats.ensure_rooms(now=utcnow())


def members_admitted(events: Sequence[MemberAdmitted]) -> None:
    """They sit in the rooms of the network and of their site."""
    seats.seat_members([event.member_id for event in events], now=utcnow())


def rights_changed(event: RightsChanged) -> None:
    """A new manager sits in the room of their site; who is a guest now looks after no room."""
    if event.given:
        seats.seat_members([event.member_id], now=utcnow())
    else:
        succession.hand_on(event.member_id, now=utcnow())


def member_deactivated(event: MemberDeactivated) -> None:
    """Rooms that only they looked after are another's."""
    succession.hand_on(event.member_id, now=utcnow())


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(SiteOpened, site_opened)
    joins_all(MemberAdmitted, members_admitted)
    joins(RightsChanged, rights_changed)
    joins(MemberDeactivated, member_deactivated)
