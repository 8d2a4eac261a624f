"""The form of a site, kept by its managers: open or shut, its words, its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import words
from incubator.blueprints.membership.manager_forms import DoorForm, QuestionForm
from incubator.blueprints.membership.review_views import own_site
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import applications, applications_form
from incubator.domain.membership import applications_queries as queries
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

QUESTION = "/arrivees/question/<int:question_id>"
QUESTION_EN = "/arrivals/question/<int:question_id>"


@pages.form("/arrivees/<slug>/formulaire", en="/arrivals/<slug>/form", may=managers)
def door(slug: str) -> ResponseReturnValue:
    """Whether the site takes applications, what it says and asks."""
    site_id = own_site(slug).id
    form = DoorForm(obj=queries.door_of(site_id))

    def write() -> bool:
        applications_form.set_door(
            actor(),
            site_id,
            opened=bool(form.open.data),
            intro_fr=form.intro_fr.data or "",
            intro_en=form.intro_en.data or "",
        )
        return True

    if attempt(form, write):
        toast(_("The form is up to date."))
        return redirect_to("membership.door", slug=slug)
    return form.page(
        "membership/door.html",
        site=own_site(slug),
        door=queries.door_of(site_id),
        questions=applications.questions_of(site_id),
        kinds=words.QUESTION_KINDS,
    )


@pages.form(
    "/arrivees/<slug>/formulaire/question", en="/arrivals/<slug>/form/question", may=managers
)
def new_question(slug: str) -> ResponseReturnValue:
    """One more question."""
    site_id = own_site(slug).id
    form = QuestionForm()
    if attempt(form, lambda: applications_form.add_question(actor(), site_id, asked=form.asked())):
        toast(_("The question is in the form."))
        return redirect_to("membership.door", slug=slug)
    return form.page("membership/question.html", site=own_site(slug), question=None)


@pages.form(QUESTION, en=QUESTION_EN, may=managers)
def edit_question(question_id: int) -> ResponseReturnValue:
    """Another wording of a question."""
    found = queries.question_for(actor(), question_id)
    slug = _slug(found.site_id)
    form = QuestionForm(found)
    if attempt(
        form,
        lambda: applications_form.edit_question(
            actor(), question_id, asked=form.asked(), now=now()
        ),
    ):
        toast(_("The question is changed."))
        return redirect_to("membership.door", slug=slug)
    return form.page("membership/question.html", site=own_site(slug), question=found)


@pages.post(f"{QUESTION}/retirer", en=f"{QUESTION_EN}/remove", may=managers)
def remove_question(question_id: int) -> ResponseReturnValue:
    """Ask it no more."""
    slug = _slug(queries.question_for(actor(), question_id).site_id)
    act(lambda: applications_form.remove_question(actor(), question_id, now=now()))
    toast(_("The question is gone; the answers to it are kept."))
    return redirect_to("membership.door", slug=slug)


@pages.post(f"{QUESTION}/rang", en=f"{QUESTION_EN}/place", may=managers)
def move_question(question_id: int) -> ResponseReturnValue:
    """Ask it sooner or later."""
    slug = _slug(queries.question_for(actor(), question_id).site_id)
    up = request.form.get("way") == "up"
    act(lambda: applications_form.move_question(actor(), question_id, up=up))
    return redirect_to("membership.door", slug=slug)


def _slug(site_id: int) -> str:
    place = sites.place_of(site_id)
    return place.slug if place else ""
