"""What a manager plans, checked: a duty of one day, or one that recurs; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incubator.domain.commitments.slot_rules import MOST_WEEKS, Series, Weekly
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

LONGEST_TITLE, LONGEST_NOTE = 80, 300
DAY = 1440  # minutes
SHORTEST = 5  # minutes
MOST_PEOPLE = 500
MOST_NOTICE = 24 * 14  # hours


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a duty is: minutes after local midnight, minutes long, for how many, told when."""

    title: str
    local_start: int
    duration: int
    note: str = ""
    skill_id: int | None = None
    capacity_min: int = 1
    capacity_max: int = 1
    notice_hours: int = 24

    def check(self) -> None:
        """Raise Refusal for words too long or missing, and for impossible numbers."""
        if not self.title.strip():
            raise Refusal("commitments.slot_title", field="title")
        for name, text, most in (
            ("title", self.title, LONGEST_TITLE),
            ("note", self.note, LONGEST_NOTE),
        ):
            if len(text.strip()) > most:
                raise Refusal("commitments.text_too_long", field=name, most=most)
        if not 0 <= self.local_start < DAY:
            raise Refusal("commitments.slot_start", field="start")
        if not SHORTEST <= self.duration <= DAY:
            raise Refusal("commitments.slot_duration", field="duration", least=SHORTEST)
        if not 0 <= self.capacity_min <= self.capacity_max or not (
            1 <= self.capacity_max <= MOST_PEOPLE
        ):
            raise Refusal("commitments.slot_capacity", field="capacity_max", most=MOST_PEOPLE)
        if not 0 <= self.notice_hours <= MOST_NOTICE:
            raise Refusal("commitments.slot_notice", field="notice_hours", most=MOST_NOTICE)

    @property
    def shared(self) -> dict[str, Any]:
        """What a slot and its series say in the same words."""
        return {
            "title": self.title.strip(),
            "note": self.note.strip(),
            "skill_id": self.skill_id,
            "capacity_min": self.capacity_min,
            "capacity_max": self.capacity_max,
            "notice_hours": self.notice_hours,
        }


@dataclass(frozen=True, kw_only=True)
class DayPlan(Plan):
    """A duty of one local day."""

    day: date

    def recurring(self, zone: str) -> Series:
        """The same as a series of that one day, so that its hours are reckoned the same way."""
        weekly = Weekly(frozenset({self.day.weekday()}))
        return Series(weekly, zone, self.local_start, self.duration, self.day)


@dataclass(frozen=True, kw_only=True)
class SeriesPlan(Plan):
    """A duty on some weekdays every so many weeks; ``valid_to`` is the first day without."""

    weekdays: frozenset[int]
    valid_from: date
    every: int = 1
    valid_to: date | None = None

    def check(self) -> None:
        """Raise Refusal as every plan does, and for no day, a rhythm too slow or a wrong end."""
        super().check()
        if not self.weekdays:
            raise Refusal("commitments.slot_weekdays", field="weekdays")
        if not 1 <= self.every <= MOST_WEEKS:
            raise Refusal("commitments.slot_every", field="every", most=MOST_WEEKS)
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Refusal("commitments.slot_dates", field="last_day")

    @property
    def stored(self) -> dict[str, Any]:
        """The columns of its row."""
        return self.shared | {
            "rrule": Weekly(self.weekdays, self.every).rrule,
            "local_start": self.local_start,
            "duration": self.duration,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
