"""A session was otherwise, or is missing: asking, and deciding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import people, presence_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.presence_forms import DecideForm, SessionForm
from incubator.blueprints.commitments.presence_views import words
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.session_views import checked_span
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_corrections as corrections
from incubator.domain.commitments import presence_policy as policy
from incubator.domain.commitments import presence_queries as queries
from incubator.domain.commitments import presence_verdicts as verdicts
from incubator.domain.commitments.presence_wishes import Wish
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import clock
from incubator.edge.forms import act, attempt, choice
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.correction_models import Correction
    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site
    from incubator.network.sites.queries import Place


@pages.form("/heures/presences/oubli", en="/hours/presence/forgotten", may=members)
def forgotten() -> ResponseReturnValue:
    """I was there and did not check in."""
    reader = actor()
    places = {place.slug: place for place in sites.open_places()}
    home = sites.place_of(reader.home_site_id)
    form = SessionForm(
        site=request.args.get("site") or (home.slug if home else ""), day=today(reader.time_zone)
    )
    form.site.choices = [choice(slug, place.name) for slug, place in places.items()]
    made = attempt(form, lambda: _propose(reader, form, places))
    if made is None:
        names = people.suggested(reader, today(reader.time_zone))
        return form.page("commitments/forgotten.html", names=names)
    toast(_("Asked. A manager of the site, or the person who was there, will answer."))
    return redirect_to("commitments.sessions")


def _propose(reader: Actor, form: SessionForm, places: dict[str, Place]) -> Correction:
    place = places.get(form.site.data) or next(iter(places.values()))
    wish = wish_in(form, place.time_zone, reader)
    return corrections.ask_missing(reader, place.id, wish, once=form.once.data or "", now=now())


def wish_in(form: SessionForm, zone: str, reader: Actor) -> Wish:
    """What a form asks for, with the witness named in it."""
    start, end = checked_span(form, zone)
    return Wish(
        started_at=start,
        ended_at=end,
        why=form.why.data or "",
        witness_id=people.meant(form, reader, today(zone)),
    )


@pages.form(
    "/heures/presences/<int:session_id>/corriger",
    en="/hours/presence/<int:session_id>/correct",
    may=members,
)
def correct(session_id: int) -> ResponseReturnValue:
    """My session was otherwise: shorter at once, longer by somebody's word."""
    reader = actor()
    session = queries.visible_to(reader, session_id)
    if not policy.may_answer(reader, session):
        raise NotAllowed("commitments.not_your_session")
    zone, form = session.site.time_zone, filled(session, session.site)
    done = attempt(form, lambda: _correct(reader, session_id, form=form, zone=zone))
    if done is None:
        names = people.suggested(reader, today(reader.time_zone))
        shown = queries.visible_to(reader, session_id)
        return form.page("commitments/correct.html", session=shown, names=names, **words())
    toast(
        _("Done: the session is shorter.")
        if done == "shortened"
        else _("Asked. A manager of the site, or the person who was there, will answer.")
    )
    return redirect_to("commitments.session", session_id=session_id)


def _correct(reader: Actor, session_id: int, *, form: SessionForm, zone: str) -> str:
    wish, once = wish_in(form, zone, reader), form.once.data or ""
    made = corrections.ask_change(reader, session_id, wish, once=once, now=now())
    return "asked" if made else "shortened"


def filled(session: Presence, site: Site) -> SessionForm:
    """A form that says how a session reads now."""
    zone = site.time_zone
    return SessionForm(
        site=site.slug,
        day=changes.day_at(site, session.started_at),
        started=clock(session.started_at, zone),
        ended=clock(session.ended_at, zone) if session.ended_at else "",
    )


@pages.form(
    "/heures/corrections/<int:correction_id>",
    en="/hours/corrections/<int:correction_id>",
    may=members,
)
def correction(correction_id: int) -> ResponseReturnValue:
    """What somebody asks, and my word if it is mine to give."""
    reader = actor()
    found = queries.correction_for(reader, correction_id)
    if reader.id != found.witness_id:
        noted(reader, [found.member_id], page="correction", site_id=found.site_id)
    form = DecideForm()
    done = attempt(
        form,
        lambda: verdicts.decide(
            reader,
            correction_id,
            accept=form.verdict.data == "yes",
            reason=form.reason.data or "",
            now=now(),
        ),
    )
    if done is None:
        found = queries.correction_for(reader, correction_id)
        return form.page("commitments/correction.html", **_shown(reader, found))
    toast(_("Agreed. Thank you!") if done.state == "accepted" else _("Refused, with your reason."))
    if reader.manages(found.site_id) and found.site_id:
        site = changes.site_of(found.site_id)
        return redirect_to("commitments.site_today", slug=site.slug)
    return redirect_to("commitments.sessions")


def _shown(reader: Actor, found: Correction) -> dict[str, Any]:
    session = queries.visible_or_none(reader, found.subject_id)
    return {
        "correction": found,
        "wish": corrections.wish_of(found),
        "site": changes.site_of(found.site_id or 0),
        "session": session,
        "may_decide": found.state == "asked" and policy.may_decide(reader, found),
        "may_withdraw": found.state == "asked" and found.asked_by_id == reader.id,
        "wants_note": found.state == "asked" and verdicts.wants_note(found),
        "witness": queries.name_of(found.witness_id),
        "decided_by": queries.name_of(found.decided_by_id),
        "correction_states": presence_words.CORRECTION_STATES,
        "moment_of": presence_words.moment_of,
        **words(),
    }


@pages.post(
    "/heures/corrections/<int:correction_id>/retirer",
    en="/hours/corrections/<int:correction_id>/withdraw",
    may=members,
)
def withdraw_correction(correction_id: int) -> ResponseReturnValue:
    """I no longer ask."""
    reader = actor()
    act(lambda: verdicts.withdraw(reader, correction_id, now=now()))
    toast(_("Taken back."))
    return redirect_to("commitments.sessions")
