"""Writes every event into the log, in the transaction that caused it."""

from __future__ import annotations

import re
from dataclasses import fields

from incubator.kernel.db import insert_late, utcnow
from incubator.kernel.events import Event, joins
from incubator.reactions.audit.models import AuditEntry
from incubator.reactions.audit.own_lines import tell
from incubator.reactions.audit.own_rules import Act

OWN_COLUMNS = frozenset({"actor_id", "site_id", "member_id"})
# What somebody has read or finds useful is nobody's business, and would fill the log with nothing
# else; neither is who talks with whom, nor who would not help. What is said in a room stands in
# the room's own log. Who reports a post is for those who decide about it, and its author may read
# the log. Who is
# where is theirs to show or not, and managers read the log: punches have a record of their own.
UNWRITTEN = frozenset(
    {
        "marker_moved",
        "message_sent",
        "message_changed",
        "members_called",
        "call_withdrawn",
        "vote_given",
        "vote_taken_back",
        "checked_in",
        "checked_out",
        "stay_announced",
        "session_presumed",
        "half_time_come",
        "statement_ready",
        "desk_waits",
        "punch_kept",
        "direct_opened",
        "group_opened",
        "rooms_rearranged",
        "member_arrived",
        "member_departed",
        "thread_news",
        "request_told",
        "request_settled",
        "post_reported",
        "message_reported",
        "reports_answered",
        "room_reports_answered",
        "notifications_moved",
        "listing_ending",
        "search_found",
        "ring_suggested",
        "session_followed",
    }
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def subscribe() -> None:
    """Hear everything."""
    joins(Event, note)


def action_of(kind: type[Event]) -> str:
    """The name of an event in the log: ``HoursDeclared`` is «hours_declared»."""
    return _HUMP.sub("_", kind.__name__).lower()


def note(event: Event) -> None:
    """One line for one event, without secret fields, and one in each timeline it concerns."""
    action = action_of(type(event))
    if action in UNWRITTEN or getattr(event, "private", False):
        return
    data = {
        field.name: _plain(getattr(event, field.name))
        for field in fields(event)
        if field.name not in OWN_COLUMNS and not field.metadata.get("secret")
    }
    at, act = utcnow(), Act(action, event.actor_id, getattr(event, "member_id", None), data)
    insert_late(
        AuditEntry,
        at=at,
        action=action,
        actor_id=act.actor_id,
        site_id=event.site_id,
        member_id=act.member_id,
        data=data,
    )
    tell(act, at)


def _plain(value: object) -> object:
    """What JSON can hold; dates and the like as text, lists as lists."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
