"""Who is at a site now, for its managers: who is in, who is expected, arrivals noted for others."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.blueprints.commitments import people
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.presence_forms import HereForm
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import own_site
from incubator.domain.commitments import desk, presence
from incubator.domain.commitments.presses import Press
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import clock
from incubator.edge.forms import act, attempt
from incubator.edge.pages import back_or, redirect_to, toast
from incubator.kernel.errors import Refusal
from incubator.network.members import queries as members_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.presses import Answer, Way
    from incubator.network.sites.models import Site

# What became of somebody's stay, by the state of its session.
GONE = {
    "": _l("%(name)s was not checked in."),
    "void": _l("%(name)s has left. So short a stay counts nothing."),
    "presumed": _l("%(name)s has left. So long a day waits for a word."),
    "closed": _l("%(name)s has left: the hours count."),
}
ACTS = {"in": presence.check_in, "out": presence.check_out}


@pages.form("/heures/site/<slug>/sur-place", en="/hours/site/<slug>/on-site", may=managers)
def site_here(slug: str) -> ResponseReturnValue:
    """Who is in now, kept fresh; somebody without a telephone is noted by name."""
    reader, site, form = actor(), own_site(slug), HereForm()
    made = attempt(form, lambda: _named(form, site))
    if made is None:
        this_day = today(site.time_zone)
        here = desk.today_at(reader, site, now=now(), day=this_day)
        noted(reader, here.member_ids, page="here", site_id=site.id)
        return form.page(
            "commitments/site_here.html",
            site=site,
            here=here,
            names=people.suggested(reader, this_day),
        )
    member_id, answer = made
    _say(member_id, site, answer, way=form.way.data)
    return redirect_to("commitments.site_here", slug=slug)


def _named(form: HereForm, site: Site) -> tuple[int, Answer]:
    reader = actor()
    member_id = people.meant(form, reader, today(site.time_zone))
    if member_id is None:
        raise Refusal("commitments.receiver_unknown", field="with_name")
    return member_id, _press(site, member_id, form.way.data, uid=form.once.data or "")


def _press(site: Site, member_id: int, way: Way, *, uid: str) -> Answer:
    press = Press(uid=uid, site_id=site.id, source="manager")
    return ACTS[way](actor(), press, member_id=member_id, now=now())


@pages.post(
    "/heures/site/<slug>/sur-place/<int:member_id>",
    en="/hours/site/<slug>/on-site/<int:member_id>",
    may=managers,
)
def note_here(slug: str, member_id: int) -> ResponseReturnValue:
    """Note in one tap that somebody on the list came, or goes."""
    site = own_site(slug)
    way: Way = "out" if request.form.get("way") == "out" else "in"
    answer = act(lambda: _press(site, member_id, way, uid=uuid.uuid4().hex))
    _say(member_id, site, answer, way=way)
    return back_or("commitments.site_here", slug=slug)


def _say(member_id: int, site: Site, answer: Answer, *, way: Way) -> None:
    """Say what became of it, with the name."""
    name, session = members_of.with_id(member_id).name, answer.session
    if way == "out":
        state = session.state if session else ""
        toast(GONE.get(state, GONE["closed"]) % {"name": name}, "done" if session else "sorry")
    elif session is None or session.ended_at is not None:
        toast(_("This site is closed today: nothing is noted for %(name)s.", name=name), "sorry")
    else:
        since = clock(session.started_at, site.time_zone)
        toast(_("%(name)s is on site, since %(clock)s.", name=name, clock=since))
