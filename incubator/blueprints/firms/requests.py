"""Requests: asking to join or for the keys, answering, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.firms.forms import JoinForm
from incubator.blueprints.firms.routes import pages
from incubator.blueprints.firms.words import DONE
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.network.members import firm_queries, firm_requests, firm_waiting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.members.firm_models import Firm, FirmRequest


@pages.form("/entreprises/<slug>/rejoindre", en="/firms/<slug>/join", may=members)
def join(slug: str) -> ResponseReturnValue:
    """Ask to be among the people of a firm, or for the keys of one that nobody keeps."""
    firm = firm_queries.firm_with(slug)
    standing = firm_queries.standing_of(firm, today(actor().time_zone))
    form = JoinForm()
    if attempt(form, lambda: _ask(firm, form)) is None:
        return form.page("firms/join.html", firm=firm, is_kept=standing.is_kept)
    toast(_("Your request is on its way."))
    return redirect_to("firms.show", slug=slug)


def _ask(firm: Firm, form: JoinForm) -> FirmRequest:
    reader = actor()
    return firm_requests.ask_to_join(
        reader,
        firm_id=firm.id,
        member_id=reader.id,
        title=form.title.data or "",
        message=form.message.data or "",
        days=form.days(),
        now=now(),
        today=today(reader.time_zone),
    )


@pages.get("/entreprises/demandes", en="/firms/requests", may=members)
def requests() -> ResponseReturnValue:
    """What waits for the reader's word, and what became of what they asked."""
    reader = actor()
    return render(
        "firms/requests.html",
        waiting=firm_waiting.waiting_for(reader, today(reader.time_zone)),
        made=firm_waiting.made_by(reader),
    )


@pages.post(
    "/entreprises/demandes/<int:request_id>/accepter",
    en="/firms/requests/<int:request_id>/accept",
    may=members,
)
def accept(request_id: int) -> ResponseReturnValue:
    """Say yes."""
    return _decide(request_id, "accept")


@pages.post(
    "/entreprises/demandes/<int:request_id>/refuser",
    en="/firms/requests/<int:request_id>/decline",
    may=members,
)
def decline(request_id: int) -> ResponseReturnValue:
    """Say no."""
    return _decide(request_id, "decline")


@pages.post(
    "/entreprises/demandes/<int:request_id>/retirer",
    en="/firms/requests/<int:request_id>/withdraw",
    may=members,
)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request or an invitation back."""
    return _decide(request_id, "withdraw")


def _decide(request_id: int, what: str) -> ResponseReturnValue:
    reader = actor()
    act(
        lambda: firm_requests.decide(
            reader, request_id=request_id, act=what, now=now(), today=today(reader.time_zone)
        )
    )
    toast(str(DONE[what]))
    return back_or("firms.requests")
