"""Rules of the welcome: kinds of tasks, whose job they are, when they are due; pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from incubator.kernel.errors import Refusal

KINDS: Final = ("charter", "portrait", "key", "tour", "first_help", "other")
OWNERS: Final = ("member", "manager", "person")
MOST_ITEMS: Final = 40
MOST_LABEL: Final = 160
MOST_DAYS: Final = 365

# The list that a site without one may begin with: kind, owner, days, French, English.
USUAL: Final = (
    ("charter", "member", 3, "Lire et signer la charte", "Read and sign the charter"),
    ("portrait", "member", 7, "Mettre un portrait à son profil", "Add a portrait to the profile"),
    ("key", "manager", 1, "Remettre la clé ou le badge", "Hand over the key or badge"),
    ("tour", "manager", 3, "Faire le tour de la maison", "Show them around the house"),
    ("first_help", "member", 30, "Donner un premier coup de main", "Give a first helping hand"),
    ("other", "manager", 60, "Prendre des nouvelles, un café à la main", "Catch up over coffee"),
)


def check_item(kind: str, owner: str, due_days: int | None) -> int:
    """The days; raise Refusal ``membership.welcome_kind``, ``_owner`` or ``_days``."""
    if kind not in KINDS:
        raise Refusal("membership.welcome_kind", field="kind")
    if owner not in OWNERS:
        raise Refusal("membership.welcome_owner", field="owner")
    if due_days is None or not 0 <= due_days <= MOST_DAYS:
        raise Refusal("membership.welcome_days", field="due_days", most=MOST_DAYS)
    return due_days


def due_on(started_on: date, due_days: int) -> date:
    """The last day on which a task is in time."""
    return started_on + timedelta(days=due_days)


def is_late(due: date, today: date, *, done: bool) -> bool:
    """Whether a task should have been done by now."""
    return not done and due < today
