"""The presence of a site, for its managers: what waits for a word, what was, what to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import presence_words
from incubator.blueprints.commitments.correction_views import filled
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.presence_forms import ReasonForm, SessionForm
from incubator.blueprints.commitments.presence_views import words
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.session_views import PAGE_SIZE, checked_span
from incubator.blueprints.commitments.site_views import own_site
from incubator.domain.commitments import presence_at_site as at_site
from incubator.domain.commitments import presence_corrections as corrections
from incubator.domain.commitments import presence_edits as edits
from incubator.domain.commitments import presence_policy as policy
from incubator.domain.commitments import presence_queries as queries
from incubator.domain.commitments.presence_wishes import Wish
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor


@pages.get("/heures/site/<slug>/presences", en="/hours/site/<slug>/presence", may=managers)
def site_presence(slug: str) -> ResponseReturnValue:
    """What waits for a manager's word at a site, then who was there."""
    reader, site = actor(), own_site(slug)
    cursor = Cursor(request.args.get("after"), request.args.get("before"), PAGE_SIZE)
    corrections_asked = at_site.to_decide(reader, site.id)
    doubtful, flagged = at_site.doubtful_at(reader, site.id), at_site.flagged_at(reader, site.id)
    present, page = at_site.open_at(reader, site.id), at_site.at_site(site.id, cursor)
    seen = [one.member_id for one in (*doubtful, *flagged, *present, *page.rows)]
    seen += [one.member_id for one in corrections_asked]
    noted(reader, seen, page="presence", site_id=site.id)
    return render(
        "commitments/site_presence.html",
        site=site,
        corrections=corrections_asked,
        doubtful=doubtful,
        flagged=flagged,
        present=present,
        page=page,
        wish_of=corrections.wish_of,
        moment_of=presence_words.moment_of,
        **words(),
    )


def _to_change(session_id: int) -> Presence:
    """A session that the reader may change, the look written; raise NotFound or NotAllowed."""
    found = queries.visible_to(actor(), session_id)
    if not policy.may_change(actor(), found):
        raise NotAllowed("commitments.not_yours_to_correct")
    noted(actor(), [found.member_id], page="session", site_id=found.site_id)
    return found


@pages.post(
    "/heures/presences/<int:session_id>/valider",
    en="/hours/presence/<int:session_id>/agree",
    may=managers,
)
def agree(session_id: int) -> ResponseReturnValue:
    """It was as it stands: one tap."""
    reader, session = actor(), _to_change(session_id)
    if session.ended_at is None:
        raise Refusal("commitments.session_unfinished")
    wish = Wish(started_at=session.started_at, ended_at=session.ended_at, why="confirmed")
    slug = session.site.slug
    act(lambda: edits.change(reader, session_id, wish, now=now()))
    toast(_("Agreed: it counts."))
    return redirect_to("commitments.site_today", slug=slug)


@pages.form(
    "/heures/presences/<int:session_id>/modifier",
    en="/hours/presence/<int:session_id>/change",
    may=managers,
)
def change_session(session_id: int) -> ResponseReturnValue:
    """It was otherwise, and why."""
    reader, session = actor(), _to_change(session_id)
    name, zone, form = session.member.name, session.site.time_zone, filled(session, session.site)
    slug = session.site.slug
    done = attempt(form, lambda: _change(reader, session_id, form=form, zone=zone))
    if done is None:
        return form.page("commitments/change.html", session=_to_change(session_id), **words())
    toast(_("Noted. %(name)s sees the change and your reason.", name=name))
    return redirect_to("commitments.site_today", slug=slug)


def _change(reader: Actor, session_id: int, *, form: SessionForm, zone: str) -> Presence:
    start, end = checked_span(form, zone)
    wish = Wish(started_at=start, ended_at=end, why=form.why.data or "")
    return edits.change(reader, session_id, wish, now=now())


@pages.form(
    "/heures/presences/<int:session_id>/ecarter",
    en="/hours/presence/<int:session_id>/discard",
    may=managers,
)
def discard(session_id: int) -> ResponseReturnValue:
    """It was no presence at all, and why."""
    reader, session, form = actor(), _to_change(session_id), ReasonForm()
    name, slug = session.member.name, session.site.slug
    done = attempt(
        form,
        lambda: edits.void(reader, session_id, why=form.why.data or "", now=now()),
    )
    if done is None:
        return form.page("commitments/discard.html", session=_to_change(session_id), **words())
    toast(_("Noted. %(name)s sees the change and your reason.", name=name))
    return redirect_to("commitments.site_today", slug=slug)
