"""One's own sessions: the list, one of them, and when one left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import presence_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.presence_forms import AnswerForm, clock_of
from incubator.blueprints.commitments.presence_views import own, words
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import badges, desk, presence_answers
from incubator.domain.commitments import presence_corrections as corrections
from incubator.domain.commitments import presence_places as places
from incubator.domain.commitments import presence_policy as policy
from incubator.domain.commitments import presence_queries as queries
from incubator.domain.commitments.presence_wishes import Wish
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.sites.rules import instant_of

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor

PAGE_SIZE = 30


@pages.form(
    "/heures/presences/<int:session_id>/depart",
    en="/hours/presence/<int:session_id>/departure",
    may=members,
)
def when_left(session_id: int) -> ResponseReturnValue:
    """«À quelle heure êtes-vous parti·e ?»: three buttons."""
    reader = actor()
    session = queries.visible_to(reader, session_id)
    if not policy.may_answer(reader, session):
        raise NotAllowed("commitments.not_your_session")
    form, zone = AnswerForm(), session.site.time_zone
    done = attempt(form, lambda: _answer(reader, session, form=form, zone=zone))
    if done is None:
        shown = queries.visible_to(reader, session_id)
        return form.page("commitments/when_left.html", session=shown, **words())
    toast(
        _("Thank you: the session is settled.")
        if done == "settled"
        else _("Thank you. Nothing shows it yet, so a manager of the site will agree.")
    )
    return redirect_to("commitments.session", session_id=session_id)


def _answer(reader: Actor, session: Presence, *, form: AnswerForm, zone: str) -> str:
    ended = _said(session, form, zone)
    if presence_answers.answer(reader, session.id, ended_at=ended, now=now()):
        return "settled"
    wish = Wish(started_at=session.started_at, ended_at=ended, why=form.why.data or "")
    corrections.ask_change(reader, session.id, wish, once=form.once.data or "", now=now())
    return "asked"


def _said(session: Presence, form: AnswerForm, zone: str) -> datetime:
    """The instant that was chosen; a time before the beginning is of the next morning."""
    known = {"planned": session.planned_end_at, "ping": session.last_ping_at}
    if found := known.get(form.how.data):
        return found
    minutes = clock_of(form.ended.data or "", "ended")
    told = instant_of(session.day, minutes, zone)
    if told >= session.started_at:
        return told
    return instant_of(session.day + places.A_DAY, minutes, zone)


@pages.get("/heures/presences", en="/hours/presence", may=members)
def sessions() -> ResponseReturnValue:
    """My sessions, what I asked to have corrected, and my badge."""
    reader = actor()
    cursor = Cursor(request.args.get("after"), request.args.get("before"), PAGE_SIZE)
    return render(
        "commitments/sessions.html",
        page=queries.sessions_of(reader.id, cursor),
        asked=queries.corrections_of(reader.id),
        to_witness=queries.to_witness(reader),
        badge=next(iter(badges.of_member(reader.id)), None),
        correction_states=presence_words.CORRECTION_STATES,
        wish_of=corrections.wish_of,
        **own(reader),
    )


@pages.get("/heures/presences/<int:session_id>", en="/hours/presence/<int:session_id>", may=members)
def session(session_id: int) -> ResponseReturnValue:
    """One session: what is known of it, and what was changed."""
    reader = actor()
    found = queries.visible_to(reader, session_id)
    noted(reader, [found.member_id], page="session", site_id=found.site_id)
    return render(
        "commitments/session.html",
        session=found,
        revisions=queries.revisions_of(session_id),
        mine=policy.may_answer(reader, found),
        may_change=policy.may_change(reader, found),
        proven=desk.proven_end(found),
        sources=presence_words.SOURCES,
        ends=presence_words.ENDS,
        why_of=presence_words.why,
        moment_of=presence_words.moment_of,
        **words(),
    )


def checked_span(form: Any, zone: str) -> tuple[datetime, datetime]:
    """The instants of a form about a session; raise Refusal ``commitments.session_order``."""
    start, end = form.span(zone)
    if start == end:
        raise Refusal("commitments.session_order", field="ended")
    return start, end
