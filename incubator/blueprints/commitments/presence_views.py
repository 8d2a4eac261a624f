"""Coming and going by the button."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from incubator.blueprints.commitments import presence_words
from incubator.blueprints.commitments.presence_forms import LeavingForm
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import checkin_rules, presence, presence_answers, rules
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_ends as ends
from incubator.domain.commitments import presence_queries as queries
from incubator.domain.commitments.presses import Press
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.formats import clock
from incubator.edge.forms import act
from incubator.edge.pages import back_or, redirect_to, toast
from incubator.kernel.keyset import Cursor
from incubator.network.members import audiences
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.presence_models import Presence
    from incubator.domain.commitments.presses import Answer
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site


def words() -> dict[str, Any]:
    """Words that the pages of presence use."""
    return {
        "session_states": presence_words.STATES,
        "span_of": presence_words.span_of,
        "minutes_of": presence_words.minutes_of,
        "flags_of": presence_words.flags_of,
    }


def own(reader: Actor) -> dict[str, Any]:
    """One's open session with the times to leave, and those whose end nobody knows."""
    session = queries.current(reader.id)
    home = sites.place_of(reader.home_site_id) if session is None else None
    return {
        "session": session,
        "leaving": leaving_form(session) if session else None,
        "until": ends.stays_until(session, session.site) if session else None,
        "asks": bool(session and asks_leaving(reader, session)),
        "forgotten": queries.unanswered(reader.id, now()),
        "home": home,
        **words(),
    }


def asks_leaving(reader: Actor, session: Presence) -> bool:
    """Whether one forgot to check out so often this month that one is asked when one leaves."""
    if session.planned_end_at is not None:
        return False
    return presence_answers.asks_leaving_time(reader.id, rules.month_of(session.day))


def leaving_form(session: Presence) -> LeavingForm:
    """When one may plan to leave a session."""
    form = LeavingForm(formdata=None)
    limit = checkin_rules.cut_off(session.started_at, changes.place_of(session.site))
    form.offer(now(), limit, session.site)
    return form


@pages.post("/sites/<slug>/arrivee", en="/sites/<slug>/arrival", may=members)
def check_in(slug: str) -> ResponseReturnValue:
    """«Je suis sur place»."""
    reader, site = actor(), sites.with_address(slug)
    first = not queries.sessions_of(reader.id, Cursor(size=1)).rows
    press = Press(uid=uuid.uuid4().hex, site_id=site.id, source="web")
    answer = act(lambda: presence.check_in(reader, press, now=now()))
    return after_coming(reader, site, answer, first=first)


def after_coming(
    reader: Actor, site: Site, answer: Answer, *, first: bool, back: bool = True
) -> ResponseReturnValue:
    """Say what became of it; the first time leads to the choice of who may know."""
    session = answer.session
    if session is None or session.ended_at is not None:
        toast(unnoted(answer), "sorry")
        return redirect_to("commitments.forgotten", site=site.slug)
    until = clock(ends.stays_until(session, site), site.time_zone)
    chosen = audiences.audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
    if first and chosen.of("presence") == "me":
        toast(_("Noted until %(clock)s, for you alone. Choose who else may know.", clock=until))
        return redirect_to("presence.settings")
    since = clock(session.started_at, site.time_zone)
    if answer.outcome == "repeated":
        toast(_("You are in already, since %(clock)s.", clock=since))
    else:
        toast(_("You are on site until %(clock)s. Have a good day!", clock=until))
    return back_or("commitments.sessions") if back else redirect_to("commitments.sessions")


def unnoted(answer: Answer) -> str:
    """Why a press did nothing."""
    if answer.outcome == "refused":
        return _("This site is closed today: nothing is counted. Were you there? Say so here.")
    if answer.outcome == "late":
        return _("This is too long ago to be noted by itself. Say so here.")
    return _("Nothing was noted.")


@pages.post("/moi/depart", en="/me/departure", may=members)
def check_out() -> ResponseReturnValue:
    """«Je m’en vais»."""
    reader = actor()
    session = queries.current(reader.id)
    if session is None:
        toast(_("You were not checked in."), "sorry")
        return back_or("commitments.sessions")
    press = Press(uid=uuid.uuid4().hex, site_id=session.site_id, source="web")
    answer = act(lambda: presence.check_out(reader, press, now=now()))
    toast(goodbye(answer))
    return back_or("commitments.sessions")


def goodbye(answer: Answer) -> str:
    """What was noted of a stay."""
    session = answer.session
    if session is None:
        return _("You were not checked in.")
    if session.state == "void":
        return _("Noted: you have left. So short a stay counts nothing.")
    if session.state == "presumed":
        return _("Noted: you have left. So long a day waits for a manager’s word.")
    return _("Noted: you have left. See you soon!")


@pages.post(
    "/heures/presences/<int:session_id>/prevu",
    en="/hours/presence/<int:session_id>/planned",
    may=members,
)
def plan_leaving(session_id: int) -> ResponseReturnValue:
    """Say when one means to leave."""
    reader, planned = actor(), LeavingForm().instant()
    session = act(
        lambda: presence_answers.plan_leaving(reader, session_id, planned=planned, now=now())
    )
    zone = changes.site_of(session.site_id).time_zone
    toast(_("Noted: you plan to leave at %(clock)s.", clock=clock(planned, zone)))
    return back_or("commitments.sessions")


@pages.post(
    "/heures/presences/<int:session_id>/annuler",
    en="/hours/presence/<int:session_id>/undo",
    may=members,
)
def undo(session_id: int) -> ResponseReturnValue:
    """That check-in was a mistake."""
    reader = actor()
    act(lambda: presence_answers.undo(reader, session_id, now=now()))
    toast(_("Taken back: this session counts nothing."))
    return back_or("commitments.sessions")
