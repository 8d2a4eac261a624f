"""Applications for the managers of a site: the list, one of them, and what is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import words
from incubator.blueprints.membership.forms import WordForm
from incubator.blueprints.membership.manager_forms import AcceptForm, DecideForm, DeclineForm
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import applications_policy as policy
from incubator.domain.membership import applications_queries as queries
from incubator.domain.membership import applications_review as review
from incubator.domain.membership.applications_rules import MOVES
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.queries import sites_of
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from incubator.domain.membership.application_models import Application
    from incubator.network.sites.models import Site

ONE = "/arrivees/candidature/<int:application_id>"
ONE_EN = "/arrivals/application/<int:application_id>"
SIZE = 30


def own_site(slug: str) -> Site:
    """The site of an address, if the reader runs it; raise NotFound or NotAllowed."""
    site = sites.with_address(slug)
    if not policy.may_review(actor(), site.id):
        raise NotAllowed("membership.not_your_site")
    return site


def cursor_of(size: int = SIZE) -> Cursor:
    """Where the list of a page begins."""
    return Cursor(request.args.get("after"), request.args.get("before"), size)


@pages.get("/arrivees", en="/arrivals", may=managers)
def arrivals() -> ResponseReturnValue:
    """To the arrivals of the site that the reader lives at or runs."""
    known = sites_of(actor())
    if not known:
        return render("membership/no_site.html")
    home = [site for site in known if site.id == actor().home_site_id]
    return redirect_to("membership.listed", slug=(home or list(known))[0].slug)


@pages.get("/arrivees/<slug>", en="/arrivals/<slug>", may=managers)
def listed(slug: str) -> ResponseReturnValue:
    """The applications to a site, by state."""
    site = own_site(slug)
    state = request.args.get("state", "new")
    state = state if state in queries.STATES else "new"
    return render(
        "membership/listed.html",
        site=site,
        own_sites=sites_of(actor()),
        state=state,
        states=words.STATES,
        counts={
            "new": queries.count_new([site.id]),
            "waiting": queries.count_waiting(site.id),
        },
        door=queries.door_of(site.id),
        page=queries.listed(site.id, state, cursor_of()),
    )


@pages.form(ONE, en=ONE_EN, may=managers)
def application(application_id: int) -> ResponseReturnValue:
    """One application: answers, conversation, history; a word to the applicant or a note."""
    found = queries.visible_to(actor(), application_id)
    form = WordForm()
    if attempt(form, lambda: _write(found, form)):
        toast(_("The note is kept.") if form.internal.data else _("Your message is on its way."))
        return redirect_to("membership.application", application_id=application_id)
    found = queries.visible_to(actor(), application_id)
    return form.page("membership/application.html", **_shown(found))


def _shown(found: Application) -> dict[str, Any]:
    invitation, history = found.invitation, queries.steps_of(found)
    return {
        "application": found,
        "site": found.site,
        "states": words.STATES,
        "allowed": MOVES[found.state],
        "may_move_start": policy.may_move_start(actor(), found),
        "answers": queries.answers_of(found),
        "answer_words": words.answer_words,
        "conversation": queries.conversation_of(found, with_notes=True),
        "history": history,
        "steps": words.timeline(history),
        "invitation_state": invitation.state(now()) if invitation else None,
    }


def _write(found: Application, form: WordForm) -> bool:
    review.write(
        actor(),
        found.id,
        body=form.body.data or "",
        internal=bool(form.internal.data),
        once=form.once.data or "",
        now=now(),
    )
    return True


@pages.form(f"{ONE}/accepter", en=f"{ONE_EN}/accept", may=managers)
def accept(application_id: int) -> ResponseReturnValue:
    """Accept from a day on."""
    found = queries.visible_to(actor(), application_id)
    form = AcceptForm(revision=found.revision, start_on=today(found.site.time_zone))

    def write() -> bool:
        review.accept(
            actor(),
            application_id,
            start_on=form.day(),
            revision=form.seen,
            once=form.once.data or "",
            now=now(),
        )
        return True

    return _decided(form, write, "membership/accept.html", application_id=application_id)


@pages.form(f"{ONE}/premier-jour", en=f"{ONE_EN}/first-day", may=managers)
def move_start(application_id: int) -> ResponseReturnValue:
    """Give an accepted applicant another first day."""
    found = queries.visible_to(actor(), application_id)
    form = AcceptForm(revision=found.revision, start_on=found.start_on)

    def write() -> bool:
        review.move_start(
            actor(),
            application_id,
            start_on=form.day(),
            revision=form.seen,
            once=form.once.data or "",
            now=now(),
        )
        return True

    return _decided(form, write, "membership/move_start.html", application_id=application_id)


@pages.form(f"{ONE}/decliner", en=f"{ONE_EN}/decline", may=managers)
def decline(application_id: int) -> ResponseReturnValue:
    """Decline with a reason."""
    found = queries.visible_to(actor(), application_id)
    form = DeclineForm(revision=found.revision)

    def write() -> bool:
        review.decline(
            actor(),
            application_id,
            reason=form.reason.data or "",
            revision=form.seen,
            once=form.once.data or "",
            now=now(),
        )
        return True

    return _decided(form, write, "membership/decline.html", application_id=application_id)


@pages.form(f"{ONE}/attente", en=f"{ONE_EN}/waiting-list", may=managers)
def put_on_list(application_id: int) -> ResponseReturnValue:
    """Put somebody on the waiting list."""
    found = queries.visible_to(actor(), application_id)
    form = DecideForm(revision=found.revision)

    def write() -> bool:
        review.put_on_list(
            actor(),
            application_id,
            revision=form.seen,
            once=form.once.data or "",
            now=now(),
        )
        return True

    return _decided(form, write, "membership/put_on_list.html", application_id=application_id)


def _decided(
    form: DecideForm, write: Callable[[], bool], template: str, *, application_id: int
) -> ResponseReturnValue:
    """Take a decision; who comes second reads what the first decided."""
    if form.validate_on_submit():
        try:
            act(write)
        except (NotAllowed, NotFound):
            raise
        except Conflict as refusal:
            return conflict(refusal, application_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            toast(_("Done: the applicant is told by mail."))
            return redirect_to("membership.application", application_id=application_id)
    found = queries.visible_to(actor(), application_id)
    return form.page(template, application=found, site=found.site)


def conflict(refusal: Conflict, application_id: int) -> ResponseReturnValue:
    """The application as it stands, with the sentence on top."""
    form = WordForm(formdata=None)
    form.refuse(refusal)
    found = queries.visible_to(actor(), application_id)
    return render("membership/application.html", form=form, **_shown(found)), refusal.status


@pages.post(f"{ONE}/rang", en=f"{ONE_EN}/place", may=managers)
def move(application_id: int) -> ResponseReturnValue:
    """Move somebody on the waiting list."""
    found = queries.visible_to(actor(), application_id)
    slug, seen = found.site.slug, request.form.get("seen", 0, type=whole)
    up = request.form.get("way") == "up"
    try:
        act(lambda: review.move(actor(), application_id, up=up, seen=seen))
    except Conflict as refusal:
        toast(str(words.REFUSALS[refusal.code]), "sorry")
    return redirect_to("membership.listed", slug=slug, state="waiting")
