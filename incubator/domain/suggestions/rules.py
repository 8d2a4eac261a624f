"""Which suggestion the first page makes today: one at most, never a third time. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# First come, first suggested: what brings questions to the right person, a first hand given, then
# what lets people recognise and meet each other.
ORDER: Final = (
    "headline",
    "offers",
    "first_answer",
    "week",
    "portrait",
    "about",
    "firm",
    "wants",
    "credit_offer",
    "credit_need",
    "circle",
    "languages",
    "links",
)
DAYS: Final = 2


class Seen(NamedTuple):
    """How a suggestion stands with a member: on how many ``days`` it was shown, the last of them.

    ``ended`` is what they want to hear no more of.
    """

    days: int
    last_on: date | None
    ended: bool


NEVER: Final = Seen(0, None, ended=False)


def candidates(seen: Mapping[str, Seen], today: date) -> tuple[str, ...]:
    """What may be suggested on a day, the first that fits before the others.

    A day has one suggestion: once it was followed or ended, nothing comes in its place. A clock
    that jumped back changes nothing.
    """
    known = {key: seen.get(key, NEVER) for key in ORDER}
    of_today = [key for key, one in known.items() if one.last_on and one.last_on >= today]
    if of_today:
        return tuple(key for key in of_today if not known[key].ended)
    return tuple(key for key, one in known.items() if one.days < DAYS and not one.ended)
