"""What is owed for a period: promises less reliefs, day by day, rounded half up once; pure.

``due = Σ pledge(d) × (100 − relief(d)) / 100 × asked(d) / Σ open(d)`` over the days of the period.
On the basis of calendar days each day is open; on that of open days, those on which the home
site of that day opens. A closure that lowers the due takes its days out of what is asked, one that
does not leaves the whole to the other days. Minutes are whole, fractions exact until the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from operator import and_
from typing import TYPE_CHECKING, Literal

from incubator.domain.commitments.rules import FOREVER, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Basis = Literal["calendar_days", "open_days"]
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class HomePledge:
    """Minutes per period promised between two days, and the home site of those days."""

    minutes: int
    site_id: int | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """A share of what is owed, in percent, taken off between two days."""

    pct: int
    starts_on: date
    ends_on: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which a site (None: every site) does not open, and whether they are owed."""

    starts_on: date
    ends_on: date
    site_id: int | None = None
    lowers_due: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """Of a site in a period, day by day: which are open, and which a closure takes off the due.

    Made once per site and period, used for all its members.
    """

    open: tuple[bool, ...]
    lowered: tuple[bool, ...]
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a period on which nothing changes; ``exact`` minutes are owed for them."""

    span: Span
    pledge: int
    site_id: int | None
    relief_pct: int
    relief_ids: tuple[int, ...]
    open_days: int
    asked_days: int
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Due:
    """Minutes owed for a period, with the days, promises, reliefs and closures that make them."""

    minutes: int
    basis: Basis
    open_days: int
    stretches: tuple[Stretch, ...]
    closures: tuple[Closure, ...]

    @property
    def explanation(self) -> dict[str, object]:
        """The same as plain data for the obligation's JSON; days as ISO texts, minutes exact."""
        return {
            "minutes": self.minutes,
            "basis": self.basis,
            "open_days": self.open_days,
            "stretches": [_told(one) for one in self.stretches],
            "closures": [
                {
                    "id": one.id,
                    "from": one.starts_on.isoformat(),
                    "to": one.ends_on.isoformat(),
                    "lowers_due": one.lowers_due,
                }
                for one in self.closures
            ],
        }


def _told(stretch: Stretch) -> dict[str, object]:
    return {
        "from": stretch.span.starts_on.isoformat(),
        "to": stretch.span.ends_on.isoformat(),
        "days": stretch.span.days,
        "open_days": stretch.open_days,
        "asked_days": stretch.asked_days,
        "pledge": stretch.pledge,
        "site": stretch.site_id,
        "relief_pct": stretch.relief_pct,
        "reliefs": list(stretch.relief_ids),
        "exact": str(stretch.exact),
    }


def calendar(
    span: Span,
    *,
    site_id: int | None = None,
    basis: Basis = "calendar_days",
    opens: Callable[[date], bool] | None = None,
    closures: Iterable[Closure] = (),
) -> Calendar:
    """The days of a site in a period; ``opens`` tells its weekly hours (None: every day)."""
    held = tuple(
        one
        for one in closures
        if one.site_id in {None, site_id} and span.shared(one.starts_on, one.ends_on)
    )
    days = [span.starts_on + timedelta(days=number) for number in range(span.days)]
    lowered = tuple(_shut(day, held, lowering=True) for day in days)
    if basis == "calendar_days":
        return Calendar((True,) * span.days, lowered, tuple(c for c in held if c.lowers_due))
    opened = tuple(
        (opens is None or opens(day)) and not _shut(day, held, lowering=False) for day in days
    )
    return Calendar(opened, lowered, held)


def _shut(day: date, closures: Iterable[Closure], *, lowering: bool) -> bool:
    return any(c.lowers_due is lowering and c.starts_on <= day < c.ends_on for c in closures)


def due(
    span: Span,
    pledges: Iterable[HomePledge],
    *,
    reliefs: Sequence[Relief] = (),
    calendars: Mapping[int | None, Calendar] | None = None,
    basis: Basis = "calendar_days",
    since: date | None = None,
    until: date | None = None,
) -> Due:
    """What a holder owes for a period, however long it is; a site without a calendar opens daily.

    Nothing is owed before ``since`` nor from ``until`` on (joined, left). Where no day at all is
    open, each is: a promise is not forgiven by a shut door that lowers nothing.
    """
    promised = _promised(span, pledges, since=since, until=until)
    if not promised:
        return Due(0, basis, 0, (), ())
    made = calendars or {}
    used = {p.site_id: made.get(p.site_id) or calendar(span) for p in promised}
    stretches = _stretches(span, _pieces(span, promised, reliefs), used)
    exact = sum((one.exact for one in stretches), Fraction(0))
    closures = {one.id: one for site in used.values() for one in site.closures}
    return Due(
        minutes=math.floor(exact + HALF),
        basis=basis,
        open_days=sum(one.open_days for one in stretches),
        stretches=stretches,
        closures=tuple(sorted(closures.values(), key=lambda one: (one.starts_on, one.id))),
    )


def _promised(
    span: Span, pledges: Iterable[HomePledge], *, since: date | None, until: date | None
) -> list[HomePledge]:
    """The promises that have days in the period, cut to them, the earliest first."""
    first, end = max(span.starts_on, since or date.min), min(span.ends_on, until or FOREVER)
    cut = (
        replace(one, valid_from=max(one.valid_from, first), valid_to=min(one.valid_to or end, end))
        for one in pledges
    )
    kept = (one for one in cut if one.valid_to and one.valid_from < one.valid_to)
    return sorted(kept, key=lambda one: one.valid_from)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Days between two changes: what is promised then, where one is at home, what is relieved."""

    span: Span
    pledge: int
    site_id: int | None
    reliefs: tuple[Relief, ...]


def _pieces(span: Span, promised: Sequence[HomePledge], reliefs: Sequence[Relief]) -> list[_Piece]:
    turns = {day for one in promised for day in (one.valid_from, one.valid_to)}
    turns |= {day for one in reliefs for day in (one.starts_on, one.ends_on)}
    inside = {day for day in turns if day and span.starts_on < day < span.ends_on}
    pieces = []
    for ends in pairwise(sorted({span.starts_on, span.ends_on} | inside)):
        here = Span(*ends)
        held = [one for one in promised if here.shared(one.valid_from, one.valid_to)]
        # Days without a promise are weighed where the next one, or else the last, is at home.
        after = [one for one in promised if one.valid_from >= here.ends_on]
        home = (held[-1:] or after[:1] or promised[-1:])[0].site_id
        off = tuple(one for one in reliefs if here.shared(one.starts_on, one.ends_on))
        pieces.append(_Piece(here, sum(one.minutes for one in held), home, off))
    return pieces


def _stretches(
    span: Span, pieces: Sequence[_Piece], calendars: Mapping[int | None, Calendar]
) -> tuple[Stretch, ...]:
    """The pieces with their open days, and their share of the period's."""
    opened, asked = [], []
    for piece in pieces:
        site, first = calendars[piece.site_id], (piece.span.starts_on - span.starts_on).days
        days = slice(first, first + piece.span.days)
        opened.append(site.open[days])
        asked.append([not lowered for lowered in site.lowered[days]])
    if not any(any(some) for some in opened):
        opened = [(True,) * piece.span.days for piece in pieces]
    total = sum(sum(some) for some in opened)
    return tuple(
        _stretch(piece, sum(o), sum(map(and_, o, a)), total=total)
        for piece, o, a in zip(pieces, opened, asked, strict=True)
    )


def _stretch(piece: _Piece, open_days: int, asked_days: int, *, total: int) -> Stretch:
    # Reliefs that overlap do not add up: the greatest holds.
    relieved = max((one.pct for one in piece.reliefs), default=0)
    return Stretch(
        span=piece.span,
        pledge=piece.pledge,
        site_id=piece.site_id,
        relief_pct=relieved,
        relief_ids=tuple(one.id for one in piece.reliefs),
        open_days=open_days,
        asked_days=asked_days,
        exact=Fraction(piece.pledge * (100 - relieved) * asked_days, 100 * total),
    )
