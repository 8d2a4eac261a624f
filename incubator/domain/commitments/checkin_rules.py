"""What a check-in, a check-out and a forgotten one do to a member's open session; pure.

A forgotten act never gives more than doing it right: a session nobody ended is *presumed*, and
counts nothing until an earlier proof (planned slot, ping) or another person stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

AHEAD = timedelta(minutes=5)  # a clock may be that far ahead of ours
LATE = timedelta(hours=72)  # a queue may wait that long on its device, if no rule says else
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

EndSource = Literal["out", "next_checkin", "cutoff", "auto"]
State = Literal["closed", "presumed"]
Outcome = Literal[
    "opened", "already", "earlier", "before", "ended", "not_in", "ahead", "late", "refused"
]
RECORDED = {"already": "repeated", "not_in": "repeated"}
KEPT = frozenset({"ahead", "late", "refused"})


@dataclass(frozen=True, slots=True)
class Punch:
    """A press of the button: when its device says, when we heard of it."""

    site_id: int
    occurred_at: datetime
    received_at: datetime

    @property
    def instant(self) -> datetime:
        """When it took place for us: never later than we heard of it."""
        return min(self.occurred_at, self.received_at)


@dataclass(frozen=True, slots=True)
class Place:
    """How a site closes what was left open: minutes after its midnight, or after coming in."""

    zone: str
    cutoff_at: int = 1380
    auto_close_after: int = 720

    def cutoff_on(self, day: date) -> datetime:
        """The instant of the cut-off of a local day."""
        midnight = datetime.combine(day, time(), ZoneInfo(self.zone))
        # Minutes of the wall clock, so that the cut-off is at the same hour all year.
        return (midnight + self.cutoff_at * MINUTE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session without an end, and the proofs of how long it lasted."""

    site_id: int
    start: datetime
    planned_end: datetime | None = None
    last_ping: datetime | None = None

    @property
    def proven_until(self) -> datetime:
        """The latest instant that a planned slot or a ping stands for; its start without one."""
        return max([self.start, *(t for t in (self.planned_end, self.last_ping) if t)])


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ends; a presumed end is provisional and counts nothing."""

    at: datetime
    state: State
    source: EndSource


@dataclass(frozen=True, slots=True)
class Decision:
    """What a punch does.

    ``outcome``: opened (a session begins at ``start``); already (in since ``start``, nothing
    changes); earlier (the open session began at ``start`` already); before (a session of the past
    from ``start`` to ``ending``); ended (``ending`` is that of the open one); not_in (nothing to
    end); and, kept without being applied: ahead of our clock, late (for the queue, or the period
    is closed), refused (the site is closed). An ``ending`` beside ``opened`` is that of the
    session which was open at another site.
    """

    outcome: Outcome
    start: datetime | None = None
    ending: Ending | None = None

    @property
    def by_correction(self) -> bool:
        """Whether only a correction, decided by somebody else, can still count it."""
        return self.outcome in {"late", "refused"}

    @property
    def recorded(self) -> str:
        """The word that the punch keeps: applied, repeated, ahead, late or refused."""
        usual = self.outcome if self.outcome in KEPT else "applied"
        return RECORDED.get(self.outcome, usual)


def clock_offset(device_now: datetime, received_at: datetime) -> int:
    """By how many seconds a device's clock is ahead of ours, negative when behind."""
    return round((device_now - received_at).total_seconds())


def clock_suspect(offset_seconds: int) -> bool:
    """Whether a device is to be flagged: its clock is more than five minutes off."""
    return abs(offset_seconds) > AHEAD.total_seconds()


def _kept(punch: Punch, *, late: timedelta, period_closed: bool) -> Decision | None:
    """Why a punch is kept without being applied, if so."""
    if punch.occurred_at - punch.received_at > AHEAD:
        return Decision("ahead")
    if period_closed or punch.received_at - punch.occurred_at > late:
        return Decision("late")
    return None


def check_in(
    punch: Punch,
    current: OpenSession | None,
    *,
    site_open: bool = True,
    period_closed: bool = False,
    late: timedelta = LATE,
) -> Decision:
    """What a check-in does, whatever order punches come in.

    Only an enrolled device may tell of the past: of others, ``occurred_at`` is when we heard.
    """
    at = punch.instant
    if kept := _kept(punch, late=late, period_closed=period_closed):
        return kept
    if current and current.site_id == punch.site_id:
        return Decision("earlier", at) if at < current.start else Decision("already", current.start)
    return _elsewhere(at, current) if site_open else Decision("refused")


def _elsewhere(at: datetime, current: OpenSession | None) -> Decision:
    """A check-in where the member is not known to be: whatever was open ends there and then."""
    if current is None:
        return Decision("opened", at)
    if at < current.start:
        return Decision("before", at, Ending(current.start, "presumed", "next_checkin"))
    return Decision("opened", at, Ending(at, "presumed", "next_checkin"))


def check_out(
    punch: Punch,
    current: OpenSession | None,
    *,
    period_closed: bool = False,
    late: timedelta = LATE,
) -> Decision:
    """What a check-out does; one at another site shows that the member has left the first."""
    at = punch.instant
    if kept := _kept(punch, late=late, period_closed=period_closed):
        return kept
    if current is None or at < current.start:
        return Decision("not_in")
    here = current.site_id == punch.site_id
    ending = Ending(at, "closed", "out") if here else Ending(at, "presumed", "next_checkin")
    return Decision("ended", current.start, ending)


def cut_off(start: datetime, place: Place) -> datetime:
    """When an open session becomes presumed: the site's next cut-off, or too many hours after."""
    # The cut-off of a day may lie on the next one (1440 minutes), hence from the day before.
    day = start.astimezone(ZoneInfo(place.zone)).date() - DAY
    coming = (place.cutoff_on(day + number * DAY) for number in range(4))
    limit = start + place.auto_close_after * MINUTE
    return min(limit, next(instant for instant in coming if instant > start))


def forgotten(current: OpenSession, place: Place, *, now: datetime) -> Ending | None:
    """The provisional end of a session left open past its cut-off, however late one asks."""
    limit = cut_off(current.start, place)
    if now < limit:
        return None
    proven = min(current.proven_until, limit)
    tired = limit == current.start + place.auto_close_after * MINUTE
    end = proven if proven > current.start else limit
    return Ending(end, "presumed", "auto" if tired else "cutoff")


def may_answer_alone(
    presumed: OpenSession, end: datetime, *, now: datetime, seen_elsewhere: datetime | None = None
) -> bool:
    """Whether a member's own word is enough for when a presumed session ended."""
    return presumed.start <= end <= min(presumed.proven_until, seen_elsewhere or now, now)


def may_change_alone(old: tuple[datetime, datetime], new: tuple[datetime, datetime]) -> bool:
    """Whether a counted session may be changed by its member: shorter always, longer never."""
    return old[0] <= new[0] <= new[1] <= old[1]


def unanswered_end(presumed: OpenSession, *, provisional: datetime) -> datetime:
    """Until when a presumed session counts that nobody answered for: what is proven, or nothing."""
    return min(presumed.proven_until, max(provisional, presumed.start))


def asks_leaving_time(forgotten_in_period: int, *, limit: int = 3) -> bool:
    """Whether the kiosk asks at check-in when one means to leave: one forgot too often."""
    return forgotten_in_period >= limit


def needs_note(proposed_in_period: int, *, limit: int = 2) -> bool:
    """Whether one more proposal of forgotten hours needs a manager's note."""
    return proposed_in_period >= limit
