"""Which one sentence the first page says: what its parts know goes in, one saying comes out.

Pure: the same facts at the same instant give the same saying. The words are of the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SOON = timedelta(minutes=90)
END_OF_MONTH = 10  # days
FRESH = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that a part of the page knows and that may be the sentence of the day.

    ``count`` is how many there are, ``name`` the first person, ``title`` the first thing,
    ``address`` where it is dealt with. ``at`` to ``until`` is when it takes place; ``minutes``
    how much is meant, ``days`` how many are left for it.
    """

    key: str
    count: int = 1
    name: str = ""
    title: str = ""
    address: str = ""
    at: datetime | None = None
    until: datetime | None = None
    minutes: int = 0
    days: int = 0


class Saying(NamedTuple):
    """The rule that won and the fact that it is about."""

    rule: str
    fact: Fact


class Rule(NamedTuple):
    """A possible saying: of which facts, and when it holds for one of them."""

    name: str
    about: str
    holds: Callable[[Fact, datetime], bool]


def always(_fact: Fact, _now: datetime) -> bool:
    """Whenever there is such a fact."""
    return True


def due_soon(fact: Fact, now: datetime) -> bool:
    """It begins within an hour and a half."""
    return fact.at is not None and now < fact.at <= now + SOON


def under_way(fact: Fact, now: datetime) -> bool:
    """It has begun and is not over."""
    return fact.at is not None and fact.until is not None and fact.at <= now < fact.until


def later(fact: Fact, now: datetime) -> bool:
    """It is still to come."""
    return fact.at is not None and fact.at > now


def pressing(fact: Fact, _now: datetime) -> bool:
    """Hours are missing and the month has ten days left, or fewer."""
    return fact.minutes > 0 and fact.days <= END_OF_MONTH


def fresh(fact: Fact, now: datetime) -> bool:
    """It happened in the last two weeks."""
    return fact.at is not None and now - FRESH <= fact.at <= now


# First come, first said: what cannot wait, whom one keeps waiting, what one owes, what is for
# oneself, then what may be done for others.
RULES = (
    Rule("due", "duty", due_soon),
    Rule("on_duty", "duty", under_way),
    Rule("charter", "charter", always),
    Rule("stuck", "stuck", always),
    Rule("confirm", "confirm", always),
    Rule("asked", "asked", always),
    Rule("deal", "deal", always),
    Rule("uncovered", "uncovered", later),
    Rule("forgotten", "forgotten", always),
    Rule("behind", "behind", pressing),
    Rule("answered", "answered", fresh),
    Rule("steer", "steer", always),
    Rule("duty", "duty", later),
    Rule("unread", "unread", always),
    Rule("wanted", "wanted", always),
    Rule("newcomer", "newcomer", fresh),
)


def chosen(facts: Iterable[Fact], now: datetime) -> Saying | None:
    """The first rule that holds, with the earliest fact it holds for; None: a kind word."""
    known = sorted(facts, key=lambda fact: (fact.at is None, fact.at or now))
    for rule in RULES:
        for fact in known:
            if fact.key == rule.about and rule.holds(fact, now):
                return Saying(rule.name, fact)
    return None
