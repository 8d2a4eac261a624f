"""States of a round of netting, its times, and what may enter it. Pure.

```
collecting → computed ⇄ computed → previewed ⇄ previewed → consented → executed → published
collecting | computed | previewed | consented → cancelled
```
Once firms have been shown a round, computing it again only lowers what they were shown: so a
consent that was given holds, whoever refuses, pays or contests meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final, NamedTuple

from incubator.kernel.errors import Refusal

Exits = dict[str, dict[str, str]]

ROUND: Final[Exits] = {
    "collecting": {"compute": "computed", "cancel": "cancelled"},
    "computed": {"compute": "computed", "preview": "previewed", "cancel": "cancelled"},
    "previewed": {"compute": "previewed", "agree": "consented", "cancel": "cancelled"},
    "consented": {"compute": "consented", "execute": "executed", "cancel": "cancelled"},
    "executed": {"publish": "published"},
    "published": {},
    "cancelled": {},
}
STATES: Final = tuple(ROUND)
RUNNING: Final = ("collecting", "computed", "previewed", "consented")
# Shown to its firms: from here on nothing that a firm has read may rise.
SHOWN: Final = ("previewed", "consented")
DONE: Final = ("executed", "published")
PURE, CREDIT = "pure", "credit"
MODES: Final = (PURE, CREDIT)
# Why a round was computed (again).
REASONS: Final = ("first", "again", "refused", "silent", "moved")
FEWEST_DAYS, USUAL_DAYS, MOST_DAYS = 2, 7, 30
REMINDED_BEFORE: Final = timedelta(days=1)
WORDS_MOST: Final = 300
MOST_SEED: Final = 2**31


class Shown(NamedTuple):
    """What a firm reads of a round: cents it has less to pay and to receive, and its account."""

    payables: int
    receivables: int
    delta: int


def after(state: str, act: str) -> str:
    """The state that an act leads to; raise Refusal ``rounds.state`` where it does not fit."""
    found = ROUND[state].get(act)
    if found is None:
        raise Refusal("rounds.state")
    return found


def moves() -> tuple[tuple[str, str], ...]:
    """Every pair of states of which the second follows the first."""
    pairs = {(state, to) for state, acts in ROUND.items() for to in acts.values() if state != to}
    return tuple(sorted(pairs))


def days(count: int) -> int:
    """For how many days firms may answer; raise Refusal ``rounds.days`` beside the field."""
    if not FEWEST_DAYS <= count <= MOST_DAYS:
        raise Refusal("rounds.days", field="answer_days", fewest=FEWEST_DAYS, most=MOST_DAYS)
    return count


def words(typed: str, field: str) -> str:
    """What somebody says about why; raise Refusal ``rounds.words`` of nothing or too much."""
    found = typed.strip()
    if not 0 < len(found) <= WORDS_MOST:
        raise Refusal("rounds.words", field=field, most=WORDS_MOST)
    return found


def within(told: Shown, before: Shown) -> bool:
    """Whether a firm that agreed to ``before`` has agreed to this: nothing is above it."""
    low, high = min(0, before.delta), max(0, before.delta)
    return (
        told.payables <= before.payables
        and told.receivables <= before.receivables
        and low <= told.delta <= high
    )


def canonical(value: object) -> str:
    """The one way to write a value down, so that its fingerprint is always the same."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def fingerprint(value: object) -> str:
    """The SHA-256 of a value as it is written down."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
