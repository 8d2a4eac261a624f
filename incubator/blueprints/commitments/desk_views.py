"""The manager's five minutes: today, what needs a hand, the days to come, whom to call."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from incubator.blueprints.commitments import board_words, due_words, slot_words, words
from incubator.blueprints.commitments.board_forms import PlanForm, WordForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import cursor_of, own_site
from incubator.blueprints.commitments.views import managed_sites
from incubator.domain.commitments import (
    asked,
    catching_up,
    commands,
    desk,
    desk_acts,
    drift,
    plans,
    policy,
    presence_corrections,
    presence_verdicts,
    series_queries,
    slot_queries,
)
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.refusals import words_for
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.members import queries as people
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.commitments.board_forms import Form
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member

DAY = timedelta(days=1)
DAYS_AHEAD = 14
MOST_PICKED = 300
CALLS = 50  # on a page of whom to call


@pages.get("/heures/site", en="/hours/site", may=managers)
def site_desk() -> ResponseReturnValue:
    """The first site that the reader runs: where the menu leads."""
    reader = actor()
    run = managed_sites()
    own = next((site for site in run if site.id == reader.home_site_id), None)
    first = own or next(iter(run), None)
    if first is None:
        raise NotAllowed("commitments.not_your_site")
    return redirect_to("commitments.site_today", slug=first.slug)


@pages.get("/heures/site/<slug>/aujourd-hui", en="/hours/site/<slug>/today", may=managers)
def site_today(slug: str) -> ResponseReturnValue:
    """Everything a manager needs this morning, and nothing else."""
    reader, site, instant = actor(), own_site(slug), now()
    this_day = today(site.time_zone)
    drifting = drift.of_site(site.id, this_day, cursor_of("", CALLS))
    here = desk.today_at(reader, site, now=instant, day=this_day)
    exceptions = desk.exceptions_at(reader, site.id, instant)
    wishes = [one for one in asked.reliefs_waiting(reader) if one.site_id == site.id]
    draws = [(one, who) for one, who in asked.draws_waiting(reader) if one.site_id == site.id]
    seen = [*(one.id for one in drifting.rows), *here.member_ids, *exceptions.member_ids]
    seen += [*(one.member_id for one in wishes), *(who.id for _gift, who in draws)]
    noted(reader, seen, page="today", site_id=site.id)
    slots = slot_queries.coming_slots(
        reader, site.id, now=instant, until=instant + (DAYS_AHEAD + 1) * DAY
    )
    planned = slot_queries.by_day(
        [each for each in slots if each.slot.state == "planned"], site.time_zone
    )
    return render(
        "commitments/today.html",
        site=site,
        own_sites=managed_sites(),
        today=this_day,
        here=here,
        exceptions=exceptions,
        sheets=series_queries.open_sheets(site.id, now=instant),
        ahead=[(day, planned.get(day, [])) for day in _days(this_day)],
        coverage_words=slot_words.COVERAGE,
        wishes=wishes,
        draws=draws,
        drifting=drifting,
        standings=board_words.STANDINGS,
        causes=board_words.CAUSES,
        views=board_words.views_of(site, "today"),
        kind_icons=words.KIND_ICONS,
        relief_kinds=due_words.RELIEFS,
        wish_of=presence_corrections.wish_of,
    )


def _days(first: date) -> list[date]:
    return [first + number * DAY for number in range(DAYS_AHEAD)]


@pages.post("/heures/site/<slug>/accepter", en="/hours/site/<slug>/accept", may=managers)
def site_accept(slug: str) -> ResponseReturnValue:
    """Say yes to everything that was ticked; each stands for itself, so that one no stops none."""
    reader, site, instant = actor(), own_site(slug), now()
    done, left = 0, dict[str, int]()
    for kind, number in _picked():
        try:
            act(partial(ACTS[kind], reader, number, instant))
        except Refusal as refusal:
            why = words_for(refusal)
            left[why] = left.get(why, 0) + 1
        else:
            done += 1
    if done:
        toast(ngettext("%(num)s thing settled.", "%(num)s things settled.", done))
    for why, count in left.items():
        toast(_("%(count)s left: %(why)s", count=count, why=why), "sorry")
    if not done and not left:
        toast(_("Tick at least one line first."), "sorry")
    return redirect_to("commitments.site_today", slug=site.slug)


def _picked() -> list[tuple[str, int]]:
    """What was ticked: «session-12» or «help-3»."""
    found = []
    for value in request.form.getlist("pick")[:MOST_PICKED]:
        kind, _dash, typed = value.partition("-")
        number = natural(typed)
        if kind in ACTS and number is not None:
            found.append((kind, number))
    return found


def _accept_correction(reader: Actor, number: int, instant: datetime) -> object:
    return presence_verdicts.decide(reader, number, accept=True, now=instant)


def _confirm(reader: Actor, number: int, instant: datetime) -> object:
    return commands.confirm(reader, number, now=instant)


def _accept_session(reader: Actor, number: int, instant: datetime) -> object:
    return desk_acts.accept_session(reader, number, now=instant)


def _lift_flags(reader: Actor, number: int, instant: datetime) -> object:
    del instant
    return desk_acts.lift_flags(reader, number)


ACTS: Mapping[str, Callable[[Actor, int, datetime], object]] = {
    "session": _accept_session,
    "correction": _accept_correction,
    "help": _confirm,
    "ring": _lift_flags,
}


def _theirs(slug: str) -> Member:
    """The member of an address whose plan the reader may decide on, the look written.

    Raise NotFound, NotAllowed.
    """
    member = people.profile(actor(), slug)
    if not policy.may_decide_on_member(actor(), member):
        raise NotAllowed("commitments.not_your_member")
    noted(actor(), [member.id], page="plan", site_id=member.home_site_id)
    return member


@pages.form("/heures/plan/<slug>", en="/hours/plan/<slug>", may=managers)
def plan(slug: str) -> ResponseReturnValue:
    """Agree on a plan: until when sign-ups make up for what is owed."""
    reader, member = actor(), _theirs(slug)
    this_day = today(reader.time_zone)
    form = PlanForm(until=this_day + 30 * DAY)
    made = attempt(
        form,
        lambda: plans.agree_plan(
            reader,
            member.id,
            until=form.until.data or this_day,
            note=form.words(),
            now=now(),
        ),
    )
    if made is None:
        return _page(form, "commitments/plan.html", member)
    toast(_("Plan agreed with %(name)s.", name=member.name))
    return _back_to(member)


@pages.form("/heures/pause/<slug>", en="/hours/pause/<slug>", may=managers)
def pause(slug: str) -> ResponseReturnValue:
    """Pause a member, after the warning and the days of grace."""
    reader, member, form = actor(), _theirs(slug), WordForm()
    made = attempt(form, lambda: plans.pause(reader, member.id, note=form.words(), now=now()))
    if made is None:
        return _page(form, "commitments/pause.html", member)
    toast(_("%(name)s is paused, and is told what lifts it.", name=member.name))
    return _back_to(member)


@pages.form("/heures/reprise/<slug>", en="/hours/lift/<slug>", may=managers)
def lift(slug: str) -> ResponseReturnValue:
    """End a pause by decision."""
    reader, member, form = actor(), _theirs(slug), WordForm()
    made = attempt(form, lambda: plans.lift(reader, member.id, note=form.words(), now=now()))
    if made is None:
        return _page(form, "commitments/lift.html", member)
    toast(_("The pause of %(name)s has ended.", name=member.name))
    return _back_to(member)


def _page(form: Form, template: str, member: Member) -> ResponseReturnValue:
    return form.page(
        template,
        member=member,
        site=sites.place_of(member.home_site_id),
        account=catching_up.of_member(member.id, now()),
        standings=board_words.STANDINGS,
        today=today(actor().time_zone),
    )


def _back_to(member: Member) -> ResponseReturnValue:
    home = sites.place_of(member.home_site_id)
    if home is None:
        return redirect_to("members.show", slug=member.slug)
    return redirect_to("commitments.site_today", slug=home.slug)
