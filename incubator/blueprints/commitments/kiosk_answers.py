"""What the screen of a site says to whoever pressed: a first name and what is left, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from incubator.blueprints.commitments.presence_forms import half_hours
from incubator.domain.commitments import presence_answers, presence_queries, queries, rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.edge.clock import now
from incubator.edge.formats import clock
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from incubator.domain.commitments.presses import Answer, Way

ASKED = 8


def greeting(member_id: int, answer: Answer, way: Way) -> dict[str, Any]:
    """Title and line of an answer, and its ``outcome`` as the punch keeps it."""
    names = presence_queries.name_of(member_id).split()
    first = names[0] if names else ""
    if answer.session is None:
        return {"outcome": answer.outcome, "title": _unnoted(answer, way), "more": ""}
    if way == "in":
        return {
            "outcome": answer.outcome,
            "title": _welcome(first),
            "more": _left(member_id, answer),
            "ask": leaving_times(member_id, answer),
        }
    return {"outcome": answer.outcome, "title": _goodbye(first), "more": _stayed(answer)}


def leaving_times(member_id: int, answer: Answer) -> list[dict[str, str]]:
    """The times to choose from when somebody forgot so often that the screen asks; else none."""
    session = answer.session
    if session is None or session.ended_at is not None or session.planned_end_at is not None:
        return []
    site = changes.site_of(session.site_id)
    span = queries.month(member_id, changes.day_at(site, now())).span
    if not presence_answers.asks_leaving_time(member_id, span):
        return []
    coming = half_hours(now(), ends.stays_until(session, site))[1 : 2 * ASKED : 2]
    return [{"at": each.isoformat(), "label": clock(each, site.time_zone)} for each in coming]


def _welcome(first: str) -> str:
    return _("Welcome, %(name)s", name=first)


def _goodbye(first: str) -> str:
    return _("Goodbye, %(name)s", name=first)


def _unnoted(answer: Answer, way: Way) -> str:
    if answer.outcome == "refused":
        return _("The site is closed today: nothing was counted.")
    if answer.outcome == "ahead":
        return _("The clock of this screen is wrong: tell the people of the site.")
    if answer.outcome == "late":
        return _("Too long ago to be counted by itself: say so under My hours.")
    return _("You were not checked in.") if way == "out" else _("Nothing was noted.")


def _left(member_id: int, answer: Answer) -> str:
    """What the month still asks for."""
    site = changes.site_of(answer.session.site_id) if answer.session else None
    today = changes.day_at(site, now()) if site else now().date()
    month = queries.month(member_id, today)
    look = rules.outlook(
        month.span,
        today=today,
        owed=month.owed,
        done=month.given,
        waiting=month.waiting,
    )
    if look.state == "none":
        return _("Good to see you.")
    if not look.left:
        return _("Your month is held. Thank you!")
    return _("%(hours)s left this month", hours=format_minutes(look.left))


def _stayed(answer: Answer) -> str:
    session = answer.session
    if session is None or session.ended_at is None:
        return ""
    if session.state == "void":
        return _("So short a stay counts nothing.")
    minutes = int((session.ended_at - session.started_at).total_seconds()) // 60
    zone = changes.site_of(session.site_id).time_zone
    spent, since = format_minutes(minutes), clock(session.started_at, zone)
    return _("%(hours)s, since %(clock)s", hours=spent, clock=since)
