"""What managers of sites see and decide: accounts, lines, freezing, policy of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.credit import words
from incubator.blueprints.credit.asking import asked_view
from incubator.blueprints.credit.forms import (
    AdjustForm,
    FreezeForm,
    LineForm,
    PolicyForm,
    ReasonForm,
    cents,
    maybe_cents,
    percent,
)
from incubator.blueprints.credit.routes import FIRM, ROOT, ROOT_EN, cursor, pages
from incubator.domain.exchanges.deals.money import typed_of
from incubator.domain.exchanges.ledger import (
    accounts,
    adjusting,
    departures,
    door,
    policy,
    rules,
    statements,
)
from incubator.domain.exchanges.ledger import desk as desks
from incubator.domain.exchanges.ledger import switch as switches
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.numbers import natural, whole
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.firm_queries import with_id
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.edge.forms import Form
    from incubator.network.members.firm_models import Firm

DESK, DESK_EN = f"{ROOT}/gestion", f"{ROOT_EN}/desk"


@pages.get(DESK, en=DESK_EN, may=managers)
def desk() -> ResponseReturnValue:
    """The firms of one's sites with what they have given and received."""
    reader = actor()
    asked = asked_view(reader)
    return render(
        "credit/desk.html",
        on=switches.is_on(),
        page=desks.page_for(reader, cursor(), view=asked.view, site_id=asked.site_id),
        view=asked.view,
        site=asked.site,
        sites=asked.sites,
        waiting=desks.waiting_accounts(reader),
        words=words,
    )


@pages.get(f"{DESK}/{FIRM}", en=f"{DESK_EN}/{FIRM}", may=managers)
def firm_desk(firm_id: int) -> ResponseReturnValue:
    """What may be decided about an account."""
    return firm_page(firm_id)


def firm_page(firm_id: int, **sent: Form) -> ResponseReturnValue:
    """The page of an account for who decides, with the form that was refused."""
    firm, held = decided(firm_id)
    line, adjust = (
        sent.get("line") or LineForm(),
        sent.get("adjust") or AdjustForm(prefix="adjust-"),
    )
    if "line" not in sent:
        line["line"].data = typed_of(-held.state.limits.lower)
        line["upper"].data = typed_of(held.state.limits.upper)
    if isinstance(adjust, AdjustForm):
        adjust.offer(firm.name, desks.partners_of(actor(), held.id))
    waiting = adjusting.waiting_of(held.id)
    names = desks.names_of({each for row in waiting for each in (row.giver_id, row.receiver_id)})
    shown = sent.get("line") or next(iter(sent.values()), line)
    return shown.page(
        "credit/firm_desk.html",
        firm=firm,
        held=held,
        state=held.state,
        on=switches.is_on(),
        line=line,
        freeze=sent.get("freeze") or FreezeForm(prefix="freeze-"),
        depart=sent.get("depart") or ReasonForm(prefix="depart-"),
        adjust=adjust,
        departure=departures.waiting_of(held.id),
        waiting=waiting,
        names=names,
        age=rules.age_of(held.negative_since, now()),
        words=words,
    )


def decided(firm_id: int) -> tuple[Firm, door.Held]:
    """A firm and its account, for a manager who may decide; NotFound for any other.

    NotAllowed ``ledger.decide`` for a manager who works in the firm.
    """
    reader = actor()
    day = today(reader.time_zone)
    account_id = statements.visible_to(reader, firm_id=firm_id, today=day)
    (seat,) = door.seats(reader, [firm_id], today=day)
    if not reader.manages(seat.site_id):
        raise NotFound("ledger.account")
    if not policy.may_decide(reader, seat):
        raise NotAllowed("ledger.decide")
    return with_id(firm_id), door.account(account_id, locked=False)


@pages.post(f"{DESK}/{FIRM}/ligne", en=f"{DESK_EN}/{FIRM}/line", may=managers)
def set_line(firm_id: int) -> ResponseReturnValue:
    """Decide how far an account may go."""
    _firm, held = decided(firm_id)
    form = LineForm()

    def decide() -> bool:
        accounts.set_line(
            actor(),
            account_id=held.id,
            line=cents(form.line),
            upper=maybe_cents(form.upper),
            comment=form.comment.data or "",
            now=now(),
        )
        return True

    if attempt(form, decide) is None:
        return firm_page(firm_id, line=form)
    toast(_("Decided. The firm is told."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.post(f"{DESK}/{FIRM}/gel", en=f"{DESK_EN}/{FIRM}/freeze", may=managers)
def freeze(firm_id: int) -> ResponseReturnValue:
    """Freeze an account, or thaw it; what waited for that is posted within the hour."""
    _firm, held = decided(firm_id)
    form = FreezeForm(prefix="freeze-")
    frozen = request.form.get("act") == "freeze"

    def decide() -> bool:
        comment = form.comment.data or ""
        accounts.freeze(actor(), account_id=held.id, frozen=frozen, comment=comment, now=now())
        return True

    if attempt(form, decide) is None:
        return firm_page(firm_id, freeze=form)
    toast(_("Frozen: the firm may give, and receives nothing.") if frozen else _("Thawed."))
    return redirect_to("credit.firm_desk", firm_id=firm_id)


@pages.form(f"{ROOT}/sites/<slug>", en=f"{ROOT_EN}/sites/<slug>", may=managers)
def site_policy(slug: str) -> ResponseReturnValue:
    """Say with what line the firms of a site begin, and how it grows."""
    site = next((each for each in sites.open_sites() if each.slug == slug), None)
    if site is None or not actor().manages(site.id):
        raise NotFound("sites.site")
    form = PolicyForm()
    if not form.is_submitted():
        _show(form, accounts.site_policy(site.id))

    def decide() -> bool:
        accounts.set_site_policy(actor(), site_id=site.id, chosen=_chosen(form))
        return True

    if attempt(form, decide) is None:
        return form.page("credit/policy.html", site=site)
    toast(_("Noted: it holds for firms that join from now on, and for growth."))
    return redirect_to("credit.desk", site=slug)


def _show(form: PolicyForm, known: rules.Policy) -> None:
    form.start.data = typed_of(known.start_cents)
    form.growth.data = str(known.growth_pct)
    form.cap.data = typed_of(known.cap_cents)
    form.upper.data = typed_of(known.upper_cents)


def _chosen(form: PolicyForm) -> rules.Policy:
    return rules.Policy(
        start_cents=cents(form.start),
        growth_pct=percent(form.growth),
        cap_cents=cents(form.cap),
        upper_cents=cents(form.upper),
    )


def account_typed(text: str) -> int:
    """The account that a form names; Refusal ``ledger.same`` beside it where it names none."""
    try:
        return whole(text)
    except ValueError:
        raise Refusal("ledger.same", field="other") from None


def sent_number(name: str) -> int:
    """A number that a button sends; NotFound ``ledger.account`` of what is none."""
    number = natural(request.form.get(name))
    if number is None:
        raise NotFound("ledger.account")
    return number
