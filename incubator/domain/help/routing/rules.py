"""Who is asked first, and why: pure.

Points for skills, place and help that others confirmed add up; language, availability and what
somebody is asked already take their share of the whole. Every number is small and written here, so
that whoever is asked can be told in words why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from incubator.network.members.availability import AWAY, LIMITED, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence
# How what somebody offers relates to what is asked for: the same skill, one that belongs to it,
# the family it belongs to, or one that the question names without asking for it.
SAME, BELOW, ABOVE, NAMED = RELATIONS = ("same", "below", "above", "named")

RECENT: Final = timedelta(days=31)
NOT_LONG_AGO: Final = timedelta(days=365)
MOST_COUNTED: Final = 5
# Points by level: helped without saying so, learning, at ease, expert.
LEVELS: Final = (12, 12, 24, 36)
PER_HELP: Final = {RECENT: 6, NOT_LONG_AGO: 3}
PER_OLD_HELP: Final = 1
SAME_SITE: Final = 8
SAME_COUNTRY: Final = 4
ON_SITE_NOW: Final = 3
# Shares in tenths.
RELATED: Final = {SAME: 10, BELOW: 7, ABOVE: 6, NAMED: 5}
AVAILABLE: Final = {OPEN: 10, LIMITED: 6, AWAY: 0}
OTHER_LANGUAGE: Final = 4
ASLEEP: Final = 8
WEEK: Final = timedelta(days=7)

Reason = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A skill that somebody offers (``skill_id``) and what it answers of a question (``asked_id``).

    ``level`` is 1 to 3, or 0 for help that was confirmed with a skill they do not offer;
    ``helped`` is how often, ``since`` how long ago last.
    """

    skill_id: int
    asked_id: int
    level: int
    relation: str = SAME
    helped: int = 0
    since: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of somebody who could help with a question.

    ``site`` and ``country``: whether they live where it was asked; ``here``: whether they are on
    site now; ``awake``: whether a letter could go now; ``speaks``: whether its language is theirs;
    ``open``: how many questions of the last week wait for them.
    """

    matches: tuple[Match, ...] = ()
    site: bool = False
    country: bool = False
    here: bool = False
    awake: bool = True
    speaks: bool = True
    state: str = OPEN
    open: int = 0


def best(matches: Sequence[Match]) -> list[Match]:
    """For each skill asked for, the match that is worth most; the best first."""
    chosen: dict[int, Match] = {}
    for each in sorted(matches, key=lambda match: (-worth(match), match.skill_id)):
        chosen.setdefault(each.asked_id, each)
    return list(chosen.values())


def worth(match: Match) -> int:
    """What a match is worth, in points."""
    points = LEVELS[match.level] + _confirmed(match)
    return points * RELATED[match.relation] // 10


def _confirmed(match: Match) -> int:
    if match.since is None:
        return 0
    each = next((points for age, points in PER_HELP.items() if match.since <= age), PER_OLD_HELP)
    return each * min(match.helped, MOST_COUNTED)


def score(facts: Facts) -> int:
    """How soon somebody is asked; nothing good makes it less, nothing at all without a match."""
    skills = sum(worth(match) for match in best(facts.matches))
    if not skills:
        return 0
    place = SAME_SITE if facts.site else SAME_COUNTRY if facts.country else 0
    points = (skills + place + (ON_SITE_NOW if facts.here else 0)) * AVAILABLE[facts.state]
    points *= 10 if facts.speaks else OTHER_LANGUAGE
    points *= 10 if facts.awake else ASLEEP
    return points * 2 // (2 + facts.open)


def reasons(facts: Facts) -> list[Reason]:
    """Why somebody is asked, as codes and numbers; the page has the words."""
    told: list[Reason] = []
    for match in best(facts.matches):
        told.append(_offered(match))
        if match.helped and match.level:
            told.append({"code": "helped", "skill": match.skill_id, "times": match.helped})
    if facts.site:
        told.append({"code": "site"})
    if facts.here:
        told.append({"code": "here"})
    return told


def _offered(match: Match) -> Reason:
    if not match.level:
        return {"code": "helped", "skill": match.skill_id, "times": match.helped}
    said: Reason = {"code": "offers", "skill": match.skill_id, "level": match.level}
    if match.relation in {BELOW, ABOVE}:
        return said | {"code": "close", "asked": match.asked_id}
    return said | {"code": "named"} if match.relation == NAMED else said


def turn(question_id: int, member_id: int) -> int:
    """Breaks ties otherwise for each question, so that the same people are not always first."""
    return crc32(f"{question_id}:{member_id}".encode())
