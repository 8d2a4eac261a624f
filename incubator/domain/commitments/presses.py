"""A press of a button, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.presence_models import Presence

Way = Literal["in", "out"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A press of a button: ``uid`` is made where it was pressed, so that it counts once.

    ``occurred_at`` is what an enrolled device says; without it, it is now. ``planned_end`` is
    when they mean to leave.
    """

    uid: str
    site_id: int
    source: str
    occurred_at: datetime | None = None
    planned_end: datetime | None = None
    device_id: int | None = None
    clock_offset_s: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a punch did: its ``outcome`` as it is kept, and the session it touched, if any.

    The same for a punch that is sent again.
    """

    outcome: str
    session: Presence | None

    @property
    def by_correction(self) -> bool:
        """Whether only a correction can still count it."""
        return self.outcome in {"late", "refused"}
