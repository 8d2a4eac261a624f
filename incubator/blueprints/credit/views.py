"""Mutual credit as members meet it: how it works, their firms, joining and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.credit import words
from incubator.blueprints.credit.routes import FIRM, ROOT, ROOT_EN, cursor, firm_typed, pages
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import crediting
from incubator.domain.exchanges.ledger import accounts, desk, door, policy, rules, statements
from incubator.domain.exchanges.ledger import switch as switches
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act
from incubator.edge.pages import redirect_to, render, toast
from incubator.network.members.firm_queries import with_id
from incubator.reactions.bridges import credited_deals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.ledger.models import Reservation
    from incubator.domain.exchanges.ledger.statements import Line


@pages.get(ROOT, en=ROOT_EN, may=members)
def index() -> ResponseReturnValue:
    """How mutual credit works, and the accounts of my firms."""
    reader = actor()
    firms = deals.firms_of(reader.id)
    ids = [firm.id for firm in firms]
    seats = dict(zip(ids, door.seats(reader, ids, today=today(reader.time_zone)), strict=True))
    return render(
        "credit/index.html",
        on=switches.is_on(),
        firms=firms,
        held=desk.of_firms(ids),
        may_open={firm_id: policy.may_open(reader, seat) for firm_id, seat in seats.items()},
        first_line=rules.Policy().start_cents,
        words=words,
    )


@pages.post(f"{ROOT}/rejoindre", en=f"{ROOT_EN}/join", may=members)
def join() -> ResponseReturnValue:
    """Let a firm that one keeps take part."""
    firm_id = firm_typed(request.form.get("firm", ""))
    act(lambda: accounts.open_account(actor(), firm_id=firm_id, now=now()))
    frozen = desk.of_firms([firm_id])[firm_id].state.limits.frozen
    toast(
        _("Your firm takes part again; its account is still frozen.")
        if frozen
        else _("Your firm takes part: its line is open.")
    )
    return redirect_to("credit.account", firm_id=firm_id)


@pages.post(f"{ROOT}/compte/{FIRM}/quitter", en=f"{ROOT_EN}/account/{FIRM}/leave", may=members)
def leave(firm_id: int) -> ResponseReturnValue:
    """Let a firm leave that owes nothing and is owed nothing."""
    account_id = statements.visible_to(actor(), firm_id=firm_id, today=today(actor().time_zone))
    act(lambda: accounts.close_account(actor(), account_id=account_id, now=now()))
    toast(_("The firm has left mutual credit. It may come back."))
    return redirect_to("credit.account", firm_id=firm_id)


@pages.get(f"{ROOT}/compte/{FIRM}", en=f"{ROOT_EN}/account/{FIRM}", may=members)
def account(firm_id: int) -> ResponseReturnValue:
    """What a firm has given and received, what is left of its line, and why it is so."""
    reader = actor()
    day = today(reader.time_zone)
    told = statements.statement(reader, firm_id=firm_id, cursor=cursor(), today=day)
    (seat,) = door.seats(reader, [firm_id], today=day)
    kept = statements.reserved_of(told.held.id)
    return render(
        "credit/account.html",
        firm=with_id(firm_id),
        told=told,
        state=told.held.state,
        age=rules.age_of(told.held.negative_since, now()),
        kept=kept,
        deals=deals_of(told.lines.rows, kept),
        deal_of=deal_of,
        limits=accounts.limit_history(told.held.id),
        own=seat.works_there,
        may_open=policy.may_open(reader, seat),
        may_decide=policy.may_decide(reader, seat),
        on=told.head.switched_on,
        day=day,
        words=words,
    )


def deals_of(lines: Sequence[Line], kept: Sequence[Reservation] = ()) -> dict[Any, tuple[int, str]]:
    """The deals that lines and reservations are about: by leg, and by key of a reservation."""
    legs = {line.source_id for line in lines if line.source_type == crediting.SOURCE}
    keys = {credited_deals.key_of(leg): leg for leg in legs if leg}
    keys |= {each.key: leg for each in kept for leg in credited_deals.legs_named([each.key])}
    found = credited_deals.deals_of(keys.values())
    by_key = {key: found[leg] for key, leg in keys.items() if leg in found}
    return {**found, **by_key}


def deal_of(line: Line, deals: Mapping[Any, tuple[int, str]]) -> tuple[int, str] | None:
    """The deal that a line is about: a round is none, though a leg may have its number."""
    return deals.get(line.source_id) if line.source_type == crediting.SOURCE else None
