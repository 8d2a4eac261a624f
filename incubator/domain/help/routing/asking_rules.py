"""How often a member wants to be asked: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

USUAL_CAP: Final = 3
CAP_MOST: Final = 10
# Nobody plans further: a later date is a slip of the keyboard.
FURTHEST: Final = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Wishes:
    """At most ``weekly_cap`` questions in seven days; none while ``paused``.

    ``paused_until`` is the last day of the pause, None until further notice.
    """

    weekly_cap: int = USUAL_CAP
    paused: bool = False
    paused_until: date | None = None

    def pauses(self, today: date) -> bool:
        """Whether the pause holds on a day: it ends by itself after its last one."""
        return self.paused and (self.paused_until is None or self.paused_until >= today)

    def welcomes(self, asked: int, today: date) -> bool:
        """Whether one more question may come after ``asked`` of the last seven days."""
        return asked < self.weekly_cap and not self.pauses(today)


def check(wishes: Wishes, today: date) -> Wishes:
    """What may be stored; who does not pause has no end of it.

    Raise Refusal ``help.cap``, ``help.pause_past`` or ``help.pause_far``.
    """
    if not 0 <= wishes.weekly_cap <= CAP_MOST:
        raise Refusal("help.cap", field="weekly_cap", most=CAP_MOST)
    if not wishes.paused:
        return Wishes(wishes.weekly_cap)
    if wishes.paused_until is not None and wishes.paused_until < today:
        raise Refusal("help.pause_past", field="paused_until")
    if wishes.paused_until is not None and wishes.paused_until > today + FURTHEST:
        raise Refusal("help.pause_far", field="paused_until")
    return wishes
