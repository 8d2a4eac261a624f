"""Slots for the managers of a site: what recurs, one day's duty, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from incubator.blueprints.commitments import slot_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import own_site
from incubator.blueprints.commitments.slot_forms import SeriesForm, SlotForm
from incubator.blueprints.commitments.slot_small_forms import CancelForm, InviteForm
from incubator.domain.commitments import (
    series_queries,
    slot_commands,
    slot_invites,
    slot_policy,
    slot_queries,
    slot_series,
)
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.slot_models import Slot


def own_slot(slot_id: int) -> Slot:
    """A slot of a site that the reader runs; raise NotFound or NotAllowed."""
    found = slot_queries.slot_with_id(slot_id)
    if not slot_policy.may_plan(actor(), found.site_id):
        raise NotAllowed("commitments.not_your_site")
    return found


@pages.get("/heures/permanences/<slug>/series", en="/hours/rota/<slug>/series", may=managers)
def series(slug: str) -> ResponseReturnValue:
    """What recurs at a site."""
    site = own_site(slug)
    return render(
        "commitments/series.html",
        site=site,
        rows=series_queries.series_of(actor(), site.id),
        rhythm=slot_words.rhythm,
        today=today(site.time_zone),
    )


@pages.form(
    "/heures/permanences/<slug>/series/nouvelle", en="/hours/rota/<slug>/series/new", may=managers
)
def series_new(slug: str) -> ResponseReturnValue:
    """Let a duty recur."""
    reader, site = actor(), own_site(slug)
    this_day = today(site.time_zone)
    form = SeriesForm(first_day=this_day)
    made = attempt(
        form,
        lambda: slot_series.add_series(
            reader, site_id=site.id, plan=form.plan(this_day), now=now()
        ),
    )
    if made is None:
        return form.page("commitments/series_form.html", site=site, series=None)
    toast(_("The slots of the next weeks are on the rota."))
    return redirect_to("commitments.series", slug=slug)


@pages.form("/heures/series/<int:series_id>", en="/hours/series/<int:series_id>", may=managers)
def series_edit(series_id: int) -> ResponseReturnValue:
    """Plan a series otherwise."""
    reader = actor()
    found = series_queries.series_with_id(reader, series_id)
    site, form = found.site, SeriesForm.of(found)
    plan = form.plan
    made = attempt(
        form,
        lambda: slot_series.change_series(
            reader, series_id, plan=plan(today(site.time_zone)), now=now()
        ),
    )
    if made is None:
        return form.page("commitments/series_form.html", site=site, series=found)
    toast(_("The coming slots have moved along; who signed up is told."))
    return redirect_to("commitments.series", slug=site.slug)


@pages.form("/heures/permanences/<slug>/nouveau", en="/hours/rota/<slug>/new", may=managers)
def slot_new(slug: str) -> ResponseReturnValue:
    """Plan a slot of one day."""
    reader, site = actor(), own_site(slug)
    this_day = today(site.time_zone)
    form = SlotForm(day=this_day)
    made = attempt(
        form,
        lambda: slot_commands.add_slot(
            reader, site_id=site.id, plan=form.plan(this_day), now=now()
        ),
    )
    if made is None:
        return form.page("commitments/slot_form.html", site=site, slot=None)
    toast(_("The slot is on the rota."))
    return redirect_to("commitments.slot", slot_id=made.id)


@pages.form(
    "/heures/creneaux/<int:slot_id>/modifier", en="/hours/slots/<int:slot_id>/edit", may=managers
)
def slot_edit(slot_id: int) -> ResponseReturnValue:
    """Change one slot by hand."""
    reader, found = actor(), own_slot(slot_id)
    site, form = found.site, SlotForm.of(found)
    made = attempt(
        form,
        lambda: slot_commands.change_slot(
            reader, slot_id, plan=form.plan(today(site.time_zone)), now=now()
        ),
    )
    if made is None:
        return form.page("commitments/slot_form.html", site=site, slot=found)
    toast(_("The slot is changed."))
    return redirect_to("commitments.slot", slot_id=slot_id)


@pages.form(
    "/heures/creneaux/<int:slot_id>/annuler", en="/hours/slots/<int:slot_id>/cancel", may=managers
)
def slot_cancel(slot_id: int) -> ResponseReturnValue:
    """Say that a slot does not take place, and why."""
    reader, found, form = actor(), own_slot(slot_id), CancelForm()
    made = attempt(
        form,
        lambda: slot_commands.cancel_slot(
            reader, slot_id, reason=form.reason.data or "", now=now()
        ),
    )
    if made is None:
        team = slot_queries.team_of(slot_id)
        return form.page("commitments/slot_cancel.html", slot=found, team=team)
    toast(_("The slot is called off, and everybody is told."))
    return redirect_to("commitments.slot", slot_id=slot_id)


@pages.form(
    "/heures/creneaux/<int:slot_id>/inviter", en="/hours/slots/<int:slot_id>/invite", may=managers
)
def slot_invite(slot_id: int) -> ResponseReturnValue:
    """Ask those whom a slot suits best; the letter is shown before it leaves."""
    reader, found = actor(), own_slot(slot_id)
    people = slot_invites.candidates(reader, found, now=now())
    noted(reader, [one.id for one in people], page="invite", site_id=found.site_id)
    form = InviteForm()
    form.offer(people)
    if request.form.get("step") == "send":
        told = attempt(
            form,
            lambda: slot_invites.invite(
                reader,
                slot_id,
                member_ids=form.members.data or (),
                note=form.note.data or "",
                now=now(),
            ),
        )
        if told is not None:
            toast(
                ngettext(
                    "%(num)s letter is on its way.", "%(num)s letters are on their way.", len(told)
                )
            )
            return redirect_to("commitments.slot", slot_id=slot_id)
    return form.page(
        "commitments/slot_invite.html",
        slot=found,
        people=people,
        over=found.starts_at <= now() or found.state != "planned",
    )
