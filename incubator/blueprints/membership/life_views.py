"""The course of a membership: time away, moves, departures, and who decides on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import life_words as words
from incubator.blueprints.membership.life_forms import (
    ExitForm,
    LeaveForm,
    LifeForm,
    RefuseForm,
    TransferForm,
)
from incubator.blueprints.membership.routes import pages
from incubator.domain.commitments.ledger import balance
from incubator.domain.membership import leaves, life_acts, life_queries
from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_rows import person_of, today_of
from incubator.domain.membership.processes import KINDS, may
from incubator.edge.access import managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.network.members import queries as members
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.membership.life_models import Process
    from incubator.network.members.actor import Actor

PAGE = 30
FEW = 20


def whose(slug: str) -> Actor:
    """The member of an address, as far as their course is the reader's business.

    Raise NotFound ``membership.member``.
    """
    member = members.profile(actor(), slug)
    person = person_of(member.id)
    if not policy.may_see_life(actor(), person):
        raise NotFound("membership.member")
    return person


@pages.get("/moi/parcours", en="/me/membership", may=signed_in)
def mine() -> ResponseReturnValue:
    """The reader's own course."""
    return redirect_to("membership.life", slug=actor().slug)


@pages.get("/annuaire/<slug>/parcours", en="/directory/<slug>/membership", may=signed_in)
def life(slug: str) -> ResponseReturnValue:
    """What is planned, what lasts and what was, of one member."""
    person = whose(slug)
    live = life_queries.live_of(person.id)
    kinds = {process.kind for process in live}
    return render(
        "membership/life/show.html",
        person=person,
        own=person.id == actor().id,
        site=sites.with_id(person.home_site_id),
        live=live,
        past=life_queries.past_of(person.id),
        offered=[k for k in KINDS if k not in kinds and policy.may_ask(actor(), person, k)],
        words=words,
    )


@pages.form(
    "/annuaire/<slug>/parcours/absence", en="/directory/<slug>/membership/away", may=signed_in
)
def leave(slug: str) -> ResponseReturnValue:
    """Ask for a time away."""
    return _ask(slug, LeaveForm())


@pages.form(
    "/annuaire/<slug>/parcours/mutation", en="/directory/<slug>/membership/move", may=signed_in
)
def transfer(slug: str) -> ResponseReturnValue:
    """Ask for a move to another site."""
    form = TransferForm()
    form.offer(sites.open_sites(), whose(slug).home_site_id)
    return _ask(slug, form)


@pages.form(
    "/annuaire/<slug>/parcours/depart", en="/directory/<slug>/membership/leave", may=signed_in
)
def exit_(slug: str) -> ResponseReturnValue:
    """Ask for a departure."""
    return _ask(slug, ExitForm(data={"access": "alumni", "hours": "pool", "messages": "keep"}))


def _ask(slug: str, form: LifeForm) -> ResponseReturnValue:
    """The form, then what it would change, then the act."""
    person = whose(slug)
    shown = {"person": person, "own": person.id == actor().id, "words": words}
    if "change" in request.form:
        return render("membership/life/ask.html", form=form, **_asked(person), **shown)
    if form.sure.data:
        made = attempt(form, lambda: _made(form, person.id))
        if made is not None:
            toast(_told(made))
            return redirect_to("membership.process", process_id=made.id)
    elif attempt(form, lambda: _checked(form, person.id)):
        values = _consequences(form, person)
        return render("membership/life/preview.html", form=form, **values, **shown)
    return form.page("membership/life/ask.html", **_asked(person), **shown)


def _made(form: LifeForm, member_id: int) -> Process:
    return life_acts.ask(actor(), form.wish(member_id), once=form.once.data or "", now=now())


def _checked(form: LifeForm, member_id: int) -> Actor:
    return life_acts.check(actor(), form.wish(member_id), now=now())


def _asked(person: Actor) -> dict[str, Any]:
    return {"today": today_of(person.id, now()), "site": sites.with_id(person.home_site_id)}


def _consequences(form: LifeForm, person: Actor) -> dict[str, Any]:
    """What the preview says of the days, the sites, the hours and whoever decides."""
    wish = form.wish(person.id)
    others = [each for each in life_queries.live_of(person.id) if each.kind != wish.kind]
    return {
        "wish": wish,
        "site": sites.with_id(person.home_site_id),
        "to_site": sites.with_id(wish.to_site_id),
        "runs": [sites.with_id(key) for key in sorted(person.managed_site_ids)],
        "balance": balance(person.id) if wish.kind == "exit" else 0,
        "others": others,
        "at_once": life_acts.own_word_is_enough(actor(), wish, person),
        "today": today_of(person.id, now()),
    }


def _told(process: Process) -> str:
    if process.state == "asked":
        return _("Your request is sent. You will hear by mail what was decided.")
    if process.state == "planned":
        return _("It is planned. Everything happens by itself on the day.")
    return _("It is done.")


@pages.get("/parcours", en="/membership", may=managers)
def waiting() -> ResponseReturnValue:
    """What waits for the reader's word, and what is planned at their sites."""
    return render(
        "membership/life/waiting.html",
        asked=life_queries.waiting_for(actor(), Cursor(size=PAGE)),
        erasures=life_queries.erasures_for(actor(), Cursor(size=PAGE)),
        page=life_queries.coming_at(actor(), _cursor()),
        words=words,
    )


@pages.get("/parcours/<int:process_id>", en="/membership/<int:process_id>", may=signed_in)
def process(process_id: int) -> ResponseReturnValue:
    """One leave, transfer or exit, and what the reader may do about it."""
    return render("membership/life/process.html", form=RefuseForm(), **_shown(process_id))


def _shown(process_id: int) -> dict[str, Any]:
    found = life_queries.visible_to(actor(), process_id)
    person = person_of(found.member_id)
    decides = found.state == "asked" and policy.may_decide(actor(), found, person)
    cancels = may(found.kind, found.state, "cancel") and policy.may_cancel(actor(), found)
    back = found.kind == "leave" and found.state == "active"
    return {
        "process": found,
        "person": person,
        "own": found.member_id == actor().id,
        "sees_life": policy.may_see_life(actor(), person),
        "decides": decides,
        "cancels": cancels,
        "comes_back": back and policy.may_come_back(actor(), found),
        "words": words,
    }


@pages.post(
    "/parcours/<int:process_id>/accepter", en="/membership/<int:process_id>/accept", may=signed_in
)
def agree(process_id: int) -> ResponseReturnValue:
    """Say yes."""
    act(lambda: life_acts.agree(actor(), process_id, now=now()))
    toast(_("Accepted. The person is told by mail."))
    return redirect_to("membership.process", process_id=process_id)


@pages.form(
    "/parcours/<int:process_id>/refuser", en="/membership/<int:process_id>/refuse", may=signed_in
)
def refuse(process_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    form = RefuseForm()
    reason = form.reason.data or ""
    done = attempt(form, lambda: life_acts.refuse(actor(), process_id, reason=reason, now=now()))
    if done is None:
        return form.page("membership/life/process.html", **_shown(process_id))
    toast(_("Refused. The person reads why."))
    return redirect_to("membership.process", process_id=process_id)


@pages.post(
    "/parcours/<int:process_id>/annuler", en="/membership/<int:process_id>/cancel", may=signed_in
)
def cancel(process_id: int) -> ResponseReturnValue:
    """Call it off."""
    act(lambda: life_acts.cancel(actor(), process_id, now=now()))
    toast(_("Called off. Nothing changes."))
    return redirect_to("membership.process", process_id=process_id)


@pages.post(
    "/parcours/<int:process_id>/retour", en="/membership/<int:process_id>/back", may=signed_in
)
def come_back(process_id: int) -> ResponseReturnValue:
    """End a time away today."""
    act(lambda: leaves.come_back(actor(), process_id, now=now()))
    toast(_("Welcome back!"))
    return redirect_to("membership.process", process_id=process_id)


def _cursor() -> Cursor:
    return Cursor(request.args.get("after"), request.args.get("before"), FEW)
