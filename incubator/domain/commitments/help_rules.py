"""What help adds to the promise, so that no minute counts twice; and rings of friends; pure.

Help is always on the map of who gave what to whom. Towards the promise it adds only what lies
outside counted presence: exactly, when it has a start and an end; else the presence of its day is
taken off (not for help given online). Given all facts of a member's period, the answer is the same
in whatever order they are told, so that the ledger's writer may compare and write the difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incubator.domain.commitments.presence_rules import Part

MINUTE = timedelta(minutes=1)
FULL = 100  # percent
NO_TIME = timedelta()

Inside = Literal["outside", "extra"]
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of giving time: what percentage counts, and at most how many minutes a period."""

    code: str
    counts_pct: int = FULL
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """Confirmed help; ``start`` and ``end`` are both known or both None."""

    id: int
    kind: str
    day: date
    minutes: int
    start: datetime | None = None
    end: datetime | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """A member's presence in and around a period: no instant twice, and whole minutes per day."""

    intervals: tuple[Interval, ...] = ()
    minutes: Mapping[date, int] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Presence:
        """From the parts of counted sessions; a minute begun is one, so that none counts twice."""
        held = tuple(parts)
        sums: dict[date, timedelta] = defaultdict(timedelta)
        for part in held:
            sums[part.day] += part.length
        minutes = {day: -(-length // MINUTE) for day, length in sums.items()}
        return cls(tuple((part.start, part.end) for part in held), minutes)


@dataclass(frozen=True, slots=True)
class HelpTerms:
    """How help counts: inside presence or only outside, and up to what share of the due.

    At 100 percent there is no cap: the whole promise may be kept by help, and more is credit.
    Presence and help of a day are at most ``max_day`` minutes.
    """

    inside: Inside = "outside"
    cap_pct: int = FULL
    max_day: int = 1440


@dataclass(frozen=True, slots=True)
class Line:
    """What one fact adds: minutes outside presence, then by percentage, then under its cap."""

    help_id: int
    kind: str
    day: date
    given: int
    outside: int
    counted: int


@dataclass(frozen=True, slots=True)
class HelpCount:
    """What a period's help adds to the promise: the lines less ``trimmed``, the sum's own cap."""

    lines: tuple[Line, ...]
    trimmed: int

    @property
    def total(self) -> int:
        """The minutes that count."""
        return sum(line.counted for line in self.lines) - self.trimmed


def count(
    facts: Iterable[Help],
    presence: Presence,
    *,
    kinds: Mapping[str, Kind],
    terms: HelpTerms,
    due: int,
) -> HelpCount:
    """What all confirmed help of a member's period adds, line by line, and what the cap takes.

    ``due`` are the minutes owed for the period; who owes nothing has no cap to keep.
    """
    around = presence if terms.inside == "outside" else Presence()
    ordered = sorted(facts, key=lambda one: (one.day, one.id))
    outside = _within_days(ordered, _outside(ordered, around), around, most=terms.max_day)
    lines = _lines(ordered, outside, kinds)
    most = due * terms.cap_pct // FULL
    capped = due > 0 and terms.cap_pct < FULL
    total = sum(line.counted for line in lines)
    return HelpCount(tuple(lines), max(0, total - most) if capped else 0)


def _lines(
    facts: Iterable[Help], outside: Mapping[int, int], kinds: Mapping[str, Kind]
) -> list[Line]:
    """Percentage and cap of each kind; where a cap is reached, the later help counts less."""
    room = {code: kind.cap for code, kind in kinds.items()}
    lines = []
    for one in facts:
        counted = outside[one.id] * kinds[one.kind].counts_pct // FULL
        left = room[one.kind]
        if left is not None:
            counted = min(counted, left)
            room[one.kind] = left - counted
        lines.append(Line(one.id, one.kind, one.day, one.minutes, outside[one.id], counted))
    return lines


def _within_days(
    facts: Iterable[Help], outside: Mapping[int, int], presence: Presence, *, most: int
) -> dict[int, int]:
    """The same minutes, as many as a day has beside presence."""
    left: dict[date, int] = {}
    cut = {}
    for one in facts:
        room = left.get(one.day, max(0, most - presence.minutes.get(one.day, 0)))
        cut[one.id] = min(outside[one.id], room)
        left[one.day] = room - cut[one.id]
    return cut


def _outside(facts: Sequence[Help], presence: Presence) -> dict[int, int]:
    """Minutes of each fact outside presence, and outside help that began before."""
    outside, used = _timed(facts, presence)
    left: dict[date, int] = {}
    for one in facts:
        if one.id in outside:
            continue
        if one.online:
            outside[one.id] = one.minutes
            continue
        # Help without hours may have been given while present: the day's presence is taken off
        # once, first from what was declared first, less what help with hours has taken of it.
        hidden = left.get(one.day, max(0, presence.minutes.get(one.day, 0) - used[one.day]))
        outside[one.id] = max(0, one.minutes - hidden)
        left[one.day] = max(0, hidden - one.minutes)
    return outside


def _timed(facts: Sequence[Help], presence: Presence) -> tuple[dict[int, int], dict[date, int]]:
    """Of help with hours: minutes outside by fact, and minutes inside presence by day."""
    timed = [(f.start, f.end, f) for f in facts if f.start is not None and f.end is not None]
    outside: dict[int, int] = {}
    used: dict[date, int] = defaultdict(int)
    seen: datetime | None = None
    for start, end, one in sorted(timed, key=lambda item: (item[0], item[2].id)):
        first = start if seen is None else max(start, seen)
        free = max(NO_TIME, end - first)
        inside = sum((_shared((first, end), held) for held in presence.intervals), NO_TIME)
        outside[one.id] = min(one.minutes, (free - inside) // MINUTE)
        used[one.day] += inside // MINUTE
        seen = end if seen is None else max(seen, end)
    return outside, used


def _shared(one: Interval, other: Interval) -> timedelta:
    return max(NO_TIME, min(one[1], other[1]) - max(one[0], other[0]))


@dataclass(frozen=True, slots=True)
class Ring:
    """Two or three people who confirm one another's hours: the weakest link, and all of it."""

    members: tuple[int, ...]
    weakest: int
    minutes: int


def rings(given: Iterable[tuple[int, int, int]], *, threshold: int) -> list[Ring]:
    """Closed rings in (giver, receiver, minutes) of a window, each link at least ``threshold``.

    To look at, not to judge: three who all help each other are three pairs and one ring, which is
    told once, by the stronger of its two directions. The strongest first.
    """
    links: dict[tuple[int, int], int] = defaultdict(int)
    for giver, receiver, minutes in given:
        links[giver, receiver] += minutes
    strong = {pair: m for pair, m in links.items() if m >= threshold and pair[0] != pair[1]}
    after: dict[int, set[int]] = defaultdict(set)
    for giver, receiver in strong:
        after[giver].add(receiver)
    found: dict[tuple[int, ...], Ring] = {}
    for circle in _circles(after):
        ring = _ring(circle, strong)
        known = found.get(ring.members)
        if known is None or known.weakest < ring.weakest:
            found[ring.members] = ring
    return sorted(found.values(), key=lambda ring: (-ring.weakest, ring.members))


def _circles(after: Mapping[int, set[int]]) -> Iterable[tuple[int, ...]]:
    """Every circle of two or three, once, beginning with its smallest number."""
    for first, seconds in after.items():
        for second in seconds:
            if second < first:
                continue
            onward = after.get(second, set())
            if first in onward:
                yield first, second
            yield from (
                (first, second, third)
                for third in onward
                if third > first and first in after.get(third, ())
            )


def _ring(circle: tuple[int, ...], links: Mapping[tuple[int, int], int]) -> Ring:
    weights = [links[pair] for pair in zip(circle, (*circle[1:], circle[0]), strict=True)]
    return Ring(tuple(sorted(circle)), min(weights), sum(weights))
