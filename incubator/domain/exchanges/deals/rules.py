"""States of deals, legs and disputes, how they follow one another, and how long things wait. Pure.

The table of the design (3.3) with two things said more exactly: who wrote the last terms may word
them again without a new turn («reword»), and a deal that everybody ends after a part was accepted
is settled in part, since what was accepted stays.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime, tzinfo

Exits = dict[str, dict[str, str]]
# Where French VAT is the VAT of the land: Monaco counts as France for it.
AT_HOME: Final = frozenset({"FR", "MC"})

_OPEN: Final = {
    "bind": "signed",
    "decline": "declined",
    "expire": "expired",
    "withdraw": "withdrawn",
}
_ENDS: Final = {"part": "part_settled", "cancel": "cancelled"}
DEAL: Final[Exits] = {
    "draft": {"send": "proposed"},
    "proposed": {"counter": "countered", "reword": "proposed"} | _OPEN,
    "countered": {"counter": "proposed", "reword": "countered"} | _OPEN,
    "signed": {"start": "running", "contest": "disputed", "cancel": "cancelled"},
    "running": {"contest": "disputed", "fulfil": "fulfilled"} | _ENDS,
    "disputed": {"resume": "running"} | _ENDS,
    "fulfilled": {"settle": "settled"},
    "settled": {"close": "closed", "reopen": "fulfilled"},
    "part_settled": {},
    "cancelled": {},
    "declined": {},
    "expired": {},
    "withdrawn": {},
    "closed": {"reopen": "fulfilled"},
}
LEG: Final[Exits] = {
    "committed": {"deliver": "delivered", "miss": "contested", "release": "released"},
    "delivered": {"accept": "accepted", "contest": "contested", "release": "released"},
    "contested": {"accept": "accepted", "part": "part_accepted", "refuse": "refused"},
    "accepted": {"post": "posted", "invoice": "invoiced"},
    "part_accepted": {"post": "posted", "invoice": "invoiced"},
    "posted": {"invoice": "invoiced", "back": "accepted", "back_part": "part_accepted"},
    "invoiced": {"compensate": "compensated"},
    "compensated": {"reopen": "invoiced"},
    "refused": {},
    "released": {},
}
DISPUTE: Final[Exits] = {
    "opened": {"answer": "answered", "mediate": "mediated", "resolve": "resolved"},
    "answered": {"answer": "answered", "mediate": "mediated", "resolve": "resolved"},
    "mediated": {"mediate": "mediated", "resolve": "resolved"},
    "resolved": {},
    "withdrawn": {},
}
for _state in ("opened", "answered", "mediated"):
    DISPUTE[_state]["withdraw"] = "withdrawn"

KINDS: Final = ("swap", "ring", "credit")
MODES: Final = ("barter", "gift", "cash")
OUTCOMES: Final = ("full", "partial", "void")
DEAL_STATES: Final = tuple(DEAL)
LEG_STATES: Final = tuple(LEG)
DISPUTE_STATES: Final = tuple(DISPUTE)
# Terms may still change, and signatures are given.
TALKING: Final = ("proposed", "countered")
# Things are due from one firm to another.
BOUND: Final = ("signed", "running", "disputed")
DISPUTED: Final = ("opened", "answered", "mediated")
# Of a leg that asks something more of its firms, and of one that asks nothing more.
OPEN_LEGS: Final = ("committed", "delivered", "contested")
ENDED_LEGS: Final = tuple(state for state in LEG if state not in OPEN_LEGS)
# Of a leg that was accepted whole, however far it went since.
KEPT_LEGS: Final = ("accepted", "posted", "invoiced", "compensated")
TITLE_MOST, DETAILS_MOST, UNIT_MOST, WORDS_MOST, REF_MOST = 120, 500, 30, 1000, 80
LEGS_MOST: Final = 12
QUANTITY_MOST: Final = 1_000_000
# How long a proposal waits, and at most.
USUAL_WAIT: Final = timedelta(days=14)
LONGEST_WAIT: Final = timedelta(days=180)
# What was delivered and not contested counts as accepted after this.
REVIEW: Final = timedelta(days=3)
ANSWER_WITHIN: Final = timedelta(days=7)
RESOLVE_WITHIN: Final = timedelta(days=21)
# Without a day, what was signed should have come by so long after the last signature; its giver is
# told before.
NEVER_CAME_AFTER: Final = timedelta(days=30)
NEVER_CAME_TOLD: Final = timedelta(days=3)
# A settled deal is closed by the clock after this, or by its firms before.
CLOSES_AFTER: Final = timedelta(days=30)


def after(exits: Mapping[str, Mapping[str, str]], state: str, act: str) -> str:
    """The state that an act leads to; raise Refusal ``deals.state`` where it does not fit."""
    found = exits[state].get(act)
    if found is None:
        raise Refusal("deals.state")
    return found


def overdue(due_on: date | None, signed_at: datetime, *, zone: tzinfo, now: datetime) -> bool:
    """Whether a delivery should have come: its day is over in ``zone``, where its giver is.

    Without a day, ``NEVER_CAME_AFTER`` has gone by since the last signature.
    """
    if due_on is None:
        return now >= signed_at + NEVER_CAME_AFTER
    return now.astimezone(zone).date() > due_on


def ending(states: Iterable[str], *, soulte_open: bool) -> str | None:
    """The act that ends a deal whose legs are in these states; None while something is due.

    All accepted is «fulfil», nothing of it is «cancel», anything between is «part».
    """
    known = list(states)
    if any(state not in ENDED_LEGS for state in known):
        return None
    gone = [state in {"refused", "released"} for state in known]
    if all(gone):
        return "cancel"
    if any(gone) or "part_accepted" in known:
        return "part"
    return None if soulte_open else "fulfil"


def outcome(cents: int, ttc: int) -> tuple[str, str]:
    """What an amount agreed on a contested leg means: the outcome, and the act on the leg.

    Raise Refusal ``deals.too_much`` beyond the total of the leg.
    """
    if not 0 <= cents <= ttc:
        raise Refusal("deals.too_much", field="cents")
    if cents == ttc:
        return "full", "accept"
    return ("partial", "part") if cents else ("void", "refuse")


def words(text: str, field: str, *, most: int = WORDS_MOST) -> str:
    """What somebody says of it; raise Refusal ``deals.words`` beside ``field`` without any."""
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not 0 < len(kept) <= most:
        raise Refusal("deals.words", field=field, most=most)
    return kept


def line(text: str, most: int) -> str:
    """A text on one line, cut at its most."""
    return one_line(text.replace("\0", ""))[:most].strip()
