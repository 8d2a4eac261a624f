"""Draw six months of hours from the patterns: the same seed and day give the same lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from holidays import country_holidays

from incubator.demo.moments import When, day_zero
from incubator.demo.shapes import Content, Kind, Member, Site

MONTHS = 6
DAYS_A_MONTH = 30
SATURDAY = 5
# Who came less than so many days before is helped as a newcomer.
NEWCOMER_DAYS = 400
# Half of the help stays in its city.
NEIGHBOURS = 0.5
# Younger declarations may still wait for the other person; a few of all are refused.
WAITING_DAYS = 7
WAITING = 0.5
REFUSED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Hours given: ``outcome`` is confirmed, declared (waiting) or refused with a ``reason``."""

    giver: str
    receiver: str | None
    kind: str
    when: When
    minutes: int
    note: str
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _House:
    """What every draw looks at; ``working`` gives each site's days of work, as days ago."""

    content: Content
    clocks: Mapping[str, str]
    working: Mapping[str, frozenset[int]]
    firm_of: Mapping[str, str]


def contributions(content: Content, now: datetime, seed: int = 2026) -> tuple[Contribution, ...]:
    """Return what the members gave in the six months before ``now``, oldest first.

    At most one line a member and day, on working days only, never today; all minutes are
    multiples of fifteen.
    """
    house = _House(
        content,
        clocks={site.slug: site.time_zone for site in content.sites},
        working={site.slug: _working_days(site, now) for site in content.sites},
        firm_of={email: firm.name for firm in content.firms for email, _ in firm.people},
    )
    drawn = [
        line for member in content.members for line in _Giver(house, member, seed=seed).lines()
    ]
    drawn.sort(key=lambda line: (-line.when.days_ago, line.when.at, line.giver))
    return tuple(drawn)


def _working_days(site: Site, now: datetime) -> frozenset[int]:
    """Return the days ago that were no week-end, public holiday or closure of the site."""
    today = day_zero(now, site.time_zone)
    feasts = country_holidays(site.country, subdiv=site.holiday_subdivision or None)
    closed = {
        -closure.starts_in_days - day for closure in site.closures for day in range(closure.days)
    }
    days = {ago: today - timedelta(days=ago) for ago in range(1, MONTHS * DAYS_A_MONTH + 1)}
    return frozenset(
        ago
        for ago, day in days.items()
        if day.weekday() < SATURDAY and day not in feasts and ago not in closed
    )


class _Giver:
    """Draws the lines of one member, whose luck does not depend on the others'."""

    def __init__(self, house: _House, member: Member, *, seed: int) -> None:
        self.random = Random(f"{seed} {member.email}")
        self.house = house
        self.member = member
        self.others = [
            other for other in house.content.members if other != member and other.role != "guest"
        ]
        skills = {slug for slug, _ in member.skills}
        kinds = house.content.patterns.kinds
        self.kinds = [kind for kind in kinds if not kind.needs or kind.needs & skills]

    def lines(self) -> Iterator[Contribution]:
        rhythm = self.house.content.patterns.rhythms[self.member.rhythm]
        working = self.house.working[self.member.site]
        for month in range(MONTHS):
            span = range(month * DAYS_A_MONTH + 1, (month + 1) * DAYS_A_MONTH + 1)
            open_days = [ago for ago in span if ago in working]
            there = range(rhythm.quiet_days + 1, self.member.joined_days_ago)
            days = [ago for ago in open_days if ago in there]
            share = self.random.randint(rhythm.least, rhythm.most)
            pledge = self.member.pledge_minutes * len(days) // max(len(open_days), 1)
            yield from self._month(days, pledge * share // 100)

    def _month(self, days: list[int], wanted: int) -> Iterator[Contribution]:
        self.random.shuffle(days)
        while wanted > 0 and days:
            line = self._line(days.pop())
            wanted -= line.minutes
            yield line

    def _line(self, days_ago: int) -> Contribution:
        kind = self.random.choices(self.kinds, [kind.weight for kind in self.kinds])[0]
        receiver = self._receiver(kind, days_ago)
        outcome = self._outcome(days_ago)
        reasons = self.house.content.patterns.refusals
        return Contribution(
            giver=self.member.email,
            receiver=receiver.email if receiver else None,
            kind=kind.code,
            when=When(days_ago, self._time(), self.house.clocks[self.member.site]),
            minutes=self.random.choice(kind.minutes),
            note=self._note(kind, receiver),
            outcome=outcome,
            reason=self.random.choice(reasons) if outcome == "refused" else None,
        )

    def _receiver(self, kind: Kind, days_ago: int) -> Member | None:
        if kind.receiver == "nobody":
            return None
        there = [other for other in self.others if other.joined_days_ago > days_ago]
        if kind.receiver == "newcomer":
            there = [m for m in there if m.joined_days_ago - days_ago < NEWCOMER_DAYS]
        elif kind.receiver == "firm":
            mine = self.house.firm_of.get(self.member.email)
            there = [m for m in there if self.house.firm_of.get(m.email, mine) != mine]
        near = [other for other in there if other.site == self.member.site]
        stays = self.random.random() < NEIGHBOURS
        return self.random.choice(near if stays and near else there)

    def _note(self, kind: Kind, receiver: Member | None) -> str:
        note = self.random.choice(kind.notes)
        if receiver is None:
            return note
        firm = self.house.firm_of.get(receiver.email, "")
        return note.format(name=receiver.first_name, firm=firm)

    def _outcome(self, days_ago: int) -> str:
        chance = self.random.random()
        if days_ago <= WAITING_DAYS and chance < WAITING:
            return "declared"
        return "refused" if chance > 1 - REFUSED else "confirmed"

    def _time(self) -> time:
        return time(self.random.randint(15, 18), self.random.randrange(0, 60, 5))
