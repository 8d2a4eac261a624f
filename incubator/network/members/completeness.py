"""What a member had best say next, and how far they are: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

# The most useful first: what brings questions, then what lets people recognise each other,
# then what makes meeting easy. Nothing that is a private matter is asked for.
STEPS = ("headline", "offers", "about", "portrait", "wants", "languages", "links")
REST = timedelta(days=30)


@dataclass(frozen=True)
class Hint:
    """The next step of a profile; ``done`` of ``total`` steps are behind."""

    step: str
    done: int
    total: int = len(STEPS)


def hint_for(said: Collection[str]) -> Hint | None:
    """The first step that is not among what was said; None when nothing is missing."""
    missing = [step for step in STEPS if step not in said]
    return Hint(missing[0], len(STEPS) - len(missing)) if missing else None


def is_resting(until: date | None, today: date) -> bool:
    """Whether the member asked not to be reminded yet."""
    return until is not None and today < until


def rest_from(today: date) -> date:
    """The day on which the hint may come back."""
    return today + REST
