"""Recording what a member or a firm promises; what it would make them owe can be seen first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments.forms import FirmPledgeForm, PledgeForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.promise_views import at_home
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import firm_pledges, journal, pledges, policy, queries, rules
from incubator.domain.commitments.periods import period_on
from incubator.domain.membership import charters_queries
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.hours import format_minutes
from incubator.network.members import firm_policy, firm_queries
from incubator.network.members import queries as people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.foreseeing import Change
    from incubator.domain.commitments.promise_models import Pledge
    from incubator.domain.commitments.queries import Month
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


@pages.form("/heures/engagement/<slug>", en="/hours/pledge/<slug>", may=managers)
def pledge(slug: str) -> ResponseReturnValue:
    """What a member promises, from when on; earlier promises below."""
    reader = actor()
    member = people.profile(reader, slug)
    if not policy.may_pledge(reader, member):
        raise NotAllowed("commitments.not_yours_to_pledge")
    noted(reader, [member.id], page="promise", site_id=member.home_site_id)
    month = queries.month(member.id, today(reader.time_zone))
    form = _filled(month, today(reader.time_zone))
    if "look" in request.form:
        seen = _foreseen(form, member.id)
        return render(
            "commitments/pledge.html", form=form, preview=seen, **_shown(member, month)
        ), (422 if seen is None else 200)
    made = attempt(form, lambda: _record(reader, member.id, form))
    if made is None:
        return form.page("commitments/pledge.html", preview=None, **_shown(member, month))
    toast(_("Promise recorded for %(name)s.", name=member.name))
    if member.home_site is None:
        return redirect_to("commitments.pledge", slug=slug)
    return redirect_to("commitments.site_index", slug=member.home_site.slug)


def _filled(month: Month, this_day: date) -> PledgeForm:
    """The promise as it is, from this period on."""
    held = month.pledge
    return PledgeForm(
        duration=format_minutes(
            held.minutes_per_period if held else queries.usual_minutes(this_day)
        ),
        valid_from=max(rules.month_of(this_day).starts_on, month.joined_on),
        min_home_pct=(held.min_home_pct or None) if held else None,
        help_max_pct=held.help_max_pct if held else None,
    )


def _shown(member: Member, month: Month) -> dict[str, object]:
    return {
        "member": member,
        "month": month,
        "today": today(actor().time_zone),
        "history": queries.pledge_history(member.id),
        "at_home": at_home(month, member.id, period_on(today(actor().time_zone))),
    }


def _foreseen(form: PledgeForm, member_id: int) -> Sequence[Change] | None:
    """What the promise in the form would make them owe, unless something is wrong with it."""
    if not form.validate():
        return None
    try:
        return pledges.foresee(
            actor(),
            member_id=member_id,
            minutes_per_period=form.minutes,
            valid_from=form.begins,
            valid_to=form.valid_to,
            now=now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _record(reader: Actor, member_id: int, form: PledgeForm) -> Pledge:
    return pledges.pledge(
        reader,
        member_id=member_id,
        minutes_per_period=form.minutes,
        valid_from=form.begins,
        valid_to=form.valid_to,
        charter_version_id=charters_queries.last_signed(member_id),
        shares=form.shares(),
        now=now(),
    )


@pages.form("/heures/entreprise/<slug>", en="/hours/firm/<slug>", may=members)
def firm_pledge(slug: str) -> ResponseReturnValue:
    """What a firm promises: whoever keeps it signs, and its people's hours keep it."""
    reader = actor()
    this_day = today(reader.time_zone)
    firm = firm_queries.firm_with(slug)
    if not firm_policy.may_keep(reader, firm_queries.standing_of(firm, this_day)):
        raise NotAllowed("commitments.not_yours_to_sign")
    held = queries.pledge_of_firm(firm.id, this_day)
    form = FirmPledgeForm(
        duration=format_minutes(
            held.minutes_per_period if held else queries.usual_minutes(this_day)
        ),
        valid_from=rules.month_of(this_day).starts_on,
    )
    made = attempt(
        form,
        lambda: firm_pledges.pledge_firm(
            reader,
            firm_id=firm.id,
            minutes_per_period=form.minutes,
            valid_from=form.begins,
            valid_to=form.valid_to,
            now=now(),
        ),
    )
    if made is None:
        return form.page(
            "commitments/firm_pledge.html",
            firm=firm,
            history=queries.pledge_history_of_firm(firm.id),
            today=this_day,
            **_of_firm(firm.id, this_day),
        )
    toast(_("Promise recorded for %(name)s.", name=firm.name))
    return redirect_to("firms.show", slug=slug)


def _of_firm(firm_id: int, this_day: date) -> dict[str, object]:
    period = period_on(this_day)
    return {"standing": journal.firm_standing(firm_id, period.id if period else None)[1]}


def panel_of_firm(reader: Actor, firm_id: int) -> dict[str, object] | None:
    """The promise of a firm, on its page: for its people, and for who runs its site."""
    this_day = today(reader.time_zone)
    firm = firm_queries.with_id(firm_id)
    standing = firm_queries.standing_of(firm, this_day)
    keeps = firm_policy.may_keep(reader, standing)
    if not (keeps or reader.id in standing.people or policy.may_run_site(reader, firm.site_id)):
        return None
    held = queries.pledge_of_firm(firm_id, this_day)
    if held is None and not keeps:
        return None
    return {"firm": firm, "held": held, "may_keep": keeps, **_of_firm(firm_id, this_day)}
