"""States of a ring, how they follow one another, and how long an idea waits. Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first «interested» opens it; the last accepts it, and it becomes a deal at once.
EXITS: Final[Mapping[str, Mapping[str, str]]] = {
    "suggested": {"open": "opened", "refuse": "refused", "lapse": "lapsed"},
    "opened": {"accept": "accepted", "refuse": "refused", "lapse": "lapsed"},
    "accepted": {"deal": "became_deal", "lapse": "lapsed"},
    "became_deal": {"refuse": "refused", "lapse": "lapsed"},
    "lapsed": {},
    "refused": {},
}
STATES: Final = tuple(EXITS)
ENDED: Final = tuple(state for state, ways in EXITS.items() if not ways)
# An idea that still waits for somebody's word.
OPEN: Final = ("suggested", "opened")
# Nobody but its own firm knows who answers what.
ASKED: Final = (*OPEN, "accepted")
SAID: Final = ("", "interested", "refused")
CAUSES: Final = ("", "time", "listing", "taken", "refused", "deal")
SMALLEST, LARGEST = 2, 4
# How long an idea waits for the word of all.
LASTS: Final = timedelta(days=7)
# How many ideas a firm has before it at once.
AT_ONCE: Final = 3
# A firm hears by letter of one new idea in this time.
LETTER_EVERY: Final = timedelta(hours=24)
REASON_MOST: Final = 300


def after(state: str, act: str) -> str:
    """The state that an act leads to; raise Refusal ``rings.state`` where it does not fit."""
    found = EXITS[state].get(act)
    if found is None:
        raise Refusal("rings.state")
    return found


def reason(text: str) -> str:
    """Why not, as it is kept; raise Refusal ``rings.reason`` of too much. None is needed."""
    kept = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(kept) > REASON_MOST:
        raise Refusal("rings.reason", field="reason", most=REASON_MOST)
    return kept


def hash_of(inputs: Any) -> str:
    """The name of a ring by what it was made of: the same inputs are suggested once, ever."""
    canonical = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
