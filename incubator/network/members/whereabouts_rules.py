"""Rules on saying where one is: pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LONGEST = timedelta(hours=16)
USUALLY = timedelta(hours=4)
HALF_DAYS = 14
MOST_WATCHES = 50


def stay_until(now: datetime, *, wished: datetime | None, closes: datetime | None) -> datetime:
    """Until when somebody is taken to be there: as they say, else until the door shuts.

    Without opening hours it is four hours. Raise Refusal ``presence.until`` for a wish that is
    over already or more than sixteen hours ahead.
    """
    if wished is None:
        return min(closes or now + USUALLY, now + LONGEST)
    if not now < wished <= now + LONGEST:
        raise Refusal("presence.until", field="until", most=LONGEST // timedelta(hours=1))
    return wished


def usual_mask(half_days: Iterable[int]) -> int:
    """Half-days (0 is Monday morning, 13 Sunday afternoon) as the bits of a number."""
    chosen = set(half_days)
    if not chosen <= set(range(HALF_DAYS)):
        raise Refusal("presence.usual", field="usual")
    return sum(1 << half_day for half_day in chosen)


def usual_half_days(mask: int) -> list[int]:
    """The half-days of a number, in the order of the week."""
    return [half_day for half_day in range(HALF_DAYS) if mask >> half_day & 1]
