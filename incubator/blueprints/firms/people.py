"""Who is in a firm: the page of its keepers, roles and their ends, invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.firms.forms import EndForm, InviteForm, RoleForm
from incubator.blueprints.firms.picking import meant, suggested
from incubator.blueprints.firms.routes import pages
from incubator.blueprints.firms.words import span
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed
from incubator.network.members import (
    firm_people,
    firm_policy,
    firm_queries,
    firm_requests,
    firm_waiting,
)

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
    from incubator.network.members.firm_policy import Standing


@pages.form("/entreprises/<slug>/personnes", en="/firms/<slug>/people", may=members)
def people(slug: str) -> ResponseReturnValue:
    """Everybody in the firm, what waits for its keepers, and whom they invite."""
    reader = actor()
    day = today(reader.time_zone)
    firm = firm_queries.firm_with(slug)
    standing = firm_queries.standing_of(firm, day)
    if not firm_policy.may_keep(reader, standing):
        raise NotAllowed("firms.edit")
    form = InviteForm()
    invited = attempt(form, lambda: _invite(firm, form, day))
    if invited is None:
        asked = firm_waiting.open_at(firm.id)
        return form.page(
            "firms/people.html",
            firm=firm,
            roles=firm_queries.people_of(firm.id, day),
            past=firm_queries.past_people_of(firm.id, day),
            requests=[each for each in asked if each.kind != "invite"],
            invitations=[each for each in asked if each.kind == "invite"],
            names=suggested(reader, day),
            span=span,
        )
    toast(_("The invitation is on its way."))
    return redirect_to("firms.people", slug=slug)


def _invite(firm: Firm, form: InviteForm, day: date) -> FirmRequest:
    return firm_requests.invite(
        actor(),
        firm_id=firm.id,
        member_id=meant(form, actor(), day),
        title=form.title.data or "",
        message=form.message.data or "",
        now=now(),
        today=day,
    )


@pages.form(
    "/entreprises/<slug>/roles/<int:role_id>", en="/firms/<slug>/roles/<int:role_id>", may=members
)
def role(slug: str, role_id: int) -> ResponseReturnValue:
    """What somebody is or was in a firm, and when."""
    day = today(actor().time_zone)
    firm, held, standing = _in_hand(slug, role_id, day)
    form = RoleForm(obj=held)
    keeps = firm_policy.may_keep(actor(), standing) and held.until_on is None
    if attempt(form, lambda: _correct(form, held, day, keeps=keeps)) is None:
        firm, held, standing = _in_hand(slug, role_id, day)
        return form.page("firms/role.html", firm=firm, role=held, keeps=keeps)
    toast(_("The role is corrected."))
    return _back(firm, standing)


def _correct(form: RoleForm, held: FirmRole, day: date, *, keeps: bool) -> bool:
    firm_people.correct_role(
        actor(),
        role_id=held.id,
        title=form.title.data or "",
        since_on=form.since_on.data or day,
        until_on=form.until_on.data,
        today=day,
    )
    if keeps:
        firm_people.set_keeper(actor(), role_id=held.id, keeper=bool(form.keeper.data), today=day)
    return True


@pages.form(
    "/entreprises/<slug>/roles/<int:role_id>/fin",
    en="/firms/<slug>/roles/<int:role_id>/end",
    may=members,
)
def end_role(slug: str, role_id: int) -> ResponseReturnValue:
    """Leaving a firm, or letting somebody go; the last keeper says who keeps it after."""
    day = today(actor().time_zone)
    firm, held, standing = _in_hand(slug, role_id, day)
    people = firm_queries.people_of(firm.id, day)
    form = EndForm()
    form.offer([each for each in people if each.id != role_id])
    if attempt(form, lambda: _end(form, held, day)) is None:
        firm, held, standing = _in_hand(slug, role_id, day)
        last = standing.keepers == {held.member_id}
        return form.page(
            "firms/end_role.html",
            firm=firm,
            role=held,
            last=last,
            alone=len(standing.people) == 1,
            mine=held.member_id == actor().id,
        )
    toast(_("The role ends today. It stays on the page of the firm as past."))
    return redirect_to("firms.show", slug=slug)


def _end(form: EndForm, held: FirmRole, day: date) -> bool:
    heir_id, unkept = form.chosen()
    firm_people.end_role(actor(), role_id=held.id, today=day, heir_id=heir_id, unkept=unkept)
    return True


def _in_hand(slug: str, role_id: int, day: date) -> tuple[Firm, FirmRole, Standing]:
    """A role of a firm that the reader may change; raise NotAllowed, NotFound."""
    firm = firm_queries.firm_with(slug)
    held = firm_queries.role_with(role_id, firm.id)
    standing = firm_queries.standing_of(firm, day)
    if not firm_policy.may_end(actor(), held.member_id, standing):
        raise NotAllowed("firms.edit")
    return firm, held, standing


def _back(firm: Firm, standing: Standing) -> ResponseReturnValue:
    keeps = firm_policy.may_keep(actor(), standing)
    return redirect_to("firms.people" if keeps else "firms.show", slug=firm.slug)
