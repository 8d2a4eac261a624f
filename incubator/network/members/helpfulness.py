"""Who can help now: what counts, and how much. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from incubator.network.members.availability import AWAY, LIMITED, OPEN

RECENT = timedelta(days=31)
NOT_LONG_AGO = timedelta(days=365)
MOST_COUNTED = 5

# Points. Skill, place and confirmed help add up; availability takes its share of the whole.
PER_LEVEL = 10
HERE_AND_NEAR = 20
HERE_ELSEWHERE = 12
NEAR = 8
PER_HELP = {RECENT: 6, NOT_LONG_AGO: 3}
PER_OLD_HELP = 1
SHARE = {OPEN: 10, LIMITED: 6, AWAY: 1}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the reader may know of how somebody could help with what is looked for.

    ``level`` is their best in the skills looked for (0: none of them); ``near`` whether they
    live at the reader's site; ``here`` whether they are on site now; ``since`` how long ago
    help with these skills was last confirmed, None for never.
    """

    level: int = 0
    near: bool = False
    here: bool = False
    state: str = OPEN
    helped: int = 0
    since: timedelta | None = None


def score(facts: Facts) -> int:
    """How well somebody can help now; more of anything good is never less."""
    points = PER_LEVEL * (1 + facts.level) + _place(facts) + _help(facts)
    return points * SHARE[facts.state]


def _place(facts: Facts) -> int:
    if facts.here:
        return HERE_AND_NEAR if facts.near else HERE_ELSEWHERE
    return NEAR if facts.near else 0


def _help(facts: Facts) -> int:
    if facts.since is None:
        return 0
    worth = next((p for age, p in PER_HELP.items() if facts.since <= age), PER_OLD_HELP)
    return worth * min(facts.helped, MOST_COUNTED)


def is_recent(facts: Facts) -> bool:
    """Whether their help was confirmed within the last month."""
    return facts.since is not None and facts.since <= RECENT
