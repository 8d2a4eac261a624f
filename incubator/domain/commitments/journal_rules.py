"""A period as its member reads it: lines of the ledger by what they are about; pure.

What was taken back and written anew is one entry that tells how often it changed; its minutes are
what the ledger sums to, so that page, statement and balance say the same number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

PRESENCE, HELP = "presence", "contribution"
BEGINNINGS = frozenset({"DUE", "CARRY_IN"})
# What a closing writes to hand a balance on: told apart, so that a period shows what it came to.
ENDINGS = frozenset({"CARRY_OUT", "SURPLUS", "WAIVED_DEBT", "EXIT"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the ledger holds of one subject in a period, in signed minutes.

    ``line_id`` is its last line; ``kind`` that of the lines that tell it (never REVERSAL);
    ``changes`` how many of its lines were taken back; ``total`` what everything given up to it
    comes to, None for what is owed or handed on.
    """

    line_id: int
    kind: str
    minutes: int
    day: date | None
    site_id: int | None
    source_type: str
    source_id: int | None
    firm_id: int | None
    origin_period_id: int | None
    recorded_at: datetime
    changes: int = 0
    total: int | None = None

    @property
    def place(self) -> date:
        """Where it stands among the others: what was brought along first, handed on last."""
        if self.kind in BEGINNINGS:
            return date.min
        return date.max if self.kind in ENDINGS else self.day or self.recorded_at.date()

    @property
    def shown_on(self) -> date | None:
        """The day to show: of the fact, else when it was written; none for what opens or ends."""
        return None if self.kind in BEGINNINGS | ENDINGS else self.place

    @property
    def is_given(self) -> bool:
        """Whether it tells of something given, received or made good, and not of a duty."""
        return self.kind != "DUE" and self.kind not in ENDINGS


def entries(lines: Iterable[Any]) -> list[Entry]:
    """The entries of a period, oldest first; ``lines`` are rows of the ledger by id."""
    held: dict[tuple[object, ...], list[Any]] = {}
    subjects: dict[int, tuple[object, ...]] = {}
    for line in lines:
        subject = subjects.get(line.reverses_id or 0) or subject_of(line)
        subjects[line.id] = subject
        held.setdefault(subject, []).append(line)
    made = [_entry(some) for some in held.values()]
    return _with_totals(sorted(made, key=lambda entry: (entry.place, entry.line_id)))


def subject_of(line: Any) -> tuple[object, ...]:
    """What a line is about: a day at a site, a contribution, what is owed, or itself alone."""
    if line.source_type == PRESENCE:
        return (PRESENCE, line.day, line.site_id, line.firm_id)
    if line.source_type == HELP:
        return (HELP, line.source_id)
    if line.kind == "DUE" or line.source_type == "help_cap":
        return (line.kind, line.source_type, line.firm_id)
    return (line.id,)


def _entry(lines: Sequence[Any]) -> Entry:
    told = [line for line in lines if line.kind != "REVERSAL"]
    last = (told or lines)[-1]
    return Entry(
        line_id=last.id,
        kind=last.kind,
        minutes=sum(line.minutes for line in lines),
        day=last.day,
        site_id=last.site_id,
        source_type=last.source_type,
        source_id=last.source_id,
        firm_id=last.firm_id,
        origin_period_id=last.origin_period_id,
        recorded_at=lines[-1].recorded_at,
        changes=len(lines) - len(told),
    )


def _with_totals(some: Iterable[Entry]) -> list[Entry]:
    total, made = 0, []
    for entry in some:
        total += entry.minutes if entry.is_given else 0
        made.append(replace(entry, total=total) if entry.is_given else entry)
    return made


@dataclass(frozen=True, slots=True)
class Sums:
    """A period added up, in minutes; ``owed`` is positive, ``handed_on`` leaves for the next."""

    carried: int
    owed: int
    given: int
    corrected: int
    handed_on: int

    @property
    def balance(self) -> int:
        """What the period came to before anything was handed on."""
        return self.carried + self.given + self.corrected - self.owed


def sums(some: Iterable[Entry]) -> Sums:
    """What entries come to: brought along, owed, given, made good or received, handed on."""
    by: dict[str, int] = dict.fromkeys(("carried", "owed", "given", "corrected", "handed_on"), 0)
    for entry in some:
        by[_column(entry)] += entry.minutes
    return Sums(by["carried"], -by["owed"], by["given"], by["corrected"], by["handed_on"])


def _column(entry: Entry) -> str:
    if entry.kind in ENDINGS:
        return "handed_on"
    return {"CARRY_IN": "carried", "DUE": "owed", "DONE": "given", "HELP": "given"}.get(
        entry.kind, "corrected"
    )
