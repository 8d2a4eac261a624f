"""Slots for members: the weeks ahead of a site, one slot, coming to it and not coming."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import slot_calendar, slot_words
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import (
    series_queries,
    signups,
    slot_policy,
    slot_queries,
    slot_rules,
    slot_watches,
)
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act
from incubator.edge.locale import clocks_differ
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.slot_models import Signup

DAYS_AHEAD = 14
DAY = timedelta(days=1)


@pages.get("/heures/permanences", en="/hours/rota", may=members)
def rota() -> ResponseReturnValue:
    """The slots of one's own site, or of the first."""
    here = sites.place_of(actor().home_site_id)
    places = [here] if here else sites.open_places()
    if not places:
        raise NotFound("sites.site")
    return redirect_to("commitments.coverage", slug=places[0].slug)


@pages.get("/heures/permanences/<slug>", en="/hours/rota/<slug>", may=members)
def coverage(slug: str) -> ResponseReturnValue:
    """How the next 14 days of a site are staffed."""
    reader, site = actor(), sites.with_address(slug)
    this_day = today(site.time_zone)
    shown = slot_queries.coming_slots(
        reader, site.id, now=now(), until=now() + (DAYS_AHEAD + 1) * DAY
    )
    days = slot_queries.by_day(shown, site.time_zone)
    ahead = [this_day + number * DAY for number in range(DAYS_AHEAD)]
    wanting = [
        each
        for day in ahead
        for each in days.get(day, ())
        if each.slot.state == "planned" and each.coverage in {"empty", "thin"}
    ]
    plans = slot_policy.may_plan(reader, site.id)
    return render(
        "commitments/rota.html",
        site=site,
        places=sites.open_places(),
        days=[(day, days.get(day, [])) for day in ahead],
        wanting=len(wanting),
        sheets=series_queries.open_sheets(site.id, now=now()) if plans else (),
        plans=plans,
        today=this_day,
        far=clocks_differ(site.time_zone),
        coverage_words=slot_words.COVERAGE,
    )


@pages.get("/heures/creneaux/<int:slot_id>", en="/hours/slots/<int:slot_id>", may=members)
def slot(slot_id: int) -> ResponseReturnValue:
    """One slot: when, how many, who comes, and what the reader may do."""
    reader = actor()
    shown = slot_queries.one_slot(reader, slot_id)
    return render(
        "commitments/slot.html",
        shown=shown,
        slot=shown.slot,
        team=slot_queries.team_of(slot_id),
        watched=slot_queries.watches(reader, slot_id),
        coming=shown.slot.state == "planned" and shown.slot.starts_at > now(),
        over=shown.slot.ends_at <= now(),
        early=slot_rules.cancelling(
            shown.slot.starts_at, now=now(), notice_hours=shown.slot.notice_hours
        )
        == "cancelled",
        plans=slot_policy.may_plan(reader, shown.slot.site_id),
        far=clocks_differ(shown.slot.site.time_zone),
        once=uuid4().hex,
        **shared_words(),
    )


def shared_words() -> dict[str, Any]:
    """Words that most pages of slots use."""
    return {"coverage_words": slot_words.COVERAGE, "signup_words": slot_words.SIGNUPS}


def _once() -> str:
    return request.form.get("once", "")[:40] or uuid4().hex


@pages.post(
    "/heures/creneaux/<int:slot_id>/venir", en="/hours/slots/<int:slot_id>/come", may=members
)
def sign_up(slot_id: int) -> ResponseReturnValue:
    """I come."""
    reader = actor()
    act(lambda: signups.sign_up(reader, slot_id, once=_once(), now=now()))
    toast(_("You are expected. Thank you!"))
    return redirect_to("commitments.slot", slot_id=slot_id)


def _to_slot(signup: Signup) -> ResponseReturnValue:
    return redirect_to("commitments.slot", slot_id=signup.slot_id)


@pages.post(
    "/heures/inscriptions/<int:signup_id>/renoncer",
    en="/hours/sign-ups/<int:signup_id>/cannot-come",
    may=members,
)
def cannot_come(signup_id: int) -> ResponseReturnValue:
    """I cannot come."""
    reader, reason = actor(), request.form.get("reason", "")
    made = act(lambda: signups.cannot_come(reader, signup_id, reason=reason, now=now()))
    if made.state == "cancelled":
        toast(_("Your place is free again. Thank you for saying so early."))
    else:
        toast(_("We look for a stand-in. The place stays yours until somebody takes it."))
    return _to_slot(made)


@pages.post(
    "/heures/inscriptions/<int:signup_id>/revenir",
    en="/hours/sign-ups/<int:signup_id>/come-after-all",
    may=members,
)
def come_after_all(signup_id: int) -> ResponseReturnValue:
    """I come after all."""
    reader = actor()
    made = act(lambda: signups.come_after_all(reader, signup_id, now=now()))
    toast(_("You are expected. Thank you!"))
    return _to_slot(made)


@pages.post(
    "/heures/inscriptions/<int:signup_id>/remplacer",
    en="/hours/sign-ups/<int:signup_id>/take-over",
    may=members,
)
def take_over(signup_id: int) -> ResponseReturnValue:
    """I come in their place."""
    reader = actor()
    made = act(lambda: signups.take_over(reader, signup_id, once=_once(), now=now()))
    toast(_("You come in their place: they know already. Thank you!"))
    return _to_slot(made)


@pages.post(
    "/heures/creneaux/<int:slot_id>/attendre", en="/hours/slots/<int:slot_id>/watch", may=members
)
def watch(slot_id: int) -> ResponseReturnValue:
    """Tell me when a place is free."""
    reader = actor()
    act(lambda: slot_watches.watch(reader, slot_id, now=now()))
    toast(_("We write to you as soon as a place is free."))
    return redirect_to("commitments.slot", slot_id=slot_id)


@pages.post(
    "/heures/creneaux/<int:slot_id>/ne-plus-attendre",
    en="/hours/slots/<int:slot_id>/unwatch",
    may=members,
)
def unwatch(slot_id: int) -> ResponseReturnValue:
    """No longer tell me."""
    reader = actor()
    act(lambda: slot_watches.unwatch(reader, slot_id))
    toast(_("You no longer wait for a place."))
    return redirect_to("commitments.slot", slot_id=slot_id)


@pages.get("/heures/creneaux/<int:slot_id>.ics", en="/hours/slots/<int:slot_id>.ics", may=members)
def slot_file(slot_id: int) -> ResponseReturnValue:
    """One slot for a calendar."""
    found = slot_queries.slot_with_id(slot_id)
    return slot_calendar.answer([slot_calendar.of_slot(found)], file=f"slot-{slot_id}.ics")
