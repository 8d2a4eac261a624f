"""A leave, a transfer, an exit: their dates, their states and how they meet. Pure.

Days are those of the member's site; an end is excluded. A process that was agreed takes place
by itself on its day, however late somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAVE, TRANSFER, EXIT = KINDS = ("leave", "transfer", "exit")
STATES = ("asked", "planned", "active", "done", "cancelled")
LIVE = ("asked", "planned", "active")
ACCESS = ("alumni", "closed")
HOURS = ("pool", "lapse")
MESSAGES = ("keep", "anonymise")
# Who falls ill tells later: a leave may have begun two months ago, a move or an exit may not.
BACK = timedelta(days=62)
AHEAD = timedelta(days=730)
LONGEST_LEAVE = timedelta(days=730)
REASON_LENGTH = 300
# On one day, whoever moves has moved before they go away, and nothing follows an exit.
ORDER = {TRANSFER: 0, LEAVE: 1, EXIT: 2}

_AFTER = {
    ("asked", "agree"): "planned",
    ("asked", "refuse"): "cancelled",
    ("asked", "cancel"): "cancelled",
    ("planned", "cancel"): "cancelled",
    ("planned", "begin"): "active",
    ("planned", "finish"): "done",
    ("active", "finish"): "done",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the rules need of a process; ``ends_on`` is the first day back of a leave."""

    kind: str
    state: str
    starts_on: date
    ends_on: date | None = None

    @property
    def is_live(self) -> bool:
        """Whether it may still change something."""
        return self.state in LIVE


def after(kind: str, state: str, act: str) -> str:
    """The state that an act leads to; raise Refusal ``membership.too_late``.

    Only a leave lasts: a transfer and an exit are done on their day.
    """
    lasting = kind == LEAVE
    following = _AFTER.get((state, act))
    if following is None or (act == "begin" and not lasting):
        raise Refusal("membership.too_late")
    if act == "finish" and lasting and state != "active":
        raise Refusal("membership.too_late")
    return following


def may(kind: str, state: str, act: str) -> bool:
    """Whether an act is possible in a state."""
    try:
        after(kind, state, act)
    except Refusal:
        return False
    return True


def due(plan: Plan, today: date) -> tuple[str, ...]:
    """The acts that the calendar owes to a process today, in their order; none is owed twice."""
    if plan.kind != LEAVE:
        return ("finish",) if plan.state == "planned" and plan.starts_on <= today else ()
    acts = []
    if plan.state == "planned" and plan.starts_on <= today:
        acts.append("begin")
    if (plan.state == "active" or acts) and plan.ends_on is not None and plan.ends_on <= today:
        acts.append("finish")
    return tuple(acts)


def check_dates(kind: str, starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Raise Refusal ``membership.day_past``, ``day_far``, ``order`` or ``leave_long``."""
    earliest = today - BACK if kind == LEAVE else today
    if starts_on < earliest:
        raise Refusal("membership.day_past", field="starts_on")
    if starts_on > today + AHEAD:
        raise Refusal("membership.day_far", field="starts_on")
    if kind != LEAVE:
        return
    if ends_on is None or ends_on <= starts_on:
        raise Refusal("membership.order", field="ends_on")
    if ends_on <= today:
        raise Refusal("membership.leave_over", field="ends_on")
    if ends_on - starts_on > LONGEST_LEAVE:
        raise Refusal("membership.leave_long", field="ends_on")


def check_beside(plan: Plan, others: Iterable[Plan]) -> None:
    """Raise Refusal when a new process cannot stand beside those a member has.

    One live process of a kind (``membership.one_at_a_time``). Nothing begins on the day of an
    exit or after it (``membership.after_exit``). A leave and a transfer may cross; an exit may
    be planned beside anything: what still lives on its day ends with it (``closed_by_exit``).
    """
    for other in others:
        if not other.is_live:
            continue
        if other.kind == plan.kind:
            raise Refusal("membership.one_at_a_time")
        if other.kind == EXIT and plan.starts_on >= other.starts_on:
            raise Refusal("membership.after_exit", field="starts_on")


def closed_by_exit(plan: Plan, exit_on: date) -> Plan:
    """What becomes of a live leave or transfer on the day of an exit.

    What had not begun is cancelled; a leave that lasts is done, at the latest on that day.
    """
    if plan.state != "active":
        return Plan(
            kind=plan.kind, state="cancelled", starts_on=plan.starts_on, ends_on=plan.ends_on
        )
    last = max(plan.starts_on + timedelta(days=1), exit_on)
    ends_on = min(plan.ends_on or last, last)
    return Plan(kind=plan.kind, state="done", starts_on=plan.starts_on, ends_on=ends_on)


def check_reason(text: str, *, needed: bool = False) -> str:
    """A reason on one line; raise Refusal ``membership.reason_long`` or ``reason_needed``."""
    words = one_line(text)
    if len(words) > REASON_LENGTH:
        raise Refusal("membership.reason_long", field="reason", most=REASON_LENGTH)
    if needed and not words:
        raise Refusal("membership.reason_needed", field="reason")
    return words
