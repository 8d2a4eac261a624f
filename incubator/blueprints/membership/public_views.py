"""Applying, for everybody: which sites take applications, the form of one, its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from incubator.blueprints.membership.forms import (
    ApplicationForm,
    ConfirmForm,
    LostLinkForm,
    application_form,
)
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import applications, applications_links
from incubator.domain.membership import applications_queries as queries
from incubator.edge.access import anybody
from incubator.edge.brakes import around_here, braked, here
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.locale import language
from incubator.edge.pages import redirect_to, render
from incubator.kernel.errors import NotFound
from incubator.network.accounts import rules as limits
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.sites.models import Site

GONE = 410


@pages.get("/adhesion", en="/join", may=anybody)
def join() -> ResponseReturnValue:
    """The sites that take applications."""
    return render("membership/join.html", sites=queries.doors_open())


@pages.form("/adhesion/<slug>", en="/join/<slug>", may=anybody)
def apply(slug: str) -> ResponseReturnValue:
    """The form of a site. The answer is the same whether the address is known or not."""
    site = sites.with_address(slug)
    door = queries.door_of(site.id)
    shut = not door.open or site.closed_on is not None
    if shut and request.method == "GET":
        return render("membership/closed.html", site=site)
    questions = applications.questions_of(site.id)
    form = application_form(questions, language())
    shown = {
        "site": site,
        "intro": door.intro_in(language()),
        "own": [(f"q{question.id}", question.kind, question.required) for question in questions],
    }
    answer = _take(site, form, shown) if form.is_submitted() else None
    if answer is not None:
        return answer
    form.stamped()
    return form.page("membership/apply.html", **shown)


def _take(site: Site, form: ApplicationForm, shown: dict[str, Any]) -> ResponseReturnValue | None:
    """Where a form that was sent leads; None when it is shown again."""
    slug = site.slug
    if form.is_bait_taken:
        return redirect_to("membership.sent", slug=slug)
    if not (form.validate() and form.is_in_time()):
        return None
    counted = (
        (limits.APPLY_FOR, form.email.data or ""),
        (limits.APPLY_FROM, here()),
        (limits.APPLY_AROUND, around_here()),
    )
    slow = braked(form, "membership/apply.html", *counted, **shown)
    if slow is None and attempt(form, lambda: _send(site, form)):
        return redirect_to("membership.sent", slug=slug)
    return slow


def _send(site: Site, form: ApplicationForm) -> bool:
    applications.send(
        site.id,
        details=form.details(),
        email=form.email.data or "",
        answers=form.answers(),
        language=language(),
        once=form.once.data or "",
        now=now(),
    )
    return True


@pages.get("/adhesion/<slug>/envoyee", en="/join/<slug>/sent", may=anybody)
def sent(slug: str) -> ResponseReturnValue:
    """Where to look now."""
    return render("membership/sent.html", site=sites.with_address(slug))


@pages.form("/candidature/confirmer/<token>", en="/application/confirm/<token>", may=anybody)
def confirm(token: str) -> ResponseReturnValue:
    """Hand an application over; a scanner that only opens the link changes nothing."""
    try:
        application = applications_links.to_confirm(token, now=now())
        form, template = ConfirmForm(), "membership/confirm.html"
        shown = {"application": application}
        slow = braked(form, template, (limits.LINK_FROM, here()), **shown)
        if slow:
            return slow
        secret = attempt(form, lambda: applications.confirm(token, now=now()))
    except NotFound:
        return render("membership/link_over.html"), GONE
    if secret is None:
        return form.page(template, **shown)
    return redirect_to("membership.follow", token=secret)


@pages.form("/adhesion/lien-perdu", en="/join/lost-link", may=anybody)
def lost_link() -> ResponseReturnValue:
    """Ask for a fresh link to one's applications; the answer is the same for any address."""
    form, template = LostLinkForm(), "membership/lost_link.html"
    if form.validate_on_submit():
        email = form.email.data or ""
        counted = ((limits.APPLY_FOR, email), (limits.APPLY_FROM, here()))
        slow = braked(form, template, *counted)
        if slow:
            return slow
        if attempt(form, lambda: _lose(email)):
            return redirect_to("membership.link_sent")
    return form.page(template)


def _lose(email: str) -> bool:
    applications.lose_link(email=email, language=language())
    return True


@pages.get("/adhesion/lien-envoye", en="/join/link-sent", may=anybody)
def link_sent() -> ResponseReturnValue:
    """Where to look now."""
    return render("membership/link_sent.html")
