"""How news about one subject gather in one row: pure."""

from __future__ import annotations

from typing import Final

# So many names are kept of a row; who reads it sees two of them and how many more.
PEOPLE_MOST: Final = 50
# What names somebody or asks something of them stays said when lesser news come after it.
WEIGHT: Final = {
    "mention": 3,
    "asked": 3,
    "called": 3,
    "accepted": 2,
    "comment_mine": 2,
    "cancelled": 2,
    "solved": 1,
}


def weightiest(old: str, new: str) -> str:
    """Which of two news a row tells: the weightier one, the newer of equals."""
    return old if WEIGHT.get(old, 0) > WEIGHT.get(new, 0) else new


def with_person(people: list[int], by: int | None) -> list[int]:
    """Who made the news, the last first, each once."""
    if by is None:
        return people
    return [by, *(each for each in people if each != by)][:PEOPLE_MOST]
